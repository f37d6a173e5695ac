import type { JournalEvent } from '../call/journal.ts';
import type { CALL_ENDS, WorkFact } from '../call/work-facts.ts';
import type { FollowUp } from './follow-up.ts';

/** What became of a callback, as it is kept. */
export interface CallbackEnd {
  readonly state: 'waiting' | 'done' | 'cancelled' | 'withdrawn' | 'failed' | 'expired';
}

/** The callback that an event is about, which may be that of a follow-up; null: none. */
export const callbackOf = ({ data }: JournalEvent): string | null => ('callbackId' in data ? data.callbackId : null);

/**
 * What an event says of the call of a follow-up: it was reached, a try came to nothing, or there is no other. No facts: nothing of this
 * follow-up, or nothing that ends anything.
 */
export function callNews({ id, calling }: FollowUp, event: JournalEvent): readonly WorkFact[] {
  if (calling === null || callbackOf(event) !== calling) return [];
  const call = { followUpId: id, callbackId: calling };
  switch (event.type) {
    case 'callback.answered':
      return [ended({ ...call, agentId: event.data.agentId }, 'reached')];
    case 'callback.failed': {
      const { agentId, why, retryAt } = event.data;
      const tried: WorkFact = { type: 'followup.call.tried', data: { ...call, agentId, why, retryAt } };
      return retryAt === null ? [tried, ended({ ...call, agentId }, 'failed')] : [tried];
    }
    case 'callback.expired':
    case 'callback.cancelled':
    case 'callback.withdrawn':
      return [ended({ ...call, agentId: null }, wordOf(event.type))];
    default:
      return [];
  }
}

/** The same from what is kept, where nobody heard the news: who dialled has died. Null callback: there is none of that id any more. */
export function callEnd({ id, calling }: FollowUp, callback: CallbackEnd | null): readonly WorkFact[] {
  if (calling === null || callback?.state === 'waiting') return [];
  const outcome = callback === null ? 'lost' : callback.state === 'done' ? 'reached' : callback.state;
  return [ended({ followUpId: id, callbackId: calling, agentId: null }, outcome)];
}

type CallEnd = (typeof CALL_ENDS)[number];
type Call = Omit<Extract<WorkFact, { type: 'followup.call.ended' }>['data'], 'outcome'>;

const ended = (call: Call, outcome: CallEnd): WorkFact => ({ type: 'followup.call.ended', data: { ...call, outcome } });

const wordOf = (type: 'callback.expired' | 'callback.cancelled' | 'callback.withdrawn') =>
  (({ 'callback.expired': 'expired', 'callback.cancelled': 'cancelled', 'callback.withdrawn': 'withdrawn' }) as const)[
    type
  ];
