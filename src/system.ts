import { randomFillSync } from 'node:crypto';
import type { Clock, Ids } from './engine/ports/time.ts';

/** Node's timers fire at once beyond this; longer waits are taken in steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's own clock. Its timers keep no process alive, and never ring before their time: Node's count by another clock
 * than the one they are set by and come up to a millisecond early, and the clock may be set back. A task that finds nothing
 * due yet would not be run again.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, task) {
    let timer: NodeJS.Timeout;
    const set = (ms: number) => {
      timer = setTimeout(ring, Math.min(ms, LONGEST_TIMER_MS));
      timer.unref();
    };
    const ring = () => {
      const left = at - Date.now();
      if (left > 0) set(left);
      else task();
    };
    set(Math.max(at - Date.now(), 0));
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
      return `${kind}-${time}${count}${random()}`;
    },
  };
}

const RANDOM_BYTES = 8;
/** Asking the system for a few bytes costs more than all the rest of an id. */
const pool = Buffer.alloc(RANDOM_BYTES * 512);
let used = pool.length;

/** 64 random bits in hexadecimal, each used once. */
function random(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.toString('hex', used - RANDOM_BYTES, used);
}

export const systemIds: Ids = sortingIds();
