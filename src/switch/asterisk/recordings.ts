import type { BridgeId, LegId, RecordingId } from '../../call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchResult } from '../../call/switch.ts';
import type { Clock } from '../../engine/ports/time.ts';
import type { AriAddress } from './event-socket.ts';
import type { Legs } from './legs.ts';
import type { AriReply, AriRequest, Ask } from './requests.ts';
import { failed, OK } from '../results.ts';
import { resultOf } from './results.ts';
import type { Snoops } from './snoops.ts';
import { storedFile, storedLengthMs } from './stored-file.ts';

type RecordCommand = Extract<SwitchCommand, { type: 'record' }>;
type LegCommand = Extract<SwitchCommand, { type: 'record.leg' }>;
type BridgeCommand = Extract<SwitchCommand, { type: 'record.bridge' }>;

export interface RecordingRooms {
  readonly address: AriAddress;
  readonly clock: Clock;
  readonly legs: Legs;
  readonly snoops: Snoops;
  readonly ask: Ask;
}

/** The name is a file's, in Asterisk's folder. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** How the channels end by whose ears a leg is recorded. */
export const LISTENER = '~record';
const listenerOf = (recordingId: RecordingId): string => `${recordingId}${LISTENER}`;

/** A recording from its request to its end. */
interface Run {
  readonly command: RecordCommand | LegCommand | BridgeCommand;
  readonly begun: PromiseWithResolvers<void>;
  readonly ended: PromiseWithResolvers<void>;
  isStopped: boolean;
  cancelMax: () => void;
}

const newRun = (command: Run['command']): Run => ({
  command,
  begun: Promise.withResolvers(),
  ended: Promise.withResolvers(),
  isStopped: false,
  cancelMax: () => {},
});

/**
 * Recordings, in ARI. Asterisk looks at the clock only when a packet comes, and counts whole seconds: it is up to four seconds
 * late. So their most is kept here, and Asterisk's own is for the case that we are gone.
 */
export class Recordings {
  readonly #rooms: RecordingRooms;
  readonly #runs = new Map<RecordingId, Run>();
  /** To be discarded, and not yet known to be. */
  readonly #discarded = new Set<RecordingId>();

  constructor(rooms: RecordingRooms) {
    this.#rooms = rooms;
  }

