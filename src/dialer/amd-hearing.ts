import type { EpochMs } from '../call/ids.ts';

export type AmdInput =
  | { readonly type: 'started'; readonly at: EpochMs }
  | { readonly type: 'stopped'; readonly at: EpochMs; readonly durationMs: number }
  /** Time has passed, and nothing else happened. */
  | { readonly type: 'time' };

/** Since when the far end makes a sound, or is silent; both null: nothing was heard yet. */
export interface Hearing {
  readonly soundSince: EpochMs | null;
  readonly silentSince: EpochMs | null;
}

type Heard =
  /** `pauseMs`: the silence before it, or since one listens. */
  | { readonly kind: 'began'; readonly at: EpochMs; readonly pauseMs: number }
  | { readonly kind: 'ended'; readonly lastedMs: number; readonly hearing: Hearing };

/**
 * What this news adds to what was heard; null: nothing. News that comes late, twice or out of order does no harm: a sound that has
 * begun begins no more, and one that never began does not end.
 *
 * @param from since when one listens.
 */
export function heard({ soundSince, silentSince }: Hearing, input: AmdInput, from: EpochMs): Heard | null {
  if (input.type === 'started' && soundSince === null) {
    const before = silentSince ?? from;
    const at = Math.max(input.at, before);
    return { kind: 'began', at, pauseMs: at - before };
  }
  if (input.type !== 'stopped' || soundSince === null) return null;
  const lastedMs = Math.max(0, Math.min(input.durationMs, input.at - soundSince));
  return { kind: 'ended', lastedMs, hearing: { soundSince: null, silentSince: soundSince + lastedMs } };
}
