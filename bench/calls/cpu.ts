import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { machineNow, timesOf } from './proc.ts';

/** Process ids of the parts that are measured. */
type Pids<Part extends string> = Readonly<Record<Part, number>>;

/** CPU time so far, ms. */
export interface Reading<Part extends string> {
  /** Clock time, ms. */
  readonly at: number;
  readonly machine: number;
  /** This process and its children that have ended. */
  readonly bench: number;
  readonly parts: Readonly<Record<Part, number>>;
}

export function reading<Part extends string>(pids: Pids<Part>): Reading<Part> {
  const { ownMs, endedChildrenMs } = timesOf(process.pid);
  const parts = Object.fromEntries(partsOf(pids).map((part) => [part, timesOf(pids[part]).ownMs]));
  return {
    at: performance.now(),
    machine: machineNow(),
    bench: ownMs + endedChildrenMs,
    parts: parts as Record<Part, number>,
  };
}

/** What each part has spent between two readings, ms. */
export function spent<Part extends string>(before: Reading<Part>, after: Reading<Part>): Record<Part, number> {
  const parts = partsOf(before.parts).map((part) => [part, after.parts[part] - before.parts[part]]);
  return Object.fromEntries(parts) as Record<Part, number>;
}

/** Share of the machine that went to anything else between two readings, 0 to 1. */
export function otherLoad<Part extends string>(before: Reading<Part>, after: Reading<Part>): number {
  const ours = sum(after) - sum(before) + after.bench - before.bench;
  const others = after.machine - before.machine - ours;
  return Math.max(0, others / (availableParallelism() * (after.at - before.at)));
}

const LOOK_EVERY_MS = 250;
/** Less than this between two looks is idling. */
const IDLE_MS = 30;
const QUIET_WITHIN_MS = 5_000;

/** Work put off counts too: waits until nobody works any more. */
export async function quiet<Part extends string>(pids: Pids<Part>, signal: AbortSignal): Promise<void> {
  const limit = performance.now() + QUIET_WITHIN_MS;
  let before = sum(reading(pids));
  while (performance.now() < limit) {
    await pause(LOOK_EVERY_MS, undefined, { signal });
    const now = sum(reading(pids));
    if (now - before < IDLE_MS) return;
    before = now;
  }
}

const sum = ({ parts }: Reading<string>): number => Object.values(parts).reduce((all, ms) => all + ms, 0);

const partsOf = <Part extends string>(parts: Readonly<Record<Part, unknown>>): readonly Part[] =>
  Object.keys(parts) as Part[];
