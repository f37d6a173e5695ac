import type { Drachtio } from './drachtio.ts';
import type { MediaServer } from './media-server.ts';

/** The servers there are, and which one takes the next leg. */
export class Fleet {
  readonly #drachtios: readonly Drachtio[];
  readonly #servers: readonly MediaServer[];
  readonly #load = new Map<MediaServer, number>();

  constructor(drachtios: readonly Drachtio[], servers: readonly MediaServer[]) {
    [this.#drachtios, this.#servers] = [drachtios, servers];
  }

  get isUp(): boolean {
    return this.#servers.some(({ isUp }) => isUp) && this.#drachtios.some(({ isUp }) => isUp);
  }

  /** The living one with the fewest legs. */
  choose(_callId: string | null): MediaServer | null {
    const living = this.#servers.filter(({ isUp }) => isUp);
    return living.toSorted((one, other) => this.#legsAt(one) - this.#legsAt(other))[0] ?? null;
  }

  /** Who sends the next INVITE. */
  signalling(): Drachtio | null {
    return this.#drachtios.find(({ isUp }) => isUp) ?? null;
  }

  took(server: MediaServer): void {
    this.#load.set(server, this.#legsAt(server) + 1);
  }

  left(server: MediaServer): void {
    this.#load.set(server, Math.max(0, this.#legsAt(server) - 1));
  }

  #legsAt(server: MediaServer): number {
    return this.#load.get(server) ?? 0;
  }
}
