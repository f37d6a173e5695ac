import { type Estimate, waitRange } from '../../src/acd/estimate.ts';
import type { Pace } from '../../src/acd/estimate-pool.ts';
import { type FloorPlan, playFloor } from './acd-floor.ts';

/** One in so many callers never gives up, so that his whole wait is seen: the estimate is for who stays. */
const PROBES = 10;

/** A caller who stayed: what he was told to expect, and how long he waited. */
export interface Seen {
  readonly call: number;
  readonly estimate: Estimate;
  readonly waitedMs: number;
}

/** Plays a floor and asks each caller's estimate as he comes; how long talks and patience are is known, as after many calls. */
export function playEstimates(plan: Omit<FloorPlan, 'arrived' | 'stays' | 'seed'>): readonly Seen[] {
  const stays = (call: number) => plan.patienceS === null || call % PROBES === 0;
  const givesUp = plan.patienceS === null ? 0 : (1 - 1 / PROBES) / (plan.patienceS * 1000);
  const pace = paceOf(plan, givesUp);
  const told = new Map<number, Estimate>();
  const fates = playFloor({
    ...plan,
    stays,
    seed: 7,
    arrived: (pool, call, ms) => {
      const estimate = stays(call) && pool.estimate(String(call), pace, ms);
      if (estimate) told.set(call, estimate);
    },
  });
  return [...told].map(([call, estimate]) => ({ call, estimate, waitedMs: (fates[call]?.waitedS ?? 0) * 1000 }));
}

/** Plays a floor whose callers all give up in time, and answers what each was told to expect, in order of coming. */
export function estimatesOfAll(plan: Omit<FloorPlan, 'arrived' | 'stays' | 'seed'> & { readonly patienceS: number }) {
  const pace = paceOf(plan, 1 / (plan.patienceS * 1000));
  const told: Estimate[] = [];
  const arrived: FloorPlan['arrived'] = (pool, call, ms) => {
    const estimate = pool.estimate(String(call), pace, ms);
    if (estimate) told.push(estimate);
  };
  playFloor({ ...plan, seed: 7, arrived });
  return told;
}

function paceOf({ handleS }: Pick<FloorPlan, 'handleS'>, givesUp: number): Pace {
  const talks = { talks: 1_000, totalMs: 1_000 * handleS * 1000 };
  return { ofQueue: () => talks, ofAgent: () => ({ talks: 0, totalMs: 0 }), givesUp: () => givesUp };
}

/** Of those who had to wait: to which part a range was said, and how many of these waited as long as it says. */
export function coverage(seen: readonly Seen[]): { readonly told: number; readonly kept: number } {
  const said = seen.flatMap(({ estimate, waitedMs }) => {
    const range = waitRange(estimate);
    return range ? [waitedMs >= range.fromMs && waitedMs <= range.toMs] : [];
  });
  const waited = seen.filter(({ estimate }) => estimate.ms > 0).length;
  return { told: said.length / waited, kept: said.filter(Boolean).length / said.length };
}
