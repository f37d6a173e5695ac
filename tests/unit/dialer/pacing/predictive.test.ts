import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN_DAY, type Scenario, simulate } from '../../../../src/dialer/lab/index.ts';
import {
  createPolicy,
  createPower,
  type Decision,
  type DialerState,
  type Policy,
  type PolicyConfig,
} from '../../../../src/dialer/pacing/index.ts';

const CONFIG: PolicyConfig = {
  abandonTarget: 0.03,
  connectDeadlineSec: 2,
  minRingSec: 15,
  maxRingSec: 20,
  maxLines: 1_000,
  cps: 50,
  tickSec: 0.5,
  dayHours: 8,
  amd: false,
  amdFalsePositiveEstimate: 0,
  seed: 1,
};

interface Floor {
  readonly idle: number;
  readonly talk: number;
  readonly ringing: number;
  readonly connected: number;
  readonly abandoned: number;
  readonly lines?: number;
  readonly budget?: number;
}

function stateOf({ idle, talk, ringing, connected, abandoned, lines = 1_000, budget }: Floor): DialerState {
  const agents = Array.from({ length: idle + talk }, (_, id) => ({
    id,
    state: id < idle ? ('idle' as const) : ('talk' as const),
    since: 60,
  }));
  const calls = Array.from({ length: ringing }, (_, id) => ({
    id,
    state: 'ringing' as const,
    launchedAt: 80,
    ringingAt: 81,
    answeredAt: -1,
  }));
  const none = { machine: 0, noanswer: 0, busy: 0, cancelled: 0 };
  return {
    now: 100,
    agents,
    calls,
    counts: { idle, talk, wrap: 0, ringing, amd: 0, waiting: 0 },
    totals: { launched: 0, answered: connected + abandoned, connected, abandoned, ...none },
    lines: { max: lines, inUse: ringing + talk },
    ...(budget !== undefined && { budget }),
  };
}

function decided(policy: Policy, state: DialerState): Decision {
  const decision = policy.decide(state);
  return typeof decision === 'number' ? { launch: decision } : decision;
}

const FLOOR = { idle: 3, talk: 2, ringing: 0, connected: 1_000, abandoned: 0 };

