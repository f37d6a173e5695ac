import type { EpochMs } from '../call/ids.ts';
import type { Clock } from './ports/time.ts';

/** A dialer that nobody woke looks again after this long: leads whose time has come, tokens that came back. */
export const TICK_MS = 500;
/** So many rounds at once, for a floor where little happens and each dial should go out at once. */
const BURST = 10;
/** Of 300 agents somebody moves every few ms; what moved within this is decided on together. */
const EVERY_MS = 50;

interface RoundsRooms {
  readonly clock: Clock;
  /** Decides once. It throws nothing. */
  readonly round: () => Promise<void>;
  /** Nobody woke it: it looks around, and wakes itself. */
  readonly tick: () => void;
  /** Which of the dialers of the process it is. All begin at one moment after a restart; their ticks are spread. */
  readonly nth: number;
}

/** The golden ratio: however many there are, their places in a tick lie apart (Knuth, TAOCP 3, 6.4, theorem S). */
const SPREAD = (Math.sqrt(5) - 1) / 2;

/**
 * When a dialer decides: on each thing that happens, one round after another, but on a large floor no more often than twenty times a
 * second; and on a tick, however often it is woken between two of them.
 */
export class CampaignRounds {
  readonly #rooms: RoundsRooms;
  readonly #breath = new Breath();
  #going: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #tick: (() => void) | null = null;
  #tickMs: number;
  /** Takes back the round that is to come when there is breath for it. */
  #held: (() => void) | null = null;

  constructor(rooms: RoundsRooms) {
    this.#rooms = rooms;
    this.#tickMs = Math.round(TICK_MS * (1 - ((rooms.nth * SPREAD) % 1)));
  }

  kick(): void {
    if (this.#stopped) return;
    this.#again = true;
    if (this.#held === null && this.#going === null && this.#hasBreath()) this.#going = this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#tick?.();
    this.#held?.();
  }

  async idle(): Promise<void> {
    while (this.#going) await this.#going;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      await this.#rooms.round();
    } while (this.#again && !this.#stopped && this.#hasBreath());
    this.#going = null;
    if (this.#stopped) return;
    this.#tick ??= this.#later(this.#tickMs, () => {
      this.#tick = null;
      this.#rooms.tick();
    });
    this.#tickMs = TICK_MS;
  }

  #hasBreath(): boolean {
    const pauseMs = this.#breath.take(this.#rooms.clock.now());
    if (pauseMs === 0) return true;
    this.#held = this.#later(pauseMs, () => {
      this.#held = null;
      this.kick();
    });
    return false;
  }

  #later(ms: number, task: () => void): () => void {
    const { clock } = this.#rooms;
    return clock.at(clock.now() + ms, task);
  }
}

class Breath {
  #left = BURST;
  #filledAt = Number.NEGATIVE_INFINITY;

  /** Takes a round, and answers 0; or how long until there is one, ms. */
  take(now: EpochMs): number {
    const come = Math.floor((now - this.#filledAt) / EVERY_MS);
    if (this.#left + come >= BURST) [this.#left, this.#filledAt] = [BURST, now];
    else [this.#left, this.#filledAt] = [this.#left + come, this.#filledAt + come * EVERY_MS];
    if (this.#left === 0) return this.#filledAt + EVERY_MS - now;
    this.#left -= 1;
    return 0;
  }
}
