import type { PolicyConfig } from '../pacing/policy.ts';
import { type Chance, draw, fixed, lognormal, mixed, NEVER, type Spread, seeded } from './chance.ts';

/** What becomes of a dial from `fromSec` on. Shares of all dials; the rest nobody answers. */
export interface Regime {
  readonly fromSec: number;
  readonly person: number;
  readonly machine: number;
  readonly busy: number;
}

/** An agent is logged in from, to, in seconds of the day; several of them when he takes breaks. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Answering-machine detection: how long it listens, and how often it takes one for the other. */
export interface Detection {
  readonly took: Spread;
  /** Of the agent's time to come, what is over when he is asked for; left out: nothing, it begins then. */
  readonly spentSec?: number;
  /** How long a line is held by a machine after the verdict, where a message is left; left out: it is hung up on. */
  readonly held?: Spread;
  /** Share of persons taken for a machine (false positives), and of machines taken for a person. */
  readonly personAsMachine: number;
  readonly machineAsPerson: number;
}

/** One simulated day of a campaign. Times in seconds. */
export interface Scenario {
  readonly name: string;
  readonly seed: number;
  readonly hours: number;
  readonly agents: number;
  /** When each agent is there; all day where he has none. */
  readonly shifts: readonly (readonly Span[])[];
  readonly talk: Spread;
  readonly wrap: Spread;
  /** What an agent spends with a machine that was put through to him. */
  readonly machineTalk: Spread;
  readonly regimes: readonly Regime[];
  /** From the launch to the first ring, and from the launch to the answer, cut at `maxRingSec`. */
  readonly setup: Spread;
  readonly ring: Spread;
  readonly busyAfter: Spread;
  readonly amd: Detection | null;
  /** A person who waits for an agent hangs up after this. */
  readonly patience: Spread;
  readonly connectDeadlineSec: number;
  /** How long an abandoned person hears the message: the line is in use meanwhile. */
  readonly messageSec: number;
  readonly minRingSec: number;
  readonly maxRingSec: number;
  readonly cap: number;
  readonly lines: number;
  readonly cps: number;
  readonly tickSec: number;
  /** Numbers in the list: dialling ends with it. */
  readonly leads: number;
}

/** 20 agents, a quarter answered, a minute of talk: the middle of the table that policies are compared by. */
export const PLAIN_DAY: Scenario = {
  name: 'plain day',
  seed: 1,
  hours: 8,
  agents: 20,
  shifts: [],
  talk: lognormal(60, 0.9),
  wrap: fixed(15),
  machineTalk: lognormal(6, 0.4),
  regimes: [{ fromSec: 0, person: 0.25, machine: 0, busy: 0 }],
  setup: fixed(1),
  ring: lognormal(10, 0.35),
  busyAfter: fixed(2),
  amd: null,
  patience: NEVER,
  connectDeadlineSec: 2,
  messageSec: 8,
  minRingSec: 15,
  maxRingSec: 20,
  cap: 0.03,
  lines: 10_000,
  cps: 1_000,
  tickSec: 0.5,
  leads: Number.POSITIVE_INFINITY,
};

/** What a policy is told of such a day before it begins. */
export function configOf(day: Scenario): PolicyConfig {
  return {
    abandonTarget: day.cap,
    connectDeadlineSec: day.connectDeadlineSec,
    minRingSec: day.minRingSec,
    maxRingSec: day.maxRingSec,
    maxLines: day.lines,
    cps: day.cps,
    tickSec: day.tickSec,
    dayHours: day.hours,
    amd: day.amd !== null,
    amdFalsePositiveEstimate: day.amd?.personAsMachine ?? 0,
    seed: day.seed,
  };
}

/** All that chance has in store for one dial. Times from the launch, but for those that say otherwise. */
export interface Fate {
  readonly end: 'person' | 'machine' | 'busy' | 'noanswer';
  readonly setupSec: number;
  /** When it is answered, found busy, or given up. */
  readonly endsSec: number;
  readonly judged: 'human' | 'machine';
  /** From the answer. */
  readonly amdSec: number;
  /** From the verdict, of who was judged a machine. */
  readonly heldSec: number;
  /** From when he is judged a person. */
  readonly patienceSec: number;
  readonly talkSec: number;
  readonly wrapSec: number;
}

/**
 * The fate of the n-th dial, were it launched at this time. Every dial has a stream of chance of its own, so that two policies
 * on the same seed meet the same numbers.
 */
export function fateOf(day: Scenario, n: number, launchedAt: number): Fate {
  const chance = seeded(mixed(day.seed * 0x9e3779b1 + 0x1234567) ^ Math.imul(n + 1, 0x9e3779b1));
  const regime = regimeAt(day.regimes, launchedAt);
  const end = endOf(regime, chance());
  const setupSec = draw(day.setup, chance);
  return {
    end,
    setupSec,
    endsSec: endsAfter(day, end, setupSec, chance),
    ...detected(day, end, chance),
    patienceSec: draw(day.patience, chance),
    talkSec: draw(end === 'machine' ? day.machineTalk : day.talk, chance),
    wrapSec: draw(day.wrap, chance),
  };
}

/** From its launch until a dial is done, were whoever is judged a person put through at once. */
export function doneAfter({ end, endsSec, judged, amdSec, talkSec }: Fate): number {
  if (end === 'busy' || end === 'noanswer') return endsSec;
  return endsSec + amdSec + (judged === 'human' ? talkSec : 0);
}

function regimeAt(regimes: readonly Regime[], t: number): Regime {
  let found = regimes[0];
  for (const regime of regimes) if (regime.fromSec <= t) found = regime;
  if (!found) throw new Error('A scenario has at least one regime.');
  return found;
}

function endOf({ person, machine, busy }: Regime, share: number): Fate['end'] {
  if (share < person) return 'person';
  if (share < person + machine) return 'machine';
  return share < person + machine + busy ? 'busy' : 'noanswer';
}

/** Whoever would answer after the ringing ends is drawn again, so that the answer rate is what the regime says. */
function endsAfter(day: Scenario, end: Fate['end'], setupSec: number, chance: Chance): number {
  if (end === 'noanswer') return day.maxRingSec;
  if (end === 'busy') return setupSec + draw(day.busyAfter, chance);
  for (let tries = 0; tries < 50; tries += 1) {
    const sec = draw(day.ring, chance);
    if (sec < day.maxRingSec) return Math.max(sec, setupSec);
  }
  return day.maxRingSec - 0.01;
}

function detected({ amd }: Scenario, end: Fate['end'], chance: Chance): Pick<Fate, 'judged' | 'amdSec' | 'heldSec'> {
  if (!amd) return { judged: 'human', amdSec: 0, heldSec: 0 };
  const amdSec = draw(amd.took, chance);
  const wrong = chance() < (end === 'person' ? amd.personAsMachine : amd.machineAsPerson);
  const judged = (end === 'person') === wrong ? 'machine' : 'human';
  return { judged, amdSec, heldSec: amd.held && judged === 'machine' ? draw(amd.held, chance) : 0 };
}
