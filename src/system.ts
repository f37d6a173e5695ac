import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from './engine/ports/time.ts';

/** Node's timers fire at once beyond this; longer waits are taken in steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, task) {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = at - Date.now();
      timer = setTimeout(left > LONGEST_TIMER_MS ? wait : task, Math.min(Math.max(left, 0), LONGEST_TIMER_MS));
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};

/** Ids that sort by time: nine base-36 digits of milliseconds, then 64 random bits. */
export const systemIds: Ids = {
  next: (kind) => `${kind}-${Date.now().toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`,
};
