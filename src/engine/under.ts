/** What was begun and is waited for by nobody, until somebody wants to know that it is over. */
export class Under {
  readonly #tasks = new Set<Promise<unknown>>();

  add(task: Promise<unknown>): void {
    const watched = task.finally(() => this.#tasks.delete(watched));
    this.#tasks.add(watched);
  }

  async idle(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
