import type { EpochMs } from '../../call/ids.ts';

/** Time comes through the door, so that a whole day of calls can be walked in milliseconds. */
export interface Clock {
  now(): EpochMs;
  /** Runs `task` once at or just after `at`; the returned function takes it back, at any time and any number of times. */
  at(at: EpochMs, task: () => void): () => void;
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
