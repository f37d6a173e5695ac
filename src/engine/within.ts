import type { Clock } from './ports/time.ts';

/** What a task comes to, or `late` when it has not come to anything by then; it may go on, and nobody waits for it. */
export async function within<T, L>(clock: Clock, ms: number, task: Promise<T>, late: L): Promise<T | L> {
  const over = Promise.withResolvers<L>();
  const cancel = clock.at(clock.now() + ms, () => over.resolve(late));
  try {
    return await Promise.race([task, over.promise]);
  } finally {
    cancel();
  }
}

/** Resolves after that time. */
export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.at(clock.now() + ms, resolve);
  });
