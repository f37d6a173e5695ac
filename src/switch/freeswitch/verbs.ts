import type { LegId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed } from '../results.ts';
import type { Calls } from './calls.ts';
import type { Conferences } from './conferences.ts';
import type { Leg, Legs } from './legs.ts';
import type { Monitors } from './monitors.ts';
import type { Playbacks } from './playbacks.ts';
import type { Recordings } from './recordings.ts';
import type { Talk } from './talk.ts';

export interface VerbRooms {
  readonly legs: Legs;
  readonly calls: Calls;
  readonly playbacks: Playbacks;
  readonly recordings: Recordings;
  readonly conferences: Conferences;
  readonly monitors: Monitors;
  readonly talk: Talk;
}

/** `uuid_record` could do it, but no real server has shown that it keeps the port's promises. */
const UNHEARD = Promise.resolve(failed('refused', 'on FreeSWITCH what one leg hears is not recorded'));

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

/** Telephone verbs, each in the room that knows it. */
export class Verbs {
  readonly #rooms: VerbRooms;

  constructor(rooms: VerbRooms) {
    this.#rooms = rooms;
  }

  do(command: SwitchCommand): Promise<SwitchResult> {
    const { calls, playbacks, recordings, conferences, monitors, talk } = this.#rooms;
    switch (command.type) {
      case 'answer':
        return this.#onLeg(command.legId, (leg) => this.#answer(leg));
      case 'ring':
        return this.#onLeg(command.legId, async (leg) => calls.ring(leg));
      case 'hangup':
        return this.#hangUp(command);
      case 'originate':
        return calls.originate(command);
      case 'release':
        return this.#release(command);
      case 'play':
        return this.#unlessListening(command.legId, () => playbacks.play(command));
      case 'stop':
        return playbacks.stop(command.playbackId);
      case 'music.start':
        return this.#unlessListening(command.legId, () => playbacks.music(command.legId, command.class));
      case 'music.stop':
        return playbacks.music(command.legId, null);
      case 'dtmf.send':
        return playbacks.sendKeys(command);
      case 'record':
        return this.#unlessListening(command.legId, () => recordings.record(command));
      case 'record.leg':
        return UNHEARD;
      case 'record.stop':
        return recordings.stop(command.recordingId);
      case 'record.bridge':
        return recordings.recordBridge(command);
      case 'record.pause':
        return recordings.pause(command.recordingId, command.on);
      case 'bridge':
        return this.#bridge(command);
      case 'part':
        return conferences.part(command.bridgeId, command.legId);
      case 'unbridge':
        return conferences.end(command.bridgeId);
      case 'mute':
        return conferences.mute(command.legId, command.on);
      case 'monitor':
        return monitors.begin(command);
      case 'monitor.stop':
        return monitors.stop(command.legId);
      case 'talk.watch':
        return talk.watch(command);
    }
  }

  /** Whatever is played or recorded ends first: FreeSWITCH would go on with it. */
  async quieten(legId: LegId): Promise<void> {
    const { playbacks, recordings } = this.#rooms;
    await Promise.all([playbacks.silence(legId), recordings.silence(legId)]);
  }

  async #answer(leg: Leg): Promise<SwitchResult> {
    if (leg.phase !== 'up') await this.quieten(leg.id);
    return this.#rooms.calls.answer(leg);
  }

  async #bridge({ bridgeId, legIds }: Of<'bridge'>): Promise<SwitchResult> {
    const { conferences, monitors } = this.#rooms;
    await Promise.all(legIds.map((legId) => monitors.stop(legId)));
    return conferences.join(bridgeId, legIds);
  }

  async #hangUp({ legId, cause }: Of<'hangup'>): Promise<SwitchResult> {
    const leg = this.#rooms.legs.get(legId);
    return leg ? this.#rooms.calls.hangUp(leg, cause) : GONE;
  }

  async #release({ legId, extension }: Of<'release'>): Promise<SwitchResult> {
    const { calls, monitors } = this.#rooms;
    return this.#onLeg(legId, async (leg) => {
      await Promise.all([this.quieten(legId), monitors.leave(legId)]);
      return calls.release(leg, extension);
    });
  }

  async #unlessListening(legId: LegId, task: () => Promise<SwitchResult>): Promise<SwitchResult> {
    const leg = this.#rooms.legs.get(legId);
    if (leg && this.#rooms.talk.isListening(leg)) return failed('refused', 'who picked up is being listened to');
    return task();
  }

  async #onLeg(legId: LegId, task: (leg: Leg) => Promise<SwitchResult>): Promise<SwitchResult> {
    const leg = this.#rooms.legs.get(legId);
    if (!leg || leg.cause || leg.isReleased) return GONE;
    return task(leg);
  }
}

const GONE = failed('gone', 'there is no such leg');
