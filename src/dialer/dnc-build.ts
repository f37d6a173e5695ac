import { Cursor, type NumberSet, SetWriter } from './dnc-set.ts';

/** Numbers sorted in one go, in some milliseconds. */
const RUN = 32_768;
/** So many more fit before they are. */
const SLACK = 4_096;
/** Sets merged into one at a time. */
const FAN = 16;
/** Numbers merged between two pauses. */
const MERGED_A_TURN = 32_768;

/**
 * Makes a set of numbers that come in any order, any number of times, in memory little larger than twice the set: each run is
 * sorted and packed at once, and packed runs are merged. The work is cut into turns of some milliseconds: each `yield` is a
 * place where whoever drives it may let others have the thread.
 */
export class SetBuilder {
  readonly #run = new Float64Array(RUN + SLACK);
  #filled = 0;
  /** By how often they were merged. */
  readonly #levels: NumberSet[][] = [];

  /**
   * True: the run is full, and `settle` is to be driven to its end before 4,096 more come.
   * @throws RangeError when they came all the same
   */
  add(number: number): boolean {
    if (this.#filled === this.#run.length) throw new RangeError('a run of numbers was not settled');
    this.#run[this.#filled++] = number;
    return this.#filled >= RUN;
  }

  *settle(): Generator<void, void> {
    const writer = new SetWriter();
    for (const number of this.#run.subarray(0, this.#filled).sort()) writer.add(number);
    this.#filled = 0;
    yield;
    let merged = writer.done();
    for (let level = 0; ; level++) {
      const sets = (this.#levels[level] ??= []);
      sets.push(merged);
      if (sets.length < FAN) return;
      this.#levels[level] = [];
      merged = yield* mergeSets(sets);
    }
  }

  /** Everything that was added, and every number of the other sets. */
  *done(others: readonly NumberSet[] = []): Generator<void, NumberSet> {
    if (this.#filled > 0) yield* this.settle();
    return yield* mergeSets([...others, ...this.#levels.flat()]);
  }
}

/** One set of all their numbers. */
export function* mergeSets(sets: readonly NumberSet[]): Generator<void, NumberSet> {
  const writer = new SetWriter();
  const cursors = sets.map((set) => new Cursor(set)).filter((cursor) => cursor.next());
  for (let turn = 1; cursors.length > 0; turn++) {
    let least = 0;
    for (let i = 1; i < cursors.length; i++) if (at(cursors, i).value < at(cursors, least).value) least = i;
    const cursor = at(cursors, least);
    writer.add(cursor.value);
    if (!cursor.next()) cursors.splice(least, 1);
    if (turn % MERGED_A_TURN === 0) yield;
  }
  return writer.done();
}

const at = (cursors: readonly Cursor[], index: number): Cursor => cursors[index] as Cursor;
