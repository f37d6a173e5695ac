import type { FactType, JournalEvent } from '../call/journal.ts';

/** Of a campaign's call, what says how it was dialled, who answered and what came of it. */
const OF_CALL: ReadonlySet<FactType> = new Set<FactType>([
  'attempt.started',
  'attempt.detected',
  'attempt.greeted',
  'attempt.message',
  'attempt.apologised',
  'attempt.opted-out',
  'attempt.ended',
  'call.answered',
  'call.connected',
  'call.abandoned',
  'call.disposed',
  'call.ended',
  'flow.started',
  'recording.started',
  'recording.stopped',
]);

/**
 * Of a campaign itself: what was changed and what was not dialled. Pacing's decisions are no evidence, and many; a lead that an
 * agent read is not dialled yet, and what his list says of him is not kept for good.
 */
const NOT_KEPT: ReadonlySet<FactType> = new Set<FactType>(['campaign.paced', 'campaign.preview.offered']);

export const isOfCall = (type: FactType): boolean => OF_CALL.has(type);

/** Told of a queue, which may be a campaign's. */
const BY_QUEUE: ReadonlySet<FactType> = new Set<FactType>(['call.disposed', 'recording.kept', 'recording.erased']);
const QUEUE = 'campaign:';

/** The campaign of a fact that is of no call; null: it is of none. */
export function campaignOf({ subject, type, data }: JournalEvent): string | null {
  if (NOT_KEPT.has(type) || subject.startsWith('call/')) return null;
  if ('campaignId' in data && typeof data.campaignId === 'string') return data.campaignId;
  const queue = BY_QUEUE.has(type) && 'queue' in data ? data.queue : null;
  return typeof queue === 'string' && queue.startsWith(QUEUE) ? queue.slice(QUEUE.length) : null;
}
