import type { EpochMs } from '../../call/ids.ts';

const REDIAL_MS = 5 * 60_000;

/** Who has called before. Customers are known by their number, so one who withholds it is nobody. */
export class Customers {
  readonly #arrived = new Map<string, EpochMs>();
  readonly #handled = new Map<string, EpochMs>();
  readonly #repeatMs: number;

  constructor(repeatMs: number) {
    this.#repeatMs = repeatMs;
  }

  /** Whether this call comes within 5 minutes of an earlier one. */
  arrived(ani: string, at: EpochMs): boolean {
    return within(this.#arrived, ani, at, REDIAL_MS);
  }

  /** Whether the customer was served in this queue not long ago. */
  handled(ani: string, queue: string, at: EpochMs): boolean {
    return within(this.#handled, `${queue} ${ani}`, at, this.#repeatMs);
  }
}

/** Maps keep the order of insertion, so who was seen longest ago stands in front and is forgotten. */
function within(seen: Map<string, EpochMs>, key: string, at: EpochMs, windowMs: number): boolean {
  const last = seen.get(key);
  seen.delete(key);
  seen.set(key, at);
  for (const [old, when] of seen) {
    if (at - when <= windowMs) break;
    seen.delete(old);
  }
  return last !== undefined && at - last <= windowMs;
}
