import type { QueueProfile } from '../call/routing.ts';
import type { Mark } from './pool-free.ts';
import type { Crew, Kind, Member } from './pool-groups.ts';
import { hadItsShare } from './pool-rules.ts';
import type { Ranked } from './pool-why.ts';
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

  /** What decides first between him and others in the crew at this place of his kind's. */
  tier({ kind, agent }: Member, at: number): number {
    const rank = kind.ranks[at] as number;
    if (kind.profile.shares === undefined) return rank;
    return hadItsShare(agent, (kind.through[at] as QueueProfile).name) ? rank + BREAKS : rank;
  }

  /** What decides then: the strategy's figure. */
  key({ agent, kind, order }: Member, at: number, tier: number): number {
    const crew = kind.crews[at] as Crew;
    const { own } = crew;
    if (own.strategy === 'random') return (crew.won.get(tier) ?? 0) + this.#wait(weightOf(agent, own));
    const figure = kind.figures[at] ?? figureOf(agent, { queue: own, asked: [], order });
    return own.results === null ? figure : figure - resultWorth(agent, own);
  }

  /** This one got a call: those who lost have come nearer to the next by as much. */
  won(crew: Crew, { tier, key }: Mark): void {
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

function isPersonal({ own }: Crew): boolean {
  return own.strategy === 'random' || isBySkill(own.strategy);
}

/** Is he weighed in one crew as in the one before it, among those of his kind? */
export function isAlike({ crews, through }: Kind, at: number): boolean {
  const [crew, before] = [crews[at], crews[at - 1]];
  return crew?.own === before?.own && through[at] === through[at - 1] && !(crew && isPersonal(crew));
}

/** As a person reads it. */
export function rankedOf({ id, tier, key }: Mark): Ranked {
  const breaksShare = breaksIt(tier);
  return { id, breaksShare, rank: breaksShare ? tier - BREAKS : tier, key };
}

export const breaksIt = (tier: number): boolean => tier >= BREAKS;
