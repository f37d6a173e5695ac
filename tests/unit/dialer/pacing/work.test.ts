import { describe, expect, it } from 'vitest';
import { PLAIN_DAY, simulate } from '../../../../src/dialer/lab/index.ts';
import { createPolicy, type DialerState, type Policy, type PolicyConfig } from '../../../../src/dialer/pacing/index.ts';

/** How often anybody looks at an element of a list. */
function counted<T>(list: readonly T[], looks: { count: number }): readonly T[] {
  return new Proxy(list, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks.count += 1;
      return Reflect.get(target, key, receiver);
    },
  });
}

describe('the work of a decision', () => {
  it.each([
    [20, 100],
    [300, 1_000],
  ])('with %i agents and %i calls in flight grows with their number, and no faster', (agents, inFlight) => {
    const looks = { agents: 0, calls: 0, decisions: 0 };
    const watched = (config: PolicyConfig): Policy => {
      const policy = createPolicy(config);
      return {
        on: (event) => policy.on(event),
        decide(state: DialerState) {
          const [byAgents, byCalls] = [{ count: 0 }, { count: 0 }];
          const shown = { ...state, agents: counted(state.agents, byAgents), calls: counted(state.calls, byCalls) };
          policy.decide(shown);
          looks.decisions += 1;
          looks.agents = Math.max(looks.agents, byAgents.count);
          looks.calls = Math.max(looks.calls, byCalls.count);
          return inFlight - state.calls.length;
        },
      };
    };
    const regimes = [{ fromSec: 0, person: 0.075, machine: 0, busy: 0 }];
    simulate({ ...PLAIN_DAY, agents, hours: 0.05, regimes }, watched);
    expect(looks.decisions).toBeGreaterThan(300);
    // The hazards are drawn anew now and then, which reads the agents once for talks and once for wrap-ups.
    expect(looks.agents).toBeLessThanOrEqual(5 * agents);
    expect(looks.calls).toBeLessThanOrEqual(2 * inFlight);
  });
});
