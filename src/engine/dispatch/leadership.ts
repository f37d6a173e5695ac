import type { LiveStore } from '../ports/live-store.ts';
import type { Clock, Log } from '../ports/time.ts';

const LEASE_MS = 5_000;
const RENEW_MS = 1_500;

interface LeadershipRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'leaseAll' | 'releaseLease'>;
  readonly owner: string;
  /** The pools there are. */
  names(): Iterable<string>;
  /** After a renewal that made us lead others than before. */
  changed(gained: readonly string[], lost: readonly string[]): void;
}

/**
 * Which process pairs the callers and agents of a pool: the one that holds its lease. The first to ask gets it, and another
 * when it lapses. Who has lost it without knowing does no harm: the reservation in the store is the last word.
 */
export class Leadership {
  readonly #rooms: LeadershipRooms;
  #owners: ReadonlyMap<string, string> = new Map();
  #timer: (() => void) | null = null;
  #asking: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(rooms: LeadershipRooms) {
    this.#rooms = rooms;
  }

  leads(pool: string): boolean {
    return !this.#stopped && this.#owners.get(pool) === this.#rooms.owner;
  }

  /** Has it been asked for? */
  knows(pool: string): boolean {
    return this.#owners.has(pool);
  }

  /** Asks for all pools now, also for those that have come up since; any number of calls while it asks make one more. */
  renew(): Promise<void> {
    this.#again = true;
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.();
  }

  /** Gives everything back, for others to take at once. */
  async release(): Promise<void> {
    this.stop();
    await this.#asking;
    const { live, owner } = this.#rooms;
    const mine = [...this.#owners].filter(([, holder]) => holder === owner);
    this.#owners = new Map();
    await Promise.all(mine.map(([name]) => live.releaseLease(name, owner)));
  }

  async #ask(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      await this.#askOnce();
    }
    this.#asking = null;
    this.#timer?.();
    const { clock } = this.#rooms;
    if (!this.#stopped) this.#timer = clock.at(clock.now() + RENEW_MS, () => void this.renew());
  }

  async #askOnce(): Promise<void> {
    const { live, owner, log } = this.#rooms;
    const led = new Set([...this.#owners].flatMap(([name, holder]) => (holder === owner ? [name] : [])));
    try {
      this.#owners = await live.leaseAll([...this.#rooms.names()], owner, LEASE_MS);
    } catch (error) {
      // Nobody can take the leases from a store that is away.
      return log.warn({ err: error }, 'leases of the routing pools not renewed: live store away');
    }
    const leads = new Set([...this.#owners].flatMap(([name, holder]) => (holder === owner ? [name] : [])));
    const [gained, lost] = [[...leads.difference(led)], [...led.difference(leads)]];
    if (!this.#stopped && gained.length + lost.length > 0) this.#rooms.changed(gained, lost);
  }
}
