import type { BridgeId, RecordingId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import { resultOf } from './legs.ts';
import type { MediaServer } from './media-server.ts';
import type { DoorRooms } from './rooms.ts';
import { roomOf } from './seats.ts';
import { isRecordingName, type Spool } from './spool.ts';
import { within } from './within.ts';

type Order = Extract<SwitchCommand, { type: 'record.bridge' }>;

/** Where bridges are. */
export interface BridgeServers {
  /** Null: there is no such bridge, or nobody has been in it. */
  readonly serverOf: (bridgeId: BridgeId) => MediaServer | null;
}

interface Run {
  readonly order: Order;
  readonly server: MediaServer;
  readonly path: string;
  isPaused: boolean;
  isOver: boolean;
  isDiscarded: boolean;
  cancelMax: () => void;
  /** False when FreeSWITCH cannot write it. */
  readonly begun: PromiseWithResolvers<boolean>;
  /** Settles when its file is whole, or removed, and its end has been told. */
  readonly whole: PromiseWithResolvers<true>;
}

/** FreeSWITCH begins and ends a recording in a thread of its own, some ten ms after it has said that it will. */
const BEGINS_WITHIN_MS = 2_000;
const ENDS_WITHIN_MS = 2_000;
const ASK_AGAIN_MS = 20;
/** FreeSWITCH's own end is for the case that we are gone: it counts whole seconds. */
const LATER_S = 2;
/** What FreeSWITCH has at hand when it is paused it writes at the end: two frames, and one for good measure. */
const PAUSED_TAIL_MS = 60;

/** The talk of all who are in a bridge: a conference of FreeSWITCH writes what it mixes. */
export class BridgeRecordings {
  readonly #rooms: DoorRooms;
  readonly #spool: Spool;
  readonly #bridges: BridgeServers;
  readonly #runs = new Map<RecordingId, Run>();

  constructor(rooms: DoorRooms, spool: Spool, bridges: BridgeServers) {
    [this.#rooms, this.#spool, this.#bridges] = [rooms, spool, bridges];
  }

  async record(order: Order): Promise<SwitchResult> {
    const { bridgeId, recordingId } = order;
    if (!isRecordingName(recordingId))
      return failed('refused', 'a recording is named by 1 to 64 letters, digits, - and _');
    const server = this.#bridges.serverOf(bridgeId);
    if (!server) return failed('gone', 'there is no such bridge, or nobody in it');
    if (this.#runs.has(recordingId)) return failed('exists', 'it is being recorded');
    const run = newRun(order, server, this.#spool.partOf(recordingId));
    this.#runs.set(recordingId, run);
    const began = (await this.#spool.has(recordingId))
      ? failed('exists', 'there is a recording of this name')
      : await this.#begin(run);
    // One whose beginning could not be seen may go on: its end is told all the same.
    if (!began.ok && began.why !== 'unavailable') this.#runs.delete(recordingId);
    return began;
  }

  /** Null when it is none of a bridge's, or over. */
  async stop(recordingId: RecordingId): Promise<SwitchResult | null> {
    const run = this.#going(recordingId);
    return run && this.#tell(run, 'norecord');
  }

  /** Null when it is none of a bridge's, or over. */
  async pause(recordingId: RecordingId, on: boolean): Promise<SwitchResult | null> {
    const run = this.#going(recordingId);
    if (!run) return null;
    const told = await this.#tell(run, on ? 'pause' : 'resume');
    if (told.ok) run.isPaused = on;
    return told;
  }

  isGoing(recordingId: RecordingId): boolean {
    return this.#going(recordingId) !== null;
  }

  /** It is over, and its file will be whole in a moment. */
  async settled(recordingId: RecordingId): Promise<void> {
    await this.#runs.get(recordingId)?.whole.promise;
  }

  /** False when it is none of a bridge's, or its file is whole. */
  discard(recordingId: RecordingId): boolean {
    const run = this.#runs.get(recordingId);
    if (run) run.isDiscarded = true;
    void this.stop(recordingId);
    return run !== undefined;
  }

  /** Ends what is recorded of a bridge that is taken down, and waits until it has ended. */
  async endOf(bridgeId: BridgeId): Promise<void> {
    const { clock } = this.#rooms;
    const theirs = [...this.#runs.values()].filter(({ order, isOver }) => order.bridgeId === bridgeId && !isOver);
    const ends = theirs.map(async (run) => {
      await this.#tell(run, 'norecord');
      await within(clock, ENDS_WITHIN_MS, run.whole.promise, false);
    });
    await Promise.all(ends);
  }

  /** Of conferences: it is about no leg of ours. */
  hearBridge(event: EslEvent): void {
    const [action, path] = [event.get('Action'), event.get('Path')];
    if (action !== 'start-recording' && action !== 'stop-recording') return;
    const run = [...this.#runs.values()].find((one) => one.path === path);
    if (run && action === 'start-recording') run.begun.resolve(event.get('Error') === '');
    if (run && action === 'stop-recording') void this.#ended(run, { isUnseen: false });
  }

  /** Connected again: what is not there any more has ended meanwhile. */
  async resume(): Promise<void> {
    const going = [...this.#runs.values()].filter(({ isOver }) => !isOver);
    const asked = going.map(async (run) => {
      const answer = await run.server.api(commandOf(run, run.isPaused ? 'pause' : 'resume'));
      if (isUnknown(answer)) await this.#ended(run, { isUnseen: true });
    });
    await Promise.all(asked);
  }

  async #begin(run: Run): Promise<SwitchResult> {
    const { clock } = this.#rooms;
    const { order, server } = run;
    const asked = resultOf(await server.api(commandOf(run, 'record')));
    if (!asked.ok) return asked;
    const seconds = Math.ceil(order.maxMs / 1_000) + LATER_S;
    void server.api(`sched_api +${seconds} ${order.recordingId} ${commandOf(run, 'norecord')}`);
    run.cancelMax = clock.at(clock.now() + order.maxMs, () => void this.stop(order.recordingId));
    const hasBegun = await within(clock, BEGINS_WITHIN_MS, run.begun.promise, null);
    if (hasBegun) return OK;
    run.cancelMax();
    return failed(
      hasBegun === null ? 'unavailable' : 'refused',
      'FreeSWITCH did not begin to write: may it, in its folder?',
    );
  }

  /** FreeSWITCH knows nothing of a recording for some ms after it has said that it has begun. */
  async #tell(run: Run, verb: 'norecord' | 'pause' | 'resume'): Promise<SwitchResult> {
    const { clock } = this.#rooms;
    const until = clock.now() + BEGINS_WITHIN_MS;
    let answer = await run.server.api(commandOf(run, verb));
    while (isUnknown(answer) && !run.isOver && clock.now() < until) {
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.at(clock.now() + ASK_AGAIN_MS, resolve);
      await promise;
      answer = await run.server.api(commandOf(run, verb));
    }
    if (answer === null) return resultOf(null);
    return isUnknown(answer) ? failed('gone', 'it is over') : OK;
  }

  async #ended(run: Run, { isUnseen }: { readonly isUnseen: boolean }): Promise<void> {
    const { clock, log, tell } = this.#rooms;
    const { legId, recordingId } = run.order;
    if (run.isOver) return;
    run.isOver = true;
    run.cancelMax();
    void run.server.api(`sched_del ${recordingId}`);
    const durationMs = await this.#spool.close(recordingId, null, run.isPaused ? PAUSED_TAIL_MS : 0).catch((error) => {
      log.error({ recordingId, problem: String(error) }, 'a recording cannot be finished');
      return null;
    });
    if (run.isDiscarded) await this.#spool.remove(recordingId);
    this.#runs.delete(recordingId);
    run.whole.resolve(true);
    if (isUnseen) return;
    const outcome = durationMs === null ? 'failed' : 'done';
    tell({
      type: 'recording.finished',
      at: clock.now(),
      legId,
      recordingId,
      durationMs: durationMs ?? 0,
      outcome,
    });
  }

  #going(recordingId: RecordingId): Run | null {
    const run = this.#runs.get(recordingId);
    return run && !run.isOver ? run : null;
  }
}

const newRun = (order: Order, server: MediaServer, path: string): Run => ({
  order,
  server,
  path,
  isPaused: false,
  isOver: false,
  isDiscarded: false,
  cancelMax: () => {},
  begun: Promise.withResolvers(),
  whole: Promise.withResolvers(),
});

const commandOf = ({ order, path }: Run, verb: 'record' | 'norecord' | 'pause' | 'resume'): string =>
  `conference ${roomOf(order.bridgeId)} ${verb} ${path}`;

/** FreeSWITCH says first that it has done it, and then that there is nothing of that name. */
const isUnknown = (answer: string | null): boolean => answer?.includes('-ERR') === true;
