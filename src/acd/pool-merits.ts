import type { QueueProfile } from '../call/routing.ts';
import type { Crew, Entry, Member } from './pool-groups.ts';
import { hadItsShare, rankOf } from './pool-rules.ts';
import { strategyKey, weightOf } from './strategy.ts';

/** Sets those who break a share apart from all ranks. */
const BREAKS = 1_000;

/** Weighs an agent for the calls of a crew, once for as long as he stays free. */
export class Merits {
  #state: number;

  /** The same seed and the same course of events make the same choices. */
  constructor(seed: number) {
    this.#state = seed;
  }

  entry(member: Member, crew: Crew, through: QueueProfile): Entry {
    const { agent, stamp } = member;
    const rank = rankOf(agent, through.name);
    const breaksShare = hadItsShare(agent, through.name);
    const terms = { queue: crew.own, asked: [...through.require, ...crew.require], order: member.order };
    const lot = () => (crew.won.get(heat(breaksShare, rank)) ?? 0) + this.#wait(weightOf(agent, terms));
    const key = crew.own.strategy === 'random' ? lot() : strategyKey(agent, terms);
    return { agent, through, breaksShare, rank, key, member, stamp };
  }

  /** This one got a call: those who lost have come nearer to the next by as much. */
  won(crew: Crew, { breaksShare, rank, key }: Entry): void {
    if (crew.own.strategy !== 'random') return;
    if (crew.free > 1) crew.won.set(heat(breaksShare, rank), key);
    else crew.won.clear(); // nobody is left who lost
  }

  /**
   * A race that the agents win in proportion to their weights: each waits for an exponential time of that rate. Such a
   * time has no memory, so it need not be drawn again by those who did not win.
   */
  #wait(weight: number): number {
    return -Math.log(1 - this.#chance()) / Math.max(weight, 1e-9);
  }

  /** mulberry32: 0 up to 1. */
  #chance(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

const heat = (breaksShare: boolean, rank: number): number => rank + (breaksShare ? BREAKS : 0);
