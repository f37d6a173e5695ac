import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed } from '../results.ts';
import type { Originate } from './calls.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';

/** When the far end speaks, and what that says of who picked up. */
export class Talk implements MediaRoom {
  readonly #rooms: DoorRooms;

  constructor(rooms: DoorRooms) {
    this.#rooms = rooms;
  }

  async watch({ legId }: Extract<SwitchCommand, { type: 'talk.watch' }>): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    return leg ? failed('refused', 'not built yet') : no;
  }

  /** The leg was picked up, and is to be listened to. */
  begin(_leg: Leg, _detect: NonNullable<Originate['detect']>): void {}

  /** Nothing but a hang-up may be asked of a leg that is listened to. */
  isListening(_leg: Leg): boolean {
    return false;
  }

  hear(_leg: Leg, _event: EslEvent): void {}

  legGone(_leg: Leg): void {}

  async resume(): Promise<void> {}
}
