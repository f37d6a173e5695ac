import type { AgentProfile, QueueProfile, Requirement, Strategy } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import { sumOf } from './pool-rules.ts';

/** What a strategy may know of an agent beside himself. */
export interface Terms {
  readonly queue: Pick<QueueProfile, 'strategy' | 'results'>;
  /** What the queue through which he serves and the call ask together. */
  readonly asked: readonly Requirement[];
  /** His place in the site's list. */
  readonly order: number;
}

/**
 * What a result of 1 on the queue's topic is worth at a weight of 1, in the strategy's own unit; a result of 0.5 at a
 * weight of 0.4 is worth a fifth of it. Turns and lists take no account of results: there is nothing to be weighed.
 */
export const RESULT_IS_WORTH: Readonly<Record<Strategy, number>> = {
  'longest-idle': 10 * 60_000, // ms of idling
  'least-occupied': 0.25, // share of time
  'round-robin': 0,
  'most-skilled': 5, // levels
  'least-skilled': 5, // levels
  'fewest-calls': 5, // calls
  linear: 0,
  'ring-several': 10 * 60_000, // ms of idling
  random: 1, // times his weight, besides it
};

const FIGURES: Readonly<Record<Exclude<Strategy, 'random'>, (agent: PoolAgent, terms: Terms) => number>> = {
  'longest-idle': ({ idleSince }) => idleSince,
  'least-occupied': ({ occupancy }) => occupancy,
  'round-robin': ({ offeredAt }) => offeredAt,
  'most-skilled': ({ profile }, { asked }) => -levelsOn(profile, asked),
  'least-skilled': ({ profile }, { asked }) => levelsBeyond(profile, asked),
  'fewest-calls': ({ handled }) => sumOf(handled),
  linear: (_agent, { order }) => order,
  'ring-several': ({ idleSince }) => idleSince,
};

/**
 * The strategy's figure for an agent; of free agents of the same rank the one with the lowest gets the call. It holds as
 * long as nothing about him changes, so an agent is weighed once, and not again with every call.
 *
 * - `longest-idle`, `ring-several`: since when he waits, ms
 * - `least-occupied`: how busy he was lately, 0–1
 * - `round-robin`: when he was last offered a call, ms
 * - `most-skilled`: less the sum of his levels in what is asked
 * - `least-skilled`: the levels he has beyond what is asked, so that experts stay free
 * - `fewest-calls`: talks since he logged in, in all queues
 * - `linear`: his place in the site's list
 * - `random`: 0 for all, see `weightOf`
 */
export function strategyKey(agent: PoolAgent, terms: Terms): number {
  return figureOf(agent, terms) - resultWorth(agent, terms.queue);
}

/** `strategyKey` before past results count. */
export function figureOf(agent: PoolAgent, terms: Terms): number {
  const { strategy } = terms.queue;
  return strategy === 'random' ? 0 : FIGURES[strategy](agent, terms);
}

/** What past results on the queue's topic take off the figure. */
export function resultWorth(agent: PoolAgent, queue: Terms['queue']): number {
  return queue.strategy === 'random' ? 0 : RESULT_IS_WORTH[queue.strategy] * weighedResult(agent, queue);
}

/** `figureOf` where it hangs on nothing but what the agent can do and what is asked. */
export function skillFigure(profile: AgentProfile, strategy: Strategy, asked: readonly Requirement[]): number {
  return strategy === 'most-skilled' ? -levelsOn(profile, asked) : levelsBeyond(profile, asked);
}

export function isBySkill(strategy: Strategy): boolean {
  return strategy === 'most-skilled' || strategy === 'least-skilled';
}

/** How much of the calls `random` gives him, in proportion to the weights of the others who are free. */
export function weightOf(agent: PoolAgent, queue: Terms['queue']): number {
  return (agent.profile.weight ?? 1) * (1 + RESULT_IS_WORTH.random * weighedResult(agent, queue));
}

function weighedResult({ profile }: PoolAgent, { results }: Terms['queue']): number {
  return results === null ? 0 : results.weight * (profile.results?.[results.topic] ?? 0);
}

function levelsOn(profile: AgentProfile, asked: readonly Requirement[]): number {
  return sum([...new Set(asked.map(({ skill }) => skill))].map((skill) => profile.skills[skill] ?? 0));
}

function levelsBeyond(profile: AgentProfile, asked: readonly Requirement[]): number {
  const least = new Map<string, number>();
  for (const { skill, level } of asked) least.set(skill, Math.max(level, least.get(skill) ?? 0));
  return sum(Object.entries(profile.skills).map(([skill, level]) => Math.max(0, level - (least.get(skill) ?? 0))));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