describe('the predictive policy', () => {
  it.each([
    ['with an empty bank it is progressive', { ...FLOOR, connected: 0 }, CONFIG, 3, /beyond them nobody may be risked/],
    ['with no line free it dials nobody', { ...FLOOR, lines: 2 }, CONFIG, 0, /no more lines/],
    ['it keeps to the legal window', { ...FLOOR, budget: 0 }, CONFIG, 3, /legal window/],
    ['over the cap it is progressive', { ...FLOOR, abandoned: 50 }, CONFIG, 3, /./],
    ['nobody there, nobody dialled', { ...FLOOR, idle: 0, talk: 0 }, CONFIG, 0, /./],
  ] as const)('%s', (_, floor, config, launch, why) => {
    const decision = decided(createPolicy(config), stateOf(floor));
    expect(decision.launch).toBe(launch);
    expect(decision.because).toMatch(why);
  });

  it('with a full bank it dials more than there are idle agents, and tells the numbers', () => {
    const policy = createPolicy(CONFIG);
    expect(decided(policy, stateOf({ ...FLOOR, idle: 12 })).launch).toBeGreaterThan(12);
    expect(policy.explain?.()).toMatchObject({ bank: 30, room: 30, limit: 'price' });
  });

  it('the strict guard never has more at risk than may be lost, in any state', () => {
    const any = fc.record({
      idle: fc.nat(30),
      talk: fc.nat(30),
      ringing: fc.nat(60),
      connected: fc.nat(3_000),
      abandoned: fc.nat(60),
    });
    fc.assert(
      fc.property(any, (floor) => {
        const { launch } = decided(createPolicy({ ...CONFIG, guard: 'strict' }), stateOf(floor));
        if (launch === 0) return;
        const lost = Math.max(0, floor.ringing + launch - floor.idle);
        const [abandoned, live] = [floor.abandoned + lost, floor.connected + floor.abandoned + lost];
        if (lost > 0) expect(abandoned).toBeLessThanOrEqual(0.03 * live + 1e-9);
      }),
    );
  });

  it.each([
    ['before the first snapshot', null],
    ['long after a snapshot', stateOf(FLOOR)],
  ])('answers told again %s, by a replay, are no burst of answers', (_, seen) => {
    const told = createPolicy(CONFIG);
    if (seen) told.decide(seen);
    for (let call = 0; call < 400; call += 1) {
      const answered = call % 4 === 0;
      const t = 1_000 + call;
      told.on({ type: 'call.launched', t, callId: call });
      told.on(
        answered
          ? { type: 'call.answered', t: t + 9, callId: call, ringSec: 9, pendingAmd: false }
          : { type: 'call.ended', t: t + 20, callId: call, cause: 'noanswer', ageSec: 20 },
      );
    }
    decided(told, { ...stateOf(FLOOR), now: 1_500 });
    expect(told.explain?.()?.answerRate).toBeGreaterThan(0.2);
    expect(told.explain?.()?.answerRate).toBeLessThan(0.3);
  });

  it('takes back only what has rung long enough, and only when it launches nothing', () => {
    const state = stateOf({ idle: 0, talk: 5, ringing: 40, connected: 0, abandoned: 0 });
    const decision = decided(createPolicy(CONFIG), state);
    expect(decision.launch).toBe(0);
    expect(decision.cancel).toHaveLength(40);
    expect(decided(createPolicy({ ...CONFIG, minRingSec: 0 }), { ...state, now: 85 }).cancel).toEqual([]);
    expect(decided(createPolicy({ ...CONFIG, minRingSec: 19.5 }), state).cancel).toEqual([]);
  });

  it('leaves alone as many as there are idle agents', () => {
    const state = stateOf({ idle: 30, talk: 5, ringing: 40, connected: 0, abandoned: 0 });
    expect(decided(createPolicy(CONFIG), state).cancel?.length ?? 0).toBeLessThanOrEqual(10);
  });

  it('charges an agent who reached a machine, and persons taken for machines', () => {
    const policy = createPolicy({ ...CONFIG, amd: true, amdFalsePositiveEstimate: 0.01 });
    decided(policy, stateOf(FLOOR));
    const before = policy.explain?.()?.bank ?? 0;
    expect(before).toBeCloseTo(30 - (1_000 / 99) * 0.97, 6);
    for (let call = 0; call < 100; call += 1)
      policy.on({ type: 'call.disposition', t: 99, callId: call, agentId: 1, live: false });
    decided(policy, stateOf(FLOOR));
    expect(policy.explain?.()?.bank).toBeLessThan(before - 1.9);
  });
});

describe('the power policy', () => {
  it('dials its ratio for each idle agent, inside the guard', () => {
    expect(decided(createPower(CONFIG, 2.5), stateOf(FLOOR)).launch).toBe(7);
    expect(decided(createPower(CONFIG, 2.5), stateOf({ ...FLOOR, connected: 0 })).launch).toBe(3);
  });
});

describe('a simulated day', () => {
  const day = (scenario: Partial<Scenario>) =>
    simulate({ ...PLAIN_DAY, hours: 0.75, agents: 30, ...scenario }, createPolicy);

  it('keeps the cap and far more agents busy than progressive dialling would (51 %)', () => {
    const result = day({ seed: 7 });
    expect(result.abandonment).toBeLessThanOrEqual(0.03);
    expect(result.utilisation).toBeGreaterThan(0.65);
  });

  it.each([2, 5])('keeps the cap from the first minute on a large floor, and is fast there (seed %i)', (seed) => {
    const result = day({ seed, agents: 200, hours: 1 / 12 });
    expect(result.lowestBank).toBeGreaterThan(-1);
    expect(result.utilisation).toBeGreaterThan(0.8);
  });

  it('uses most of what may be abandoned by the end of the day, but for what a sudden change would cost', () => {
    const { abandonment } = day({ seed: 4, hours: 1.5 });
    expect(abandonment).toBeGreaterThan(0.018);
    expect(abandonment).toBeLessThanOrEqual(0.03);
  });

  it('decides the same when told the same', () => {
    const runs = [1, 2].map(() => day({ seed: 3, hours: 0.2 }));
    expect(runs[0]).toEqual(runs[1]);
  });
});
