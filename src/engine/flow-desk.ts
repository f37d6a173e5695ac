import type { Json } from '../call/request.ts';
import type { Callbacks } from './callbacks.ts';
import type { CallState } from './call/state.ts';
import type { CallWorld } from './call/world.ts';
import type { SecretHasher } from './ports/secrets.ts';
import { recordingRefusal, recordingView } from './call/recording-talk.ts';
import type { CallSession } from './call-session.ts';
import type { FlowKeeper } from './flow-keeper.ts';
import type {
  FlowDesk,
  RecordingActor,
  RecordingVerb,
  RecordingView,
  TalkRecordingView,
  VoicemailView,
} from './ports/flow-desk.ts';
import type { FlowStore, Voicemail, VoicemailQuery } from './ports/flow-store.ts';
import type { RecordingStore } from './ports/recordings.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { TalkRecordings } from './talk-recordings.ts';
import type { Answer } from './ports/service.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Switchboard } from './switchboard.ts';

interface DeskRooms {
  /** Whoever has a message in hand lets go of it when it is dealt with. */
  readonly callbacks: Pick<Callbacks, 'drop' | 'agentOn'>;
  readonly keeper: Pick<FlowKeeper, 'erase'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: FlowStore;
  readonly recordings: RecordingStore;
  readonly pins: SecretHasher;
  readonly switchPort: Pick<SwitchPort, 'do'>;
  readonly talks: Pick<TalkRecordings, 'erase'>;
  readonly board: Pick<Switchboard, 'all'>;
  /** What a call may read, its flows among it. */
  world(call: CallState): CallWorld;
}

/** Questions that were answered and are told from those that never were, so that a second answer learns that it is one. */
const REMEMBERED = 10_000;
/** What a flow calls being left without an answer. */
const NO_ANSWERS = new Set(['timeout', 'error']);

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

const NO_MESSAGE = no('not-found', 'There is no such message.');

/** The outside's part in flows, carried out on the calls and stores of this process. */
export class EngineFlowDesk implements FlowDesk {
  readonly #rooms: DeskRooms;
  readonly #answered = new Set<string>();

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
  }

  answerAsk(askId: string, outcome: string, data: Json): Answer {
    if (this.#answered.has(askId)) return no('conflict', 'This question was answered already.');
    const { board, clock } = this.#rooms;
    const session = board.all().find(({ state }) => state.asked?.requestId === askId);
    const request = session?.state.asked?.request;
    if (!session || request?.kind !== 'ask' || clock.now() >= request.deadline) {
      return no('not-found', 'No flow waits for an answer to this, or no longer.');
    }
    const answers = this.#answersOf(session.state);
    if (!answers.includes(outcome)) return no('invalid', `The flow takes one of: ${answers.join(', ')}.`);
    this.#remember(askId);
    session.post({ type: 'answer', requestId: askId, answer: { outcome, data } });
    return { ok: true, value: undefined };
  }

  async voicemails(query: VoicemailQuery): Promise<readonly VoicemailView[]> {
    return (await this.#rooms.flows.voicemails(query)).map(viewOf);
  }

  async voicemailAudio(id: string): Promise<Uint8Array | null> {
    const message = await this.#rooms.flows.voicemail(id);
    return message && this.#rooms.recordings.read(message.file);
  }

  async moveVoicemail(id: string, state: Voicemail['state'], by: string): Promise<VoicemailView | null> {
    const { flows, clock } = this.#rooms;
    const moved = await flows.moveVoicemail(id, state, by, clock.now());
    if (state === 'done') this.#rooms.callbacks.drop(id, 'gone');
    return moved && viewOf(moved);
  }

  async eraseVoicemail(id: string, by: string): Promise<Answer> {
    const { flows, callbacks, keeper } = this.#rooms;
    const message = await flows.voicemail(id);
    if (!message) return NO_MESSAGE;
    const agentId = await callbacks.agentOn('voicemail', id);
    if (agentId !== null) {
      const sentence = `${agentId} has this message in hand; erase it when it is dealt with or back in line.`;
      return no('conflict', sentence);
    }
    callbacks.drop(id, 'gone');
    return (await keeper.erase(message, by)) ? { ok: true, value: undefined } : NO_MESSAGE;
  }

  async recordingAudio(id: string): Promise<Uint8Array | null> {
    const kept = await this.#rooms.flows.recording(id);
    return kept && this.#rooms.recordings.read(kept.file);
  }

  async recordingsOf(callId: string): Promise<readonly RecordingView[]> {
    const rows = await this.#rooms.flows.recordingsOf(callId);
    return rows.map(({ file: _file, makingOn: _node, ...view }) => view);
  }

  async record(callId: string, verb: RecordingVerb, by: RecordingActor): Promise<Answer<TalkRecordingView>> {
    const session = this.#rooms.board.all().find(({ id }) => id === callId);
    if (!session) return no('not-found', `There is no call ${callId} in progress.`);
    const refusal = recordingRefusal(session.state, verb, by, this.#rooms.world(session.state));
    if (refusal !== null) return no('conflict', refusal);
    session.post({ type: 'recording', verb, by });
    await session.idle();
    if (verb === 'pause') await this.#confirm(session, by);
    return { ok: true, value: recordingView(session.state) };
  }

  /** Asked for once more, to hear what the switch says to it: only then it may be believed. */
  async #confirm(session: CallSession, by: RecordingActor): Promise<void> {
    const recordingId = session.state.recording?.part?.id;
    if (recordingId === undefined) return;
    const { ok } = await this.#rooms.switchPort.do({ type: 'record.pause', recordingId, on: true });
    session.post({ type: 'recording', verb: ok ? 'silent' : 'loud', by, recordingId });
    await session.idle();
  }

  async eraseRecording(id: string, by: string): Promise<boolean> {
    const kept = await this.#rooms.flows.recording(id);
    return kept !== null && this.#rooms.talks.erase(kept, by);
  }

  async setPin(account: string, pin: string): Promise<void> {
    const { flows, pins } = this.#rooms;
    await flows.setPin(account, await pins.hash(pin));
  }

  removePin(account: string): Promise<boolean> {
    return this.#rooms.flows.removePin(account);
  }

  #answersOf(call: CallState): readonly string[] {
    const { flowId = '', nodeId = '' } = call.flow ?? {};
    const exits = this.#rooms.world(call).flows.get(flowId)?.nodes.get(nodeId)?.exits ?? [];
    return exits.map(({ outcome }) => outcome).filter((outcome) => !NO_ANSWERS.has(outcome));
  }

  #remember(askId: string): void {
    this.#answered.add(askId);
    const [oldest] = this.#answered;
    if (this.#answered.size > REMEMBERED && oldest !== undefined) this.#answered.delete(oldest);
  }
}

/** The recording's name stays inside. */
const viewOf = ({ file: _file, ...view }: Voicemail): VoicemailView => view;
