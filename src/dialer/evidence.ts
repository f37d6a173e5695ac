import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { AnsweredDial } from './compliance/answered.ts';

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
  /** Parts of what he heard and said from the message on, in order. */
  readonly recordings: readonly { readonly id: string; readonly state: 'going' | 'kept' | 'dropped' }[];
  /** He asked by a key not to be called again. */
  readonly optedOutAt: EpochMs | null;
  /** When the line to who was dialled was gone. */
  readonly leftAt: EpochMs | null;
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
  recordings: [],
  optedOutAt: null,
  leftAt: null,
  endedAt: null,
  outcome: null,
});

/** What became of a dial, from its facts in their order; null when it is not among them that it was dialled. */
export function callFrom(facts: readonly JournalEvent[]): EvidenceCall | null {
  const begin = facts.find(({ type }) => type === 'attempt.started');
  return begin ? facts.reduce(callAfter, fresh(begin)) : null;
}

/** As `callFrom`, fact by fact; null: none so far. */
export const callAfter = (call: EvidenceCall | null, fact: JournalEvent): EvidenceCall => {
  const before = call ?? fresh(fact);
  return { ...before, ...learned(before, fact) };
};

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
    case 'recording.started':
      // A talk of a queue that his flow led him to is no message.
      if (!event.data.queue.startsWith('campaign:')) return {};
      return { recordings: [...call.recordings, { id: event.data.recordingId, state: 'going' }] };
    case 'recording.stopped': {
      const { recordingId, outcome: state } = event.data;
      return { recordings: call.recordings.map((one) => (one.id === recordingId ? { ...one, state } : one)) };
    }
    case 'attempt.opted-out':
      return { optedOutAt: at };
    case 'attempt.ended':
      return { outcome: event.data.outcome, leftAt: at, endedAt: call.endedAt ?? at };
    case 'call.ended':
      return { endedAt: at };
    default:
      return {};
  }
}

/** A dial as the ledger of abandonment looks at it; null: nobody and nothing picked up. */
export function answeredOf(call: EvidenceCall, metMachine: boolean): AnsweredDial | null {
  const { answeredAt: pickedUpAt, greetingEndedAt, connectedAt, abandonedAt: gaveUpAt, detected, byFlow } = call;
  if (pickedUpAt === null) return null;
  const keptOut = detected !== null && detected.result !== 'human' && detected.action !== 'connect';
  const times = { pickedUpAt, greetingEndedAt, connectedAt, gaveUpAt, leftAt: call.leftAt ?? call.endedAt };
  return { ...times, screened: detected !== null, keptOut, byFlow, metMachine };
}

/** Dispositions by which an agent says that no person was there, where the disposition itself does not say what it means. */
const MET_NOBODY = /machine|voicemail|mailbox/iu;

type Disposed = Extract<JournalEvent, { type: 'call.disposed' }>['data'];

/** Did the agent meet a machine, by what he says? */
export const saysMachine = ({ kind, disposition }: Disposed): boolean =>
  kind === undefined ? MET_NOBODY.test(disposition) : kind === 'machine';
