import type { BridgeId, LegId, RecordingId } from '../../call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import type { Playbacks } from './playbacks.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

/** What is said, kept in files that FreeSWITCH writes: of one leg alone, and of all who are in a bridge. */
export class Recordings implements MediaRoom {
  readonly #rooms: DoorRooms;
  readonly #playbacks: Playbacks;

  constructor(rooms: DoorRooms, playbacks: Playbacks) {
    [this.#rooms, this.#playbacks] = [rooms, playbacks];
  }

  async record({ legId }: Of<'record'>): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    await this.#playbacks.silence(legId);
    return leg ? failed('refused', 'not built yet') : no;
  }

  async recordBridge(_command: Of<'record.bridge'>): Promise<SwitchResult> {
    return failed('refused', 'not built yet');
  }

  async stop(_id: RecordingId): Promise<SwitchResult> {
    return failed('gone', 'nothing of this name is recorded');
  }

  async pause(_id: RecordingId, _on: boolean): Promise<SwitchResult> {
    return failed('gone', 'nothing of this name is recorded');
  }

  async file(_id: RecordingId): Promise<RecordingResult> {
    return { ok: false, why: 'gone', detail: 'no recording has such a name' };
  }

  async discard(_id: RecordingId): Promise<void> {}

  /** Ends what is recorded of the leg alone, and waits until it has ended. */
  async silence(_legId: LegId): Promise<void> {}

  /** Ends what is recorded of a bridge that is taken down, and waits until it has ended. */
  async endOf(_bridgeId: BridgeId): Promise<void> {}

  hear(_leg: Leg, _event: EslEvent): void {}

  /** Of conferences: it is about no leg of ours. */
  hearBridge(_event: EslEvent): void {}

  legGone(_leg: Leg): void {}

  async resume(): Promise<void> {}
}
