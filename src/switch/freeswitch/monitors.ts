import type { LegId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { Conferences } from './conferences.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';

/** Who listens to whom, and whispers. */
export class Monitors implements MediaRoom {
  readonly #rooms: DoorRooms;
  readonly #conferences: Conferences;

  constructor(rooms: DoorRooms, conferences: Conferences) {
    [this.#rooms, this.#conferences] = [rooms, conferences];
  }

  async begin({ legId }: Extract<SwitchCommand, { type: 'monitor' }>): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    return leg ? failed('refused', `not built yet: ${this.#conferences.list().length}`) : no;
  }

  async stop(legId: LegId): Promise<SwitchResult> {
    const { no } = this.#rooms.legs.ready(legId);
    return no ?? OK;
  }

  hear(_leg: Leg, _event: EslEvent): void {}

  legGone(_leg: Leg): void {}

  async resume(): Promise<void> {}
}
