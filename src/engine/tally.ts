import type { JournalEvent } from '../call/journal.ts';

/** Calls handled and abandoned per queue since this process began. */
export class Tally {
  readonly #queues = new Map<string, { handled: number; abandoned: number }>();

  see(event: JournalEvent): void {
    if (event.type === 'call.connected') this.#of(event.data.queue).handled += 1;
    if (event.type === 'call.abandoned') this.#of(event.data.queue).abandoned += 1;
  }

  queue(name: string): { readonly handled: number; readonly abandoned: number } {
    return this.#of(name);
  }

  #of(queue: string): { handled: number; abandoned: number } {
    const found = this.#queues.get(queue) ?? { handled: 0, abandoned: 0 };
    this.#queues.set(queue, found);
    return found;
  }
}
