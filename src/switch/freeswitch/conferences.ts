import { z } from 'zod';
import type { BridgeId, LegId } from '../../call/ids.ts';
import type { SwitchResult, SwitchSnapshot } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import { type Leg, resultOf } from './legs.ts';
import type { MediaServer } from './media-server.ts';
import type { Playbacks } from './playbacks.ts';
import type { Recordings } from './recordings.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';
import { type Member, park, roomOf, Seats } from './seats.ts';

const listed = z.array(
  z.object({
    conference_name: z.string(),
    members: z.array(z.object({ uuid: z.string().default(''), id: z.number() })).default([]),
  }),
);
/** No bridge is called so. */
const aloneOf = (legId: LegId): string => roomOf(`${legId} alone`);

/**
 * Who hears whom: a bridge is a conference of FreeSWITCH. FreeSWITCH ends a conference that nobody is in, and a bridge stays until it is
 * taken down: so which bridges there are is known here alone.
 */
export class Conferences implements MediaRoom {
  readonly #rooms: DoorRooms;
  readonly #playbacks: Playbacks;
  readonly #recordings: Recordings;
  readonly #seats: Seats;
  /** Where each one is; null while nobody has been in it. */
  readonly #bridges = new Map<BridgeId, MediaServer | null>();
  readonly #muted = new Set<LegId>();
  /** A leg has left its bridge and is in none. */
  whenAlone: (leg: Leg) => Promise<void> = async () => {};

