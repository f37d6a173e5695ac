import type { LegId, PlaybackId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import { type Leg, resultOf } from './legs.ts';
import { type MediaFolders, playable, musicPath, SoundFiles } from './media.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';
import type { Taken, TurnEnd, Turns } from './turns.ts';

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

const KEYS = /^[0-9A-D*#]{1,20}$/;
/** A key and the pause after it (RFC 4733), ms: so long a key is understood by every exchange. */
const KEY_MS = 100;
const MS_PER_KEY = 200;
const PLAYED = 'FILE PLAYED';

/** What a leg hears by itself: prompts, tones, music; and the keys that are sent to it. */
export class Playbacks implements MediaRoom {
  readonly #rooms: DoorRooms;
  readonly #turns: Turns;
  readonly #folders: MediaFolders;
  readonly #playing = new Map<PlaybackId, Taken>();

  constructor(rooms: DoorRooms, turns: Turns) {
    [this.#rooms, this.#turns] = [rooms, turns];
    this.#folders = { soundsDir: rooms.soundsDir, recordingsDir: rooms.recordingsDir, files: new SoundFiles() };
  }

  async play({ legId, playbackId, media }: Of<'play'>): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    if (!leg) return no;
    const what = playable(media, this.#folders);
    if (!what) return failed('refused', 'nothing in it that can be played');
    if (this.#playing.has(playbackId)) return failed('exists', 'it is being played');
    this.#endMusic(legId);
    this.#rooms.early(leg);
    const ended = (end: TurnEnd) => this.#ended(leg, playbackId, end, what.isWhole);
    this.#playing.set(playbackId, this.#turns.add(leg, { app: 'playback', arg: what.path, isEndless: false, ended }));
    return OK;
  }

  async stop(id: PlaybackId): Promise<SwitchResult> {
    const playing = this.#playing.get(id);
    if (!playing) return failed('gone', 'nothing of this name is played');
    void this.#turns.stop(playing);
    return OK;
  }

  async music(legId: LegId, musicClass: string | null): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    if (!leg) return no;
    this.#endMusic(legId);
    if (musicClass === null) return OK;
    this.#rooms.early(leg);
    this.#turns.add(leg, { app: 'playback', arg: musicPath(musicClass), isEndless: true, ended: () => {} });
    return OK;
  }

  /** FreeSWITCH sends them one after another, and whatever is asked of the leg next waits until they have been sent. */
  async sendKeys({ legId, digits }: Of<'dtmf.send'>): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    if (!leg) return no;
    if (!KEYS.test(digits)) return failed('refused', '1 to 20 keys of 0-9 A-D * # can be sent');
    const sent = resultOf(await leg.server.api(`uuid_send_dtmf ${legId} ${digits}@${KEY_MS}`));
    if (!sent.ok) return sent;
    const { clock } = this.#rooms;
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.at(clock.now() + digits.length * MS_PER_KEY, resolve);
    await promise;
    return OK;
  }

  /** Ends music and all that is played to the leg, and waits until it has ended; what is recorded of it alone ends too. */
  silence(legId: LegId): Promise<void> {
    return this.#turns.silence(legId);
  }

  hear(leg: Leg, event: EslEvent): void {
    this.#turns.hear(leg, event);
  }

  legGone(leg: Leg): void {
    this.#turns.legGone(leg);
  }

  resume(): Promise<void> {
    return this.#turns.resume();
  }

  #endMusic(legId: LegId): void {
    for (const taken of this.#turns.of(legId).filter(({ turn }) => turn.isEndless)) void this.#turns.stop(taken);
  }

  /** Of a leg that ends nothing is told but its end; neither is what ended while nobody was connected. */
  #ended(leg: Leg, playbackId: PlaybackId, { event, isStopped, isUnseen }: TurnEnd, isWhole: boolean): void {
    const { clock, tell } = this.#rooms;
    this.#playing.delete(playbackId);
    if (isUnseen || leg.cause || event?.get('Answer-State') === 'hangup' || (!event && !isStopped)) return;
    const completed = isWhole && !isStopped && event?.get('Application-Response') === PLAYED;
    const at = event?.at || clock.now();
    tell({ type: 'playback.finished', at, legId: leg.id, playbackId, completed });
  }
}
