import type { EpochMs, RecordingId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import { BEEP } from './media.ts';
import type { DoorRooms } from './rooms.ts';
import { isRecordingName, type Spool } from './spool.ts';
import type { Taken, TurnEnd, Turns } from './turns.ts';

type Order = Extract<SwitchCommand, { type: 'record' }>;

interface Run {
  readonly command: Order;
  readonly leg: Leg;
  /** Null until FreeSWITCH is asked for it. */
  taken: Taken | null;
  begunAt: EpochMs | null;
  isOver: boolean;
  isDiscarded: boolean;
  cancelMax: () => void;
  /** Settles when its file is whole, or removed. */
  readonly whole: PromiseWithResolvers<void>;
}

/** Mean amplitude of 20 ms, of 32,767, below which it is silent: as Asterisk's. */
const LOUDNESS = 256;
/** Of the silence that ended a recording so much is kept, ms. */
const SILENCE_KEPT_MS = 200;
const SAMPLES_PER_MS = 8;
/** A channel that was told to end writes no more after so long, ms. */
const ENDED_WITHIN_MS = 2_000;
const LOOK_AGAIN_MS = 50;

/**
 * What one leg says while it is in no bridge, by FreeSWITCH's `record`. That counts whole seconds from a clock of whole seconds: the
 * most is kept here, and its own is for the case that we are gone.
 */
export class LegRecordings {
  readonly #rooms: DoorRooms;
  readonly #turns: Turns;
  readonly #spool: Spool;
  readonly #runs = new Map<RecordingId, Run>();

  constructor(rooms: DoorRooms, turns: Turns, spool: Spool) {
    [this.#rooms, this.#turns, this.#spool] = [rooms, turns, spool];
  }

  /** @param isBridged it hears others, and cannot be recorded alone. */
  async record(command: Order, isBridged: boolean): Promise<SwitchResult> {
    const { legId, recordingId } = command;
    const { leg, no } = this.#rooms.legs.ready(legId);
    if (!isRecordingName(recordingId))
      return failed('refused', 'a recording is named by 1 to 64 letters, digits, - and _');
    if (!leg) return no;
    if (this.#runs.has(recordingId)) return failed('exists', 'it is being recorded');
    const run = newRun(command, leg);
    this.#runs.set(recordingId, run);
    const answered = (await this.#hindrance(run)) ?? (await this.#rooms.answer(leg));
    if (answered.ok) return this.#begin(run, isBridged);
    this.#runs.delete(recordingId);
    return answered;
  }

  /** False when it is none of a leg's, or over. */
  stop(recordingId: RecordingId): boolean {
    const run = this.#runs.get(recordingId);
    if (!run || run.isOver) return false;
    if (run.taken) void this.#turns.stop(run.taken);
    return true;
  }

  isGoing(recordingId: RecordingId): boolean {
    return this.#runs.get(recordingId)?.isOver === false;
  }

  /** It is over, and its file will be whole in a moment. */
  async settled(recordingId: RecordingId): Promise<void> {
    await this.#runs.get(recordingId)?.whole.promise;
  }

  /** False when it is none of a leg's, or its file is whole. One that is over is gone when it settles. */
  async discard(recordingId: RecordingId): Promise<boolean> {
    const run = this.#runs.get(recordingId);
    if (!run) return false;
    run.isDiscarded = true;
    if (!this.stop(recordingId)) await run.whole.promise;
    return true;
  }

  async #hindrance({ command, leg }: Run): Promise<SwitchResult | null> {
    if (await this.#spool.has(command.recordingId)) return failed('exists', 'there is a recording of this name');
    const isSeen = await this.#spool.isSeenBy(leg.server);
    if (isSeen === null) return failed('unavailable', 'no connection to its FreeSWITCH');
    return isSeen ? null : failed('refused', 'FreeSWITCH does not see the folder of recordings');
  }

  #begin(run: Run, isBridged: boolean): SwitchResult {
    const { command, leg } = run;
    if (leg.cause) {
      this.#runs.delete(command.recordingId);
      return failed('gone', 'there is no such leg');
    }
    if (isBridged) {
      this.#ended(run, NEVER);
      return OK;
    }
    for (const taken of this.#turns.of(leg.id).filter(({ turn }) => turn.isEndless)) void this.#turns.stop(taken);
    if (command.beep) this.#turns.add(leg, { app: 'playback', arg: BEEP, isEndless: false, ended: () => {} });
    run.taken = this.#turns.add(leg, {
      app: 'record',
      arg: argumentsOf(command, this.#spool.partOf(command.recordingId)),
      isEndless: false,
      begun: () => this.#begun(run),
      ended: (end) => this.#ended(run, end),
    });
    return OK;
  }

  #begun(run: Run): void {
    const { clock } = this.#rooms;
    run.begunAt = clock.now();
    run.cancelMax = clock.at(run.begunAt + run.command.maxMs, () => void this.stop(run.command.recordingId));
  }

  /** Told at once, before whatever happens to the leg next. The file is whole a moment later, and nobody gets it before. */
  #ended(run: Run, { event, isUnseen }: TurnEnd): void {
    const { clock, tell } = this.#rooms;
    const { command, begunAt } = run;
    const { recordingId, legId } = command;
    run.cancelMax();
    run.isOver = true;
    const lengthMs = event && lengthOf(event, command);
    void this.#close(run, lengthMs);
    if (isUnseen) return;
    const outcome = begunAt === null ? 'failed' : 'done';
    const durationMs = begunAt === null ? 0 : (lengthMs ?? clock.now() - begunAt);
    tell({ type: 'recording.finished', at: event?.at || clock.now(), legId, recordingId, durationMs, outcome });
  }

  async #close(run: Run, mostMs: number | null): Promise<void> {
    const { recordingId } = run.command;
    if (mostMs === null && run.begunAt !== null) await this.#written(run.leg);
    try {
      const isThere = (await this.#spool.close(recordingId, mostMs)) !== null;
      if (!isThere && run.begunAt !== null) await this.#spool.empty(recordingId);
    } catch (error) {
      this.#rooms.log.error({ recordingId, problem: String(error) }, 'a recording cannot be finished');
    }
    if (run.isDiscarded) await this.#spool.remove(recordingId);
    this.#runs.delete(recordingId);
    run.whole.resolve();
  }

  /** Whose end was not told may be written until its channel is gone. */
  async #written({ id, server, cause }: Leg): Promise<void> {
    const { clock } = this.#rooms;
    if (!cause) return;
    const until = clock.now() + ENDED_WITHIN_MS;
    while (clock.now() < until && isListed(await server.api(`show channels like ${id}`))) {
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.at(clock.now() + LOOK_AGAIN_MS, resolve);
      await promise;
    }
  }
}

