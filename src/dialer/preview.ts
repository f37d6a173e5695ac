import type { EpochMs } from '../call/ids.ts';

/** What happens to a lead whom an agent has read about for `previewMs` and neither dialled nor skipped. */
export const PREVIEW_AFTER = ['wait', 'dial', 'skip'] as const;
type PreviewAfter = (typeof PREVIEW_AFTER)[number];

export interface PreviewTerms {
  /** How long an agent may read before `previewAfter` happens, ms; left out: a minute. */
  readonly previewMs?: number;
  /** Left out: he is waited for, and nobody is dialled without his word. */
  readonly previewAfter?: PreviewAfter;
}

const USUAL_MS = 60_000;
/** Nobody reads for longer than this: who has gone to lunch leaves the lead to others. */
const MOST_MS = 30 * 60_000;

/** When something happens by time alone to what was shown at that time, and what. `lapse`: the agent did nothing. */
export function previewEnd(
  { previewMs = USUAL_MS, previewAfter = 'wait' }: PreviewTerms,
  shownAt: EpochMs,
): { readonly at: EpochMs; readonly atEnd: 'dial' | 'lapse' } {
  if (previewAfter === 'wait') return { at: shownAt + MOST_MS, atEnd: 'lapse' };
  return { at: shownAt + Math.min(previewMs, MOST_MS), atEnd: previewAfter === 'dial' ? 'dial' : 'lapse' };
}

/** What is known of an agent who was shown a lead. */
export interface Reader {
  readonly status: 'logged-out' | 'ready' | 'not-ready';
  /** He is held for the call that this lead would be. */
  readonly held: boolean;
}

/** Why he reads no more; null: he does. A status that he chooses while he reads holds at once, since nobody is on the line. */
export function readerGone({ status, held }: Reader): string | null {
  if (status === 'logged-out') return 'The agent logged out.';
  if (status === 'not-ready') return 'The agent is not ready any more.';
  return held ? null : 'The agent is not held for it any more.';
}
