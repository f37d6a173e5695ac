import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential, fixed, lognormal } from '../../../../src/dialer/lab/chance.ts';
import { type MakePolicy, PLAIN_DAY, type Scenario, simulate } from '../../../../src/dialer/lab/index.ts';
import type { DialerEvent, DialerState, Policy } from '../../../../src/dialer/pacing/policy.ts';
import { progressive } from '../../../../src/dialer/pacing/progressive.ts';

const person = (share: number) => [{ fromSec: 0, person: share, machine: 0, busy: 0 }];
const overdial =
  (perAgent: number): MakePolicy =>
  () => ({
    decide: ({ agents, lines }) => perAgent * agents.length - lines.inUse,
    on: () => undefined,
  });

/** A Poisson stream of calls at rate λ: what Erlang's formulas are about. Chance is the policy's own, and seeded. */
function poisson(ratePerSec: number, tickSec: number): MakePolicy {
  let state = 7;
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => ({ decide: () => (chance() < ratePerSec * tickSec ? 1 : 0), on: () => undefined });
}

function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n += 1) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

describe('a simulated day agrees with closed forms', () => {
  const erlang: Scenario = {
    ...PLAIN_DAY,
    hours: 30,
    agents: 10,
    talk: exponential(20),
    wrap: fixed(0),
    regimes: person(1),
    ring: fixed(1),
    tickSec: 0.1,
  };

  it('loses what Erlang B says when nobody waits', () => {
    const rate = 0.5; // 10 erlangs on 10 agents
    const { abandonment, utilisation } = simulate({ ...erlang, connectDeadlineSec: 0 }, poisson(rate, 0.1));
    const lost = erlangB(10, rate * 20);
    expect(abandonment).toBeCloseTo(lost, 1);
    expect(Math.abs(abandonment - lost)).toBeLessThan(0.012);
    expect(Math.abs((utilisation ?? 0) - (1 - lost))).toBeLessThan(0.015);
  });

  it('has callers wait as long as Erlang C says when they wait for ever', () => {
    const load = 7;
    const blocked = erlangB(10, load);
    const waits = (10 * blocked) / (10 - load * (1 - blocked));
    const mean = (waits * 20) / (10 - load);
    const { wait, utilisation } = simulate({ ...erlang, connectDeadlineSec: 1e9 }, poisson(load / 20, 0.1));
    expect(Math.abs(wait.mean - mean)).toBeLessThan(0.2 * mean);
    expect(Math.abs((utilisation ?? 0) - load / 10)).toBeLessThan(0.015);
  });

  it('keeps one agent of a progressive campaign as busy as a renewal cycle', () => {
    const talk = lognormal(60, 0.9);
    const day = { ...PLAIN_DAY, hours: 400, agents: 1, talk, ring: fixed(10), regimes: person(0.25), tickSec: 10 };
    // Three dials in vain of 20 s each before the fourth is answered after 10 s.
    const expected = 75 / (75 + 3 * 20 + 10);
    expect(Math.abs((simulate(day, () => progressive).utilisation ?? 0) - expected)).toBeLessThan(0.012);
  });

  it('answers at the rate of each regime', () => {
    const regimes = [...person(0.1), { fromSec: 14_400, person: 0.5, machine: 0.2, busy: 0.1 }];
    const answered = [0, 0];
    const launched = [0, 0];
    simulate({ ...PLAIN_DAY, regimes }, () => ({
      ...progressive,
      on(event) {
        const half = event.t < 14_400 ? 0 : 1;
        if (event.type === 'call.launched') launched[half] = (launched[half] ?? 0) + 1;
        if (event.type === 'call.answered') answered[half] = (answered[half] ?? 0) + 1;
      },
    }));
    const [before, after] = answered.map((count, half) => count / (launched[half] ?? 0));
    expect(before).toBeCloseTo(0.1, 1);
    expect(Math.abs((after ?? 0) - 0.7)).toBeLessThan(0.03);
  });
});