/** `uuid_exists` knows a channel no more as soon as it is hung up. */
const isListed = (answer: string | null): boolean => answer !== null && !/^0 total\.$/m.test(answer);

const NEVER: TurnEnd = { event: null, isStopped: false, isUnseen: false };

const newRun = (command: Order, leg: Leg): Run => ({
  command,
  leg,
  taken: null,
  begunAt: null,
  isOver: false,
  isDiscarded: false,
  cancelMax: () => {},
  whole: Promise.withResolvers(),
});

const silenceSeconds = ({ silenceMs }: Order): number => Math.ceil(silenceMs / 1_000);

/** Path, most, and (where a silence ends it) how quiet and how long that is; in whole seconds. */
const argumentsOf = (command: Order, path: string): string =>
  [
    path,
    Math.ceil(command.maxMs / 1_000) + 1,
    ...(command.silenceMs > 0 ? [LOUDNESS, silenceSeconds(command)] : []),
  ].join(' ');

/** What is to be kept, ms: of the silence that ended it, hardly anything. */
function lengthOf(event: EslEvent, command: Order): number {
  const writtenMs = Math.floor(Number(event.get('variable_record_samples') || 0) / SAMPLES_PER_MS);
  const isSilence = event.get('variable_silence_hits_exhausted') === 'true';
  return Math.max(0, isSilence ? writtenMs - silenceSeconds(command) * 1_000 + SILENCE_KEPT_MS : writtenMs);
}
