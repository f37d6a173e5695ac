import type { LegId, PlaybackId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

/** What a leg hears by itself: prompts, tones, music; and the keys that are sent to it. */
export class Playbacks implements MediaRoom {
  readonly #rooms: DoorRooms;

  constructor(rooms: DoorRooms) {
    this.#rooms = rooms;
  }

  async play({ legId }: Of<'play'>): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    return leg ? failed('refused', 'not built yet') : no;
  }

  async stop(_id: PlaybackId): Promise<SwitchResult> {
    return failed('gone', 'nothing of this name is played');
  }

  async music(_legId: LegId, _musicClass: string | null): Promise<SwitchResult> {
    return failed('refused', 'not built yet');
  }

  async sendKeys(_command: Of<'dtmf.send'>): Promise<SwitchResult> {
    return failed('refused', 'not built yet');
  }

  /** Ends music and all that is played to the leg, and waits until it has ended. */
  async silence(_legId: LegId): Promise<void> {}

  hear(_leg: Leg, _event: EslEvent): void {}

  legGone(_leg: Leg): void {}

  async resume(): Promise<void> {}
}