const anyDay: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.nat(1e6),
    agents: fc.integer({ min: 0, max: 12 }),
    share: fc.double({ min: 0, max: 0.6, noNaN: true }),
    machine: fc.double({ min: 0, max: 0.4, noNaN: true }),
    lines: fc.integer({ min: 0, max: 40 }),
    cps: fc.double({ min: 0.2, max: 20, noNaN: true }),
    patience: fc.constantFrom(fixed(Number.POSITIVE_INFINITY), exponential(1)),
    amd: fc.boolean(),
    leads: fc.constantFrom(Number.POSITIVE_INFINITY, 40),
    spans: fc.array(fc.nat(1_800), { maxLength: 8 }),
  })
  .map(({ share, machine, amd, spans, ...day }) => ({
    ...PLAIN_DAY,
    ...day,
    hours: 0.5,
    regimes: [{ fromSec: 0, person: share, machine, busy: 0 }],
    amd: amd ? { took: lognormal(2, 0.3), personAsMachine: 0.05, machineAsPerson: 0.1 } : null,
    shifts: spans.map((at) => [{ from: at / 2, to: at }]),
  }));

/** Checks at each decision that what a policy sees is what it was told. */
class Auditor implements Policy {
  readonly decideOn = 'event';
  readonly ends = new Map<number, number>();
  readonly there = new Map<number, string>();
  launched = 0;
  readonly wrong: string[] = [];

  decide(state: DialerState): { launch: number; cancel: number[] } {
    const { counts, agents, calls, lines, now } = state;
    const is = (ok: boolean, what: string) => ok || this.wrong.push(`${what} at ${now}`);
    const of = (list: readonly { readonly state: string }[], wanted: string) =>
      list.filter((x) => x.state === wanted).length;
    for (const name of ['idle', 'talk', 'wrap'] as const) is(of(agents, name) === counts[name], name);
    for (const name of ['ringing', 'amd', 'waiting'] as const) is(of(calls, name) === counts[name], name);
    is(
      agents.every(({ id, state: seen }) => this.there.get(id) === seen),
      'agent.state',
    );
    is(agents.length === this.there.size, 'logged in');
    is(calls.length === this.launched - this.ends.size, 'in flight');
    is(lines.inUse <= lines.max && lines.inUse >= calls.length + counts.talk, 'lines');
    is(counts.idle === 0 || counts.waiting === 0, 'somebody waits beside an idle agent');
    return { launch: 2 * agents.length, cancel: calls.filter(({ id }) => id % 3 === 0).map(({ id }) => id) };
  }

  on(event: DialerEvent): void {
    if (event.type === 'call.launched') this.launched += 1;
    if (event.type === 'call.connected' || event.type === 'call.abandoned' || event.type === 'call.ended') {
      this.ends.set(event.callId, (this.ends.get(event.callId) ?? 0) + 1);
    }
    if (event.type !== 'agent.state') return;
    if (event.state === 'offline') this.there.delete(event.agentId);
    else this.there.set(event.agentId, event.state);
  }
}

