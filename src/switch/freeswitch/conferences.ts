import type { BridgeId, LegId } from '../../call/ids.ts';
import type { SwitchResult, SwitchSnapshot } from '../../call/switch.ts';
import { failed } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import type { Playbacks } from './playbacks.ts';
import type { Recordings } from './recordings.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';

/** Who hears whom: a bridge is a conference of FreeSWITCH of the same name. */
export class Conferences implements MediaRoom {
  readonly #rooms: DoorRooms;
  readonly #playbacks: Playbacks;
  readonly #recordings: Recordings;

  constructor(rooms: DoorRooms, playbacks: Playbacks, recordings: Recordings) {
    [this.#rooms, this.#playbacks, this.#recordings] = [rooms, playbacks, recordings];
  }

  async join(_bridgeId: BridgeId, legIds: readonly LegId[]): Promise<SwitchResult> {
    await Promise.all(legIds.map((legId) => this.#playbacks.silence(legId)));
    return failed('refused', `not built yet: ${this.#rooms.soundsDir}`);
  }

  async part(_bridgeId: BridgeId, _legId: LegId): Promise<SwitchResult> {
    return failed('refused', 'not built yet');
  }

  async end(bridgeId: BridgeId): Promise<SwitchResult> {
    await this.#recordings.endOf(bridgeId);
    return failed('gone', 'there is no such bridge');
  }

  async mute(_legId: LegId, _on: boolean): Promise<SwitchResult> {
    return failed('refused', 'not built yet');
  }

  inBridge(_bridgeId: BridgeId): readonly LegId[] {
    return [];
  }

  list(): SwitchSnapshot['bridges'] {
    return [];
  }

  hear(_leg: Leg, _event: EslEvent): void {}

  legGone(_leg: Leg): void {}

  async resume(): Promise<void> {}
}
