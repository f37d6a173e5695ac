import type { LegId } from '../../call/ids.ts';
import type { Drachtio } from './drachtio.ts';
import type { Legs } from './legs.ts';
import type { MediaServer } from './media-server.ts';

/**
 * Which of the living servers may take a leg, the best first: the one that has the leg which it is to be joined with, then those
 * with the fewest legs.
 */
export function inOrder<S extends { readonly isUp: boolean }>(
  servers: readonly S[],
  legsAt: (server: S) => number,
  near: S | null,
): readonly S[] {
  const rank = (server: S) => (server === near ? -1 : legsAt(server));
  return servers.filter(({ isUp }) => isUp).toSorted((one, other) => rank(one) - rank(other));
}

/** The servers there are, and which one takes the next leg. */
export class Fleet {
  readonly #drachtios: readonly Drachtio[];
  readonly #servers: readonly MediaServer[];
  readonly #legs: Legs;

  constructor(drachtios: readonly Drachtio[], servers: readonly MediaServer[], legs: Legs) {
    [this.#drachtios, this.#servers, this.#legs] = [drachtios, servers, legs];
  }

  get isUp(): boolean {
    return this.#servers.some(({ isUp }) => isUp) && this.#drachtios.some(({ isUp }) => isUp);
  }

  /** Those that may take a leg, the best first. A full one says no, and the next is asked. */
  media(near: LegId | null): readonly MediaServer[] {
    return inOrder(this.#servers, (server) => this.#legs.at(server), this.#beside(near)?.server ?? null);
  }

  /** Who sends the next INVITE. */
  signalling(near: LegId | null): Drachtio | null {
    const there = this.#beside(near)?.line.drachtio ?? null;
    return inOrder(this.#drachtios, (drachtio) => this.#legs.through(drachtio), there)[0] ?? null;
  }

  #beside(near: LegId | null) {
    return near === null ? null : this.#legs.get(near);
  }
}
