import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed, lognormal, seeded } from '../../../../src/dialer/lab/chance.ts';
import { PLAIN_DAY, type Scenario, simulate } from '../../../../src/dialer/lab/index.ts';
import {
  createPolicy,
  type Decision,
  type DialerEvent,
  type DialerState,
  type Policy,
  type PolicyConfig,
} from '../../../../src/dialer/pacing/index.ts';

/** How a floor tells its policy what happens, beyond what order and clock the lab has. */
interface Telling {
  readonly clockFrom: number;
  readonly decideOn: 'tick' | 'event';
  /** Chances that an event is told twice, and only after the next snapshot. */
  readonly twice: number;
  readonly late: number;
  readonly guard: 'quantile' | 'strict';
  readonly budget: number | undefined;
}

/** Stands between floor and policy: tells in its own order, and looks at each decision. */
class Between implements Policy {
  readonly decideOn: 'tick' | 'event';
  readonly wrong: string[] = [];
  readonly #policy: Policy;
  readonly #config: PolicyConfig;
  readonly #how: Telling;
  readonly #chance: () => number;
  #untold: DialerEvent[] = [];

  constructor(config: PolicyConfig, how: Telling) {
    this.#config = config;
    this.#how = how;
    this.decideOn = how.decideOn;
    this.#policy = createPolicy({ ...config, guard: how.guard });
    this.#chance = seeded(config.seed);
  }

