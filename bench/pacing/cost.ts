import { type MakePolicy, PLAIN_DAY, type Scenario, simulate } from '../../src/dialer/lab/index.ts';
import { quantile } from '../calls/statistics.ts';
import { callwright } from './contestants.ts';

/** What a decision of Callwright's policy costs on a large floor, in ms as the wall clock sees it, once the code is warm. */
export interface Cost {
  readonly decisions: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Mean CPU of the thread, which neighbours on the machine do not lengthen; its clock is too coarse for one decision. */
  readonly cpu: number;
  /** CPU per decision of the dearest of a hundred batches of 20: the thread's clock goes in steps of up to 4 ms, 0.2 ms of a batch. */
  readonly cpuP99: number;
  /** CPU of one such campaign's policy ÷ time that passes, where it is told of every event and decides after each, as the engine does. */
  readonly share: number;
}

const IN_FLIGHT = 1_000;
/** What runs for the first time is slow. */
const WARM_UP = 200;
const BATCH = 20;

/** A thousand dials of which 7.5 % are answered keep 300 agents just about busy. */
const LARGE: Scenario = {
  ...PLAIN_DAY,
  name: '300 agents, 1,000 calls in flight',
  agents: 300,
  hours: 0.5,
  regimes: [{ fromSec: 0, person: 0.075, machine: 0, busy: 0 }],
};

/** The policy decides and is timed at each tick; what is dialled keeps a thousand calls in flight whatever it says. */
export function costOfDecision(): Cost {
  return { ...costOfTicks(), share: shareOfCore() };
}

function costOfTicks(): Omit<Cost, 'share'> {
  const took: number[] = [];
  const cpuMs: number[] = [];
  const timed: MakePolicy = (config, oracle) => {
    const policy = callwright(config, oracle);
    return {
      on: (event) => policy.on(event),
      decide(state) {
        const [cpu, before] = [process.threadCpuUsage(), performance.now()];
        policy.decide(state);
        took.push(performance.now() - before);
        const { user, system } = process.threadCpuUsage(cpu);
        cpuMs.push((user + system) / 1_000);
        return IN_FLIGHT - state.calls.length;
      },
    };
  };
  simulate(LARGE, timed, { sampleSec: 0 });
  const sorted = took.slice(WARM_UP).toSorted((a, b) => a - b);
  const of = (share: number) => quantile(sorted, share) ?? 0;
  const batches = batchesOf(cpuMs.slice(WARM_UP)).toSorted((a, b) => a - b);
  const cpu = batches.reduce((sum, each) => sum + each, 0) / Math.max(1, batches.length);
  const cpuP99 = quantile(batches, 0.99) ?? 0;
  return { decisions: sorted.length, p50: of(0.5), p99: of(0.99), most: of(1), cpu, cpuP99 };
}

/** Between two ticks the engine decides on the floor as it is then; here it is that of the tick, of the same size. */
function shareOfCore(): number {
  let cpuMs = 0;
  const busy: MakePolicy = (config, oracle) => {
    const policy = callwright(config, oracle);
    let floor: Parameters<typeof policy.decide>[0] | null = null;
    return {
      on(event) {
        const before = process.threadCpuUsage();
        policy.on(event);
        if (floor) policy.decide(floor);
        const { user, system } = process.threadCpuUsage(before);
        cpuMs += (user + system) / 1_000;
      },
      decide(state) {
        floor = state;
        return IN_FLIGHT - state.calls.length;
      },
    };
  };
  const { hours } = LARGE;
  simulate(LARGE, busy, { sampleSec: 0 });
  return cpuMs / (hours * 3_600_000);
}

/** The mean of each whole batch. */
const batchesOf = (all: readonly number[]): readonly number[] =>
  Array.from({ length: Math.floor(all.length / BATCH) }, (_, n) =>
    all.slice(n * BATCH, (n + 1) * BATCH).reduce((sum, each) => sum + each / BATCH, 0),
  );
