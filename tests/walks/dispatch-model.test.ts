import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubleBookings } from '../support/bookings.ts';
import { busy } from '../support/fake-party.ts';
import { idleBeside } from '../support/idle-beside.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import type { WalkHouse } from './house.ts';
import { journalOf, twoHouses } from './two-houses.ts';

type Where = 0 | 1;
type Step =
  | { readonly do: 'call'; readonly at: Where; readonly queue: '1' | '2' }
  | { readonly do: 'hang up'; readonly nth: number }
  | { readonly do: 'status'; readonly at: Where; readonly agent: string; readonly ready: boolean }
  | { readonly do: 'wait'; readonly ms: number };
type Trouble =
  | { readonly do: 'die' | 'disconnect' | 'cling' | 'store'; readonly at: Where }
  | { readonly do: 'lose an answer'; readonly at: Where; readonly of: string };

const AGENTS = ['alice', 'bob', 'carol'].map((id) => agentProfile(id));
const QUEUES = new Map(['billing', 'tech'].map((name) => [name, queueProfile(name)]));
/** How long news are on their way from one process to the other, ms. */
const lag = fc.constantFrom(0, 1, 20, 300);
/** With longer ways, what was declined or lost takes longer to come again than idle agents are looked at. */
const LONG_LAG_MS = 20;
/** A process that was away, or missed something, is to be back to work after this. */
const SETTLED_MS = 15_000;

const is = <T extends string>(name: T) => fc.constant(name);
const where = fc.constantFrom<Where>(0, 1);
const agent = fc.constantFrom(...AGENTS.map(({ id }) => id));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: is('call'), at: where, queue: fc.constantFrom('1', '2') }) },
  { weight: 3, arbitrary: fc.record({ do: is('hang up'), nth: fc.nat(12) }) },
  { weight: 5, arbitrary: fc.record({ do: is('status'), at: where, agent, ready: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: is('wait'), ms: fc.nat(4_000) }) },
);
const lost = fc.constantFrom('reserve', 'saveAgent', 'saveCall', 'tell', 'confirmReservation', 'endReservation');
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: is('die'), at: where }) },
  { weight: 1, arbitrary: fc.record({ do: is('disconnect'), at: where }) },
  { weight: 2, arbitrary: fc.record({ do: is('cling'), at: where }) },
  { weight: 2, arbitrary: fc.record({ do: is('store'), at: where }) },
  { weight: 1, arbitrary: fc.record({ do: is('lose an answer'), at: where, of: lost }) },
);
const LENGTH = { minLength: 10, maxLength: 40 };
/** A day without trouble, or one with some at every third step. */
const day = fc.oneof(
  fc.array(step, LENGTH),
  fc.array(fc.oneof({ weight: 20, arbitrary: step }, { weight: 7, arbitrary: trouble }), LENGTH),
);

class Model {
  readonly #houses: Awaited<ReturnType<typeof twoHouses>>;
  readonly #callers: ReturnType<WalkHouse['fake']['call']>[] = [];
  #troubleAt = -Infinity;

  constructor(houses: Awaited<ReturnType<typeof twoHouses>>) {
    this.#houses = houses;
  }

  async do(each: Step | Trouble): Promise<void> {
    const { clock, houses } = this.#houses;
    if (each.do === 'wait') return clock.advance(each.ms);
    if (each.do === 'hang up') return this.#callers[each.nth]?.hangUp();
    const house = houses[each.at];
    if (each.do === 'call') return this.#call(house, each.queue);
    if (each.do !== 'status') return this.#trouble(house, each);
    if (!house.dead) await setReady(house, each.agent, each.ready);
  }

  async #call(house: WalkHouse, queue: '1' | '2'): Promise<void> {
    const from = `+35850111${1_000 + this.#callers.length}`;
    const caller = house.fake.call({ from, to: '358401234567' });
    this.#callers.push(caller);
    await this.#houses.clock.advance(50);
    caller.press(`1${queue}`);
  }

  async #trouble(house: WalkHouse, each: Trouble): Promise<void> {
    const { clock, first } = this.#houses;
    if (each.do === 'die' && !house.dead) {
      first.live.away = false;
      house.kill();
      [house.losesAnswerOf, house.refuses] = ['', ''];
      await clock.advance(3_000);
      await house.restart();
    } else if (each.do === 'disconnect' && !house.dead) {
      house.fake.disconnect();
      await clock.advance(500);
      house.fake.reconnect();
    } else if (each.do === 'store') first.live.away = !first.live.away;
    else if (each.do === 'lose an answer') house.losesAnswerOf = each.of;
    else if (each.do === 'cling') house.refuses = house.refuses === '' ? 'leaseAll' : '';
    this.#troubleAt = clock.now();
  }

  /** Nothing is wrong, nor was lately. */
  get #calm(): boolean {
    const { clock, first, houses } = this.#houses;
    const wrong = first.live.away || houses.some(({ losesAnswerOf, refuses }) => `${losesAnswerOf}${refuses}` !== '');
    if (wrong) this.#troubleAt = clock.now();
    return clock.now() - this.#troubleAt > SETTLED_MS;
  }

  /** While nothing is wrong nobody waits beside an agent who could take him. */
  async expectNobodyIdle(): Promise<void> {
    const { clock, first } = this.#houses;
    if (!this.#calm) return;
    const floor = { live: first.live.connect(), clock, agents: AGENTS, queues: QUEUES };
    expect(await idleBeside(floor)).toEqual([]);
  }

  /** All trouble is over, and everybody's turn comes: all who talk hang up again and again. */
  async end(): Promise<void> {
    const { clock, first, houses } = this.#houses;
    for (const house of houses) [house.losesAnswerOf, house.refuses] = ['', ''];
    first.live.away = false;
    await clock.advance(60_000);
    for (const id of ['alice', 'bob']) await setReady(first, id, true);
    const left = () => this.#callers.filter(({ phase }) => phase === 'up');
    for (let turn = 0; turn < 200 && left().length > 0; turn += 1) {
      for (const caller of left()) if (caller.talkingWith.length > 0) caller.hangUp();
      await clock.advance(2_000);
    }
    expect(left().map(({ legId }) => legId)).toEqual([]);
    await clock.advance(60_000);
    expect(await first.live.connect().loadTickets()).toEqual([]);
    for (const house of houses) {
      expect(house.service.calls()).toEqual([]);
      expect(house.service.agents().filter(({ state }) => state !== 'idle')).toEqual([]);
    }
  }
}

const setReady = (house: WalkHouse, id: string, ready: boolean) =>
  house.service.setAgentStatus(id, ready ? 'ready' : 'not-ready', ready ? null : 'x');

describe('whatever happens', () => {
  it(
    'no agent has two calls, no call two agents, nobody waits beside a free agent, and all are served in the end',
    () =>
      fc.assert(
        fc.asyncProperty(day, lag, async (steps, lagMs) => {
          const houses = await twoHouses({ agents: AGENTS, queues: QUEUES });
          const { first, second, clock } = houses;
          if (lagMs > 0) first.live.carry = (deliver) => void clock.at(clock.now() + lagMs, deliver);
          first.fake.phone('carol', busy);
          const model = new Model(houses);
          for (const each of steps) {
            await model.do(each);
            if (lagMs <= LONG_LAG_MS) await model.expectNobodyIdle();
          }
          await model.end();
          expect(doubleBookings(await journalOf(second))).toEqual([]);
        }),
        { numRuns: 100 },
      ),
    180_000,
  );
});
