import { describe, expect, it } from 'vitest';
import { erlangA, erlangC } from '../../../src/acd/erlang.ts';
import { mulberry32 } from '../../support/chance.ts';
import { coverage, estimatesOfAll, playEstimates } from '../../support/estimate-floor.ts';

const AGENTS = 20;
const HANDLE_S = 180;
const BATCHES = 20;
/** Student’s t for 19 degrees of freedom, 99 % on both sides. */
const T19 = 2.861;
/** Mean of the batches’ means and half the width of its 99 % confidence interval; the first batch warms up. */
function meanOf(values: readonly number[]): { readonly mean: number; readonly half: number } {
  const size = Math.floor(values.length / (BATCHES + 1));
  const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const means = Array.from({ length: BATCHES }, (_, n) => mean(values.slice((n + 1) * size, (n + 2) * size)));
  const all = mean(means);
  const spread = Math.sqrt(means.reduce((sum, one) => sum + (one - all) ** 2, 0) / (BATCHES - 1));
  return { mean: all, half: (T19 * spread) / Math.sqrt(BATCHES) };
}

const plan = (load: number, patienceS: number | null, calls: number) => ({
  agents: AGENTS,
  callsPerSecond: (load * AGENTS) / HANDLE_S,
  handleS: HANDLE_S,
  patienceS,
  calls,
});

/**
 * How long who never gives up would wait among those who do, s, from how many of these are answered by when: to be there
 * after t is a chance of e^(−t/patience), so the answers are that much fewer than the waits which end then.
 */
function waitOfWhoStays(traffic: Omit<Parameters<typeof erlangA>[0], 'targetS'>): number {
  const answered = (targetS: number) => erlangA({ ...traffic, targetS }).serviceLevel;
  const steps = 1_500;
  const stepS = (10 * traffic.patienceS) / steps;
  let [mean, before] = [0, answered(0)];
  for (let step = 0; step < steps; step += 1) {
    const [middleS, after] = [(step + 0.5) * stepS, answered((step + 1) * stepS)];
    mean += middleS * Math.exp(middleS / traffic.patienceS) * (after - before);
    before = after;
  }
  return mean;
}

describe('the estimate on a floor that the pool serves', () => {
  it.each([
    [0.5, null, 20_000],
    [0.7, null, 20_000],
    [0.8, null, 20_000],
    [0.9, null, 20_000],
    [0.95, null, 40_000],
    [0.5, 120, 40_000],
    [0.7, 120, 40_000],
    [0.8, 120, 40_000],
    [0.95, 120, 40_000],
    [1.2, 300, 40_000],
  ])(
    'is on average what callers wait, under a load of %f per agent with a patience of %s s',
    (load, patienceS, calls) => {
      const floor = plan(load, patienceS, calls);
      const seen = playEstimates(floor);
      const estimates = meanOf(seen.map(({ estimate }) => estimate.ms / 1000));
      const waits = meanOf(seen.map(({ waitedMs }) => waitedMs / 1000));
      const errors = meanOf(seen.map(({ estimate, waitedMs }) => (estimate.ms - waitedMs) / 1000));
      const { told, kept } = coverage(seen);
      const figures = `${estimates.mean} s estimated, ${waits.mean} ± ${waits.half} s waited, off by ${errors.mean} ± ${errors.half}`;
      expect(Math.abs(estimates.mean - waits.mean), figures).toBeLessThanOrEqual(waits.half);
      if (patienceS === null) {
        const { meanWaitS } = erlangC({ ...floor, targetS: 20 });
        expect(Math.abs(estimates.mean - meanWaitS), `${meanWaitS} s by Erlang C`).toBeLessThanOrEqual(estimates.half);
      }
      // The same calls on both sides, so this is much narrower than how their waits vary.
      expect(Math.abs(errors.mean), figures).toBeLessThanOrEqual(errors.half + 0.01 * waits.mean);
      expect(
        [told, kept].every((part) => part > 0.7),
        `${told} told, ${kept} kept`,
      ).toBe(true);
    },
  );

  it.each([
    [0.5, 120, 60_000],
    [0.7, 120, 60_000],
    [0.8, 120, 30_000],
    [0.95, 120, 20_000],
    [1.2, 300, 20_000],
  ])(
    'is on average what Erlang A says, under a load of %f per agent with a patience of %i s',
    (load, patienceS, calls) => {
      const floor = { ...plan(load, patienceS, calls), patienceS };
      const { mean, half } = meanOf(estimatesOfAll(floor).map(({ ms }) => ms / 1000));
      const wait = waitOfWhoStays(floor);
      expect(Math.abs(mean - wait), `${mean} ± ${half} s estimated, ${wait} s by Erlang A`).toBeLessThanOrEqual(half);
      // An interval that says nothing would hold anything.
      if (load >= 0.7) expect(half / mean).toBeLessThan(0.25);
    },
  );

  const GROUPS = [
    ['a few can do both', (agent: number) => (agent < 8 ? ['fi'] : agent < 16 ? ['sv'] : ['fi', 'sv']), 0.5],
    ['half can do both, for a quarter of the calls', (agent: number) => (agent < 10 ? ['fi'] : ['fi', 'sv']), 0.25],
    ['half can do both, for half of the calls', (agent: number) => (agent < 10 ? ['fi'] : ['fi', 'sv']), 0.45],
    ['two groups apart', (agent: number) => (agent < 15 ? ['fi'] : ['sv']), 0.25],
  ] as const;

  it.each(GROUPS)('is on average what callers of each group wait: %s', (_title, skillsOf, share) => {
    const chance = mulberry32(3);
    const wants = Array.from({ length: 30_000 }, () => (chance() < share ? 'sv' : 'fi'));
    const skills = (agent: number) => Object.fromEntries(skillsOf(agent).map((name) => [name, 5]));
    const asks = (call: number) => [{ skill: wants[call] ?? 'fi', level: 1 }];
    const seen = playEstimates({ ...plan(0.92, null, 30_000), skills, asks });
    for (const group of ['fi', 'sv']) {
      const own = seen.filter(({ call }) => wants[call] === group);
      const errors = meanOf(own.map(({ estimate, waitedMs }) => (estimate.ms - waitedMs) / 1000));
      const waits = meanOf(own.map(({ waitedMs }) => waitedMs / 1000));
      const { told, kept } = coverage(own);
      expect(Math.abs(errors.mean), `${group}: off by ${errors.mean} of ${waits.mean} s`).toBeLessThanOrEqual(
        errors.half + 0.06 * waits.mean,
      );
      expect(
        [told, kept].every((part) => part > 0.7),
        `${told} told, ${kept} kept`,
      ).toBe(true);
    }
  });
});
