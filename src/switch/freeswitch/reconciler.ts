import { CAUSE } from '../../call/cause.ts';
import type { Clock, Log } from '../../engine/ports/time.ts';
import type { Calls } from './calls.ts';
import type { Drachtio } from './drachtio.ts';
import { endLeftBehind } from './left-behind.ts';
import type { Leg, Legs } from './legs.ts';
import type { MediaServer } from './media-server.ts';
import type { MediaRoom } from './rooms.ts';

interface ReconcilerRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly legs: Legs;
  readonly calls: Calls;
  readonly drachtios: readonly Drachtio[];
  readonly servers: readonly MediaServer[];
  readonly rooms: readonly MediaRoom[];
  readonly isLive: () => boolean;
}

/** A FreeSWITCH whose event socket was lost may be there all the same; who has heard nothing for so long has lost his call. */
const GIVEN_UP_AFTER_MS = 3_000;
const SWEPT_AGAIN_AFTER_MS = 2_000;

/** Compares what is known with what is there, when servers come back, and ends what went with those that do not. */
export class Reconciler {
  readonly #rooms: ReconcilerRooms;

  constructor(rooms: ReconcilerRooms) {
    this.#rooms = rooms;
  }

  /** Nobody was listening: legs that ended meanwhile are forgotten without a word, and channels that nobody knows are ended. */
  async all(restarted: ReadonlySet<MediaServer>): Promise<void> {
    const { calls, legs, rooms, servers } = this.#rooms;
    for (const leg of await this.#gone(legs.all(), restarted)) calls.lost(leg);
    calls.watchOver(legs.all());
    await Promise.all(rooms.map((room) => room.resume()));
    await Promise.all(servers.map((server) => this.#sweep(server)));
    for (const server of servers) this.#sweepAgain(server);
  }

  /** One of several came back while calls went on elsewhere: the ends of its legs are told. */
  async cameBack(server: MediaServer, hasRestarted: boolean): Promise<void> {
    const { calls, legs, rooms } = this.#rooms;
    const its = legs.all().filter((leg) => leg.server === server && leg.phase === 'up');
    for (const leg of await this.#gone(its, new Set(hasRestarted ? [server] : []))) calls.channelGone(leg, null);
    await Promise.all(rooms.map((room) => room.resume()));
    await this.#sweep(server);
    this.#sweepAgain(server);
  }

  /** One of several was lost. Its legs hear nothing: they are told so by a BYE, unless it is back soon. */
  wasLost(server: MediaServer): void {
    const { calls, clock, isLive, legs, log } = this.#rooms;
    const giveUp = () => {
      if (server.isUp || !isLive()) return;
      const its = legs.all().filter((leg) => leg.server === server);
      if (its.length > 0)
        log.error({ freeswitch: server.name, legs: its.length }, 'a FreeSWITCH is gone with its calls');
      for (const leg of its) calls.hangUp(leg, CAUSE.congestion);
    };
    clock.at(clock.now() + GIVEN_UP_AFTER_MS, giveUp);
  }

  /** What happened in its dialogs meanwhile is never told. */
  signallingCameBack(drachtio: Drachtio): void {
    const { calls, legs } = this.#rooms;
    calls.watchOver(legs.all().filter(({ line }) => line.drachtio === drachtio));
  }

  async #gone(legs: readonly Leg[], restarted: ReadonlySet<MediaServer>): Promise<readonly Leg[]> {
    const looks = legs.map(async (leg) => {
      const mayBeThere = leg.phase === 'up' && !restarted.has(leg.server);
      // Each is asked for, since a listing shows new channels up to a second late.
      const hasVoice = mayBeThere && (await leg.server.api(`uuid_exists ${leg.id}`))?.trim() === 'true';
      return hasVoice && (await leg.line.probe()) !== false ? [] : [leg];
    });
    return (await Promise.all(looks)).flat();
  }

  /** A listing shows new channels up to a second late. */
  #sweepAgain(server: MediaServer): void {
    const { clock, isLive } = this.#rooms;
    clock.at(clock.now() + SWEPT_AGAIN_AFTER_MS, () => void (isLive() && this.#sweep(server)));
  }

  async #sweep(server: MediaServer): Promise<void> {
    const { drachtios, legs, log } = this.#rooms;
    if (!server.isUp) return;
    const ended = await endLeftBehind(server, drachtios, { isKnown: (uuid) => legs.get(uuid) !== null });
    if (ended > 0) log.warn({ freeswitch: server.name, channels: ended }, 'ended calls that another process had left');
  }
}
