import type { BridgeId, EpochMs, RecordingId } from '../../src/call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchResult } from '../../src/call/switch.ts';
import type { Clock } from '../../src/engine/ports/time.ts';
import type { FakeLeg, News } from './fake-leg.ts';
import { failed, OK } from './fake-result.ts';
import { lengthMs, type Span, type Speech, wavOf } from './fake-sound.ts';

type RecordCommand = Extract<SwitchCommand, { type: 'record' }>;
type LegCommand = Extract<SwitchCommand, { type: 'record.leg' }>;
type BridgeCommand = Extract<SwitchCommand, { type: 'record.bridge' }>;

/** What is left of the silence that ended a recording. */
const TRAIL_MS = 200;

/** One recording, from its request to its end and as long as it is kept. */
abstract class Recording {
  isOver = false;
  protected readonly clock: Clock;
  protected startedAt: EpochMs | null = null;
  readonly #command: RecordCommand | LegCommand | BridgeCommand;
  readonly #tell: (news: News) => void;
  readonly #done: () => void;
  #endedAt: EpochMs = 0;
  #pauses: Span[] = [];
  #cancelMax: () => void = () => {};

  constructor(
    command: RecordCommand | LegCommand | BridgeCommand,
    clock: Clock,
    tell: (news: News) => void,
    done: () => void,
  ) {
    [this.#command, this.clock, this.#tell, this.#done] = [command, clock, tell, done];
  }

  /** Who spoke, and when. */
  protected abstract speech(): readonly Speech[];
  protected ending(): void {}

  protected start(): void {
    this.startedAt = this.clock.now();
    this.#cancelMax = this.clock.at(this.startedAt + this.#command.maxMs, () => this.end());
  }

  pause(on: boolean): SwitchResult {
    if (this.startedAt === null) return failed('refused', 'it has not begun');
    const now = this.clock.now();
    const last = this.#pauses.at(-1);
    if (on === (last?.to === Infinity)) return OK;
    if (on) this.#pauses.push({ from: now, to: Infinity });
    else this.#pauses = this.#pauses.map((one) => (one === last ? { ...one, to: now } : one));
    return OK;
  }

  /** @param cutMs how much of its end is left out. */
  end(cutMs = 0): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#cancelMax();
    this.ending();
    this.#endedAt = this.startedAt === null ? 0 : this.clock.now() - cutMs;
    const { legId, recordingId } = this.#command;
    const outcome = this.startedAt === null ? 'failed' : 'done';
    const durationMs = lengthMs(this.#span, this.#pauses);
    this.#tell({ type: 'recording.finished', legId, recordingId, durationMs, outcome });
    this.#done();
  }

  /** Null when it never began. */
  get wav(): Uint8Array | null {
    return this.startedAt === null ? null : wavOf(this.#span, this.speech(), this.#pauses);
  }

  get #span(): Span {
    return { from: this.startedAt ?? 0, to: this.#endedAt };
  }
}

/** What one leg says. */
export class FakeRecording extends Recording {
  readonly command: RecordCommand;
  #speech: readonly Speech[] = [];
  #cancelSilence: () => void = () => {};

  constructor(command: RecordCommand, clock: Clock, tell: (news: News) => void, done: () => void) {
    super(command, clock, tell, done);
    this.command = command;
  }

  begin(speech: readonly Speech[]): void {
    this.start();
    this.hear(speech);
  }

  /** Somebody began to speak or fell silent. */
  hear(speech: readonly Speech[]): void {
    this.#speech = speech;
    this.#cancelSilence();
    const { silenceMs } = this.command;
    const silentAt = Math.max(this.startedAt ?? 0, ...speech.map(({ to }) => to)) + silenceMs;
    if (silenceMs > 0 && Number.isFinite(silentAt)) {
      this.#cancelSilence = this.clock.at(silentAt, () => this.end(silenceMs - TRAIL_MS));
    }
  }

  protected override ending(): void {
    this.#cancelSilence();
    this.#speech = this.#speech.map((one) => ({ ...one }));
  }

  protected override speech(): readonly Speech[] {
    return this.#speech;
  }
}

/** What all say who are in a bridge and not muted. */
export class FakeBridgeRecording extends Recording {
  readonly bridgeId: BridgeId;
  #present: { readonly leg: FakeLeg; readonly from: EpochMs; to: EpochMs }[] = [];

  constructor(command: BridgeCommand, clock: Clock, tell: (news: News) => void) {
    super(command, clock, tell, () => {});
    this.bridgeId = command.bridgeId;
    this.start();
  }

  /** Who can be heard in the bridge from now on. */
  hear(legs: readonly FakeLeg[]): void {
    const now = this.clock.now();
    for (const one of this.#present) if (!legs.includes(one.leg)) one.to = Math.min(one.to, now);
    const known = new Set(this.#present.flatMap(({ leg, to }) => (to === Infinity ? [leg] : [])));
    for (const leg of legs) if (!known.has(leg)) this.#present.push({ leg, from: now, to: Infinity });
  }

  protected override ending(): void {
    this.hear([]);
  }

  protected override speech(): readonly Speech[] {
    return this.#present.flatMap(({ leg, from, to }) =>
      leg.speech.map((one) => ({ ...one, from: Math.max(one.from, from), to: Math.min(one.to, to) })),
    );
  }
}

/** What one leg says and what is played to it. */
export class FakeWholeRecording extends Recording {
  readonly #leg: FakeLeg;
  #said: readonly Speech[] | null = null;

  constructor(leg: FakeLeg, command: LegCommand, clock: Clock, tell: (news: News) => void) {
    super(command, clock, tell, () => {});
    this.#leg = leg;
    this.start();
  }

  /** What is said and played later is none of it. */
  protected override ending(): void {
    this.#said = [...this.#leg.speech, ...this.#leg.played].map((one) => ({ ...one }));
  }

  protected override speech(): readonly Speech[] {
    return this.#said ?? [];
  }
}

/** All that was recorded and not yet discarded. */
export class FakeRecordings {
  readonly #clock: Clock;
  readonly #tell: (news: News) => void;
  readonly #kept = new Map<RecordingId, FakeRecording | FakeWholeRecording | FakeBridgeRecording>();

  constructor(clock: Clock, tell: (news: News) => void) {
    [this.#clock, this.#tell] = [clock, tell];
  }

  record(leg: FakeLeg, command: RecordCommand, answer: () => void): SwitchResult {
    const refusal = this.#refusal(command.recordingId);
    if (refusal) return refusal;
    answer();
    const done = () => leg.recorded(recording);
    const recording: FakeRecording = new FakeRecording(command, this.#clock, this.#tell, done);
    this.#kept.set(command.recordingId, recording);
    if (leg.bridgeId === null) leg.record(recording);
    else recording.end();
    return OK;
  }

  recordLeg(leg: FakeLeg, command: LegCommand): SwitchResult {
    const refusal = this.#refusal(command.recordingId);
    if (refusal) return refusal;
    if (leg.bridgeId !== null) return failed('refused', 'it is in a bridge');
    const recording = new FakeWholeRecording(leg, command, this.#clock, this.#tell);
    this.#kept.set(command.recordingId, recording);
    leg.recordedWhole(recording);
    return OK;
  }

  recordBridge(command: BridgeCommand, legs: readonly FakeLeg[]): SwitchResult {
    const refusal = this.#refusal(command.recordingId);
    if (refusal) return refusal;
    const recording = new FakeBridgeRecording(command, this.#clock, this.#tell);
    this.#kept.set(command.recordingId, recording);
    recording.hear(legs);
    return OK;
  }

  /** Who can be heard in a bridge from now on; null: the bridge is no more. */
  bridgeHas(bridgeId: BridgeId, legs: readonly FakeLeg[] | null): void {
    for (const one of this.#kept.values()) {
      if (!(one instanceof FakeBridgeRecording) || one.bridgeId !== bridgeId || one.isOver) continue;
      if (legs) one.hear(legs);
      else one.end();
    }
  }

  stop(id: RecordingId): SwitchResult {
    const recording = this.#going(id);
    recording?.end();
    return recording ? OK : failed('gone');
  }

  pause(id: RecordingId, on: boolean): SwitchResult {
    return this.#going(id)?.pause(on) ?? failed('gone');
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

  /** Ids of what goes on or lies there. */
  get ids(): readonly RecordingId[] {
    return [...this.#kept.keys()];
  }

  #going(id: RecordingId) {
    const recording = this.#kept.get(id);
    return recording?.isOver === false ? recording : undefined;
  }

  #refusal(id: RecordingId): SwitchResult | null {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) return failed('refused');
    return this.#kept.has(id) ? failed('exists') : null;
  }
}
