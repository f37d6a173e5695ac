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
]);

/** Of a campaign itself: what was changed and what was not dialled. Pacing's decisions are no evidence, and many. */
const NOT_KEPT: ReadonlySet<FactType> = new Set<FactType>(['campaign.paced']);

export const isOfCall = (type: FactType): boolean => OF_CALL.has(type);

/** A fact that names its campaign and is of no call. */
export function isOfCampaign(
  event: JournalEvent,
): event is JournalEvent & { readonly data: { readonly campaignId: string } } {
  if (NOT_KEPT.has(event.type) || event.subject.startsWith('call/')) return false;
  return 'campaignId' in event.data && typeof event.data.campaignId === 'string';
}
