import { lognormal, PLAIN_DAY, type Scenario, simulate } from '../../src/dialer/lab/index.ts';
import { quantile } from '../calls/statistics.ts';
import { callwright } from './contestants.ts';

/** What a decision of Callwright's policy costs on a large floor, in ms of CPU-bound time as the wall clock sees it. */
export interface Cost {
  readonly decisions: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Dials in flight at those decisions, their mean. */
  readonly inFlight: number;
}

const AGENTS = 300;
const IN_FLIGHT = 1_000;

/** The ringing is long and answers are rare, so that a thousand dials are in flight and more. */
const LARGE: Scenario = {
  ...PLAIN_DAY,
  name: '300 agents, 1,000 calls in flight',
  agents: AGENTS,
  hours: 0.5,
  talk: lognormal(60, 0.9),
  regimes: [{ fromSec: 0, person: 0.06, machine: 0, busy: 0 }],
};

export function costOfDecision(): Cost {
  const took: number[] = [];
  let inFlight = 0;
  const timed: typeof callwright = (config, oracle) => {
    const policy = callwright(config, oracle);
    return {
      ...(policy.decideOn && { decideOn: policy.decideOn }),
      on: (event) => policy.on(event),
      decide(state) {
        const before = performance.now();
        const decision = policy.decide(state);
        const ms = performance.now() - before;
        if (state.calls.length < IN_FLIGHT) return decision;
        took.push(ms);
        inFlight += state.calls.length;
        return decision;
      },
    };
  };
  simulate(LARGE, timed, { sampleSec: 0 });
  const sorted = took.toSorted((a, b) => a - b);
  const of = (share: number) => quantile(sorted, share) ?? 0;
  return { decisions: took.length, p50: of(0.5), p99: of(0.99), most: of(1), inFlight: inFlight / (took.length || 1) };
}
