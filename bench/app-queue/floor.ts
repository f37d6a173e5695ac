import { type Call, Callers } from './callers.ts';
import { type Offer, Phones } from './phones.ts';
import { Wire } from './wire.ts';

/** What callers and phones saw. */
export interface Seen {
  readonly offers: readonly Offer[];
  /** Calls that agents had to their end. */
  readonly talked: number;
  /** Why calls came to nothing, one each. */
  readonly failed: readonly string[];
  /** How often a phone in a call was rung. */
  readonly doubled: number;
  /** SIP messages sent again, as no answer had come within 500 ms. */
  readonly resent: number;
}

interface FloorOptions {
  readonly at: { readonly host: string; readonly port: number };
  /** Port of all phones. */
  readonly port: number;
  readonly pickUpMs: number;
}

/** All callers and all phones on one socket, in this process, so that all times are of one clock. Nobody sends media. */
export class Floor {
  readonly #at: FloorOptions['at'];
  readonly #wire: Wire;
  readonly #callers: Callers;
  readonly #phones: Phones;
  #seen = nothing();
  #allOver: () => void = () => {};

  constructor({ at, pickUpMs }: FloorOptions) {
    this.#at = at;
    this.#wire = new Wire(at);
    this.#callers = new Callers(this.#wire, (why) => this.#gone(why));
    this.#phones = new Phones({
      wire: this.#wire,
      pickUpMs,
      callerOf: (number) => this.#callers.find(number),
      offered: (offer) => void this.#seen.offers.push(offer),
      doubled: () => void (this.#seen.doubled += 1),
    });
  }

  static async open(options: FloorOptions): Promise<Floor> {
    const floor = new Floor(options);
    await floor.#wire.open(options.port, (message) => {
      // An answer to a caller who has gone is nobody's.
      if (!floor.#callers.take(message)) floor.#phones.take(message);
    });
    return floor;
  }

  get live(): number {
    return this.#callers.live;
  }

  call(call: Call): void {
    this.#callers.call(call, `sip:${call.to}@${this.#at.host}:${this.#at.port}`);
  }

  /** Resolves when the last caller has gone. */
  async over(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#allOver = resolve;
    if (this.live === 0) resolve();
    await promise.finally(() => signal.removeEventListener('abort', stop));
  }

  /** What was seen since the last time; a new measurement begins. */
  take(): Seen {
    const seen = { ...this.#seen, resent: this.#wire.resent };
    this.#seen = nothing();
    this.#wire.resent = 0;
    this.#phones.forget();
    return seen;
  }

  close(): void {
    this.#wire.close();
  }

  #gone(why: string | null): void {
    if (why === null) this.#seen.talked += 1;
    else this.#seen.failed.push(why);
    if (this.live === 0) this.#allOver();
  }
}

const nothing = () => ({ offers: [] as Offer[], talked: 0, failed: [] as string[], doubled: 0 });
