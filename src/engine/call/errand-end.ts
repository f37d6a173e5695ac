import type { Draft } from './actions.ts';
import type { Errand } from './errand-state.ts';

export const change = (draft: Draft, to: Partial<Errand>): Draft =>
  draft.set({ errand: draft.state.errand && { ...draft.state.errand, ...to } });

/** Out of this call's hands: it is done, worth another try at that time, or given up. */
export function letGo(draft: Draft, outcome: 'done' | 'again' | 'failed', notBefore: number): void {
  const { errand, talk } = draft.state;
  if (!errand || errand.settled) return;
  const { kind, id } = errand;
  change(draft, { settled: true }).act({
    type: 'errand.end',
    kind,
    id,
    outcome,
    notBefore,
    agentId: talk?.agentId ?? '',
  });
}

/** Ended before it was done, by whatever: it waits for another call. */
export function finishErrand(draft: Draft): void {
  if (draft.state.errand) letGo(draft, 'again', draft.now);
}
