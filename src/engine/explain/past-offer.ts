import type { AgentId } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { Why } from '../../call/why.ts';
import { partsOf } from '../call/tickets.ts';
import { notTakenHow } from './story.ts';
import { lasting } from './words.ts';

/** An offer of a call to an agent, and what he did with it, said of him; null: the journal does not tell. */
export interface PastOffer {
  readonly why: Why;
  readonly how: string | null;
}

/** What this event says of how an offer went; null: nothing. */
export function wentBy(event: JournalEvent, { callId, at }: Why, agentId: AgentId): string | null {
  if (event.subject !== `call/${partsOf(callId).callId}` || event.at < at) return null;
  if (!('agentId' in event.data) || event.data.agentId !== agentId) return null;
  switch (event.type) {
    case 'call.connected':
      // Of a callback the customer rang, when the agent had answered.
      return event.data.of === undefined ? `answered after ${lasting(event.data.rangMs)}` : 'answered';
    case 'callback.started':
    case 'voicemail.heard':
    case 'call.consulted':
    case 'call.conferenced':
      return 'answered';
    case 'call.offer.failed': {
      const { verdict, rangMs } = event.data;
      if (verdict === 'cancelled') return `was rung for ${lasting(rangMs)} until he was not needed any more`;
      return notTakenHow(verdict, rangMs);
    }
    default:
      return null;
  }
}
