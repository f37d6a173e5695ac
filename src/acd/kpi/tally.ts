import type { WholeFigures } from './cell-words.ts';
import { Ranks, spreadOfRanks } from './ranks.ts';
import { Results } from './results.ts';
import { ratio, sum } from './spread.ts';
import { surveyFigures, Surveys } from './surveys.ts';
import type { KpiSettings } from './words.ts';

const MINUTE_MS = 60_000;

const NOTHING = {
  arrived: 0,
  redials: 0,
  contained: 0,
  refused: 0,
  offered: 0,
  handled: 0,
  answered: 0,
  /** Sum of the waits of who was answered, ms. */
  waitedMs: 0,
  answeredInTime: 0,
  abandoned: 0,
  abandonedShort: 0,
  abandonedInTime: 0,
  unserved: 0,
  callbacksTaken: 0,
  callbacksAnswered: 0,
  transferred: 0,
  /** Handled calls of customers who are known by their number. */
  known: 0,
  repeats: 0,
  /** Talk, hold and wrap-up, ms. */
  workMs: 0,
  /** Length of calls, ms. */
  callMs: 0,
  /** Ring, talk, hold and wrap-up of agents with these calls, ms. */
  agentMs: 0,
  /** What agents did in that time, with whatever calls, ms. */
  busyMs: 0,
  idleMs: 0,
  overruns: 0,
  overMs: 0,
  dials: 0,
  outConnected: 0,
  outTalkMs: 0,
};

type Counters = typeof NOTHING;
const COUNTERS = Object.keys(NOTHING) as readonly (keyof Counters)[];

/** What is counted of some calls: those of one queue, of one hour, or all. */
export class Tally {
  readonly n: Counters = { ...NOTHING };
  readonly firstResponses = new Ranks();
  readonly ewtErrors = new Ranks();
  readonly surveys = new Surveys();
  readonly kinds = new Map<string, number>();
  readonly matrix = new Map<string, number>();
  readonly outcomes = new Map<string, number>();
  readonly results = new Results();

  answered(waitedMs: number, targetMs: number): void {
    this.n.answered += 1;
    this.n.waitedMs += waitedMs;
    if (waitedMs <= targetMs) this.n.answeredInTime += 1;
  }

  gaveUp(waitedMs: number, { targetMs, shortMs }: { readonly targetMs: number; readonly shortMs: number }): void {
    this.n.abandoned += 1;
    if (waitedMs <= targetMs) this.n.abandonedInTime += 1;
    if (waitedMs <= shortMs) this.n.abandonedShort += 1;
  }

  transfer(kind: string, between: string): void {
    countUp(this.kinds, kind);
    countUp(this.matrix, between);
  }
}

export function countUp<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** The figures of what stands in some tallies together. */
export function figuresOf(many: readonly Tally[], { perMinute, perAgentSecond }: KpiSettings): WholeFigures {
  const n = Object.fromEntries(COUNTERS.map((name) => [name, sum(many.map((each) => each.n[name]))])) as Counters;
  const ended = n.answered + n.abandoned + n.unserved;
  const repeats = ratio(n.repeats, n.known);
  const together = (name: 'kinds' | 'matrix' | 'outcomes') => added(many.map((each) => each[name]));
  return {
    arrived: n.arrived,
    redials: n.redials,
    contained: n.contained,
    blocked: ratio(n.refused, n.arrived),
    offered: n.offered,
    handled: n.handled,
    abandoned: n.abandoned,
    abandonedShort: n.abandonedShort,
    callbacksTaken: n.callbacksTaken,
    callbacksAnswered: n.callbacksAnswered,
    unserved: n.unserved,
    asa: ratio(n.waitedMs, n.answered),
    // While nobody's talk has ended there is nothing to be told yet.
    aht: n.workMs === 0 ? null : ratio(n.workMs, n.handled),
    abandonment: ratio(n.abandoned - n.abandonedShort, n.offered - n.abandonedShort),
    serviceLevel: {
      ignore: ratio(n.answeredInTime, ended - n.abandonedInTime),
      negative: ratio(n.answeredInTime, ended),
      positive: ratio(n.answeredInTime + n.abandonedInTime, ended),
    },
    transferRate: ratio(n.transferred, n.handled),
    repeats,
    fcr: repeats === null ? null : 1 - repeats,
    firstResponse: spreadOfRanks(many.map(({ firstResponses }) => firstResponses)),
    ewtError: spreadOfRanks(many.map(({ ewtErrors }) => ewtErrors)),
    occupancy: ratio(n.busyMs, n.busyMs + n.idleMs),
    cost: ratio((n.callMs / MINUTE_MS) * perMinute + (n.agentMs / 1_000) * perAgentSecond, n.handled),
    ...surveyFigures(many.map(({ surveys }) => surveys)),
    transfers: { kinds: together('kinds'), matrix: together('matrix') },
    breaks: { overruns: n.overruns, overMs: n.overMs },
    outbound: { dials: n.dials, outcomes: together('outcomes'), connected: n.outConnected, talkMs: n.outTalkMs },
    results: Results.together(many.map(({ results }) => results)),
  };
}

function added(many: readonly ReadonlyMap<string, number>[]): Readonly<Record<string, number>> {
  const all = new Map<string, number>();
  for (const each of many) for (const [key, count] of each) countUp(all, key, count);
  return Object.fromEntries(all);
}
