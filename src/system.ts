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

/**
 * Ids that sort by the time of making, also those made in the same millisecond (the leads of a list are dialled in its
 * order): nine base-36 digits of milliseconds, four that count within one, then 64 random bits. A clock that is set back
 * is not followed.
 */
function sortingIds(): Ids {
  let [last, made] = [0, 0];
  return {
    next: (kind) => {
      const now = Math.max(Date.now(), last);
      made = now === last ? made + 1 : 0;
      last = now;
      const [time, count] = [now.toString(36).padStart(9, '0'), made.toString(36).padStart(4, '0')];
      return `${kind}-${time}${count}${randomBytes(8).toString('hex')}`;
    },
  };
}

export const systemIds: Ids = sortingIds();
