import type { Responder } from './house.ts';

/** The parts whose CPU time is counted, each a process of its own. */
export type Part = Responder | 'asterisk' | 'redis' | 'sql';

/** Times from the INVITE to the 200 OK as callers see them, ms. */
export interface Setup {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** One rate of calls, answered by one responder. */
export interface Step {
  readonly responder: Responder;
  readonly perSecond: number;
  readonly calls: number;
  readonly failed: number;
  /** Why calls failed, and how many for that. */
  readonly why: Readonly<Record<string, number>>;
  /** SIP messages that callers sent again, having had no answer within 500 ms. */
  readonly resent: number;
  /** Null when nobody was answered. */
  readonly setupMs: Setup | null;
  /** CPU time of each part that works for this responder, ÷ calls. */
  readonly cpuMsPerCall: Readonly<Partial<Record<Part, number>>>;
  /** Share of the machine that went to anything but this bench, 0 to 1; what the host took away is counted in. */
  readonly otherLoad: number;
}

/** Callwright ÷ bare at one rate that both were measured at. */
export interface Ratio {
  readonly perSecond: number;
  readonly setup: Setup | null;
  /** CPU of the responder's own process. */
  readonly cpuResponder: number;
  /** CPU of all parts together. */
  readonly cpuAll: number;
}

/** Longest p99 of set-up that a rate may show for a higher one to be tried. */
const TOO_SLOW_MS = 1_000;

/** Share of the machine from which on other load is worth a word beside the figures. */
export const NOISY_LOAD = 0.1;

/** The nearest-rank quantile: the least value that at least this share of all values does not exceed. */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

export function setupOf(times: readonly number[]): Setup | null {
  const sorted = times.toSorted((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share));
  return p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 };
}

/** May a higher rate be tried after this one? */
export const sustained = ({ failed, setupMs }: Step): boolean =>
  failed === 0 && setupMs !== null && setupMs.p99 <= TOO_SLOW_MS;

export const total = ({ cpuMsPerCall }: Step): number =>
  Object.values(cpuMsPerCall).reduce((sum, part) => sum + part, 0);

export function ratios(steps: readonly Step[]): readonly Ratio[] {
  return steps.flatMap((ours) => {
    const bare = steps.find(({ responder, perSecond }) => responder === 'bare' && perSecond === ours.perSecond);
    return ours.responder === 'callwright' && bare ? [ratio(ours, bare)] : [];
  });
}

function ratio(ours: Step, bare: Step): Ratio {
  const [a, b] = [ours.setupMs, bare.setupMs];
  return {
    perSecond: ours.perSecond,
    setup: a && b && { p50: a.p50 / b.p50, p95: a.p95 / b.p95, p99: a.p99 / b.p99 },
    cpuResponder: (ours.cpuMsPerCall.callwright ?? 0) / (bare.cpuMsPerCall.bare ?? 0),
    cpuAll: total(ours) / total(bare),
  };
}

/** Figures as people need them: the rest is noise, and makes the line long. */
export const short = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toFixed(3)) : value;
