import { fateOf, type MakePolicy, type Oracle, type Scenario } from '../../../src/dialer/lab/index.ts';
import type { DialerState, Policy } from '../../../src/dialer/pacing/policy.ts';

const BIN_SEC = 0.5;
const DRAWS = 20_000;
/** Up to so many answers that must not come, their chances are reckoned exactly. */
const EXACT = 16;

/** Of one dial, by half seconds from the launch: answered by somebody for an agent by then, and still out. */
interface Course {
  readonly answered: readonly number[];
  readonly out: readonly number[];
}

/**
 * Knows in advance when each busy agent will be free, and the true chances of ringing and answering, though not which call
 * answers. Dials while the last dial is lost with no more than the price's chance. The price of an abandoned call is the same
 * all day and found by search: what a policy without a crystal ball cannot beat by much.
 */
export const knowsEnds =
  (day: Scenario, price: number): MakePolicy =>
  (_config, oracle) =>
    new KnowsEnds(day, oracle, price);

class KnowsEnds implements Policy {
  readonly #day: Scenario;
  readonly #oracle: Oracle;
  readonly #price: number;
  readonly #bins: number;
  readonly #courses = new Map<number, Course>();

  constructor(day: Scenario, oracle: Oracle, price: number) {
    this.#day = day;
    this.#oracle = oracle;
    this.#price = price;
    this.#bins = Math.ceil((day.maxRingSec + (day.amd ? 8 : 0)) / BIN_SEC);
  }

  on(): void {} // the snapshot and the crystal ball say it all

  decide(state: DialerState): number {
    const course = this.#courseAt(state.now);
    const horizon = this.#horizon(state, course);
    const most = Math.min(state.lines.max - state.lines.inUse, 50 + 4 * state.agents.length);
    for (let n = 0; n < most; n += 1) {
      if (lossOf(horizon, course) > this.#price) return n;
      for (const [k, ahead] of horizon.entries()) ahead.add(course.answered[k] ?? 0);
    }
    return most;
  }

  /** For each half second ahead: the answers that agents can take, and the chances of answers of what is out. */
  #horizon(state: DialerState, course: Course): Ahead[] {
    const { now, agents, counts, calls } = state;
    const ends = agents.flatMap(({ id, state: is }) => (is === 'idle' ? [] : this.#oracle.freeAt(id) - now));
    ends.sort((a, b) => a - b);
    let ended = 0;
    const ages = new Map<number, number>();
    for (const { launchedAt } of calls) {
      const age = Math.min(this.#bins - 1, Math.floor((now - launchedAt) / BIN_SEC));
      ages.set(age, (ages.get(age) ?? 0) + 1);
    }
    const waiting = counts.waiting;
    return Array.from({ length: this.#bins }, (_, k) => {
      const until = (k + 1) * BIN_SEC + this.#day.connectDeadlineSec;
      while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= until) ended += 1;
      const ahead = new Ahead(counts.idle - waiting + ended);
      for (const [age, count] of ages) ahead.add(chance(course, age, k), count);
      return ahead;
    });
  }

  /** The course of a dial that is launched now: drawn often from the scenario itself. */
  #courseAt(now: number): Course {
    const regime = this.#day.regimes.findLastIndex(({ fromSec }) => fromSec <= now);
    const known = this.#courses.get(regime);
    if (known) return known;
    const course = courseOf({ ...this.#day, seed: this.#day.seed + 7_919 }, now, this.#bins);
    this.#courses.set(regime, course);
    return course;
  }
}

function courseOf(day: Scenario, now: number, bins: number): Course {
  const answered = Array.from({ length: bins }, () => 0);
  const out = Array.from({ length: bins }, () => 0);
  for (let n = 0; n < DRAWS; n += 1) {
    const { end, judged, endsSec, amdSec } = fateOf(day, n, now);
    const reaches = (end === 'person' || end === 'machine') && judged === 'human';
    const over = Math.min(bins, Math.floor((endsSec + (end === 'busy' || end === 'noanswer' ? 0 : amdSec)) / BIN_SEC));
    for (let k = 0; k < bins; k += 1) {
      if (reaches && over <= k) answered[k] = (answered[k] ?? 0) + 1 / DRAWS;
      if (over >= k) out[k] = (out[k] ?? 0) + 1 / DRAWS;
    }
  }
  return { answered, out };
}

/** That a call which has been out for `age` bins reaches an agent's turn within the next k. */
function chance({ answered, out }: Course, age: number, k: number): number {
  const before = age === 0 ? 0 : (answered[age - 1] ?? 0);
  const by = answered[Math.min(answered.length - 1, age + k)] ?? 0;
  const still = out[age] ?? 0;
  return still > 0 ? Math.min(1, Math.max(0, (by - before) / still)) : 0;
}

/** The answers by one moment, against the agents there are for them. */
class Ahead {
  readonly #free: number;
  /** Chances of exactly 0, 1 … answers, up to as many as there are agents. */
  readonly #exact: number[] | null;
  #mean = 0;
  #variance = 0;

  constructor(free: number) {
    this.#free = free;
    this.#exact = free > 0 && free <= EXACT ? [1, ...Array.from({ length: free - 1 }, () => 0)] : null;
  }

  add(share: number, count = 1): void {
    this.#mean += count * share;
    this.#variance += count * share * (1 - share);
    const exact = this.#exact;
    if (!exact || share === 0) return;
    for (let n = 0; n < count; n += 1) {
      for (let at = exact.length - 1; at > 0; at -= 1) {
        exact[at] = (exact[at] ?? 0) * (1 - share) + (exact[at - 1] ?? 0) * share;
      }
      exact[0] = (exact[0] ?? 0) * (1 - share);
    }
  }

  /** That one answer more finds nobody. */
  lost(): number {
    if (this.#free <= 0) return 1;
    if (this.#exact) return Math.max(0, 1 - this.#exact.reduce((sum, share) => sum + share, 0));
    return this.#variance === 0 ? 0 : tail((this.#free - 0.5 - this.#mean) / Math.sqrt(this.#variance));
  }
}

function lossOf(horizon: readonly Ahead[], { answered }: Course): number {
  let lost = 0;
  let before = 0;
  for (const [k, ahead] of horizon.entries()) {
    const by = answered[k] ?? 0;
    if (by > before) lost += (by - before) * ahead.lost();
    before = by;
  }
  return before === 0 ? 0 : lost / before;
}

/** Upper tail of the normal distribution (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function tail(x: number): number {
  if (x < 0) return 1 - tail(-x);
  const t = 1 / (1 + 0.2316419 * x);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 0.3989422804 * Math.exp((-x * x) / 2) * poly;
}
