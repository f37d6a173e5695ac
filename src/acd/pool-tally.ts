/**
 * What is asked of many crews at once, each time an agent comes or goes, in a few numbers per crew that lie together: the
 * turn of the call that is next (infinite: none waits), how many are noted as free, and whether its lane is kept up.
 */
export class Tally {
  turns = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  free = new Int32Array(64);
  awake = new Uint8Array(64);
  readonly #spare: number[] = [];
  #used = 0;

  /** A place for a new crew. */
  add(): number {
    const index = this.#spare.pop() ?? this.#used++;
    if (index >= this.free.length) this.#grow();
    return index;
  }

  remove(index: number): void {
    this.turns[index] = Number.POSITIVE_INFINITY;
    this.free[index] = 0;
    this.awake[index] = 0;
    this.#spare.push(index);
  }

  #grow(): void {
    const [{ turns, free, awake }, length] = [this, 2 * this.free.length];
    this.turns = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
    this.free = new Int32Array(length);
    this.awake = new Uint8Array(length);
    this.turns.set(turns);
    this.free.set(free);
    this.awake.set(awake);
  }
}
