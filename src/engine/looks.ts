import type { Clock, Log } from './ports/time.ts';

interface LooksRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
  readonly look: () => Promise<void>;
  /** What is said in the log when a look fails; once, until one does not. */
  readonly failing: string;
}

/** Who looks now, and again so long after each look has ended. Nothing waits for it but its own stop. */
export class Looks {
  readonly #rooms: LooksRooms;
  #alarm: (() => void) | null = null;
  #round: Promise<void> = Promise.resolve();
  #isFailing = false;
  isStopped = false;

  constructor(rooms: LooksRooms) {
    this.#rooms = rooms;
  }

  start(): void {
    if (this.isStopped) return;
    const { clock, everyMs } = this.#rooms;
    this.#round = this.#look();
    void this.#round.then(() => {
      if (!this.isStopped) this.#alarm = clock.at(clock.now() + everyMs, () => this.start());
    });
  }

  /** Resolves when the look that is under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.#alarm?.();
    await this.#round;
  }

  async #look(): Promise<void> {
    const { log, look, failing } = this.#rooms;
    try {
      await look();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) log.warn({ err: error }, failing);
      this.#isFailing = true;
    }
  }
}
