import type { EpochMs } from '../call/ids.ts';
import type { WorkFact } from '../call/work-facts.ts';
import type { Owner } from './follow-up-rules.ts';

/** What was told of the due time as it is set now. */
interface Told {
  readonly dueSoon: boolean;
  readonly overdue: boolean;
  /** The last step of the ladder that was done; null: none was. */
  readonly stepMs: number | null;
}

/**
 * A promise: who does what by when, and because of which call.
 *
 *          put off, note, assign
 *             +------+
 *             v      |        close
 *   create -> open --+----------------------> closed
 *             ^  due soon, overdue, escalated   |
 *             +---------------------------------+
 *                           reopen
 *
 * Due soon and overdue are no states that could be lost on the way: each is told once each time that a due time is set.
 */
export interface FollowUp {
  readonly id: string;
  readonly kind: string;
  readonly reason: string;
  readonly owner: Owner;
  readonly dueAt: EpochMs;
  /** 0 is usual, 9 the most urgent. */
  readonly priority: number;
  /** The call in which it was promised. */
  readonly callId: string | null;
  readonly ani: string | null;
  readonly customerId: string | null;
  readonly campaignId: string | null;
  readonly leadId: string | null;
  readonly data: Readonly<Record<string, string>>;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
  readonly state: 'open' | 'closed';
  readonly told: Told;
  /** These three are null while it is open. */
  readonly outcome: string | null;
  readonly closedAt: EpochMs | null;
  readonly closedBy: string | null;
  /** The callback by which its owner and its caller are being brought together; null: none is under way. */
  readonly calling: string | null;
  /** Number of its last fact; who changes it says which one he had seen. */
  readonly seq: number;
  readonly changedAt: EpochMs;
}

/** A fact of a follow-up with its number, from 1, and its time. */
export type FollowUpEvent = WorkFact & { readonly subject: string; readonly seq: number; readonly at: EpochMs };

export const NOTHING_TOLD: Told = { dueSoon: false, overdue: false, stepMs: null };

/** A follow-up after a fact; null only before it was created. */
export function applyFollowUp(before: FollowUp | null, event: FollowUpEvent): FollowUp {
  if (event.type === 'followup.created') return created(event);
  if (before === null) throw new Error(`${event.type} of ${event.subject}, which was never created`);
  return { ...before, ...changeOf(before, event), seq: event.seq, changedAt: event.at };
}

function created({ data, at, seq }: FollowUpEvent & { readonly type: 'followup.created' }): FollowUp {
  const { followUpId: id, by: createdBy, ...rest } = data;
  const open = { state: 'open', told: NOTHING_TOLD, outcome: null, closedAt: null, closedBy: null } as const;
  const calling = null;
  return { id, calling, ...rest, createdAt: at, createdBy, ...open, seq, changedAt: at };
}

function changeOf({ told, dueAt }: FollowUp, event: FollowUpEvent): Partial<FollowUp> {
  switch (event.type) {
    case 'followup.created':
    case 'followup.noted':
    case 'followup.call.tried':
      return {};
    case 'followup.called':
      return { calling: event.data.callbackId };
    case 'followup.call.ended':
      return { calling: null };
    case 'followup.assigned':
      return { owner: event.data.owner };
    case 'followup.put-off':
      return { dueAt: event.data.dueAt, told: NOTHING_TOLD };
    case 'followup.due-soon':
      return { told: { ...told, dueSoon: true } };
    case 'followup.overdue':
      return { told: { ...told, overdue: true } };
    case 'followup.escalated':
      return { owner: event.data.owner, told: { ...told, stepMs: event.data.afterMs } };
    case 'followup.closed': {
      const { outcome, by: closedBy } = event.data;
      return { state: 'closed', outcome, closedAt: event.at, closedBy };
    }
    case 'followup.reopened': {
      const open = { state: 'open', outcome: null, closedAt: null, closedBy: null } as const;
      return { ...open, dueAt: event.data.dueAt, told: event.data.dueAt === dueAt ? told : NOTHING_TOLD };
    }
  }
}

/** Facts as events that come next in the story of a follow-up. */
export function numbered(id: string, facts: readonly WorkFact[], lastSeq: number, at: EpochMs): FollowUpEvent[] {
  return facts.map((fact, i) => ({ ...fact, subject: `followup/${id}`, seq: lastSeq + 1 + i, at }));
}
