import type { Clock } from '../../engine/ports/time.ts';

/** What a task comes to, or `late` when it takes longer: nobody waits for ever. */
export async function within<T, L>(clock: Clock, ms: number, task: Promise<T>, late: L): Promise<T | L> {
  const { promise, resolve } = Promise.withResolvers<L>();
  const cancel = clock.at(clock.now() + ms, () => resolve(late));
  const result = await Promise.race([task, promise]);
  cancel();
  return result;
}
