import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 15_000;
/** The API allows 20 requests a second. */
const EVERY_MS = 100;

interface Bounds {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Looks again and again until `ready` likes what it sees, and answers that. A look that fails is one that saw nothing yet: a
 * machine that stands still for a second costs a client of Redis its answer.
 *
 * @throws Error that says what was awaited and what was seen last, or why nothing was.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  ready: (seen: T) => boolean,
  { withinMs = WITHIN_MS, everyMs = EVERY_MS }: Bounds = {},
): Promise<T> {
  const limit = performance.now() + withinMs;
  for (;;) {
    const seen = await settled(look);
    if ('value' in seen && ready(seen.value)) return seen.value;
    if (performance.now() > limit) {
      const last = 'value' in seen ? JSON.stringify(seen.value, null, 1) : String(seen.error);
      throw new Error(
        `waited ${withinMs} ms for ${what}; last seen: ${last}`,
        'error' in seen ? { cause: seen.error } : {},
      );
    }
    await pause(everyMs);
  }
}

async function settled<T>(look: () => T | Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await look() };
  } catch (error) {
    return { error };
  }
}
