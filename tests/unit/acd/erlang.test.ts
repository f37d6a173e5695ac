import { describe, expect, it } from 'vitest';
import { erlangA, erlangC } from '../../../src/acd/erlang.ts';
import { type Fate, playFloor } from '../../support/acd-floor.ts';

describe('Erlang C', () => {
  it.each([
    // agents, Erlangs, chance to wait: tables of Cooper (1981), and one agent, where it is the load itself
    [1, 0.5, 0.5],
    [2, 1, 1 / 3],
    [10, 8, 0.4092],
    [100, 90, 0.2169],
  ])('%i agents under %f Erlang', (agents, load, expected) => {
    const { waits, meanWaitS } = erlangC({ agents, callsPerSecond: load / 180, handleS: 180, targetS: 20 });
    expect(waits).toBeCloseTo(expected, 4);
    expect(meanWaitS).toBeCloseTo((waits * 180) / (agents - load), 9);
  });

  it('sees a queue that only grows', () => {
    const { waits, meanWaitS, serviceLevel } = erlangC({ agents: 5, callsPerSecond: 1, handleS: 5, targetS: 20 });
    expect([waits, meanWaitS, serviceLevel]).toEqual([1, Number.POSITIVE_INFINITY, 0]);
  });
});

describe('Erlang A', () => {
  const traffic = { agents: 10, callsPerSecond: 9 / 180, handleS: 180, targetS: 20 };

  it('comes to Erlang C where callers are endlessly patient', () => {
    const [patient, endless] = [erlangA({ ...traffic, patienceS: 1e9 }), erlangC(traffic)];
    expect(patient.waits).toBeCloseTo(endless.waits, 5);
    expect(patient.meanWaitS / endless.meanWaitS).toBeCloseTo(1, 4);
    expect(patient.serviceLevel).toBeCloseTo(endless.serviceLevel, 5);
  });

  it('answers everybody who has not given up, in the end', () => {
    const { serviceLevel, abandons } = erlangA({ ...traffic, patienceS: 60, targetS: 1e6 });
    expect(serviceLevel).toBeCloseTo(1 - abandons, 9);
  });

  it('answers at once exactly those who do not wait', () => {
    const { serviceLevel, waits } = erlangA({ ...traffic, patienceS: 60, targetS: 0 });
    expect(serviceLevel).toBeCloseTo(1 - waits, 9);
  });

  it('is one agent’s own balance where patience is as long as a talk', () => {
    // M/M/∞ in disguise: the number of callers is Poisson of the load, so nobody is there with a chance of e^-load.
    const { waits } = erlangA({ agents: 1, callsPerSecond: 0.5, handleS: 2, patienceS: 2, targetS: 1 });
    expect(waits).toBeCloseTo(1 - Math.exp(-1), 12);
  });
});

const AGENTS = 20;
const HANDLE_S = 180;
const TARGET_S = 20;
const BATCHES = 20;
/** Student’s t for 19 degrees of freedom, 99 % on both sides. */
const T19 = 2.861;

/** Mean of the batches’ means and half the width of its 99 % confidence interval; the first batch warms up. */
function estimate(
  fates: readonly Fate[],
  figure: (fate: Fate) => number,
): { readonly mean: number; readonly half: number } {
  const size = Math.floor(fates.length / (BATCHES + 1));
  const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const means = Array.from({ length: BATCHES }, (_, n) =>
    mean(fates.slice((n + 1) * size, (n + 2) * size).map(figure)),
  );
  const all = mean(means);
  const spread = Math.sqrt(means.reduce((sum, one) => sum + (one - all) ** 2, 0) / (BATCHES - 1));
  return { mean: all, half: (T19 * spread) / Math.sqrt(BATCHES) };
}

const figures = {
  waits: ({ waitedS }: Fate) => Number(waitedS > 0),
  meanWaitS: ({ waitedS }: Fate) => waitedS,
  serviceLevel: ({ waitedS, answered }: Fate) => Number(answered && waitedS <= TARGET_S),
  abandons: ({ answered }: Fate) => Number(!answered),
};

describe('a floor that the pool serves', () => {
  it.each([
    [0.5, null, 20_000],
    [0.7, null, 20_000],
    [0.8, null, 20_000],
    [0.9, null, 40_000],
    [0.95, null, 80_000],
    [0.5, 120, 20_000],
    [0.7, 120, 20_000],
    [0.8, 120, 20_000],
    [0.95, 120, 20_000],
    [1.2, 120, 20_000],
  ])('is as Erlang says under a load of %f per agent with a patience of %s s', (load, patienceS, calls) => {
    const plan = { agents: AGENTS, callsPerSecond: (load * AGENTS) / HANDLE_S, handleS: HANDLE_S, targetS: TARGET_S };
    const theory = patienceS === null ? erlangC(plan) : erlangA({ ...plan, patienceS });
    const fates = playFloor({ ...plan, patienceS, calls, seed: 5 });
    expect(fates).toHaveLength(calls);
    for (const name of ['waits', 'meanWaitS', 'serviceLevel', 'abandons'] as const) {
      const { mean, half } = estimate(fates, figures[name]);
      expect(Math.abs(mean - theory[name]), `${name}: ${mean} ± ${half}, ${theory[name]} expected`).toBeLessThanOrEqual(
        half,
      );
      // An interval that says nothing would hold anything.
      if (name === 'meanWaitS' && load >= 0.8) expect(half / mean).toBeLessThan(0.5);
    }
  });
});
