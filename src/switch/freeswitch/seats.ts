import { randomUUID } from 'node:crypto';
import type { BridgeId, LegId } from '../../call/ids.ts';
import type { SwitchResult } from '../../call/switch.ts';
import type { Clock } from '../../engine/ports/time.ts';
import { failed, OK } from '../results.ts';
import type { EslEvent } from './esl-event.ts';
import { type Leg, resultOf } from './legs.ts';
import { within } from './within.ts';

/** One leg's place in a conference: from the asking on until FreeSWITCH has it back where it waits. */
interface Seat {
  readonly room: string;
  /** Of the application, as FreeSWITCH tells its end. */
  readonly run: string;
  /** Null until it is in. */
  memberId: string | null;
  /** False when it came to nothing. */
  readonly seated: PromiseWithResolvers<boolean>;
  readonly left: PromiseWithResolvers<void>;
  /** Null while nobody has asked for that. */
  leaving: Promise<SwitchResult> | null;
}

/** Who FreeSWITCH says is in a conference. */
export interface Member {
  readonly room: string;
  readonly legId: LegId;
  readonly memberId: string;
}

/** A channel looks at what it is told every 20 ms; this is a machine that has more to do than it can. */
const MOVES_WITHIN_MS = 2_000;
const PROFILE = 'callwright';
const SAFE = /^[A-Za-z0-9.-][A-Za-z0-9_.-]*$/;

/**
 * A conference's name in commands, where spaces, `@`, `+` and `%` mean something: what else a bridge may be called is written
 * in hexadecimal.
 */
export const roomOf = (bridgeId: BridgeId): string =>
  SAFE.test(bridgeId) ? bridgeId : `_${Buffer.from(bridgeId).toString('hex')}`;

/**
 * Who sits in which conference. A leg is let in by an application of its channel, which is where it waits again once that has
 * ended: what is asked for it next is carried out then.
 */
export class Seats {
  readonly #clock: Clock;
  readonly #seats = new Map<LegId, Seat>();
  readonly #rooms = new Map<string, Set<LegId>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null: in none. */
  roomOf(legId: LegId): string | null {
    return this.#seats.get(legId)?.room ?? null;
  }

  in(room: string): readonly LegId[] {
    return [...(this.#rooms.get(room) ?? [])];
  }

  /** Resolves when those who are in the room hear the leg. */
  async take(leg: Leg, room: string): Promise<SwitchResult> {
    const [seated, left] = [Promise.withResolvers<boolean>(), Promise.withResolvers<void>()];
    const seat: Seat = { room, run: randomUUID(), memberId: null, seated, left, leaving: null };
    this.#put(leg.id, seat);
    const asked = resultOf(await leg.server.execute(leg.id, 'conference', `${room}@${PROFILE}`, seat.run, 'in'));
    const isIn = asked.ok && (await within(this.#clock, MOVES_WITHIN_MS, seated.promise, false));
    if (isIn) return OK;
    this.#drop(leg.id, seat);
    if (!asked.ok) return asked;
    if (leg.cause) return failed('gone', 'there is no such leg');
    await park(leg);
    return failed('unavailable', 'FreeSWITCH did not let it into the conference in time');
  }

  /** Resolves when the leg waits for what it is told next. Harmless for one that sits nowhere. */
  async leave(leg: Leg): Promise<SwitchResult> {
    const seat = this.#seats.get(leg.id);
    if (!seat) return OK;
    seat.leaving ??= this.#leave(leg, seat);
    const left = await seat.leaving;
    seat.leaving = null;
    return left;
  }

  hear(leg: Leg, event: EslEvent): void {
    const seat = this.#seats.get(leg.id);
    if (!seat) return;
    if (event.get('Action') === 'add-member' && event.get('Conference-Name') === seat.room) {
      seat.memberId = event.get('Member-ID');
      seat.seated.resolve(true);
    }
    const hasEnded = event.name === 'CHANNEL_EXECUTE_COMPLETE' && event.get('Application-UUID') === seat.run;
    if (hasEnded) this.#drop(leg.id, seat);
  }

  gone(legId: LegId): void {
    const seat = this.#seats.get(legId);
    if (seat) this.#drop(legId, seat);
  }

  /**
   * What FreeSWITCH lists is what there is; who is on his way in comes to an end of that by himself. Answers who sits where nobody
   * here has put him.
   *
   * @param asked the legs at the FreeSWITCH servers that were asked.
   */
  resume(members: readonly Member[], asked: readonly Leg[]): readonly Leg[] {
    const listed = new Map(members.map((member) => [member.legId, member]));
    for (const { id } of asked) {
      const [seat, member] = [this.#seats.get(id), listed.get(id)];
      if (seat && seat.memberId !== null && member?.room !== seat.room) this.#drop(id, seat);
      else if (seat && member) seat.memberId = member.memberId;
    }
    return asked.filter(({ id }) => listed.has(id) && !this.#seats.has(id));
  }

  async #leave(leg: Leg, seat: Seat): Promise<SwitchResult> {
    if (seat.memberId === null) await within(this.#clock, MOVES_WITHIN_MS, seat.seated.promise, false);
    const answer = await leg.server.api(`conference ${seat.room} hup ${seat.memberId ?? 'nobody'}`);
    if (answer === null) return resultOf(answer);
    const left = seat.left.promise.then(() => true);
    if (answer.startsWith('+OK') && (await within(this.#clock, MOVES_WITHIN_MS, left, false))) return OK;
    this.#drop(leg.id, seat);
    return leg.cause ? OK : park(leg);
  }

  #put(legId: LegId, seat: Seat): void {
    this.#seats.set(legId, seat);
    const inside = this.#rooms.get(seat.room) ?? new Set();
    this.#rooms.set(seat.room, inside.add(legId));
  }

  #drop(legId: LegId, seat: Seat): void {
    seat.seated.resolve(false);
    seat.left.resolve();
    if (this.#seats.get(legId) !== seat) return;
    this.#seats.delete(legId);
    const inside = this.#rooms.get(seat.room);
    inside?.delete(legId);
    if (inside?.size === 0) this.#rooms.delete(seat.room);
  }
}

/** Takes a channel out of whatever it is in, to where it waits. */
export const park = async (leg: Leg): Promise<SwitchResult> =>
  resultOf(await leg.server.api(`uuid_transfer ${leg.id} park: inline`));
