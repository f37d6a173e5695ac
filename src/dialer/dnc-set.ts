/** Numbers a block; a look-up reads at most so many. */
const BLOCK = 64;
/** What the written form begins with: eight letters, then how many numbers, blocks and bytes, each as a double. */
const MAGIC = 'CWDNC-01';
const HEADER = 32;
const BIT_31 = 2 ** 31;

/**
 * Millions of telephone numbers, each once, sorted, as whole numbers below 2^53 (E.164 has at most 15 digits). A number is kept
 * as its distance from the one before it, in groups of 7 bits (LEB128), and every 64th whole: two bytes for most numbers of
 * a dense list instead of eight. A look-up searches the whole ones by halves and then reads one block.
 */
export class NumberSet {
  readonly size: number;
  readonly #firsts: Float64Array;
  readonly #starts: Uint32Array;
  readonly #bytes: Uint8Array;

  constructor(size: number, firsts: Float64Array, starts: Uint32Array, bytes: Uint8Array) {
    this.size = size;
    this.#firsts = firsts;
    this.#starts = starts;
    this.#bytes = bytes;
  }

  /** Bytes it takes in memory and, but for 32, written down. */
  get byteLength(): number {
    return this.#firsts.byteLength + this.#starts.byteLength + this.#bytes.byteLength;
  }

  has(number: number): boolean {
    const block = this.#blockOf(number);
    if (block < 0) return false;
    const cursor = new Cursor(this, block);
    while (cursor.next()) if (cursor.value >= number) return cursor.value === number;
    return false;
  }

  /** The block whose first number is the last that is not greater; -1: all are greater. */
  #blockOf(number: number): number {
    let [low, high] = [0, this.#firsts.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] ?? 0) <= number) low = middle + 1;
      else high = middle - 1;
    }
    return high;
  }

  firstOf(block: number): number {
    return this.#firsts[block] ?? 0;
  }

  startOf(block: number): number {
    return this.#starts[block] ?? 0;
  }

  /** The distances, one behind the other. */
  get distances(): Uint8Array {
    return this.#bytes;
  }

  /** As it is written down, in the byte order of this machine, which is little-endian wherever Callwright runs. */
  written(): Uint8Array {
    const [firsts, starts] = [bytesOf(this.#firsts), bytesOf(this.#starts)];
    const out = new Uint8Array(HEADER + this.byteLength);
    out.set(new TextEncoder().encode(MAGIC));
    out.set(bytesOf(Float64Array.of(this.size, this.#firsts.length, this.#bytes.length)), MAGIC.length);
    out.set(firsts, HEADER);
    out.set(starts, HEADER + firsts.length);
    out.set(this.#bytes, HEADER + firsts.length + starts.length);
    return out;
  }

  /** Reads what `written` wrote, without copying it; null for anything else. */
  static read(written: Uint8Array): NumberSet | null {
    const whole = written.byteOffset % 8 === 0 ? written : written.slice();
    if (whole.length < HEADER || new TextDecoder().decode(whole.subarray(0, MAGIC.length)) !== MAGIC) return null;
    const { buffer, byteOffset: at } = whole;
    const [size = -1, blocks = -1, length = -1] = new Float64Array(buffer, at + MAGIC.length, 3);
    if (blocks !== Math.ceil(size / BLOCK) || whole.length !== HEADER + blocks * 12 + length) return null;
    const firsts = new Float64Array(buffer, at + HEADER, blocks);
    const starts = new Uint32Array(buffer, at + HEADER + blocks * 8, blocks);
    return new NumberSet(size, firsts, starts, whole.subarray(HEADER + blocks * 12));
  }
}

const bytesOf = (array: Float64Array | Uint32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Reads the numbers of a set from one block on, in their order. */
export class Cursor {
  value = -1;
  readonly #set: NumberSet;
  readonly #bytes: Uint8Array;
  #index: number;
  #at: number;

  constructor(set: NumberSet, block = 0) {
    this.#set = set;
    this.#bytes = set.distances;
    this.#index = block * BLOCK;
    this.#at = set.startOf(block);
  }

  /** False: there are no more. */
  next(): boolean {
    if (this.#index >= this.#set.size) return false;
    if (this.#index % BLOCK === 0) this.value = this.#set.firstOf(this.#index / BLOCK);
    else this.value += this.#distance();
    this.#index += 1;
    return true;
  }

  #distance(): number {
    let [distance, unit] = [0, 1];
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0;
      distance += (byte & 127) * unit;
      if (byte < 128) return distance;
      unit *= 128;
    }
  }
}

/** Puts numbers into a set, each greater than the one before; one that is not is passed over. */
export class SetWriter {
  #size = 0;
  #last = -1;
  #firsts = new Float64Array(16);
  #starts = new Uint32Array(16);
  #bytes = new Uint8Array(1_024);
  #length = 0;

  add(number: number): void {
    if (number <= this.#last) return;
    if (this.#size % BLOCK === 0) this.#begin(number);
    else this.#append(number - this.#last);
    this.#last = number;
    this.#size += 1;
  }

  done(): NumberSet {
    const blocks = Math.ceil(this.#size / BLOCK);
    return new NumberSet(
      this.#size,
      this.#firsts.slice(0, blocks),
      this.#starts.slice(0, blocks),
      this.#bytes.slice(0, this.#length),
    );
  }

  #begin(number: number): void {
    const block = this.#size / BLOCK;
    if (block === this.#firsts.length) {
      this.#firsts = grown(this.#firsts, new Float64Array(block * 2));
      this.#starts = grown(this.#starts, new Uint32Array(block * 2));
    }
    this.#firsts[block] = number;
    this.#starts[block] = this.#length;
  }

  #append(distance: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(this.#bytes.length * 2));
    let rest = distance;
    for (; rest >= BIT_31; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
    this.#bytes[this.#length++] = rest;
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
