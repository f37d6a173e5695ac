import type { QueueProfile } from '../call/routing.ts';
import { inTurn } from './pool-board.ts';
import type { Crew, Member } from './pool-groups.ts';
import { debitOf, hadItsShare } from './pool-rules.ts';
import type { Tally } from './pool-tally.ts';
import type { Turn } from './pool-why.ts';

/**
 * Finds the calls that an agent could take, the first ones first, of each need the next one. It goes by the turns that lie
 * together in the tally and looks at the calls themselves only when it knows which.
 */
export class FirstTurns {
  readonly #tally: Tally;
  /** The first few so far: their turns, and their places among the agent's crews. */
  readonly #turns: number[] = [];
  readonly #places: number[] = [];

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** At most `count` of them. A kept agent may be given to persons rung by a campaign alone. */
  of({ kind, agent, spot }: Member, count: number): Turn[] {
    const [{ turns }, { crews, indexes, through }] = [this.#tally, kind];
    const shares = kind.profile.shares !== undefined;
    let [found, debit, last]: [number, number, QueueProfile | null] = [0, 0, null];
    for (let at = 0; at < indexes.length; at += 1) {
      const turn = turns[indexes[at] as number] as number;
      if (turn === Number.POSITIVE_INFINITY || (spot === 'kept' && !(crews[at] as Crew).campaign)) continue;
      const queue = through[at] as QueueProfile;
      if (shares && queue !== last) {
        debit = debitOf(hadItsShare(agent, queue.name));
        last = queue;
      }
      if (found < count || turn + debit <= (this.#turns[found - 1] as number)) {
        found = this.#insert(turn + debit, at, crews, found, count);
      }
    }
    return this.#told(found, crews);
  }

  #insert(turn: number, at: number, crews: readonly Crew[], found: number, count: number): number {
    const [turns, places] = [this.#turns, this.#places];
    let place = found;
    while (place > 0 && this.#isBefore(turn, at, place - 1, crews)) place -= 1;
    if (place === count) return found;
    for (let to = Math.min(found, count - 1); to > place; to -= 1) {
      turns[to] = turns[to - 1] as number;
      places[to] = places[to - 1] as number;
    }
    turns[place] = turn;
    places[place] = at;
    return Math.min(found + 1, count);
  }

  #isBefore(turn: number, at: number, place: number, crews: readonly Crew[]): boolean {
    const other = this.#turns[place] as number;
    if (turn !== other) return turn < other;
    const [mine, theirs] = [crews[at]?.head, crews[this.#places[place] as number]?.head];
    return mine != null && theirs != null && inTurn(mine, theirs) < 0;
  }

  #told(found: number, crews: readonly Crew[]): Turn[] {
    const told: Turn[] = [];
    for (let place = 0; place < found; place += 1) {
      const waiting = crews[this.#places[place] as number]?.head;
      if (waiting) told.push({ waiting, breaksShare: this.#turns[place] !== waiting.turn });
    }
    return told;
  }
}
