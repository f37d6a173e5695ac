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
}

const IN_FLIGHT = 1_000;
/** What runs for the first time is slow. */
const WARM_UP = 200;

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
  const took: number[] = [];
  let cpuUs = 0;
  const timed: MakePolicy = (config, oracle) => {
    const policy = callwright(config, oracle);
    return {
      on: (event) => policy.on(event),
      decide(state) {
        const [cpu, before] = [process.threadCpuUsage(), performance.now()];
        policy.decide(state);
        took.push(performance.now() - before);
        const { user, system } = process.threadCpuUsage(cpu);
        cpuUs += user + system;
        return IN_FLIGHT - state.calls.length;
      },
    };
  };
  simulate(LARGE, timed, { sampleSec: 0 });
  const sorted = took.slice(WARM_UP).toSorted((a, b) => a - b);
  const of = (share: number) => quantile(sorted, share) ?? 0;
  return { decisions: sorted.length, p50: of(0.5), p99: of(0.99), most: of(1), cpu: cpuUs / 1_000 / took.length };
}
