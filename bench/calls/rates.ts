import type { Progress } from '../../src/local/debian.ts';
import { callIn, type Called } from './callers.ts';
import { otherLoad, quiet, type Reading, reading, spent } from './cpu.ts';
import type { House, Responder } from './house.ts';
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
    const before = reading(house.pids);
    const called = await callIn({ root, folder, to: NUMBERS[responder], at, perSecond, calls, signal });
    await quiet(house.pids, signal);
    return stepOf(responder, perSecond, calls, called, before, reading(house.pids));
  } finally {
    stopTelling();
  }
}

function stepOf(
  responder: Responder,
  perSecond: number,
  calls: number,
  { served, why, resent, setupMs }: Called,
  before: Reading<Part>,
  after: Reading<Part>,
): Step {
  const used = spent(before, after);
  return {
    responder,
    perSecond,
    calls,
    why,
    resent,
    failed: calls - served,
    setupMs: setupOf(setupMs),
    cpuMsPerCall: Object.fromEntries(WORKERS[responder].map((part) => [part, used[part] / calls])),
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
