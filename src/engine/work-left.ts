import type { AgentId, CallId } from '../call/ids.ts';
import type { LeftWork } from '../dialer/disposition.ts';
import type { FieldValue } from '../dialer/disposition-fields.ts';
import type { FollowUp, FollowUps } from './ports/follow-ups.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';

interface LeftBy {
  readonly callId: CallId;
  readonly disposition: string;
  /** What the agent was asked by, for who does the work. */
  readonly label: string;
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly agentId: AgentId;
  /** Who says so: the agent, or the name of a token. */
  readonly by: string;
  /** Of whom the talk was. */
  readonly ani: string | null;
  readonly campaignId?: string;
  readonly leadId?: string;
}

/**
 * Makes the follow-up that a disposition leaves to somebody. Asked before the word is written: a crash may lose a word, which its
 * agent can say again, never the work. The same word of the same call makes it once.
 */
export async function leaveWork(
  { followUps, clock }: { readonly followUps: Pick<FollowUps, 'create'>; readonly clock: Pick<Clock, 'now'> },
  work: LeftWork,
  left: LeftBy,
): Promise<Answer<FollowUp>> {
  const { callId, disposition, label, values, agentId, by, ani, campaignId = null, leadId = null } = left;
  const { kind, owner, withinMs, reason, priority } = work;
  const wish = {
    kind,
    reason: reason ?? label,
    owner: owner ?? { kind: 'agent' as const, id: agentId },
    dueAt: clock.now() + withinMs,
    priority,
    callId,
    ani,
    campaignId,
    leadId,
    data: { disposition, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])) },
  };
  return followUps.create(wish, { name: by, agentId: null }, `followup-${callId}-${disposition}`);
}
