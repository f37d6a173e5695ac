import {
  exponential,
  fixed,
  lognormal,
  meanOf,
  PLAIN_DAY,
  type Regime,
  type Scenario,
} from '../../src/dialer/lab/index.ts';
import { seeded } from '../../src/dialer/lab/chance.ts';

/** A day that policies are compared on; `goal` is the utilisation of the method of the paper the bench is held to. */
export interface Contest {
  readonly day: Scenario;
  readonly goal: number | null;
  readonly quick: boolean;
}

/** Agents, share answered, mean talk, and the utilisation that a policy near the optimum reaches at 3 % abandoned. */
const TABLE: readonly (readonly [number, number, number, number])[] = [
  [5, 0.1, 60, 68.0],
  [5, 0.1, 180, 78.8],
  [5, 0.25, 60, 72.4],
  [5, 0.25, 180, 84.0],
  [5, 0.5, 60, 79.5],
  [5, 0.5, 180, 89.6],
  [10, 0.1, 60, 78.2],
  [10, 0.1, 180, 84.9],
  [10, 0.25, 60, 80.0],
  [10, 0.25, 180, 87.2],
  [10, 0.5, 60, 83.7],
  [10, 0.5, 180, 90.8],
  [20, 0.1, 60, 85.5],
  [20, 0.1, 180, 89.8],
  [20, 0.25, 60, 86.7],
  [20, 0.25, 180, 90.8],
  [20, 0.5, 60, 88.5],
  [50, 0.1, 60, 92.8],
  [50, 0.25, 60, 93.2],
  [50, 0.5, 60, 94.0],
  [100, 0.1, 60, 95.9],
  [100, 0.25, 60, 96.0],
  [100, 0.5, 60, 96.7],
  [300, 0.1, 60, 98.9],
  [300, 0.25, 60, 99.0],
  [300, 0.5, 60, 99.2],
];

const QUICK = new Set(['5 · 25 % · 60 s', '20 · 25 % · 60 s', '100 · 25 % · 60 s']);

/**
 * A day's work, or as many hours as it takes until so many have answered. The goals are of runs that spent their whole
 * 3.0 %; what a policy still keeps back when a day ends is some calls, and of a short day they are a large part.
 */
const ANSWERS = 4_000;

const hoursOf = (agents: number, talkSec: number, goal: number): number => {
  const answersAnHour = (agents * (goal / 100) * 3_600) / (talkSec + meanOf(PLAIN_DAY.wrap));
  return Math.max(PLAIN_DAY.hours, Math.ceil(ANSWERS / answersAnHour));
};

const answered = (person: number): Regime => ({ fromSec: 0, person, machine: 0, busy: 0 });

const table = (): readonly Contest[] =>
  TABLE.map(([agents, person, talkSec, goal]) => {
    const name = `${agents} · ${Math.round(100 * person)} % · ${talkSec} s`;
    const hours = hoursOf(agents, talkSec, goal);
    const day = { ...PLAIN_DAY, name, agents, hours, talk: lognormal(talkSec, 0.9), regimes: [answered(person)] };
    return { day, goal, quick: QUICK.has(name) };
  });

/** The answer rate jumps by five times and back, every half hour. */
const jumps = (hours: number): readonly Regime[] =>
  Array.from({ length: 2 * hours }, (_, n) => ({ ...answered(n % 2 === 0 ? 0.1 : 0.5), fromSec: 1_800 * n }));

/** Everybody takes a quarter of an hour off now and then, and goes home when his own day is over. */
function shifts(agents: number, hours: number, chance = seeded(11)): Scenario['shifts'] {
  return Array.from({ length: agents }, () => {
    const from = 1_800 * chance();
    const to = 3_600 * hours * (0.5 + 0.5 * chance());
    const rest = from + (to - from) * (0.3 + 0.4 * chance());
    return [
      { from, to: rest },
      { from: rest + 900, to },
    ];
  });
}

const stress = (name: string, day: Partial<Scenario>, quick = false): Contest => ({
  day: { ...PLAIN_DAY, hours: 5, ...day, name },
  goal: null,
  quick,
});

const AMD = { took: lognormal(2.2, 0.4), personAsMachine: 0.005, machineAsPerson: 0.06 };
const MACHINES: Regime = { fromSec: 0, person: 0.12, machine: 0.45, busy: 0.05 };

const hardships = (): readonly Contest[] => [
  stress('cold start: 20 agents, first half hour', { hours: 0.5 }, true),
  ...[1, 2, 3].map((agents) => stress(`${agents} agent${agents > 1 ? 's' : ''}, a day`, { agents, hours: 16 })),
  stress('20 agents, answers ×5 and ÷5 each half hour', { hours: 8, regimes: jumps(8) }, true),
  stress('100 agents, answers ×5 and ÷5 each half hour', { agents: 100, hours: 4, regimes: jumps(4) }),
  stress('20 agents, heavy AMD: 45 % machines', { amd: AMD, regimes: [MACHINES] }, true),
  stress('50 agents, heavy AMD: 45 % machines', { agents: 50, hours: 4, amd: AMD, regimes: [MACHINES] }),
  stress('20 agents, 40 lines, 10 % answered', { lines: 40, regimes: [answered(0.1)] }),
  stress('20 agents, 2 call starts a second', { cps: 2, regimes: [answered(0.1)] }),
  stress('30 agents, shifts and breaks', { agents: 30, shifts: shifts(30, 8) }, true),
  stress('20 agents, five go at once each hour', { shifts: fiveAtOnce(8) }),
  stress('20 agents, callers hang up after 1 s', { patience: exponential(1) }),
  stress('20 agents, memoryless talk, no wrap-up', { talk: exponential(60), wrap: fixed(0) }),
];

function fiveAtOnce(hours: number): Scenario['shifts'] {
  const spells = Array.from({ length: hours }, (_, n) => ({ from: 3_600 * n, to: 3_600 * n + 2_700 }));
  return Array.from({ length: 20 }, (_, agent) => (agent < 5 ? spells : [{ from: 0, to: 3_600 * hours + 1 }]));
}

export const contests = (quick: boolean): readonly Contest[] => {
  const all = [...table(), ...hardships()];
  if (!quick) return all;
  return all.filter((contest) => contest.quick).map(({ day, ...rest }) => ({ ...rest, day: shorter(day) }));
};

const shorter = (day: Scenario): Scenario => ({ ...day, hours: Math.min(day.hours, day.agents >= 100 ? 0.5 : 1) });
