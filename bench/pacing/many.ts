import type { Candidate } from '../../src/acd/queue.ts';
import { PLAIN_DAY, type Scenario } from '../../src/dialer/lab/index.ts';
import { CampaignPacer } from '../../src/engine/campaign-pacer.ts';
import { CampaignRunner } from '../../src/engine/campaign-runner.ts';
import { CampaignSight } from '../../src/engine/campaign-sight.ts';
import type { Campaign } from '../../src/engine/ports/history.ts';
import { AUTUMN } from '../../tests/support/campaign.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { quantile } from '../calls/statistics.ts';
import { type Ears, ManyCalls, ManyFloor } from './many-floor.ts';
import { manyHouse } from './many-house.ts';

const CAMPAIGNS = 20;
const AGENTS = 300;
const IN_FLIGHT = 1_000;
/** What runs for the first time is slow, and calls in flight have to come to be of every age. */
const WARM_UP_SEC = 30;
const MAKING_SEC = 10;
/** So often the calls and agents are moved on, each by what was due meanwhile at its own time. */
const STEP_MS = 10;

/** As in the cost of one decision: a thousand dials of which 7.5 % are answered keep 300 agents just about busy. */
const DAY: Scenario = {
  ...PLAIN_DAY,
  agents: AGENTS,
  regimes: [{ fromSec: 0, person: 0.075, machine: 0, busy: 0 }],
};
/** Nearly all ring to the end. */
const STARTS_A_SECOND = (1.1 * IN_FLIGHT) / DAY.maxRingSec;

/** Times in ms: by the wall clock, which other work on the machine lengthens, and CPU of the thread, whose clock goes in steps of some ms. */
interface Took {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly cpuP99: number;
  readonly cpuMost: number;
}

/** What twenty campaigns cost one process in which nothing else runs. */
export interface ManyCost {
  readonly campaigns: number;
  readonly seconds: number;
  /** Of each campaign, on average. */
  readonly inFlight: number;
  /** Moves of calls and of agents that the dialers were told of, a second. */
  readonly movesPerSecond: number;
  /** CPU of the thread ÷ time of the campaigns that passed: of all that it did, and of making calls that nobody paces. */
  readonly share: number;
  readonly making: number;
  /** The policy and what the pacer does for it; the snapshot that it decides on; the look at all agents and calls on each tick. */
  readonly decision: Took;
  readonly snapshot: Took;
  readonly look: Took;
  /** All that was due within 10 ms: no turn of the event loop is longer than the longest of them. */
  readonly step: Took;
  /** How much later than due these would begin by their CPU, and with them the dialers' ticks, ms. */
  readonly late: { readonly p50: number; readonly p99: number; readonly most: number };
}

/**
 * Twenty campaigns on one thread, with the dialers of the product: all but leads, the law of the single dial and the switch.
 * Their clock goes on by what is due, however long it takes, so that other work on the machine delays nothing.
 */
export async function costOfMany(seconds: number, heed: () => void): Promise<ManyCost> {
  const making = await played(MAKING_SEC, heed, false);
  return { ...(await played(seconds, heed, true)), making: making.share };
}

