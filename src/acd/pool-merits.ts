import type { QueueProfile } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import type { Crew, Entry, Member } from './pool-groups.ts';
import { hadItsShare, rankOf } from './pool-rules.ts';
import { figureOf, isBySkill, resultWorth, weightOf } from './strategy.ts';

/** Sets those who break a share apart from all ranks. */
const BREAKS = 1_000;

/** Weighs an agent for the calls of a crew, once for as long as he stays free. */
export class Merits {
  #state: number;

  /** The same seed and the same course of events make the same choices. */
  constructor(seed: number) {
    this.#state = seed;
  }

  /** Notes him for a crew he serves through this queue; `figure` as his kind has it. */
  entry(member: Member, crew: Crew, through: QueueProfile, figure: number | null): Entry {
    const { agent, stamp, order } = member;
    const { own } = crew;
    const rank = rankOf(agent, through.name);
    const breaksShare = hadItsShare(agent, through.name);
    const tier = rank + (breaksShare ? BREAKS : 0);
    const plain = figure ?? figureOf(agent, { queue: own, asked: [], order });
    const key = own.strategy === 'random' ? this.#lot(agent, crew, tier) : plain - resultWorth(agent, own);
    return { agent, through, breaksShare, rank, key, member, stamp, tier, idleSince: agent.idleSince };
  }

  #lot(agent: PoolAgent, crew: Crew, tier: number): number {
    return (crew.won.get(tier) ?? 0) + this.#wait(weightOf(agent, crew.own));
  }

  /** This one got a call: those who lost have come nearer to the next by as much. */
  won(crew: Crew, { tier, key }: Entry): void {
    if (crew.own.strategy !== 'random') return;
    if (crew.free > 1) crew.won.set(tier, key);
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

/** Does a note for one crew say nothing of another? */
export function isPersonal({ own }: Crew): boolean {
  return own.strategy === 'random' || isBySkill(own.strategy);
}

/** Sorts those who get a call to the front, as `byMerit` does. */
export function inOrder(a: Entry, b: Entry): number {
  return a.tier - b.tier || a.key - b.key || a.idleSince - b.idleSince || (a.agent.id < b.agent.id ? -1 : 1);
}
