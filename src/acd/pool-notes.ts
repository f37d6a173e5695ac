import type { Board } from './pool-board.ts';
import type { FreeLane } from './pool-free.ts';
import type { Crew, KeptOnes, Member } from './pool-groups.ts';
import type { Merits } from './pool-merits.ts';

/** So many may be in a lane for nothing. */
const SLACK = 64;

/** Notes who is free in the lanes of his crews, and keeps up the lanes that calls ask for. */
export class Notes {
  readonly #board: Board;
  readonly #merits: Merits;

  constructor(board: Board, merits: Merits) {
    this.#board = board;
    this.#merits = merits;
  }

  /** Sees to it that the lane of the crew holds all who are free. */
  wake(crew: Crew): void {
    crew.used = true;
    if (this.#board.tally.awake[crew.index]) return;
    this.#board.tally.awake[crew.index] = 1;
    for (const { members, crews } of crew.kinds) {
      const at = crews.indexOf(crew);
      for (const member of members) if (member.spot === 'settled') this.#push(crew.lane, member, at);
    }
  }

  /** One more is free, in all his crews that are awake. */
  note(member: Member): void {
    const { kind } = member;
    const { turns, free, awake } = this.#board.tally;
    let [tier, key, known] = [0, 0, false];
    for (let at = 0; at < kind.indexes.length; at += 1) {
      const index = kind.indexes[at] as number;
      free[index] = (free[index] as number) + 1;
      if (turns[index] !== Number.POSITIVE_INFINITY) this.#board.touch(kind.crews[at] as Crew);
      if (kind.alike[at] === false) known = false;
      if (awake[index] === 0) continue;
      if (!known) {
        tier = this.#merits.tier(member, at);
        key = this.#merits.key(member, at, tier);
        known = true;
      }
      this.#note(kind.crews[at] as Crew, tier, key, member);
    }
  }

  /** He who was noted is free no more, or for something else. */
  unnote({ kind }: Member): void {
    const { free } = this.#board.tally;
    for (const index of kind.indexes) free[index] = (free[index] as number) - 1;
  }

  /** Sees to it that the lane of the crew's kept ones holds all of these who are of it. */
  wakeKept(crew: Crew, kept: KeptOnes, all: Iterable<Member>): void {
    kept.used = true;
    if (kept.awake) return;
    kept.awake = true;
    for (const member of all) {
      const at = member.kind.crews.indexOf(crew);
      if (at >= 0) this.#push(kept.lane, member, at);
    }
  }

  /** One more is kept for a dial: only persons rung by a campaign may be given him. */
  keep(member: Member): void {
    for (const [at, { kept }] of member.kind.crews.entries()) {
      if (!kept) continue;
      kept.count += 1;
      if (kept.awake) this.#keep(kept, member, at);
    }
  }

  /** He is kept no more, or for something else, or is not who he was. */
  unkeep({ kind }: Member): void {
    for (const { kept } of kind.crews) if (kept) kept.count -= 1;
  }

  #keep(kept: KeptOnes, member: Member, at: number): void {
    this.#push(kept.lane, member, at);
    if (kept.lane.size <= 2 * kept.count + SLACK) return;
    if (kept.used) kept.lane.tidy();
    else kept.lane.clear();
    kept.awake = kept.used;
    kept.used = false;
  }

  #push(lane: FreeLane, member: Member, at: number): void {
    const tier = this.#merits.tier(member, at);
    lane.push(tier, this.#merits.key(member, at, tier), member);
  }

  /** A lane full of those who are free no more is tidied, or left alone when nobody asks for it. */
  #note(crew: Crew, tier: number, key: number, member: Member): void {
    crew.lane.push(tier, key, member);
    if (crew.lane.size <= 2 * this.#board.free(crew) + SLACK) return;
    if (crew.used) crew.lane.tidy();
    else crew.lane.clear();
    if (!crew.used) this.#board.tally.awake[crew.index] = 0;
    crew.used = false;
  }
}
