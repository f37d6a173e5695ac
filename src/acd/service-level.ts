import type { EpochMs } from '../call/ids.ts';

/** How a wait ended: an agent answered, the caller hung up, or neither. */
export interface EndedWait {
  readonly at: EpochMs;
  readonly how: 'answered' | 'abandoned' | 'unserved';
  readonly waitedMs: number;
}

/** What the live figure is counted from: the latest calls, no older than this. */
export const ROLLING = { calls: 100, ms: 30 * 60_000 } as const;
/** Of fewer calls no share is told. */
const FEWEST = 5;

/** Said wherever the figure is shown; it is the variant of shared KPIs in which early abandons count neither way. */
export const SERVICE_LEVEL =
  'Answered within the target ÷ (answered + abandoned after the target + left unserved), of the last 100 calls of the last 30 minutes.';

/** The share, 0–1; null: too few calls to tell. */
export function serviceLevelOf(waits: readonly EndedWait[], targetMs: number, now: EpochMs): number | null {
  const recent = waits.filter(({ at }) => now - at < ROLLING.ms).slice(-ROLLING.calls);
  const counted = recent.filter(({ how, waitedMs }) => how !== 'abandoned' || waitedMs > targetMs);
  if (counted.length < FEWEST) return null;
  const inTime = counted.filter(({ how, waitedMs }) => how === 'answered' && waitedMs <= targetMs);
  return inTime.length / counted.length;
}
