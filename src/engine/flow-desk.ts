import type { Json } from '../call/request.ts';
import type { CallState } from './call/state.ts';
import type { CallWorld } from './call/world.ts';
import type { PinHasher } from './pin-hash.ts';
import type { FlowDesk, VoicemailView } from './ports/flow-desk.ts';
import { insist } from './insist.ts';
import type { FlowStore, KeptRecording, Voicemail, VoicemailQuery } from './ports/flow-store.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { RecordingStore } from './ports/recordings.ts';
import type { Answer } from './ports/service.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

interface DeskRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly flows: FlowStore;
  readonly recordings: RecordingStore;
  readonly pins: PinHasher;
  readonly board: Pick<Switchboard, 'all'>;
  /** What a call may read, its flows among it. */
  world(call: CallState): CallWorld;
}

/** Questions that were answered and are told from those that never were, so that a second answer learns that it is one. */
const REMEMBERED = 10_000;
/** What a flow calls being left without an answer. */
const NO_ANSWERS = new Set(['timeout', 'error']);

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

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
    return moved && viewOf(moved);
  }

  async recordingAudio(id: string): Promise<Uint8Array | null> {
    const kept = await this.#rooms.flows.recording(id);
    return kept && this.#rooms.recordings.read(kept.file);
  }

  /** The file goes before its row, which leads to it again if we die in between. */
  async eraseRecording(id: string, by: string): Promise<boolean> {
    const { flows, recordings } = this.#rooms;
    const kept = await flows.recording(id);
    if (!kept) return false;
    await recordings.remove(kept.file);
    if (!(await flows.removeRecording(id))) return false;
    await this.#tellErased(kept, by);
    return true;
  }

  async #tellErased({ id, callId }: KeptRecording, by: string): Promise<void> {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`recording/${id}`, [
      { type: 'recording.erased', data: { recordingId: id, callId, by } },
    ]);
    recorder.tell(events);
    await insist(this.#rooms, 'an erased recording', () => live.append(events));
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
