import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';

const LEASE_MS = 5_000;
const RENEW_MS = 1_500;

interface OwnershipRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly owner: string;
}

/**
 * One process at a time acts on a switch. The lease lapses when its owner dies; the next one takes over. An owner who finds
 * the lease in other hands has been fenced and must not act again.
 */
export class Ownership {
  readonly #rooms: OwnershipRooms;
  readonly #name: string;
  #renewal: (() => void) | null = null;
  #released = false;

  constructor(node: string, rooms: OwnershipRooms) {
    this.#rooms = rooms;
    this.#name = `switch:${node}`;
  }

  /** Resolves when the switch is ours; says once for whom it waits. */
  async acquire(lost: () => void): Promise<void> {
    const { live, owner, log } = this.#rooms;
    for (let told = false; ; told = true) {
      const lease = await live.lease(this.#name, owner, LEASE_MS);
      if (lease.mine) break;
      if (!told)
        log.info({ lease: this.#name, heldBy: lease.owner }, 'waiting for the lease of a process that may have died');
      await this.#pause(LEASE_MS / 10);
    }
    this.#renewLater(lost);
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#renewal?.();
    await this.#rooms.live.releaseLease(this.#name, this.#rooms.owner);
  }

  #renewLater(lost: () => void): void {
    if (this.#released) return;
    const { clock } = this.#rooms;
    this.#renewal = clock.at(clock.now() + RENEW_MS, () => void this.#renew(lost));
  }

  async #renew(lost: () => void): Promise<void> {
    const { live, owner, log } = this.#rooms;
    try {
      const lease = await live.lease(this.#name, owner, LEASE_MS);
      if (!lease.mine) return lost();
    } catch (error) {
      // Nobody can take the lease from a store that is away.
      log.warn({ err: error }, 'lease not renewed: live store away');
    }
    return this.#renewLater(lost);
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#rooms;
    return new Promise((resolve) => clock.at(clock.now() + ms, resolve));
  }
}
