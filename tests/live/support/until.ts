import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 15_000;
/** The API allows 20 requests a second. */
const EVERY_MS = 100;

interface Bounds {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Looks again and again until `ready` likes what it sees, and answers that.
 *
 * @throws Error that says what was awaited and what was seen last.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  ready: (seen: T) => boolean,
  { withinMs = WITHIN_MS, everyMs = EVERY_MS }: Bounds = {},
): Promise<T> {
  const limit = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (ready(seen)) return seen;
    if (performance.now() > limit) {
      throw new Error(`waited ${withinMs} ms for ${what}; last seen: ${JSON.stringify(seen, null, 1)}`);
    }
    await pause(everyMs);
  }
}