async function played(seconds: number, heed: () => void, paced: boolean) {
  const clock = new SimulatedClock();
  const [calls, agents] = [new ManyCalls(), new Map<string, Candidate>()];
  const campaigns = Array.from({ length: CAMPAIGNS }, (_, n) => campaignOf(n, clock.now()));
  const house = paced ? manyHouse({ clock, campaigns, calls, agents }) : null;
  let moves = 0;
  const ears: Ears = {
    moved(state, before) {
      moves += 1;
      house?.moved(state, before);
    },
    agent(agent) {
      moves += 1;
      house?.fleet.follows(agent);
    },
    said: (campaignId, callId, agentId) => house?.fleet.runner(campaignId)?.sight.disposed(callId, agentId, true),
  };
  const parts = { ears, calls, agents, inFlight: IN_FLIGHT, perSec: STARTS_A_SECOND };
  const floors = campaigns.map((campaign, n) => new ManyFloor(campaign, { ...DAY, seed: n + 1 }, parts));
  const goOn = async (sec: number): Promise<readonly Lap[]> => {
    const laps: Lap[] = [];
    for (let ms = 0; ms < 1_000 * sec; ms += STEP_MS) {
      heed();
      const done = lap();
      for (const floor of floors) floor.runUntil(clock.now());
      await clock.advance(STEP_MS);
      laps.push(done());
    }
    return laps;
  };
  await house?.fleet.resume();
  await goOn(WARM_UP_SEC);
  moves = 0;
  const seen = watched();
  const steps = await goOn(seconds);
  const figures = { ...seen(1_000 * seconds), step: tookOf(steps), late: lateOf(steps) };
  house?.fleet.stop();
  const inFlight = floors.reduce((sum, floor) => sum + floor.inFlight, 0) / CAMPAIGNS;
  return { ...figures, campaigns: CAMPAIGNS, seconds, inFlight, movesPerSecond: moves / seconds };
}

/** Each waits for those before it (Lindley's recursion). */
function lateOf(steps: readonly Lap[]): ManyCost['late'] {
  let late = 0;
  const all = steps.map(({ cpu }) => {
    const now = late;
    late = Math.max(0, late + cpu - STEP_MS);
    return now;
  });
  const of = quantiles(all);
  return { p50: of(0.5), p99: of(0.99), most: of(1) };
}

const campaignOf = (n: number, createdAt: number): Campaign => ({
  ...AUTUMN,
  mode: 'predictive',
  maxLines: 10_000,
  cps: 1_000,
  ringMs: 1_000 * DAY.maxRingSec,
  id: `campaign-${n}`,
  status: 'running',
  createdAt,
});

/** From now on until what it answers is called; so much time of the campaigns has passed by then. */
function watched() {
  const [decision, snapshot] = [timed(CampaignPacer.prototype, 'decide'), timed(CampaignSight.prototype, 'state')];
  const look = timed(CampaignRunner.prototype, 'start');
  const cpu = process.threadCpuUsage();
  return (passedMs: number) => {
    const { user, system } = process.threadCpuUsage(cpu);
    return { share: (user + system) / 1_000 / passedMs, decision: decision(), snapshot: snapshot(), look: look() };
  };
}

/** Times every call of a method of a class, until what it answers is called. */
function timed<K extends string>(of: Record<K, (...args: never[]) => unknown>, name: K): () => Took {
  const laps: Lap[] = [];
  const plain = of[name];
  of[name] = function (this: unknown, ...args) {
    const done = lap();
    try {
      return plain.apply(this, args);
    } finally {
      laps.push(done());
    }
  };
  return () => {
    of[name] = plain;
    return tookOf(laps);
  };
}

interface Lap {
  readonly wall: number;
  readonly cpu: number;
}

function lap(): () => Lap {
  const [cpu, from] = [process.threadCpuUsage(), performance.now()];
  return () => {
    const wall = performance.now() - from;
    const { user, system } = process.threadCpuUsage(cpu);
    return { wall, cpu: (user + system) / 1_000 };
  };
}

function tookOf(laps: readonly Lap[]): Took {
  const [wall, cpu] = [quantiles(laps.map((each) => each.wall)), quantiles(laps.map((each) => each.cpu))];
  const mean = laps.reduce((sum, each) => sum + each.cpu, 0) / Math.max(1, laps.length);
  return { count: laps.length, p50: wall(0.5), p99: wall(0.99), cpu: mean, cpuP99: cpu(0.99), cpuMost: cpu(1) };
}

function quantiles(all: readonly number[]): (share: number) => number {
  const sorted = all.toSorted((a, b) => a - b);
  return (share) => quantile(sorted, share) ?? 0;
}
