import type { HangupCause } from '../../src/call/cause.ts';
import type { BridgeId, LegId, PlaybackId } from '../../src/call/ids.ts';
import type { Media } from '../../src/call/media.ts';
import type { SwitchEvent } from '../../src/call/switch.ts';
import type { Clock } from '../../src/engine/ports/time.ts';

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

/** Media as a test names it: `file:menu/main`, `number:5`, `builtin:beep`, `digits:12`, `tone:ring`. */
function named(media: Media): string {
  switch (media.kind) {
    case 'file':
      return `file:${media.path}`;
    case 'builtin':
    case 'tone':
      return `${media.kind}:${media.name}`;
    case 'number':
    case 'digits':
      return `${media.kind}:${media.value}`;
  }
}

/** One channel of the fake switch: what it plays, and to whom it is joined. */
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
  cause: HangupCause | null = null;
  releasedTo: string | null = null;
  /** Everything that was played to it, in order, by name. */
  readonly heard: string[] = [];
  /** Keys that were sent to it. */
  keys = '';
  readonly #rooms: LegRooms;
  #music: string | null = null;
  #queue: Playback[] = [];
  #item = 0;
  #cancel: () => void = () => {};

  constructor(id: LegId, origin: LegOrigin, rooms: LegRooms) {
    [this.id, this.origin, this.#rooms] = [id, origin, rooms];
    this.startedAt = rooms.clock.now();
  }

  get playbacks(): readonly PlaybackId[] {
    return this.#queue.map(({ id }) => id);
  }

  /** What sounds in the far end's ear now; null is silence or another party. */
  get hearing(): string | null {
    const media = this.#queue[0]?.media[this.#item];
    return media ? named(media) : this.#music;
  }

  play(id: PlaybackId, media: readonly Media[]): void {
    this.#music = null;
    this.#queue.push({ id, media });
    if (this.#queue.length === 1) this.#sayItem(0);
  }

  stopPlayback(id: PlaybackId): void {
    const isRunning = this.#queue[0]?.id === id;
    this.#queue = this.#queue.filter((playback) => playback.id !== id);
    this.#rooms.tell({ type: 'playback.finished', legId: this.id, playbackId: id, completed: false });
    if (isRunning) this.#sayItem(0);
  }

  silence(): void {
    for (const id of this.playbacks.toReversed()) this.stopPlayback(id);
    this.#music = null;
  }

  setMusic(music: string | null): void {
    this.#music = music;
    if (music !== null) this.heard.push(music);
  }

  #sayItem(item: number): void {
    this.#cancel();
    this.#item = item;
    const [playback] = this.#queue;
    if (!playback) return;
    const media = playback.media[item];
    if (!media) return this.#finish(playback);
    if (this.#rooms.missing.has(named(media))) return this.#sayItem(item + 1);
    this.heard.push(named(media));
    const ms = this.#rooms.playMs(media);
    const { clock } = this.#rooms;
    if (ms !== null) this.#cancel = clock.at(clock.now() + ms, () => this.#sayItem(item + 1));
  }

  #finish(playback: Playback): void {
    this.#queue.shift();
    const completed = playback.media.some((media) => !this.#rooms.missing.has(named(media)));
    this.#rooms.tell({ type: 'playback.finished', legId: this.id, playbackId: playback.id, completed });
    this.#sayItem(0);
  }
}
