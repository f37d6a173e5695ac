import type { EpochMs, RecordingId } from '../../src/call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchResult } from '../../src/call/switch.ts';
import type { Clock } from '../../src/engine/ports/time.ts';
import type { FakeLeg, News } from './fake-leg.ts';
import { failed, OK } from './fake-result.ts';

type RecordCommand = Extract<SwitchCommand, { type: 'record' }>;

const PER_MS = 8;
/** What is left of the silence that ended a recording. */
const TRAIL_MS = 200;

/** Somebody's voice on a leg, from `from` until `to`. */
export interface Speech {
  readonly from: EpochMs;
  to: EpochMs;
}

/** One recording, from its request to its end and as long as it is kept. */
export class FakeRecording {
  readonly command: RecordCommand;
  isOver = false;
  readonly #clock: Clock;
  readonly #tell: (news: News) => void;
  #speech: readonly Speech[] = [];
  #startedAt: EpochMs | null = null;
  #endedAt: EpochMs = 0;
  #cancelMax: () => void = () => {};
  #cancelSilence: () => void = () => {};
  readonly #done: () => void;

  constructor(command: RecordCommand, clock: Clock, tell: (news: News) => void, done: () => void) {
    [this.command, this.#clock, this.#tell, this.#done] = [command, clock, tell, done];
  }

  begin(speech: readonly Speech[]): void {
    this.#startedAt = this.#clock.now();
    this.#cancelMax = this.#clock.at(this.#startedAt + this.command.maxMs, () => this.end());
    this.hear(speech);
  }

  /** Somebody began to speak or fell silent. */
  hear(speech: readonly Speech[]): void {
    this.#speech = speech;
    this.#cancelSilence();
    const { silenceMs } = this.command;
    const silentAt = this.#heardUntil() + silenceMs;
    if (silenceMs > 0 && Number.isFinite(silentAt)) {
      this.#cancelSilence = this.#clock.at(silentAt, () => this.end(silenceMs - TRAIL_MS));
    }
  }

  /** @param cutMs how much of its end is left out. */
  end(cutMs = 0): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#cancelMax();
    this.#cancelSilence();
    this.#endedAt = this.#startedAt === null ? 0 : this.#clock.now() - cutMs;
    this.#speech = this.#speech.map(({ from, to }) => ({ from, to: Math.min(to, this.#endedAt) }));
    const { legId, recordingId } = this.command;
    const outcome = this.#startedAt === null ? 'failed' : 'done';
    this.#tell({ type: 'recording.finished', legId, recordingId, durationMs: this.#durationMs, outcome });
    this.#done();
  }

  /** Null when it never began. */
  get wav(): Uint8Array | null {
    const startedAt = this.#startedAt;
    if (startedAt === null) return null;
    const samples = new Int16Array(Math.round(this.#durationMs * PER_MS));
    for (const { from, to } of this.#speech) {
      const [first, last] = [Math.max(0, from - startedAt) * PER_MS, (to - startedAt) * PER_MS];
      for (let at = first; at < last; at += 1) samples[at] = at % 16 < PER_MS ? 8_000 : -8_000;
    }
    return wavOf(samples);
  }

  get #durationMs(): number {
    return this.#startedAt === null ? 0 : this.#endedAt - this.#startedAt;
  }

  #heardUntil(): EpochMs {
    return Math.max(this.#startedAt ?? 0, ...this.#speech.map(({ to }) => to));
  }
}

/** All that was recorded and not yet discarded. */
export class FakeRecordings {
  readonly #clock: Clock;
  readonly #tell: (news: News) => void;
  readonly #kept = new Map<RecordingId, FakeRecording>();

  constructor(clock: Clock, tell: (news: News) => void) {
    [this.#clock, this.#tell] = [clock, tell];
  }

  record(leg: FakeLeg, command: RecordCommand, answer: () => void): SwitchResult {
    const { recordingId } = command;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(recordingId)) return failed('refused');
    if (this.#kept.has(recordingId)) return failed('exists');
    answer();
    const done = () => leg.recorded(recording);
    const recording: FakeRecording = new FakeRecording(command, this.#clock, this.#tell, done);
    this.#kept.set(recordingId, recording);
    if (leg.bridgeId === null) leg.record(recording);
    else recording.end();
    return OK;
  }

  stop(id: RecordingId): SwitchResult {
    const recording = this.#kept.get(id);
    if (!recording || recording.isOver) return failed('gone');
    recording.end();
    return OK;
  }

  get(id: RecordingId): RecordingResult {
    const recording = this.#kept.get(id);
    if (recording && !recording.isOver) return { ok: false, why: 'unavailable', detail: 'it goes on' };
    const wav = recording?.wav;
    return wav ? { ok: true, wav } : { ok: false, why: 'gone', detail: 'no such recording' };
  }

  discard(id: RecordingId): void {
    this.#kept.get(id)?.end();
    this.#kept.delete(id);
  }
}

function wavOf(samples: Int16Array): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, new Uint8Array(samples.buffer)]);
}
