import type { EpochMs } from '../../call/ids.ts';

/** Time comes through the door, so that a whole day of calls can be walked in milliseconds. */
export interface Clock {
  now(): EpochMs;
  /** Runs `task` once at or just after `at`; the returned function takes it back, at any time and any number of times. */
  at(at: EpochMs, task: () => void): () => void;
}

/** A timer so late tells that the process stood still; what happened meanwhile has still to be read. */
const STOOD_STILL_MS = 30;
/** Reading it takes no longer, also when the machine stood still and with it the switch. */
const READING_MS = 250;

/**
 * As `clock.at`, for a task that something else makes needless when it comes in time: a key, an answer. After a standstill what
 * came in time is read before anybody is called late: for as long as the task is late already, at most 250 ms.
 */
export function unlessHeard(clock: Clock, at: EpochMs, task: () => void): () => void {
  const due = Math.max(at, clock.now());
  let cancel = clock.at(at, () => {
    const late = clock.now() - due;
    if (late <= STOOD_STILL_MS) task();
    else cancel = clock.at(clock.now() + Math.min(late, READING_MS), task);
  });
  return () => cancel();
}

/** Identity comes through the door. Ids are unique over all processes and restarts and sort by time of making. */
export interface Ids {
  next(
    kind:
      | 'call'
      | 'leg'
      | 'bridge'
      | 'attempt'
      | 'campaign'
      | 'lead'
      | 'token'
      | 'dnc'
      | 'webhook'
      | 'follow-up'
      | 'erasure',
  ): string;
}

/** Structured log of one component. Numbers, digits and names of people go under `pii` and nowhere else. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export interface LogFields {
  readonly pii?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}
