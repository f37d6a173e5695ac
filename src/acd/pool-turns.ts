/** So many stand together before they are parted: few enough to be moved, many enough that there are few parts. */
const TOGETHER = 256;

/** Keeps items in order, and tells anyone's place without counting those before him one by one. */
export class Turns<T> {
  readonly #compare: (a: T, b: T) => number;
  /** Each part in order, and the parts in order; none is empty. */
  readonly #parts: T[][] = [];
  #size = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    const at = Math.min(this.#partOf(item), this.#parts.length - 1);
    const part = this.#parts[at];
    this.#size += 1;
    if (!part) {
      this.#parts.push([item]);
      return;
    }
    part.splice(this.#placeIn(part, item), 0, item);
    if (part.length > TOGETHER) this.#parts.splice(at + 1, 0, part.splice(TOGETHER / 2));
  }

  delete(item: T): void {
    const at = this.#partOf(item);
    const part = this.#parts[at];
    const place = part ? this.#placeIn(part, item) : 0;
    if (!part || part[place] !== item) return;
    part.splice(place, 1);
    this.#size -= 1;
    if (part.length === 0) this.#parts.splice(at, 1);
  }

  /** 1 for the first; 0 for who is not among them. */
  placeOf(item: T): number {
    const at = this.#partOf(item);
    const part = this.#parts[at];
    const place = part ? this.#placeIn(part, item) : 0;
    if (!part || part[place] !== item) return 0;
    return this.#parts.slice(0, at).reduce((before, { length }) => before + length, place + 1);
  }

  /** The first part whose last item is not before this one. */
  #partOf(item: T): number {
    return firstOf(this.#parts.length, (at) => this.#compare(this.#parts[at]?.at(-1) as T, item) >= 0);
  }

  #placeIn(part: readonly T[], item: T): number {
    return firstOf(part.length, (at) => this.#compare(part[at] as T, item) >= 0);
  }
}

/** The lowest index for which this holds, where it holds for all after it; `length` when for none. */
function firstOf(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
