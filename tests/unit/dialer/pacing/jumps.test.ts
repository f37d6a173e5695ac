import { describe, expect, it } from 'vitest';
import { PLAIN_DAY, simulate } from '../../../../src/dialer/lab/index.ts';
import { createPolicy } from '../../../../src/dialer/pacing/index.ts';

const answered = (fromSec: number, person: number) => ({ fromSec, person, machine: 0, busy: 0 });

/** The answer rate goes from a tenth to a half at `atSec`; how things stood at the worst moment after 2,000 answers. */
const jump = (agents: number, atSec: number, forSec: number, seed: number) =>
  simulate(
    {
      ...PLAIN_DAY,
      seed,
      agents,
      hours: (atSec + forSec) / 3_600,
      regimes: [answered(0, 0.1), answered(atSec, 0.5)],
    },
    createPolicy,
    { sampleSec: 0, worstAfter: 2_000 },
  );

describe('when five times as many answer from one moment to the next', () => {
  it.each([
    ['a large floor, shortly before its end', 300, 3_000, 30, 2],
    ['a middle one', 100, 3_600, 300, 3],
    ['a middle one, shortly before its end', 100, 4_800, 20, 1],
  ] as const)(
    '%s keeps the cap at every moment',
    (_, agents, atSec, forSec, seed) => {
      const { persons, worst, utilisation } = jump(agents, atSec, forSec, seed);
      expect(persons).toBeGreaterThan(2_000);
      expect(worst).toBeLessThanOrEqual(0.03);
      expect(utilisation).toBeGreaterThan(0.9);
    },
    60_000,
  );

  it.each([
    ['a small floor', 20, 4, 2],
    ['a middle one, up to just after its first jump', 100, 0.52, 4],
    ['a middle one, for longer', 100, 1.6, 3],
  ] as const)(
    'and back again, every half hour from the first on: %s keeps the cap whenever it is looked at after 2,000 answers',
    (_, agents, hours, seed) => {
      const regimes = Array.from({ length: Math.ceil(2 * hours) }, (_each, n) =>
        answered(1_800 * n, n % 2 === 0 ? 0.1 : 0.5),
      );
      const day = { ...PLAIN_DAY, seed, agents, hours, regimes };
      const { worst, utilisation } = simulate(day, createPolicy, { sampleSec: 0, worstAfter: 2_000 });
      expect(worst).toBeGreaterThan(0.02);
      expect(worst).toBeLessThanOrEqual(0.03);
      expect(utilisation).toBeGreaterThan(0.7);
    },
    60_000,
  );
});
