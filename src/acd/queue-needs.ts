import { judgeOverflow, type Overflowing, type QueueFigures } from './policy.ts';
import type { CallId, EpochMs } from '../call/ids.ts';
import type { Overflow, QueueRequest } from '../call/routing.ts';

/** What a call asks of agents; calls that ask the same wait alike. */
export type Asked = Pick<QueueRequest, 'require' | 'relax'>;

/** Of one call. */
interface Member {
  readonly id: CallId;
  readonly asked: Asked;
}

interface Need<T> {
  readonly asked: Asked;
  readonly calls: Map<CallId, T>;
  inForce: Overflowing;
}

const NOTHING: Asked = { require: [], relax: [] };

/**
 * Who helps out in a queue, by what its waiting calls ask: who asks for a rare skill waits long where all others are
 * served at once. One figure is looked up for each need, not for each call.
 */
export class QueueNeeds<T extends Member> {
  readonly #needs = new Map<string, Need<T>>();
  /** Of calls that ask for nothing: it holds for all, for nobody who asks more waits shorter. */
  readonly #plain: Need<T> = { asked: NOTHING, calls: new Map(), inForce: [] };

  /** Which entries of `overflow` are in force for any of its calls. */
  get inForce(): Overflowing {
    const all = [this.#plain, ...this.#needs.values()].map(({ inForce }) => inForce);
    const longest = Math.max(...all.map(({ length }) => length));
    return Array.from({ length: longest }, (_, at) => all.find((one) => one[at])?.[at] ?? null);
  }

  join(call: T): void {
    const key = keyOf(call.asked);
    const need = this.#needs.get(key) ?? { asked: call.asked, calls: new Map(), inForce: this.#plain.inForce };
    this.#needs.set(key, need);
    need.calls.set(call.id, call);
  }

  leave({ id, asked }: T): void {
    this.#needs.get(keyOf(asked))?.calls.delete(id);
  }

  /** Which entries of `overflow` are in force for this call. */
  of({ asked }: T): Overflowing {
    return this.#needs.get(keyOf(asked))?.inForce ?? this.#plain.inForce;
  }

  /**
   * Moves all needs on, `figures` being those of who asks for nothing, and `estimate` the wait of who would join now and
   * asks for this, ms. Answers the calls for which something changed.
   */
  judge(
    overflow: readonly Overflow[],
    figures: QueueFigures,
    estimate: (asked: Asked) => number | null,
    now: EpochMs,
  ): readonly T[] {
    const changed: T[] = [];
    this.#plain.inForce = judgeOverflow(overflow, figures, this.#plain.inForce, now);
    const byEstimate = overflow.some(({ when }) => when.estimateOverMs !== undefined);
    for (const [key, need] of this.#needs) {
      const before = need.inForce;
      const own = byEstimate && need.calls.size > 0 ? estimate(need.asked) : null;
      const estimateMs = longer(figures.estimateMs, own);
      need.inForce = judgeOverflow(overflow, { ...figures, estimateMs }, before, now);
      if (overflow.some((_, at) => isOn(before, at) !== isOn(need.inForce, at))) changed.push(...need.calls.values());
      // One whose last call has gone is kept until it is calm, so that help does not come and go with each call.
      if (need.calls.size === 0 && need.inForce.every((one) => one === null)) this.#needs.delete(key);
    }
    return changed;
  }
}

const isOn = (inForce: Overflowing, at: number): boolean => (inForce[at] ?? null) !== null;

const keyOf = ({ require, relax }: Asked): string => JSON.stringify([require, relax]);

function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
