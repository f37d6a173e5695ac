import { Bank } from './bank.ts';
import { because, type Limit } from './because.ts';
import { coveredLaunches, Guard, outOf } from './guard.ts';
import { freeLines } from './lines.ts';
import type { Outlook } from './outlook.ts';
import type { Decision, DialerEvent, DialerState, Explanation, Policy, PolicyConfig } from './policy.ts';
import { Price } from './price.ts';
import { BIN_SEC } from './ring-hazard.ts';
import { Sight } from './sight.ts';

const SOON_SEC = 10;
const LEAST_RING_SEC = 10; // a phone that rings for less is a nuisance, and a dial wasted

/** What the search for the number of launches found. */
interface Found {
  readonly launch: number;
  readonly limit: Limit;
  /** π of the last launch, and of the one that was too many. */
  readonly pi: number;
  readonly piNext: number;
  readonly need: number;
}

/**
 * Predictive dialling: before each dial, the chance that whoever answers it is lost, against a price that the bank of what may
 * still be abandoned sets. The largest n with π(n) ≤ θ is launched, inside the guard.
 */
export class Predictive implements Policy {
  readonly decideOn = 'tick';
  readonly #config: PolicyConfig;
  readonly #bank: Bank;
  readonly #price: Price;
  readonly #sight: Sight;
  #limit: Limit = 'guard';
  #explanation: Explanation | null = null;

  constructor(config: PolicyConfig) {
    this.#config = config;
    this.#bank = new Bank(config);
    this.#price = new Price(config.abandonTarget);
    this.#sight = new Sight(config);
  }

  on(event: DialerEvent): void {
    if (event.type === 'call.disposition') this.#bank.dispose(event.live);
    this.#sight.on(event);
  }

  decide(state: DialerState): Decision {
    this.#sight.look(state);
    const { live, bank, window } = this.#bank.balance(state);
    const passed = state.now / (this.#config.dayHours * 3_600);
    const theta = this.#price.steer(live, bank, { held: this.#limit !== 'price', passed, surge: this.#sight.surge });
    const ahead = this.#sight.outlook(state, 1);
    const guard = new Guard(this.#config, this.#sight, state, bank);
    const found = this.#search(state, ahead, guard, theta);
    this.#limit = found.limit;
    if (this.#config.guard === 'strict') this.#price.wanted(guard.need(found.launch));
    const { answerRate, doubt } = this.#sight;
    const expectedFree = this.#sight.expectedFree(state, SOON_SEC);
    const { reserve } = this.#price;
    const { pi, need } = found;
    const empty = found.limit === 'price' && guard.room < 1; // the price is so low because nothing may be lost
    const guarded = empty || found.limit === 'guard';
    const limit = guarded ? (window ? 'window' : 'guard') : found.limit;
    this.#explanation = { theta, pi, bank, reserve, room: guard.room, need, answerRate, doubt, expectedFree, limit };
    const why = because(found.launch, found.piNext, this.#explanation);
    if (found.launch > 0 || found.limit === 'lines') return { launch: found.launch, because: why };
    return { launch: 0, cancel: this.#tooMany(state, ahead, theta), because: why };
  }

  /** The numbers behind the last decision. */
  explain(): Explanation | null {
    return this.#explanation;
  }

  #search(state: DialerState, ahead: Outlook, guard: Guard, theta: number): Found {
    const free = freeLines(this.#config, state);
    const wants = this.#sight.wants(0);
    let launch = Math.min(free, coveredLaunches(state));
    let need = 0;
    let pi = 0;
    while (launch < free) {
      const piNext = ahead.lossOf(wants, launch);
      if (piNext > theta) return { launch, limit: 'price', pi, piNext, need };
      const needNext = guard.need(launch + 1);
      if (needNext > guard.room) return { launch, limit: 'guard', pi, piNext, need: needNext };
      [launch, pi, need] = [launch + 1, piNext, needNext];
    }
    return { launch, limit: 'lines', pi, piNext: pi, need };
  }

  /**
   * Ringing calls, past the minimum ring, that would not be launched now if they were new: the reverse of a launch. Who has an
   * idle agent is left alone, and so is who has hardly rung, whatever the law allows: he was dialled for a reason that still holds.
   */
  #tooMany(state: DialerState, ahead: Outlook, theta: number): number[] {
    const { calls, now, counts } = state;
    const beyond = outOf(state) - counts.idle;
    if (beyond <= 0) return [];
    const leastSec = Math.max(this.#config.minRingSec, Math.min(LEAST_RING_SEC, this.#config.maxRingSec / 2));
    const lost = new Map<number, boolean>(); // by half second of age: many calls share one
    const isLost = (age: number): boolean => {
      const bin = Math.floor(age / BIN_SEC);
      const known = lost.get(bin) ?? ahead.lossOf(this.#sight.wants(age), 0) > theta;
      lost.set(bin, known);
      return known;
    };
    const ripe = calls.filter((call) => call.state === 'ringing' && now - ringsSince(call) >= leastSec);
    return oldestFirst(ripe.filter((call) => isLost(now - call.launchedAt)))
      .slice(0, beyond)
      .map(({ id }) => id);
  }
}

/** The oldest are the least likely to be answered any more. */
const oldestFirst = (calls: DialerState['calls'][number][]) => calls.sort((a, b) => a.launchedAt - b.launchedAt);

/** The minimum ring counts from the first ring, where it is known. */
function ringsSince({ launchedAt, ringingAt }: DialerState['calls'][number]): number {
  return ringingAt >= 0 ? ringingAt : launchedAt;
}
