import type { Log } from '../../src/engine/ports/time.ts';

/** A log that nobody reads. */
export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
