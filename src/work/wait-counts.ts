import type { EpochMs, QueueName } from '../call/ids.ts';

/** A wait in a queue that ended: by an agent, by hanging up, without being served, or by another way that the caller chose. */
interface EndedWait {
  readonly queue: QueueName;
  readonly at: EpochMs;
  readonly how: 'answered' | 'abandoned' | 'unserved' | 'left';
  readonly ms: number;
}

interface Counts {
  /** All that ended. */
  ended: number;
  answered: number;
  /** Of these within the target. */
  inTime: number;
  unserved: number;
  /** Abandoned after the target. */
  abandonedLate: number;
  abandoned: number;
  /** Of these within T_short. */
  abandonedShort: number;
}

/** A share with what it is counted from; null: nothing to divide by. */
interface Counted {
  readonly value: number | null;
  readonly sample: number;
}

/** Waits are counted together that ended in the same span of this length; so much a window may reach too far back. */
export const BUCKET_MS = 15_000;

const none = (): Counts => ({
  ended: 0,
  answered: 0,
  inTime: 0,
  unserved: 0,
  abandonedLate: 0,
  abandoned: 0,
  abandonedShort: 0,
});

/** Ended waits by queue and time, as counts: what is kept does not grow with the calls. */
export class WaitCounts {
  readonly #queues = new Map<QueueName, Map<number, Counts>>();

  see({ queue, at, how, ms }: EndedWait, targetMs: number, shortMs: number): void {
    const buckets = this.#queues.get(queue) ?? new Map<number, Counts>();
    this.#queues.set(queue, buckets);
    const bucket = Math.floor(at / BUCKET_MS);
    const counts = buckets.get(bucket) ?? none();
    buckets.set(bucket, counts);
    counts.ended += 1;
    if (how === 'answered') counts.answered += 1;
    if (how === 'answered' && ms <= targetMs) counts.inTime += 1;
    if (how === 'unserved') counts.unserved += 1;
    if (how !== 'abandoned') return;
    counts.abandoned += 1;
    if (ms > targetMs) counts.abandonedLate += 1;
    if (ms <= shortMs) counts.abandonedShort += 1;
  }

  /** Answered within the target ÷ (answered + abandoned after the target + left unserved), since then. */
  serviceLevel(queue: QueueName, since: EpochMs): Counted {
    const { inTime, answered, abandonedLate, unserved } = this.#since(queue, since);
    return shareOf(inTime, answered + abandonedLate + unserved);
  }

  /** Abandoned after T_short ÷ (all that ended − abandoned within T_short), since then. */
  abandonment(queue: QueueName, since: EpochMs): Counted {
    const { abandoned, abandonedShort, ended } = this.#since(queue, since);
    return shareOf(abandoned - abandonedShort, ended - abandonedShort);
  }

  /** What ended before is asked for no more. */
  forget(before: EpochMs): void {
    const first = Math.floor(before / BUCKET_MS);
    for (const buckets of this.#queues.values()) {
      for (const bucket of buckets.keys()) if (bucket < first) buckets.delete(bucket);
    }
  }

  #since(queue: QueueName, since: EpochMs): Counts {
    const sum = none();
    const first = Math.floor(since / BUCKET_MS);
    for (const [bucket, counts] of this.#queues.get(queue) ?? []) {
      if (bucket < first) continue;
      for (const part of PARTS) sum[part] += counts[part];
    }
    return sum;
  }
}

const PARTS = Object.keys(none()) as (keyof Counts)[];

const shareOf = (part: number, sample: number): Counted => ({ value: sample > 0 ? part / sample : null, sample });
