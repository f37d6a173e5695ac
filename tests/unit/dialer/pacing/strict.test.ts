import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lognormal } from '../../../../src/dialer/lab/chance.ts';
import { PLAIN_DAY, type Scenario, simulate } from '../../../../src/dialer/lab/index.ts';
import { createPolicy, type Policy, type PolicyConfig } from '../../../../src/dialer/pacing/index.ts';

/** The most by which abandoned calls were over the cap, in calls, looked at after every event. */
function overBy(day: Scenario, guard: 'strict' | 'quantile'): number {
  let [live, abandoned, most] = [0, 0, 0];
  const watched = (config: PolicyConfig): Policy => {
    const policy = createPolicy({ ...config, guard });
    return {
      decide: (state) => policy.decide(state),
      on(event) {
        if (event.type === 'call.connected' || event.type === 'call.abandoned') live += 1;
        if (event.type === 'call.abandoned') abandoned += 1;
        most = Math.max(most, abandoned - day.cap * live);
        policy.on(event);
      },
    };
  };
  simulate(day, watched, { sampleSec: 0 });
  return most;
}

const anyDay = fc
  .record({
    seed: fc.nat(),
    agents: fc.integer({ min: 1, max: 12 }),
    person: fc.constantFrom(0.05, 0.1, 0.3),
    talkSec: fc.constantFrom(20, 60),
    times: fc.constantFrom(1, 3),
  })
  .map(({ person, talkSec, times, ...rest }) => {
    const answered = (fromSec: number, share: number) => ({ fromSec, person: share, machine: 0, busy: 0 });
    const regimes = [answered(0, person), answered(1_500, times * person)];
    return { ...PLAIN_DAY, ...rest, hours: 0.75, talk: lognormal(talkSec, 0.9), regimes };
  });

describe('the strict guard', () => {
  it('is never over the cap, at any moment, also when three times as many answer at once', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(overBy(day, 'strict')).toBeLessThanOrEqual(1e-9);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  }, 60_000);
});
