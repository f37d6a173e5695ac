import { setTimeout as pause } from 'node:timers/promises';
import { type Call, Callers } from './callers.ts';
import { MediaSink } from './media-sink.ts';
import { type Offer, Phones } from './phones.ts';
import type { Message } from './sip.ts';
import { HOST, Wire } from './wire.ts';

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

/** Where SIP is spoken from, on loopback. */
export interface FloorPorts {
  /** All phones. */
  readonly phones: number;
  /** Each carrier that brings callers. */
  readonly carriers: readonly number[];
}

interface FloorOptions {
  readonly at: { readonly host: string; readonly port: number };
  readonly ports: FloorPorts;
  readonly pickUpMs: number;
}

const LOOK_EVERY_MS = 100;
/** Longer than any talk: a switch that is out of its depth loses calls, and says nothing to those who made them. */
const FORGOTTEN_MS = 120_000;

/** All callers and all phones are in this process, so that all times are of one clock. Nobody sends media. */
export class Floor {
  readonly #at: FloorOptions['at'];
  readonly #wires: readonly Wire[];
  readonly #sink: MediaSink;
  readonly #callers: Callers;
  readonly #phones: Phones;
  #seen = nothing();

  private constructor({ at, pickUpMs }: FloorOptions, wire: Wire, carriers: readonly Wire[], sink: MediaSink) {
    this.#at = at;
    this.#wires = [wire, ...carriers];
    this.#sink = sink;
    this.#callers = new Callers(carriers, sink, (why) => this.#gone(why));
    this.#phones = new Phones({
      wire,
      mediaPort: sink.port,
      pickUpMs,
      callerOf: (number) => this.#callers.find(number),
      offered: (offer) => void this.#seen.offers.push(offer),
      doubled: () => void (this.#seen.doubled += 1),
    });
  }

  static async open(options: FloorOptions): Promise<Floor> {
    const { at, ports } = options;
    const [phones, carriers] = [new Wire(at), ports.carriers.map(() => new Wire(at))];
    const floor = new Floor(options, phones, carriers, await MediaSink.open(HOST));
    await phones.open(ports.phones, (message) => floor.#phones.take(message));
    // An answer to a caller who has gone is nobody's.
    const heard = (message: Message) => floor.#callers.take(message);
    await Promise.all(carriers.map((carrier, n) => carrier.open(ports.carriers[n] ?? 0, heard)));
    return floor;
  }

  get live(): number {
    return this.#callers.live;
  }

  call(call: Call): void {
    this.#callers.call(call, `sip:${call.to}@${this.#at.host}:${this.#at.port}`);
  }

  /** Resolves when the last caller has gone, or the switch has forgotten those who are left. */
  async over(signal: AbortSignal): Promise<void> {
    for (let [left, since] = [this.live, performance.now()]; left > 0; ) {
      await pause(LOOK_EVERY_MS, undefined, { signal });
      if (this.live !== left) [left, since] = [this.live, performance.now()];
      else if (performance.now() - since > FORGOTTEN_MS) this.#callers.giveUp('forgotten by the switch');
    }
  }

  /** What was seen since the last time; a new measurement begins. */
  take(): Seen {
    const seen = { ...this.#seen, resent: this.#wires.reduce((sum, { resent }) => sum + resent, 0) };
    this.#seen = nothing();
    for (const wire of this.#wires) wire.resent = 0;
    this.#phones.forget();
    return seen;
  }

  async close(): Promise<void> {
    for (const wire of this.#wires) wire.close();
    await this.#sink.close();
  }

  #gone(why: string | null): void {
    if (why === null) this.#seen.talked += 1;
    else this.#seen.failed.push(why);
  }
}

const nothing = () => ({ offers: [] as Offer[], talked: 0, failed: [] as string[], doubled: 0 });
