import type { BridgeId, LegId, RecordingId } from '../../call/ids.ts';
import type { SwitchCommand } from '../../call/switch.ts';
import type { Draft } from './actions.ts';
import type { TalkRecording } from './recording-state.ts';
import { seatingOf } from './seating.ts';
import { type CallState, customer } from './state.ts';
import { nameOfActor } from './talk-asking.ts';
import type { Actor } from './talk-verbs.ts';
import type { CallWorld } from './world.ts';

type Verb = 'start' | 'stop' | 'pause' | 'resume';

/** `silent`, `loud`: what the switch said to a pause. */
export interface RecordingInput {
  readonly type: 'recording';
  readonly verb: Verb | 'silent' | 'loud';
  readonly by: Actor;
  /** Of which part the switch spoke. */
  readonly recordingId?: RecordingId;
}

const NOTHING: TalkRecording = { asked: false, paused: false, silent: false, part: null, parts: 0, broken: null };
/** A part is fetched as a whole, 16 kB a second. */
const MOST_MS = 30 * 60_000;

const recordingOf = (state: CallState): TalkRecording => state.recording ?? NOTHING;

const change = (draft: Draft, to: Partial<TalkRecording>): void =>
  void draft.set({ recording: { ...recordingOf(draft.state), ...to } });

/** How the queue of this talk is recorded. */
function recordingMode({ record }: CallState, { queues }: Pick<CallWorld, 'queues'>) {
  const queue = record.queue === null ? undefined : queues.get(record.queue);
  return queue?.recording ?? ({ mode: 'never', keepDays: 0 } as const);
}

/** Where the customer talks with others now: on hold, in a queue and in a flow he is in no such room. */
function roomOfTalk(state: CallState): BridgeId | null {
  if (state.phase !== 'talking') return null;
  return seatingOf(state).seats.get(customer(state).id)?.room ?? null;
}

/** What is to be recorded now. */
interface Wanted {
  /** Null: the customer's leg alone, with what is played to it. */
  readonly bridgeId: BridgeId | null;
  readonly keepDays: number;
}

/** Of a talk by the rule of its queue, of the message to an abandoned person by that of his campaign. */
function wantedOf(state: CallState, world: CallWorld): Wanted | null {
  const { phase, attempt } = state;
  const keepDays = attempt?.recordingDays;
  if (phase === 'apologising') return keepDays === undefined ? null : { bridgeId: null, keepDays };
  const bridgeId = roomOfTalk(state);
  const queue = recordingMode(state, world);
  const isAsked = queue.mode === 'always' || (queue.mode === 'on-demand' && recordingOf(state).asked);
  return bridgeId !== null && isAsked ? { bridgeId, keepDays: queue.keepDays } : null;
}

/** By what a bridge, or the leg alone, is known again. */
const placeOf = ({ bridgeId }: { readonly bridgeId: BridgeId | null }, state: CallState): string =>
  bridgeId ?? customer(state).id;

/**
 * Begins and ends parts, so that what the queue or the campaign wants recorded is; called last in every step, so that the message
 * to an abandoned person is under way before anything is recorded of it.
 */
export function recordTalk(draft: Draft, world: CallWorld): void {
  const wanted = wantedOf(draft.state, world);
  const { part } = recordingOf(draft.state);
  if (part && part.bridgeId !== wanted?.bridgeId) endPart(draft);
  if (draft.state.phase !== 'talking' && draft.state.phase !== 'apologising') return over(draft);
  const now = recordingOf(draft.state);
  if (wanted && !now.part && !now.paused && now.broken !== placeOf(wanted, draft.state)) beginPart(draft, wanted);
}

/**
 * This talk is over, and with it what was asked for it. A pause is not: who hands a customer over while card data is read has
 * not said that it has been read, and the next agent hears the rest of it.
 */
function over(draft: Draft): void {
  const { asked, broken } = recordingOf(draft.state);
  if (asked || broken !== null) change(draft, { asked: false, broken: null });
}

/** Another queue has the call: its rule holds from now on, and what was asked for under the old one is over. A pause is not. */
export function followQueue(draft: Draft): void {
  endPart(draft);
  if (recordingOf(draft.state).asked) change(draft, { asked: false });
}

function beginPart(draft: Draft, { bridgeId, keepDays }: Wanted): void {
  const { record, id: callId } = draft.state;
  const parts = recordingOf(draft.state).parts + 1;
  const kind = bridgeId === null ? 'message' : 'talk';
  const id = `${callId}-${kind}${parts}`;
  const about = { recordingId: id, queue: record.queue ?? '', agentId: record.agentId };
  change(draft, { part: { id, bridgeId }, parts, silent: false });
  draft
    .act({ type: 'talk.record', ...about, keepDays, kind })
    .tell(recordCommand(customer(draft.state).id, bridgeId, id))
    .fact({ type: 'recording.started', data: about });
}

const recordCommand = (legId: LegId, bridgeId: BridgeId | null, recordingId: RecordingId): SwitchCommand =>
  bridgeId === null
    ? { type: 'record.leg', legId, recordingId, maxMs: MOST_MS }
    : { type: 'record.bridge', bridgeId, legId, recordingId, maxMs: MOST_MS };