  constructor(rooms: DoorRooms, playbacks: Playbacks, recordings: Recordings) {
    [this.#rooms, this.#playbacks, this.#recordings] = [rooms, playbacks, recordings];
    this.#seats = new Seats(rooms.clock);
  }

  /** All of them or none. */
  async join(bridgeId: BridgeId, legIds: readonly LegId[]): Promise<SwitchResult> {
    const checked = legIds.map((legId) => this.#answered(legId));
    const no = checked.find((one) => one.no)?.no;
    if (no) return no;
    const legs = checked.flatMap(({ leg }) => leg ?? []);
    const isNew = !this.#bridges.has(bridgeId);
    const server = this.#bridges.get(bridgeId) ?? legs[0]?.server ?? null;
    this.#bridges.set(bridgeId, server);
    const brought = await Promise.all(legs.map((leg) => this.bring(leg, server ?? leg.server)));
    const joined = brought.find(({ ok }) => !ok) ?? (await this.#seatAll(legs, roomOf(bridgeId)));
    if (!joined.ok && isNew) this.#bridges.delete(bridgeId);
    return joined;
  }

  async part(bridgeId: BridgeId, legId: LegId): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    if (!leg) return no;
    const isIn = this.#bridges.has(bridgeId) && this.#seats.roomOf(legId) === roomOf(bridgeId);
    return isIn ? this.#letGo(leg) : failed('gone', 'the leg is not in that bridge');
  }

  /** Takes the leg out of whatever bridge it is in. */
  async leave(leg: Leg): Promise<SwitchResult> {
    await this.#quieten(leg.id);
    return this.#seats.leave(leg);
  }

  /**
   * A leg that hears nobody is sent nothing, and whispers with it: alone in a conference of its own it is sent silence. Does
   * nothing for one in a bridge.
   */
  async carry(leg: Leg): Promise<void> {
    if (leg.cause === null && this.#seats.roomOf(leg.id) === null) await this.#seats.take(leg, aloneOf(leg.id));
  }

  async hush(leg: Leg): Promise<void> {
    if (this.#seats.roomOf(leg.id) === aloneOf(leg.id)) await this.#seats.leave(leg);
  }

  async end(bridgeId: BridgeId): Promise<SwitchResult> {
    if (!this.#bridges.has(bridgeId)) return failed('gone', 'there is no such bridge');
    await this.#recordings.endOf(bridgeId);
    const inside = this.inBridge(bridgeId).flatMap((legId) => this.#rooms.legs.get(legId) ?? []);
    // Who is being hung up leaves it by that.
    const staying = inside.filter(({ cause }) => cause === null);
    const left = await Promise.all(staying.map((leg) => this.#letGo(leg)));
    const stuck = left.find((result) => !result.ok && result.why === 'unavailable');
    if (stuck) return stuck;
    this.#bridges.delete(bridgeId);
    return OK;
  }

  /** On the channel and not in a conference: so it goes along, and whoever listens to the leg does not hear it either. */
  async mute(legId: LegId, on: boolean): Promise<SwitchResult> {
    const { leg, no } = this.#answered(legId);
    if (!leg) return no;
    const result = await muteChannel(leg, on);
    if (result.ok && on) this.#muted.add(legId);
    if (result.ok && !on) this.#muted.delete(legId);
    return result;
  }

  /** Only who is at the same FreeSWITCH can be heard: the leg's voice is moved there when it is at another. */
  async bring(leg: Leg, server: MediaServer): Promise<SwitchResult> {
    if (leg.server === server) return OK;
    const left = await this.leave(leg);
    if (!left.ok) return left;
    const moved = await this.#rooms.rehome(leg, server);
    if (!moved.ok) return moved;
    if (this.#muted.has(leg.id)) await muteChannel(leg, true);
    return OK;
  }

  /** Null: there is no such bridge, or nobody has been in it. */
  serverOf(bridgeId: BridgeId): MediaServer | null {
    return this.#bridges.get(bridgeId) ?? null;
  }

  isBridged(legId: LegId): boolean {
    const room = this.#seats.roomOf(legId);
    return room !== null && room !== aloneOf(legId);
  }

  inBridge(bridgeId: BridgeId): readonly LegId[] {
    return this.#bridges.has(bridgeId) ? this.#seats.in(roomOf(bridgeId)) : [];
  }

  list(): SwitchSnapshot['bridges'] {
    return [...this.#bridges.keys()].map((bridgeId) => ({ bridgeId, legIds: this.inBridge(bridgeId) }));
  }

  hear(leg: Leg, event: EslEvent): void {
    this.#seats.hear(leg, event);
  }

  legGone(leg: Leg): void {
    this.#seats.gone(leg.id);
    this.#muted.delete(leg.id);
  }

  /** Bridges that nobody is in any more are forgotten: their FreeSWITCH may have lost them all. */
  async resume(): Promise<void> {
    const legs = this.#rooms.legs.all();
    const servers = [...new Set(legs.map(({ server }) => server))];
    const lists = await Promise.all(servers.map(async (server) => ({ server, members: await membersOf(server) })));
    const asked = lists.flatMap(({ server, members }) => (members ? server : []));
    const members = lists.flatMap((list) => list.members ?? []);
    const theirs = legs.filter(({ server }) => asked.includes(server));
    await Promise.all(this.#seats.resume(members, theirs).map(park));
    for (const { bridgeId, legIds } of this.list()) if (legIds.length === 0) this.#bridges.delete(bridgeId);
  }

  async #letGo(leg: Leg): Promise<SwitchResult> {
    const left = await this.leave(leg);
    if (left.ok) await this.whenAlone(leg);
    return left;
  }

  async #seatAll(legs: readonly Leg[], room: string): Promise<SwitchResult> {
    await Promise.all(legs.map(({ id }) => this.#quieten(id)));
    const coming = legs.filter(({ id }) => this.#seats.roomOf(id) !== room);
    const seated = await Promise.all(coming.map((leg) => this.#move(leg, room)));
    const failure = seated.find(({ ok }) => !ok);
    if (failure) await Promise.all(coming.map((leg) => this.#seats.leave(leg)));
    return failure ?? OK;
  }

  async #move(leg: Leg, room: string): Promise<SwitchResult> {
    const left = await this.#seats.leave(leg);
    return left.ok ? this.#seats.take(leg, room) : left;
  }

  /** FreeSWITCH would go on with what is played and recorded, and let the leg in, or out, when that has ended. */
  async #quieten(legId: LegId): Promise<void> {
    await Promise.all([this.#playbacks.silence(legId), this.#recordings.silence(legId)]);
  }

  #answered(legId: LegId): ReturnType<DoorRooms['legs']['ready']> {
    const ready = this.#rooms.legs.ready(legId);
    return ready.leg && ready.leg.phase !== 'up' ? { no: failed('refused', 'it has not been answered') } : ready;
  }
}

const muteChannel = async ({ id, server }: Leg, on: boolean): Promise<SwitchResult> =>
  resultOf(await server.api(`uuid_audio ${id} ${on ? 'start read mute 1' : 'stop'}`));

/** Null when it cannot be said now. */
async function membersOf(server: MediaServer): Promise<readonly Member[] | null> {
  const answer = await server.api('conference json_list');
  try {
    return listed
      .parse(JSON.parse(answer ?? ''))
      .flatMap(({ conference_name: room, members }) =>
        members.map(({ uuid, id }) => ({ room, legId: uuid, memberId: String(id) })),
      );
  } catch {
    return null;
  }
}
