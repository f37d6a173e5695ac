import type { Clock } from '../engine/ports/time.ts';

const LONGEST_MS = 10_000;

/** Runs a task that is told to end when its time is over. */
export async function within<T>(clock: Clock, ms: number, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = clock.at(clock.now() + Math.min(ms, LONGEST_MS), () => controller.abort());
  return task(controller.signal).finally(cancel);
}
