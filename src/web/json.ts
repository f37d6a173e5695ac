import type { Json } from '../call/request.ts';

const DEEPEST = 32;

/**
 * Reads JSON that a stranger sent: frozen, without `__proto__` keys, at most 32 levels deep. An integer too large for a
 * number becomes its digits: a customer's id that ends in the wrong digit is another customer. Undefined: it is not JSON.
 */
export function readJson(bytes: Uint8Array): Json | undefined {
  try {
    return clean(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), exactly), 1);
  } catch {
    return undefined;
  }
}

function exactly(_key: string, value: unknown, written?: { readonly source?: string }): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? (written?.source ?? value) : value;
}

/** @throws RangeError when it is too deep. */
function clean(value: unknown, depth: number): Json {
  if (value === null || typeof value !== 'object') return value as Json;
  if (depth > DEEPEST) throw new RangeError('too deep');
  if (Array.isArray(value)) return Object.freeze(value.map((item) => clean(item, depth + 1)));
  const kept = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.freeze(Object.fromEntries(kept.map(([key, item]) => [key, clean(item, depth + 1)])));
}