/** What was said while the switch may not have known of the pause is kept by nobody, nor what was said before it. */
function endPart(draft: Draft, isLost = false): void {
  const { part, paused, silent } = recordingOf(draft.state);
  if (!part) return;
  const { id: recordingId } = part;
  const outcome = isLost || (paused && !silent) ? 'dropped' : 'kept';
  change(draft, { part: null, silent: false });
  draft
    .tell({ type: 'record.stop', recordingId })
    .act({ type: outcome === 'kept' ? 'talk.keep' : 'talk.drop', recordingId })
    .fact({ type: 'recording.stopped', data: { recordingId, outcome } });
}

/** The switch has ended it: at its longest, or since all had left. False when it is none of a talk. */
export function partEnded(draft: Draft, recordingId: RecordingId, outcome: 'done' | 'failed'): boolean {
  const { part } = recordingOf(draft.state);
  if (part?.id !== recordingId) return false;
  // A leg's ends with the leg, whose own end is told a moment later.
  if (outcome === 'failed' || part.bridgeId === null) change(draft, { broken: placeOf(part, draft.state) });
  endPart(draft, outcome === 'failed');
  return true;
}

/**
 * After an outage a new part begins, for nobody knows what the switch did of the old one's last commands. A pause that it had
 * not confirmed may never have reached it.
 */
export function partAgain(draft: Draft): void {
  if (draft.state.recording === null) return;
  change(draft, { broken: null });
  endPart(draft);
}

export function recordingCommandFailed(draft: Draft, command: SwitchCommand): void {
  if (!('recordingId' in command)) return;
  const { part } = recordingOf(draft.state);
  if (!part || part.id !== command.recordingId) return;
  if (command.type === 'record.bridge' || command.type === 'record.leg') {
    change(draft, { broken: placeOf(part, draft.state) });
    endPart(draft, true);
  }
  if (command.type === 'record.pause') endPart(draft, command.on);
}

/** What is asked has been found allowed (`recordingRefusal`); what is so already is done. */
export function recordingInput(draft: Draft, { verb, by, recordingId }: RecordingInput, world: CallWorld): void {
  const { part, paused } = recordingOf(draft.state);
  const isOfPart = part !== null && part.id === recordingId;
  if (verb === 'silent') return isOfPart && paused ? change(draft, { silent: true }) : undefined;
  if (verb === 'loud') return isOfPart ? endPart(draft, true) : undefined;
  draft.refusal = recordingRefusal(draft.state, verb, by, world);
  if (draft.refusal !== null) return undefined;
  if (verb === 'start' || verb === 'stop') return change(draft, { asked: verb === 'start' });
  return pause(draft, verb === 'pause', by);
}

function pause(draft: Draft, on: boolean, by: Actor): void {
  const { part, paused } = recordingOf(draft.state);
  if (paused === on) return;
  // Whatever the switch makes of it: of a part that may hold card data nothing is kept.
  if (!on && !recordingOf(draft.state).silent) endPart(draft);
  change(draft, { paused: on, silent: false });
  if (part && recordingOf(draft.state).part) draft.tell({ type: 'record.pause', recordingId: part.id, on });
  draft.fact({ type: on ? 'recording.paused' : 'recording.resumed', data: { by: nameOfActor(by) } });
}

/** Why this is not done, in one sentence; null when it is. */
export function recordingRefusal(
  state: CallState,
  verb: Verb,
  by: Actor,
  world: Pick<CallWorld, 'queues'>,
): string | null {
  const { id, phase, talk, guests, record } = state;
  const isIn = (agentId: string) =>
    talk?.agentId === agentId || guests.some((guest) => guest.agentId === agentId && guest.phase === 'in');
  if (by.kind === 'agent' && !isIn(by.agentId)) return `Agent ${by.agentId} does not talk in call ${id}.`;
  // Everybody in it may silence it; who is only consulted does not know what the customer still reads to the leader.
  if (verb === 'resume' && by.kind === 'agent' && talk && talk.agentId !== by.agentId) {
    return `Agent ${talk.agentId} leads this talk and says when its recording goes on.`;
  }
  if (phase !== 'talking') return `Nobody talks in call ${id}, so there is nothing to record: it is ${phase}.`;
  const { mode } = recordingMode(state, world);
  const queue = record.queue === null ? 'This call came through no queue and' : `Queue ${record.queue}`;
  if (verb === 'start' && mode === 'never') return `${queue} is never recorded (recording in queues.yaml).`;
  if (verb === 'stop' && mode === 'always') {
    return `${queue} is always recorded (recording in queues.yaml); pause the recording while card data is read.`;
  }
  return null;
}

/** What of the talk is recorded, for who asks. */
export function recordingView(state: CallState): {
  readonly state: 'off' | 'on' | 'paused';
  readonly id: string | null;
} {
  const { part, paused } = recordingOf(state);
  return { state: paused ? 'paused' : part ? 'on' : 'off', id: part?.id ?? null };
}
