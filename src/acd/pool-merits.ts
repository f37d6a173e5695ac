import type { PoolAgent } from './decision.ts';
import type { Crew, Entry, Group, Member } from './pool-groups.ts';
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

  /** Notes him for a crew; the same note does for every crew of the group unless it `isPersonal`. */
  entry(member: Member, { own, through, crews, figures }: Group, at: number): Entry {
    const { agent, stamp } = member;
    const rank = rankOf(agent, through.name);
    const breaksShare = hadItsShare(agent, through.name);
    const tier = rank + (breaksShare ? BREAKS : 0);
    const figure = figures[at] ?? figureOf(agent, { queue: own, asked: [], order: member.order });
    const key = own.strategy === 'random' ? this.#lot(agent, crews[at], tier) : figure - resultWorth(agent, own);
    return { agent, through, breaksShare, rank, key, member, stamp, tier, idleSince: agent.idleSince };
  }

  #lot(agent: PoolAgent, crew: Crew | undefined, tier: number): number {
    return crew ? (crew.won.get(tier) ?? 0) + this.#wait(weightOf(agent, crew.own)) : 0;
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

/** Does a member's figure differ from crew to crew of a group? */
export function isPersonal({ own }: Group): boolean {
  return own.strategy === 'random' || isBySkill(own.strategy);
}

/** Sorts those who get a call to the front, as `byMerit` does. */
export function inOrder(a: Entry, b: Entry): number {
  return a.tier - b.tier || a.key - b.key || a.idleSince - b.idleSince || (a.agent.id < b.agent.id ? -1 : 1);
}
