/** Tasks that share a name run one after another, in the order in which they were given; others do not wait for them. */
export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
    const before = names.flatMap((name) => this.#tails.get(name) ?? []);
    const done = before.length === 0 ? task() : Promise.allSettled(before).then(task);
    const tail: Promise<void> = done.then(
      () => this.#leave(names, tail),
      () => this.#leave(names, tail),
    );
    for (const name of names) this.#tails.set(name, tail);
    return done;
  }

  #leave(names: readonly string[], tail: Promise<unknown>): void {
    for (const name of names) if (this.#tails.get(name) === tail) this.#tails.delete(name);
  }
}