  on(event: DialerEvent): void {
    const told = { ...event, t: event.t + this.#how.clockFrom };
    this.#untold.push(told);
    if (this.#chance() < this.#how.twice) this.#untold.push(told);
  }

  decide(state: DialerState): Decision {
    const later = this.#untold.filter(() => this.#chance() < this.#how.late);
    const now = this.#untold.filter((event) => !later.includes(event));
    for (const event of now.toSorted(() => this.#chance() - 0.5)) this.#policy.on(event);
    this.#untold = later;
    const shown = shifted(state, this.#how);
    const decided = this.#policy.decide(shown);
    const decision = typeof decided === 'number' ? { launch: decided } : decided;
    this.#judge(decision, shown);
    return decision;
  }

  #judge({ launch, cancel = [], because = '' }: Decision, { lines, calls, now }: DialerState): void {
    const is = (ok: boolean, what: string) => ok || this.wrong.push(`${what} at ${now}`);
    is(Number.isInteger(launch) && launch >= 0, `launch ${launch}`);
    is(launch <= Math.max(0, lines.max - lines.inUse), `${launch} launched on fewer lines`);
    const rings = new Map(calls.filter((call) => call.state === 'ringing').map((call) => [call.id, call]));
    for (const id of cancel) {
      const call = rings.get(id);
      const rang = now - (call && call.ringingAt >= 0 ? call.ringingAt : (call?.launchedAt ?? now));
      is(rang >= this.#config.minRingSec, `${id} taken back after ${rang} s`);
    }
    is(launch === 0 || cancel.length === 0, 'launched and took back at once');
    is(new Set(cancel).size === cancel.length, 'taken back twice');
    is(because.length > 0 && !/NaN|Infinity|undefined/.test(because), because);
    for (const [name, value] of Object.entries(this.#policy.explain?.() ?? {}))
      is(typeof value === 'string' || Number.isFinite(value), `${name} ${value}`);
  }
}

function shifted(state: DialerState, { clockFrom, budget }: Telling): DialerState {
  const later = (t: number) => (t < 0 ? t : t + clockFrom);
  return {
    ...state,
    now: state.now + clockFrom,
    agents: state.agents.map((agent) => ({ ...agent, since: agent.since + clockFrom })),
    calls: state.calls.map((call) => ({
      ...call,
      launchedAt: later(call.launchedAt),
      ringingAt: later(call.ringingAt),
      answeredAt: later(call.answeredAt),
    })),
    ...(budget !== undefined && { budget }),
  };
}

const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
const span = fc.tuple(share(900), share(900)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }));

const oddDay: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.nat(),
    agents: fc.integer({ min: 0, max: 25 }),
    shifts: fc.array(fc.array(span, { maxLength: 3 }), { maxLength: 10 }),
    person: fc.constantFrom(0, 0.01, 0.1, 0.5, 1),
    talk: fc.constantFrom(fixed(0), fixed(3_000), lognormal(60, 0.9), lognormal(10, 3)),
    wrap: fc.constantFrom(fixed(0), fixed(15)),
    amd: fc.constantFrom(null, { took: fixed(3), personAsMachine: 0.3, machineAsPerson: 0.3 }),
    minRingSec: fc.constantFrom(0, 0.5, 15, 60),
    maxRingSec: fc.constantFrom(0.4, 5, 20, 45, 120),
    connectDeadlineSec: fc.constantFrom(0, 2, 10),
    cap: fc.constantFrom(0, 0.001, 0.03, 0.5),
    lines: fc.constantFrom(1, 2, 40, 5_000),
    cps: fc.constantFrom(0.1, 1, 50),
    tickSec: fc.constantFrom(0.1, 0.5, 5),
  })
  .map(({ person, ...day }) => ({
    ...PLAIN_DAY,
    ...day,
    hours: Math.min(0.1, 0.1 * day.tickSec),
    regimes: [{ fromSec: 0, person, machine: day.amd ? 1 - person : 0, busy: 0 }],
  }));

const anyTelling: fc.Arbitrary<Telling> = fc.record({
  clockFrom: fc.constantFrom(0, 1e6, 1.8e9),
  decideOn: fc.constantFrom('tick', 'event'),
  twice: fc.constantFrom(0, 0.3),
  late: fc.constantFrom(0, 0.3),
  guard: fc.constantFrom('quantile', 'strict'),
  budget: fc.constantFrom(undefined, -5, 0, 3.5, Number.POSITIVE_INFINITY),
});

describe('on odd floors', () => {
  it('a decision is a number of dials that the lines can bear, whatever is told, in which order and how often', () => {
    fc.assert(
      fc.property(oddDay, anyTelling, (day, how) => {
        const between: Between[] = [];
        simulate(day, (config) => (between[0] = new Between(config, how)));
        expect(between[0]?.wrong).toEqual([]);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  }, 120_000);

  it('with a bare snapshot, and no event ever told, it goes on', () => {
    fc.assert(
      fc.property(oddDay, (day) => {
        const deaf = (config: PolicyConfig): Policy => {
          const policy = createPolicy(config);
          return { decide: (state) => policy.decide(state), on: () => undefined };
        };
        expect(simulate(day, deaf).heldBack).toBeLessThan(1e6);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  }, 60_000);

  it.each([0, 0.5, 5, 15])('dials no one only to take him back at once, with a minimum ring of %s s', (minRingSec) => {
    const { totals, utilisation } = simulate({ ...PLAIN_DAY, agents: 3, hours: 1, minRingSec }, createPolicy);
    expect(totals.cancelled).toBeLessThan(0.2 * totals.launched);
    expect(utilisation).toBeGreaterThan(0.4);
  });

  it.each([
    [20, 1],
    [50, 1],
    [50, 2],
  ])(
    'with %s agents loses no more than it may in the first hour of a list full of machines (seed %s)',
    (agents, seed) => {
      const amd = { took: lognormal(2.2, 0.4), personAsMachine: 0.005, machineAsPerson: 0.06 };
      const machines = { fromSec: 0, person: 0.12, machine: 0.45, busy: 0.05 };
      const day = { ...PLAIN_DAY, agents, seed, hours: 1, amd, regimes: [machines] };
      const { lowestBank, utilisation } = simulate(day, createPolicy);
      expect(lowestBank).toBeGreaterThan(-1);
      expect(utilisation).toBeGreaterThan(0.75);
    },
  );

  it('goes on after an hour in which nobody answers, and stays within the cap', () => {
    const nobody = { fromSec: 0, person: 0, machine: 0, busy: 0 };
    const day = { ...PLAIN_DAY, hours: 2, regimes: [nobody, { ...nobody, fromSec: 3_600, person: 0.3 }] };
    const { persons, lowestBank } = simulate(day, createPolicy);
    expect(persons).toBeGreaterThan(500);
    expect(lowestBank).toBeGreaterThan(-25);
  });
});