describe('the books of a simulated day', () => {
  it('agree with what the policy sees and hears; every dial ends once; no limit is crossed', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const auditor = new Auditor();
        const { totals, inFlight, hungUp } = simulate(day, () => auditor);
        expect(auditor.wrong).toEqual([]);
        expect([...auditor.ends.values()].every((times) => times === 1)).toBe(true);
        const { launched, connected, abandoned, machine, noanswer, busy, cancelled } = totals;
        expect(connected + abandoned + machine + noanswer + busy + cancelled + hungUp + inFlight).toBe(launched);
        expect(launched).toBeLessThanOrEqual(Math.min(day.leads, day.cps * 1_800 + Math.max(1, day.cps)));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same for the same seed, and others for another', () => {
    const day = { ...PLAIN_DAY, hours: 1 };
    expect(simulate(day, overdial(3))).toEqual(simulate(day, overdial(3)));
    expect(simulate(day, overdial(3))).not.toEqual(simulate({ ...day, seed: 2 }, overdial(3)));
  });

  it('show an overdialled day as over the cap, and its bank as overdrawn', () => {
    const { abandonment, worst, lowestBank } = simulate(PLAIN_DAY, overdial(6));
    expect(abandonment).toBeGreaterThan(0.1);
    expect(worst ?? 0).toBeGreaterThanOrEqual(abandonment);
    expect(lowestBank).toBeLessThan(-100);
  });

  it('never abandon when each dial has an agent, and do when he goes home meanwhile', () => {
    expect(simulate(PLAIN_DAY, () => progressive).totals.abandoned).toBe(0);
    const shifts = Array.from({ length: 60 }, () => [{ from: 0, to: 600 }]);
    const day = { ...PLAIN_DAY, agents: 61, hours: 1, shifts, regimes: person(0.9) };
    const { totals, utilisation } = simulate(day, () => progressive);
    expect(totals.abandoned).toBeGreaterThan(0);
    expect(utilisation).toBeLessThanOrEqual(1);
  });

  it('refuse to cancel before the minimum ring', () => {
    const impatient: MakePolicy = () => ({
      decide: ({ calls }) => ({ launch: 1, cancel: calls.map(({ id }) => id) }),
      on: () => undefined,
    });
    const day = { ...PLAIN_DAY, hours: 0.2, regimes: person(0), minRingSec: 15, maxRingSec: 20 };
    const { totals, cancelsRefused } = simulate(day, impatient);
    expect(cancelsRefused).toBeGreaterThan(100);
    expect(totals.noanswer).toBe(0);
    expect(totals.cancelled).toBeGreaterThan(600);
    expect(simulate({ ...day, minRingSec: 20 }, impatient).totals.cancelled).toBe(0);
  });

  it('charge persons who were taken for machines, and end with the list', () => {
    const amd = { took: fixed(2), personAsMachine: 0.1, machineAsPerson: 0.2 };
    const regimes = [{ fromSec: 0, person: 0.3, machine: 0.4, busy: 0 }];
    const day = simulate({ ...PLAIN_DAY, amd, regimes, leads: 2_000 }, () => progressive);
    expect(day.totals.launched).toBe(2_000);
    expect(day.finishedAt).not.toBeNull();
    expect(day.corrected).toBeCloseTo(0.1, 1);
    expect(day.machinesTalked / (day.machinesTalked + day.totals.machine - day.falsePositives)).toBeCloseTo(0.2, 1);
  });

  it('end with the list when its last call does, also where that is a talk', () => {
    const day = { ...PLAIN_DAY, agents: 1, leads: 1, regimes: person(1), ring: fixed(5), talk: fixed(100) };
    expect(simulate(day, () => progressive).finishedAt).toBe(105);
  });

  it('hold a line while a message is left, and nobody waits for that', () => {
    const amd = { took: fixed(2), personAsMachine: 0, machineAsPerson: 0, held: fixed(50) };
    const regimes = [{ fromSec: 0, person: 0, machine: 1, busy: 0 }];
    // Dialled, answered after 10 s, judged after 12: one line starts a dial each 62 s, and each 12 s without a message.
    const day = { ...PLAIN_DAY, hours: 1, lines: 1, agents: 5, ring: fixed(10), regimes, amd };
    const launched = (of: Scenario) => simulate(of, overdial(1)).totals.launched;
    expect([launched(day), launched({ ...day, amd: { ...amd, held: fixed(0) } })]).toEqual([59, 300]);
  });

  it('leave an agent less time where listening took of it', () => {
    const amd = { took: fixed(2), personAsMachine: 0, machineAsPerson: 0 };
    const day = { ...PLAIN_DAY, hours: 2, regimes: person(0.5), wrap: fixed(1), amd };
    const abandoned = (spentSec: number) => simulate({ ...day, amd: { ...amd, spentSec } }, overdial(2)).abandonment;
    expect(abandoned(1.9)).toBeGreaterThan(abandoned(0) + 0.01);
    expect(abandoned(5)).toBeCloseTo(abandoned(2), 10);
  });
});
