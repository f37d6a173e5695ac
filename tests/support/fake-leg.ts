import type { HangupCause } from '../../src/call/cause.ts';
import type { BridgeId, EpochMs, LegId, PlaybackId } from '../../src/call/ids.ts';
import type { Media } from '../../src/call/media.ts';
import type { SwitchEvent } from '../../src/call/switch.ts';
import type { Clock } from '../../src/engine/ports/time.ts';
import type { FakeRecording, FakeWholeRecording } from './fake-recording.ts';
import { PLAYED_HZ, type Speech } from './fake-sound.ts';

type Timeless<E> = E extends unknown ? Omit<E, 'at'> : never;
/** An event before it is told. */
export type News = Timeless<SwitchEvent>;

export interface LegRooms {
  readonly clock: Clock;
  /** How long something takes to be said; null: for ever. */
  readonly playMs: (media: Media) => number | null;
  readonly missing: ReadonlySet<string>;
  readonly tell: (news: News) => void;
}

export interface LegOrigin {
  readonly dialled: boolean;
  readonly callId: string | null;
  readonly dnis: string;
  readonly ani: string | null;
  readonly callerName: string | null;
  readonly source: string;
}

interface Playback {
  readonly id: PlaybackId;
  readonly media: readonly Media[];
}

/** A leg does one thing after the other. */
type Task = Playback | FakeRecording;
const isPlayback = (task: Task): task is Playback => 'media' in task;

/** Media as a test names it: `file:menu/main`, `builtin:beep`, `tone:ring`. */
function named(media: Media): string {
  switch (media.kind) {
    case 'file':
      return `file:${media.path}`;
    case 'builtin':
    case 'recording':
    case 'tone':
      return `${media.kind}:${media.name}`;
  }
}

/** One channel of the fake switch: what it plays and records, and to whom it is joined. */
export class FakeLeg {
  readonly id: LegId;
  readonly origin: LegOrigin;
  readonly startedAt: number;
  phase: 'new' | 'ringing' | 'up' | 'ended' = 'new';
  /** In the hands of Callwright, not in the dialplan's. */
  isOurs = false;
  /** Callwright was told of it. */
  isKnown = false;
  bridgeId: BridgeId | null = null;
  /** The switch's own detection has it. */
  isListenedTo = false;
  /** Nobody hears it. */
  isMuted = false;
  cause: HangupCause | null = null;
  releasedTo: string | null = null;
  /** Everything that was played to it, in order, by name. */
  readonly heard: string[] = [];
  /** Keys that were sent to it. */
  keys = '';
  readonly #rooms: LegRooms;
  #music: string | null = null;
  #queue: Task[] = [];
  #speech: Speech[] = [];
  #played: Speech[] = [];
  readonly #whole: FakeWholeRecording[] = [];
  #item = 0;
  #cancel: () => void = () => {};

  constructor(id: LegId, origin: LegOrigin, rooms: LegRooms) {
    [this.id, this.origin, this.#rooms] = [id, origin, rooms];
    this.startedAt = rooms.clock.now();
  }

  get playbacks(): readonly PlaybackId[] {
    return this.#queue.filter(isPlayback).map(({ id }) => id);
  }

  /** What sounds in the far end's ear now; null is silence or another party. */
  get hearing(): string | null {
    const [task] = this.#queue;
    const media = task && isPlayback(task) ? task.media[this.#item] : undefined;
    return media ? named(media) : this.#music;
  }

  /** The far end speaks until `to`, or until it says or hushes again. @param hz its voice. */
  speak(to: EpochMs, hz: number): void {
    const now = this.#rooms.clock.now();
    const last = this.#speech.at(-1);
    if (last) last.to = Math.min(last.to, now);
    this.#speech.push({ from: now, to, hz });
    for (const task of this.#queue.slice(0, 1)) if (!isPlayback(task)) task.hear(this.#speech);
  }

  /** All that it said so far. */
  get speech(): readonly Speech[] {
    return this.#speech;
  }

  /** All that was played to it so far. */
  get played(): readonly Speech[] {
    return this.#played;
  }

  /** Its voice now; null: it is silent. */
  get voice(): number | null {
    const last = this.#speech.at(-1);
    return last && last.to > this.#rooms.clock.now() ? last.hz : null;
  }

  play(id: PlaybackId, media: readonly Media[]): void {
    this.#add({ id, media });
  }

  /** What it says and hears is recorded until it ends, whatever else goes on. */
  recordedWhole(recording: FakeWholeRecording): void {
    this.#whole.push(recording);
  }

  record(recording: FakeRecording): void {
    this.#add(recording);
  }

  #add(task: Task): void {
    this.#music = null;
    this.#queue.push(task);
    if (this.#queue.length === 1) this.#next();
  }

  stopPlayback(id: PlaybackId): void {
    const task = this.#queue.find((one) => isPlayback(one) && one.id === id);
    if (!task) return;
    this.#rooms.tell({ type: 'playback.finished', legId: this.id, playbackId: id, completed: false });
    this.#leave(task);
  }

  /** It has ended: the leg goes on to what waits behind it. */
  recorded(recording: FakeRecording): void {
    this.#leave(recording);
  }

  /** The leg ends: its recordings are told of, its playbacks go without a word. */
  fallSilent(): void {
    this.#queue = this.#queue.filter((task) => !isPlayback(task));
    this.#cancel();
    this.#hush();
    for (const recording of this.#whole) recording.end();
    this.silence();
  }

  silence(): void {
    for (const task of this.#queue.toReversed()) {
      if (isPlayback(task)) this.stopPlayback(task.id);
      else task.end();
    }
    this.#music = null;
  }

  setMusic(music: string | null): void {
    this.#music = music;
    if (music !== null) this.heard.push(music);
  }

  #leave(task: Task): void {
    const wasFirst = this.#queue[0] === task;
    this.#queue = this.#queue.filter((one) => one !== task);
    if (wasFirst) this.#next();
  }

  /** What is played ends. */
  #hush(): void {
    const last = this.#played.at(-1);
    if (last) last.to = Math.min(last.to, this.#rooms.clock.now());
  }

  #next(): void {
    this.#cancel();
    this.#hush();
    const [task] = this.#queue;
    if (task && isPlayback(task)) this.#sayItem(task, 0);
    else if (task) {
      if (task.command.beep) this.heard.push('tone:beep');
      task.begin(this.#speech);
    }
  }

  #sayItem(playback: Playback, item: number): void {
    this.#item = item;
    this.#hush();
    const media = playback.media[item];
    if (!media) return this.#finish(playback);
    if (this.#rooms.missing.has(named(media))) return this.#sayItem(playback, item + 1);
    this.heard.push(named(media));
    this.#played.push({ from: this.#rooms.clock.now(), to: Infinity, hz: PLAYED_HZ });
    const ms = this.#rooms.playMs(media);
    const { clock } = this.#rooms;
    if (ms !== null) this.#cancel = clock.at(clock.now() + ms, () => this.#sayItem(playback, item + 1));
  }

  #finish(playback: Playback): void {
    const completed = playback.media.some((media) => !this.#rooms.missing.has(named(media)));
    this.#rooms.tell({ type: 'playback.finished', legId: this.id, playbackId: playback.id, completed });
    this.#leave(playback);
  }
}
