import type { EpochMs } from '../call/ids.ts';

export interface Cache<T> {
  get(key: string, now: EpochMs): T | null;
  put(key: string, entry: Entry<T>): void;
}

interface Entry<T> {
  readonly value: T;
  readonly until: EpochMs;
  /** What it came from had this many bytes. */
  readonly bytes: number;
}

/** Keeps what was used last, within a number of entries and of bytes. */
export function createCache<T>(limits: { readonly entries: number; readonly bytes: number }): Cache<T> {
  // A Map keeps the order of insertion: the first key is the one longest unused.
  const entries = new Map<string, Entry<T>>();
  let bytes = 0;
  const drop = (key: string) => {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  const add = (key: string, entry: Entry<T>) => {
    entries.set(key, entry);
    bytes += entry.bytes;
  };
  return {
    get(key, now) {
      const entry = entries.get(key);
      if (!entry) return null;
      drop(key);
      if (entry.until <= now) return null;
      add(key, entry);
      return entry.value;
    },
    put(key, entry) {
      drop(key);
      add(key, entry);
      for (const oldest of entries.keys()) {
        if (entries.size <= limits.entries && bytes <= limits.bytes) break;
        drop(oldest);
      }
    },
  };
}
