/**
 * Handles one input after the other, in the order of posting, each to its end before the next begins. Inputs posted while one is
 * handled wait their turn.
 */
export class Mailbox<Input> {
  readonly #handle: (input: Input) => Promise<void>;
  readonly #onBug: (error: unknown) => void;
  readonly #waiting: Input[] = [];
  #running: Promise<void> | null = null;

  constructor(handle: (input: Input) => Promise<void>, onBug: (error: unknown) => void) {
    this.#handle = handle;
    this.#onBug = onBug;
  }

  post(input: Input): void {
    this.#waiting.push(input);
    this.#running ??= this.#drain();
  }

  /** Resolves when nothing is waiting or being handled. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #drain(): Promise<void> {
    for (let input = this.#waiting.shift(); input !== undefined; input = this.#waiting.shift()) {
      try {
        await this.#handle(input);
      } catch (error) {
        this.#onBug(error);
      }
    }
    this.#running = null;
  }
}
