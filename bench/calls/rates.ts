import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from '../../src/local/debian.ts';
import { callIn, type Called } from './callers.ts';
import type { House, Responder } from './house.ts';
import { machineNow, timesOf } from './proc.ts';
import { type Part, setupOf, type Step, sustained } from './statistics.ts';

export interface Climb {
  readonly house: House;
  readonly rates: readonly number[];
  /** Length of a step. */
  readonly seconds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const NAMES = { callwright: 'Callwright', bare: 'the bare responder' } as const;
const NUMBERS = { callwright: '600', bare: 'bare' } as const;
const WORKERS: Readonly<Record<Responder, readonly Part[]>> = {
  callwright: ['callwright', 'asterisk', 'redis', 'sql'],
  bare: ['bare', 'asterisk'],
};
/** Calls that nobody counts: what runs for the first time is slow. */
const WARM_UP = { perSecond: 20, seconds: 3 } as const;

/** Both responders at rising rates, each until it fails or is too slow. Who goes first alternates, as nobody is to be favoured. */
export async function climb(climb: Climb): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const climbing = new Set<Responder>(['callwright', 'bare']);
  for (const responder of climbing) await step({ ...climb, seconds: WARM_UP.seconds }, responder, WARM_UP.perSecond);
  for (const [index, perSecond] of climb.rates.entries()) {
    const order = index % 2 === 0 ? (['callwright', 'bare'] as const) : (['bare', 'callwright'] as const);
    for (const responder of order.filter((one) => climbing.has(one))) {
      const done = await step(climb, responder, perSecond);
      steps.push(done);
      if (!sustained(done)) climbing.delete(responder);
    }
  }
  return steps;
}

async function step(climb: Climb, responder: Responder, perSecond: number): Promise<Step> {
  const { house, seconds, signal } = climb;
  const { root, folder, sip: at } = house;
  const calls = perSecond * seconds;
  const stopTelling = tell(climb, `${perSecond} calls/s to ${NAMES[responder]}`);
  try {
    const before = reading(house);
    const called = await callIn({ root, folder, to: NUMBERS[responder], at, perSecond, calls, signal });
    await quiet(house, signal);
    return stepOf(responder, perSecond, calls, called, before, reading(house));
  } finally {
    stopTelling();
  }
}

function stepOf(
  responder: Responder,
  perSecond: number,
  calls: number,
  { served, why, resent, setupMs }: Called,
  before: Reading,
  after: Reading,
): Step {
  const perCall = (part: Part): number => (after.parts[part] - before.parts[part]) / calls;
  return {
    responder,
    perSecond,
    calls,
    why,
    resent,
    failed: calls - served,
    setupMs: setupOf(setupMs),
    cpuMsPerCall: Object.fromEntries(WORKERS[responder].map((part) => [part, perCall(part)])),
    otherLoad: otherLoad(before, after),
  };
}

/** Shows how far the step is. */
function tell({ progress, seconds }: Climb, text: string): () => void {
  const began = performance.now();
  const show = () => progress({ text, done: Math.min(seconds, (performance.now() - began) / 1_000), total: seconds });
  show();
  const timer = setInterval(show, 250);
  return () => clearInterval(timer);
}

interface Reading {
  readonly at: number;
  readonly machine: number;
  /** This process and the SIPps that have ended. */
  readonly bench: number;
  readonly parts: Readonly<Record<Part, number>>;
}

function reading({ pids }: House): Reading {
  const { ownMs, endedChildrenMs } = timesOf(process.pid);
  const own = (part: Part): number => timesOf(pids[part]).ownMs;
  const parts = {
    callwright: own('callwright'),
    bare: own('bare'),
    asterisk: own('asterisk'),
    redis: own('redis'),
    sql: own('sql'),
  };
  return { at: performance.now(), machine: machineNow(), bench: ownMs + endedChildrenMs, parts };
}

const spentByUs = ({ parts }: Reading): number => Object.values(parts).reduce((sum, ms) => sum + ms, 0);

function otherLoad(before: Reading, after: Reading): number {
  const ours = spentByUs(after) - spentByUs(before) + after.bench - before.bench;
  const others = after.machine - before.machine - ours;
  return Math.max(0, others / (availableParallelism() * (after.at - before.at)));
}

const LOOK_EVERY_MS = 250;
/** Less than this between two looks is idling. */
const IDLE_MS = 30;
const QUIET_WITHIN_MS = 5_000;

/** Work put off counts too: waits until nobody works any more. */
async function quiet(house: House, signal: AbortSignal): Promise<void> {
  const limit = performance.now() + QUIET_WITHIN_MS;
  let before = spentByUs(reading(house));
  while (performance.now() < limit) {
    await pause(LOOK_EVERY_MS, undefined, { signal });
    const now = spentByUs(reading(house));
    if (now - before < IDLE_MS) return;
    before = now;
  }
}
