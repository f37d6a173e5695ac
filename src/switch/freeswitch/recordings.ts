import type { BridgeId, LegId, RecordingId } from '../../call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { type BridgeServers, BridgeRecordings } from './bridge-recordings.ts';
import { failed, OK } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import { LegRecordings } from './leg-recordings.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';
import { Spool } from './spool.ts';
import type { Turns } from './turns.ts';

/** What is known of bridges elsewhere. */
interface Bridges extends BridgeServers {
  readonly isBridged: (legId: LegId) => boolean;
}

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

/** What is said, kept in files that FreeSWITCH writes: of one leg alone, and of all who are in a bridge. */
export class Recordings implements MediaRoom {
  readonly #turns: Turns;
  readonly #spool: Spool;
  readonly #ofLegs: LegRecordings;
  readonly #ofBridges: BridgeRecordings;
  readonly #bridges: Bridges;

  constructor(rooms: DoorRooms, turns: Turns, bridges: Bridges) {
    [this.#turns, this.#spool, this.#bridges] = [turns, new Spool(rooms.spoolDir), bridges];
    this.#ofLegs = new LegRecordings(rooms, turns, this.#spool);
    this.#ofBridges = new BridgeRecordings(rooms, this.#spool, bridges);
  }

  record(command: Of<'record'>): Promise<SwitchResult> {
    return this.#ofLegs.record(command, this.#bridges.isBridged(command.legId));
  }

  recordBridge(command: Of<'record.bridge'>): Promise<SwitchResult> {
    return this.#ofBridges.record(command);
  }

  async stop(id: RecordingId): Promise<SwitchResult> {
    if (this.#ofLegs.stop(id)) return OK;
    return (await this.#ofBridges.stop(id)) ?? failed('gone', 'nothing of this name is recorded');
  }

  async pause(id: RecordingId, on: boolean): Promise<SwitchResult> {
    if (this.#ofLegs.isGoing(id)) return failed('refused', 'FreeSWITCH cannot pause what it records of one leg alone');
    return (await this.#ofBridges.pause(id, on)) ?? failed('gone', 'nothing of this name is recorded');
  }

  async file(id: RecordingId): Promise<RecordingResult> {
    const isGoing = this.#ofLegs.isGoing(id) || this.#ofBridges.isGoing(id);
    if (isGoing) return { ok: false, why: 'unavailable', detail: 'it is being recorded' };
    await Promise.all([this.#ofLegs.settled(id), this.#ofBridges.settled(id)]);
    return this.#spool.file(id);
  }

  async discard(id: RecordingId): Promise<void> {
    const isGoing = (await this.#ofLegs.discard(id)) || this.#ofBridges.discard(id);
    if (!isGoing) await this.#spool.remove(id);
  }

  /** Ends what is recorded of the leg alone, and waits until it has ended. */
  silence(legId: LegId): Promise<void> {
    return this.#turns.silence(legId);
  }

  /** Ends what is recorded of a bridge that is taken down, and waits until it has ended. */
  endOf(bridgeId: BridgeId): Promise<void> {
    return this.#ofBridges.endOf(bridgeId);
  }

  hear(_leg: Leg, _event: EslEvent): void {}

  /** Of conferences: it is about no leg of ours. */
  hearBridge(event: EslEvent): void {
    this.#ofBridges.hearBridge(event);
  }

  legGone(_leg: Leg): void {}

  resume(): Promise<void> {
    return this.#ofBridges.resume();
  }
}
