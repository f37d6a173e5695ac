import type { QueueProfile } from '../call/routing.ts';
import type { Mark } from './pool-free.ts';
import type { Crew, Member } from './pool-groups.ts';
import { hadItsShare } from './pool-rules.ts';
import { figureOf, resultWorth, weightOf } from './strategy.ts';

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
  won(crew: Crew, { tier, key }: Mark, free: number): void {
    if (crew.own.strategy !== 'random') return;
    if (free > 1) crew.won.set(tier, key);
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

/** What a tier says of shares. */
export const breaksIt = (tier: number): boolean => tier >= BREAKS;
/** What it says of the rank. */
export const rankIn = (tier: number): number => (breaksIt(tier) ? tier - BREAKS : tier);
