import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import { answerOf, type LedgerFact } from './compliance/ledger.ts';
import type { ComplianceProfile } from './compliance/profile.ts';

/** One dial as its facts tell it; null: it did not happen, or nobody wrote it down. */
export interface EvidenceCall {
  readonly callId: string;
  readonly attemptId: string;
  readonly leadId: string;
  readonly number: string;
  readonly trunk: string;
  /** As `name@version`. */
  readonly profile: string | null;
  readonly dialledAt: EpochMs;
  readonly answeredAt: EpochMs | null;
  readonly detected: {
    readonly by: string;
    readonly result: string;
    readonly action: string;
    readonly tookMs: number;
  } | null;
  readonly greetingEndedAt: EpochMs | null;
  /** A flow talked with him and no agent was meant to. */
  readonly byFlow: boolean;
  readonly connectedAt: EpochMs | null;
  readonly agentId: string | null;
  /** When it was given up that an agent comes; the message begins then. */
  readonly abandonedAt: EpochMs | null;
  readonly message: { readonly name: string; readonly endedAt: EpochMs; readonly whole: boolean } | null;
  /** He asked by a key not to be called again. */
  readonly optedOutAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  readonly outcome: string | null;
}

const fresh = ({ subject, at }: JournalEvent): EvidenceCall => ({
  callId: subject.slice('call/'.length),
  attemptId: '',
  leadId: '',
  number: '',
  trunk: '',
  profile: null,
  dialledAt: at,
  answeredAt: null,
  detected: null,
  greetingEndedAt: null,
  byFlow: false,
  connectedAt: null,
  agentId: null,
  abandonedAt: null,
  message: null,
  optedOutAt: null,
  endedAt: null,
  outcome: null,
});

/** What became of a dial, from its facts in their order; null when it is not among them that it was dialled. */
export function callFrom(facts: readonly JournalEvent[]): EvidenceCall | null {
  const begin = facts.find(({ type }) => type === 'attempt.started');
  return begin ? facts.reduce((call, fact) => ({ ...call, ...learned(call, fact) }), fresh(begin)) : null;
}

function learned(call: EvidenceCall, event: JournalEvent): Partial<EvidenceCall> {
  const { at } = event;
  switch (event.type) {
    case 'attempt.started': {
      const { attemptId, leadId, number, trunk } = event.data;
      const { profile } = event.data;
      return { attemptId, leadId, number, trunk, profile: profile ?? null, dialledAt: at };
    }
    case 'call.answered':
      return { answeredAt: call.answeredAt ?? at };
    case 'attempt.detected': {
      const { by, result, action, tookMs, greetedMs } = event.data;
      const picked = call.answeredAt;
      const greetingEndedAt = greetedMs === undefined || picked === null ? null : picked + greetedMs;
      return { detected: { by, result, action, tookMs }, greetingEndedAt };
    }
    case 'flow.started':
      return { byFlow: true };
    case 'call.connected':
      return call.connectedAt === null ? { connectedAt: at, agentId: event.data.agentId } : {};
    case 'call.abandoned':
      return { abandonedAt: at };
    case 'attempt.apologised':
      return { message: { name: event.data.message, endedAt: at, whole: event.data.whole } };
    case 'attempt.opted-out':
      return { optedOutAt: at };
    case 'attempt.ended':
      return { outcome: event.data.outcome, endedAt: call.endedAt ?? at };
    case 'call.ended':
      return { endedAt: at };
    default:
      return {};
  }
}

/**
 * What a call counts as by a profile, from its times alone and not from what was made of it when it was dialled; null: it
 * counts for nothing (nobody answered, a flow talked, or it is not over). A greeting whose end was
 * not written down counts from the pick-up, which is the stricter.
 */
export function countedAs(rules: ComplianceProfile['abandonment'], call: EvidenceCall): LedgerFact | null {
  const { answeredAt, connectedAt, abandonedAt, endedAt, detected, byFlow, greetingEndedAt } = call;
  if (answeredAt === null || byFlow) return null;
  if (connectedAt === null && endedAt === null) return null;
  if (detected && detected.result !== 'human' && detected.action !== 'connect' && connectedAt === null) {
    return { type: 'taken-for-machine', at: answeredAt };
  }
  // Once the message has begun no agent comes: when the person hangs up then says nothing.
  const leftAt = abandonedAt === null ? endedAt : null;
  const times = { pickedUpAt: answeredAt, greetingStartedAt: null, greetingEndedAt, connectedAt, endedAt: leftAt };
  const type = answerOf(rules, times);
  if (type === 'left-in-time') return { type, at: answeredAt };
  return { type, at: answeredAt, screened: detected !== null };
}
