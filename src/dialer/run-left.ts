import type { DialerState } from './pacing/index.ts';

export interface RunFacts {
  /** As pacing sees them: `connected` and `abandoned` of the window that the law counts in, the rest of the whole campaign. */
  readonly totals: DialerState['totals'];
  readonly leads: { readonly left: number; readonly done: number };
  readonly maxAttempts: number;
  /** Dials per ms of the last minutes; null: too few to tell. */
  readonly perMs: number | null;
  /** Hours of calling that are left of the window, ms; Infinity: it does not end. */
  readonly openMs: number;
}

/**
 * The share (0–1) of the run that is over, of all the live answers that it will have: until the leads are done, or the window ends
 * that abandoned calls are counted in, whichever comes first. Pacing holds a reserve for what is still to come.
 */
export function runPassed({ totals, leads, maxAttempts, perMs, openMs }: RunFacts): number {
  const live = totals.connected + totals.abandoned;
  const perLead = Math.min(maxAttempts, Math.max(1, totals.launched / Math.max(1, leads.done)));
  const inWindow = perMs === null ? Infinity : perMs * openMs;
  const dials = Math.min(leads.left * perLead, inWindow);
  const toCome = dials * (totals.answered / Math.max(1, totals.launched));
  return live === 0 ? 0 : live / (live + toCome);
}
