/** So many stand together before they are parted: few enough to be moved, many enough that there are few parts. */
const TOGETHER = 256;

interface Part<T> {
  readonly items: T[];
  /** Beside each item its key: most of a search looks at nothing else. */
  readonly keys: number[];
}

/** Keeps items in order, and tells anyone's place without counting those before him one by one. */
export class Turns<T> {
  readonly #keyOf: (item: T) => number;
  readonly #compare: (a: T, b: T) => number;
  /** Each part in order, and the parts in order; none is empty. */
  readonly #parts: Part<T>[] = [];
  #size = 0;

  /** By `keyOf`, the lowest first; those of the same key by `compare`. */
  constructor(keyOf: (item: T) => number, compare: (a: T, b: T) => number) {
    this.#keyOf = keyOf;
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    const key = this.#keyOf(item);
    const at = Math.min(this.#partOf(item, key), this.#parts.length - 1);
    const part = this.#parts[at];
    this.#size += 1;
    if (!part) {
      this.#parts.push({ items: [item], keys: [key] });
      return;
    }
    const place = this.#placeIn(part, item, key);
    insertAt(part.items, place, item);
    insertAt(part.keys, place, key);
    if (part.items.length <= TOGETHER) return;
    const half = { items: part.items.splice(TOGETHER / 2), keys: part.keys.splice(TOGETHER / 2) };
    this.#parts.splice(at + 1, 0, half);
  }

  delete(item: T): void {
    const { at, part, place } = this.#find(item);
    if (!part) return;
    removeAt(part.items, place);
    removeAt(part.keys, place);
    this.#size -= 1;
    if (part.items.length === 0) this.#parts.splice(at, 1);
  }

  /** 1 for the first; 0 for who is not among them. */
  placeOf(item: T): number {
    const { at, part, place } = this.#find(item);
    return part ? this.#parts.slice(0, at).reduce((before, { items }) => before + items.length, place + 1) : 0;
  }

  #find(item: T): { readonly at: number; readonly part: Part<T> | null; readonly place: number } {
    const key = this.#keyOf(item);
    const at = this.#partOf(item, key);
    const part = this.#parts[at];
    const place = part ? this.#placeIn(part, item, key) : 0;
    return { at, part: part && part.items[place] === item ? part : null, place };
  }

  /** The first part whose last item is not before this one. */
  #partOf(item: T, key: number): number {
    let [low, high] = [0, this.#parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const part = this.#parts[middle] as Part<T>;
      if (this.#isBefore(part, part.items.length - 1, item, key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeIn(part: Part<T>, item: T, key: number): number {
    let [low, high] = [0, part.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isBefore(part, middle, item, key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isBefore({ items, keys }: Part<T>, at: number, item: T, key: number): boolean {
    const other = keys[at] as number;
    return other === key ? items[at] !== item && this.#compare(items[at] as T, item) < 0 : other < key;
  }
}

// Most come last and go first, and `splice` makes an array of what goes.

function insertAt<T>(list: T[], at: number, item: T): void {
  if (at === list.length) list.push(item);
  else list.splice(at, 0, item);
}

function removeAt(list: unknown[], at: number): void {
  if (at === 0) list.shift();
  else list.splice(at, 1);
}