  /** Counted from the request on, since the leg may end before the answer. */
  async record(command: RecordCommand): Promise<SwitchResult> {
    const { legs, ask } = this.#rooms;
    const { legId, recordingId } = command;
    if (!NAME.test(recordingId)) return failed('refused', 'a recording is named by 1 to 64 letters, digits, - and _');
    if (this.#runs.has(recordingId)) return failed('exists', 'it is being recorded');
    const isKnown = legs.get(legId) !== null;
    legs.recording(legId, recordingId);
    this.#runs.set(recordingId, newRun(command));
    // Music would go on under it.
    void ask({ method: 'DELETE', uri: `channels/${encodeURIComponent(legId)}/moh` });
    const reply = await ask(requestOf(command));
    const result = resultOf(reply, legs.get(legId));
    if (result.ok || !reply) return result;
    const hasEnded = isKnown && !legs.notRecording(legId, recordingId);
    this.over(recordingId);
    if (hasEnded) return OK;
    return /already exists/.test(reply.problem) ? failed('exists', reply.problem) : result;
  }

  /** ARI records of a leg only what it says; what it hears, too, is recorded of a channel that listens to it. */
  async recordLeg(command: LegCommand): Promise<SwitchResult> {
    const { legs, snoops } = this.#rooms;
    const { recordingId, legId: target } = command;
    if (!NAME.test(recordingId)) return failed('refused', 'a recording is named by 1 to 64 letters, digits, - and _');
    if (this.#runs.has(recordingId)) return failed('exists', 'it is being recorded');
    const leg = legs.get(target);
    if (!leg || leg.left) return failed('gone', 'there is no such leg');
    if (leg.phase !== 'up') return failed('refused', 'it has not been answered');
    if (leg.bridge !== null) return failed('refused', 'it is in a bridge');
    this.#runs.set(recordingId, newRun(command));
    const id = listenerOf(recordingId);
    const listens = await snoops.make({ id, target, whispers: false, args: ['record', target] });
    if (!listens.ok) this.over(recordingId);
    if (!listens.ok) return listens;
    const result = await this.#recordListener(id, command);
    if (result.ok || result.why === 'unavailable') return result;
    this.over(recordingId);
    void snoops.end(id);
    return result;
  }

  async #recordListener(id: string, { recordingId, maxMs }: LegCommand): Promise<SwitchResult> {
    const request = requestOf({ type: 'record', legId: id, recordingId, maxMs, silenceMs: 0, beep: false });
    const reply = await this.#rooms.ask(request);
    const result = resultOf(reply);
    return reply && /already exists/.test(reply.problem) ? failed('exists', reply.problem) : result;
  }

  /** One that goes on already is followed from now on, so that its end is told: another process had begun it. */
  async recordBridge(command: BridgeCommand): Promise<SwitchResult> {
    const { recordingId, bridgeId } = command;
    if (!NAME.test(recordingId)) return failed('refused', 'a recording is named by 1 to 64 letters, digits, - and _');
    if (this.#runs.has(recordingId)) return failed('exists', 'it is being recorded');
    this.#runs.set(recordingId, newRun(command));
    const uri = `bridges/${encodeURIComponent(bridgeId)}/record`;
    const most = { maxDurationSeconds: String(Math.ceil(command.maxMs / 1000) + 1) };
    const query = { name: recordingId, format: 'wav', ifExists: 'fail', terminateOn: 'none', ...most };
    const reply = await this.#rooms.ask({ method: 'POST', uri, query });
    if (!reply || reply.status < 300) return resultOf(reply);
    if (!/already exists/.test(reply.problem)) {
      this.over(recordingId);
      return resultOf(reply);
    }
    const live = await this.#live('GET', recordingId);
    if (live && live.status < 300) this.began(recordingId);
    else this.over(recordingId);
    return failed('exists', reply.problem);
  }

  /** The leg that was named for it, where it is no leg's own; null when it is none that was begun or asked for here. */
  legOf(recordingId: RecordingId): LegId | null {
    const command = this.#runs.get(recordingId)?.command;
    return command && command.type !== 'record' ? command.legId : null;
  }

  /** A bridge that is taken down takes the news of its recordings along: they are ended before. */
  async endOf(bridgeId: BridgeId): Promise<void> {
    const ofBridge = [...this.#runs].filter(
      ([, { command }]) => command.type === 'record.bridge' && command.bridgeId === bridgeId,
    );
    const ends = ofBridge.map(async ([recordingId, run]) => {
      const stopped = await this.stop(recordingId);
      if (stopped.ok) await run.ended.promise;
    });
    await Promise.all(ends);
  }

  /** Asterisk has ended it; how long it is remains to be seen. Nobody listens on, also of what another process had begun. */
  ended(recordingId: RecordingId, by: string | null): void {
    this.#runs.get(recordingId)?.ended.resolve();
    if (by !== null) void this.#rooms.snoops.end(by);
  }

  /** Asterisk takes a pause only of one that has begun. */
  async pause(recordingId: RecordingId, on: boolean): Promise<SwitchResult> {
    await this.#runs.get(recordingId)?.begun.promise;
    return resultOf(await this.#live(on ? 'POST' : 'DELETE', recordingId, 'pause'));
  }

  /** One that waits for a playback takes no notice of a stop, so it is stopped when it begins. */
  async stop(recordingId: RecordingId): Promise<SwitchResult> {
    const run = this.#runs.get(recordingId);
    if (run) run.isStopped = true;
    const reply = await this.#live('POST', recordingId, 'stop');
    return reply?.status === 409 ? OK : resultOf(reply);
  }

  /** Asterisk has begun: time counts from here. */
  began(recordingId: RecordingId): void {
    const { clock } = this.#rooms;
    const run = this.#runs.get(recordingId);
    if (!run) return;
    run.begun.resolve();
    if (run.isStopped) return void this.stop(recordingId);
    run.cancelMax = clock.at(clock.now() + run.command.maxMs, () => void this.stop(recordingId));
  }

  /** It has ended, in whatever way. */
  over(recordingId: RecordingId): void {
    const run = this.#runs.get(recordingId);
    run?.cancelMax();
    run?.begun.resolve();
    run?.ended.resolve();
    this.#runs.delete(recordingId);
    if (this.#discarded.has(recordingId)) void this.#delete(recordingId);
  }

  /** Connected again: what ended meanwhile is forgotten, and what was to be discarded is. */
  async resume(): Promise<void> {
    const { legs } = this.#rooms;
    const runs = [...this.#runs].map(async ([recordingId, { command }]) => {
      const reply = await this.#live('GET', recordingId);
      if (reply?.status !== 404) return;
      legs.notRecording(command.legId, recordingId);
      this.over(recordingId);
    });
    await Promise.all([...runs, ...[...this.#discarded].map((recordingId) => this.discard(recordingId))]);
  }

  /** The file is there from the first moment on, and whole only when nothing is recorded under its name any more. */
  async file(recordingId: RecordingId): Promise<RecordingResult> {
    if (!NAME.test(recordingId)) return { ok: false, why: 'gone', detail: 'no recording has such a name' };
    const reply = await this.#live('GET', recordingId);
    if (reply?.status === 404) return storedFile(this.#rooms.address, recordingId);
    const detail = reply ? 'it is being recorded' : 'the connection to Asterisk was lost';
    return { ok: false, why: 'unavailable', detail };
  }

  /** Of one that has ended; null when there is no telling. */
  lengthMs(recordingId: RecordingId): Promise<number | null> {
    return storedLengthMs(this.#rooms.address, recordingId);
  }

  async discard(recordingId: RecordingId): Promise<void> {
    if (!NAME.test(recordingId)) return;
    this.#discarded.add(recordingId);
    const run = this.#runs.get(recordingId);
    if (run) run.isStopped = true;
    const reply = await this.#live('POST', recordingId, 'stop');
    if (reply?.status === 404) await this.#delete(recordingId);
  }

  stopWatching(): void {
    for (const recordingId of this.#runs.keys()) this.over(recordingId);
  }

  async #delete(recordingId: RecordingId): Promise<void> {
    const reply = await this.#rooms.ask({ method: 'DELETE', uri: `recordings/stored/${recordingId}` });
    if (reply) this.#discarded.delete(recordingId);
  }

  #live(method: 'GET' | 'POST' | 'DELETE', recordingId: RecordingId, ...verb: readonly string[]): Promise<AriReply> {
    const uri = ['recordings/live', encodeURIComponent(recordingId), ...verb].join('/');
    return this.#rooms.ask({ method, uri });
  }
}

/** Whole seconds. The most is ours to keep, so Asterisk's is a second later. */
const requestOf = ({ legId, recordingId, maxMs, silenceMs, beep }: RecordCommand): AriRequest => ({
  method: 'POST',
  uri: `channels/${encodeURIComponent(legId)}/record`,
  query: {
    name: recordingId,
    format: 'wav',
    maxDurationSeconds: String(Math.ceil(maxMs / 1000) + 1),
    maxSilenceSeconds: String(Math.ceil(silenceMs / 1000)),
    ifExists: 'fail',
    beep: String(beep),
    terminateOn: 'none',
  },
});
