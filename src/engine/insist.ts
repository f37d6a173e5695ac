import type { Clock, Log } from './ports/time.ts';

const AGAIN_MS = 1_000;

/**
 * Does what must not be lost: tries now, and while the store is away once a second until it has worked. Resolves after the
 * first try, so that nobody on the telephone waits for a database.
 */
export async function insist(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  what: string,
  task: () => Promise<unknown>,
): Promise<void> {
  try {
    await task();
  } catch (error) {
    log.warn({ err: error, what }, 'store away: tried again until it is written');
    clock.at(clock.now() + AGAIN_MS, () => void insist({ clock, log }, what, task));
  }
}
