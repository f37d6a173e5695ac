import type { EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';

const REDIAL_MS = 5 * 60_000;

/** Who has called before. Customers are known by their number, so one who withholds it is nobody. */
export class Customers {
  readonly #arrived = new Map<string, EpochMs>();
  readonly #handled = new Map<string, EpochMs>();
  readonly #repeatMs: number;
  /** Numbers of calls from before the span, as long as nobody has answered them. */
  readonly #early = new Map<string, string>();

  constructor(repeatMs: number) {
    this.#repeatMs = repeatMs;
  }

  /** What was before the span that is counted: who called and was served then may have called again. */
  before({ type, subject, at, data }: JournalEvent): void {
    if (type === 'call.arrived' && data.direction === 'inbound' && data.ani !== null) {
      this.arrived(data.ani, at);
      this.#early.set(subject, data.ani);
    }
    if (type !== 'call.connected' && type !== 'call.ended') return;
    const ani = this.#early.get(subject);
    this.#early.delete(subject);
    if (type === 'call.connected' && ani !== undefined) this.handled(ani, data.queue, at);
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
