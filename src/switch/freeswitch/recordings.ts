import type { BridgeId, LegId, RecordingId } from '../../call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import { LegRecordings } from './leg-recordings.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';
import { Spool } from './spool.ts';
import type { Turns } from './turns.ts';

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

/** What is said, kept in files that FreeSWITCH writes: of one leg alone, and of all who are in a bridge. */
export class Recordings implements MediaRoom {
  readonly #turns: Turns;
  readonly #spool: Spool;
  readonly #ofLegs: LegRecordings;
  readonly #isBridged: (legId: LegId) => boolean;

  constructor(rooms: DoorRooms, turns: Turns, isBridged: (legId: LegId) => boolean) {
    [this.#turns, this.#spool, this.#isBridged] = [turns, new Spool(rooms.spoolDir), isBridged];
    this.#ofLegs = new LegRecordings(rooms, turns, this.#spool);
  }

  record(command: Of<'record'>): Promise<SwitchResult> {
    return this.#ofLegs.record(command, this.#isBridged(command.legId));
  }

  async recordBridge(_command: Of<'record.bridge'>): Promise<SwitchResult> {
    return failed('refused', 'not built yet');
  }

  async stop(id: RecordingId): Promise<SwitchResult> {
    return this.#ofLegs.stop(id) ? OK : failed('gone', 'nothing of this name is recorded');
  }

  async pause(id: RecordingId, _on: boolean): Promise<SwitchResult> {
    if (this.#ofLegs.isGoing(id)) return failed('refused', 'FreeSWITCH cannot pause what it records of one leg alone');
    return failed('gone', 'nothing of this name is recorded');
  }

  async file(id: RecordingId): Promise<RecordingResult> {
    if (this.#ofLegs.isGoing(id)) return { ok: false, why: 'unavailable', detail: 'it is being recorded' };
    await this.#ofLegs.settled(id);
    return this.#spool.file(id);
  }

  async discard(id: RecordingId): Promise<void> {
    if (!this.#ofLegs.discard(id)) await this.#spool.remove(id);
  }

  /** Ends what is recorded of the leg alone, and waits until it has ended. */
  silence(legId: LegId): Promise<void> {
    return this.#turns.silence(legId);
  }

  /** Ends what is recorded of a bridge that is taken down, and waits until it has ended. */
  async endOf(_bridgeId: BridgeId): Promise<void> {}

  hear(_leg: Leg, _event: EslEvent): void {}

  /** Of conferences: it is about no leg of ours. */
  hearBridge(_event: EslEvent): void {}

  legGone(_leg: Leg): void {}

  async resume(): Promise<void> {}
}
