import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TalkWish } from '../../src/engine/ports/talk.ts';
import { doubleBookings } from '../support/bookings.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, busy } from '../support/fake-party.ts';
import { idleBeside } from '../support/idle-beside.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import type { WalkHouse } from './house.ts';
import { journalOf, twoHouses } from './two-houses.ts';

type Where = 0 | 1;
type Step =
  | { readonly do: 'call'; readonly at: Where; readonly queue: '1' | '2' }
  | { readonly do: 'hang up'; readonly nth: number }
  | { readonly do: 'status'; readonly at: Where; readonly agent: string; readonly ready: boolean }
  /** What one of those agents does who talk, if any does. */
  | { readonly do: 'talk'; readonly nth: number; readonly wish: TalkWish }
  | { readonly do: 'wait'; readonly ms: number };
type Trouble =
  | { readonly do: 'die' | 'disconnect' | 'cling' | 'store'; readonly at: Where }
  | { readonly do: 'lose an answer'; readonly at: Where; readonly of: string };

const AGENTS = ['alice', 'bob', 'carol'].map((id) => agentProfile(id));
/** One rings several phones at once. */
const SEVERAL = { strategy: 'ring-several', ringAtOnce: 2 } as const;
const QUEUES = new Map([
  ['billing', queueProfile('billing')],
  ['tech', queueProfile('tech', SEVERAL)],
]);
const ringAtOnce = (queue: string) => (queue === 'tech' ? SEVERAL.ringAtOnce : 1);
/** Persons whom the campaign rings, and who talk for a while. */
const LEADS = Array.from({ length: 4 }, (_, nth) => `+35840123450${nth}`);
/** How long news are on their way from one process to the other, ms. */
const lag = fc.constantFrom(0, 1, 20, 300);
/** With longer ways, what was declined or lost takes longer to come again than idle agents are looked at. */
const LONG_LAG_MS = 20;
/** A process that was away, or missed something, is to be back to work after this. */
const SETTLED_MS = 15_000;

const is = <T extends string>(name: T) => fc.constant(name);
const where = fc.constantFrom<Where>(0, 1);
const agent = fc.constantFrom(...AGENTS.map(({ id }) => id));
const whom = fc.oneof(
  agent.map((agentId) => ({ kind: 'agent', agentId }) as const),
  fc.constantFrom('billing', 'tech').map((queue) => ({ kind: 'queue', queue }) as const),
);
const wish: fc.Arbitrary<TalkWish> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: is('consult'), to: whom }) },
  { weight: 1, arbitrary: fc.record({ type: is('add'), to: whom }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: is('transfer'), to: whom, note: fc.constant(null), keepPlace: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ type: is('complete'), note: fc.constant(null) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('end-consult' as const, 'leave' as const) }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: is('call'), at: where, queue: fc.constantFrom('1', '2') }) },
  { weight: 3, arbitrary: fc.record({ do: is('hang up'), nth: fc.nat(12) }) },
  { weight: 5, arbitrary: fc.record({ do: is('status'), at: where, agent, ready: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: is('talk'), nth: fc.nat(2), wish }) },
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
  readonly #callers: { readonly house: WalkHouse; readonly person: ReturnType<WalkHouse['fake']['call']> }[] = [];
  #troubleAt = -Infinity;

  constructor(houses: Awaited<ReturnType<typeof twoHouses>>) {
    this.#houses = houses;
  }

  async do(each: Step | Trouble): Promise<void> {
    const { clock, houses } = this.#houses;
    if (each.do === 'wait') return clock.advance(each.ms);
    if (each.do === 'hang up') return this.#callers[each.nth]?.person.hangUp();
    if (each.do === 'talk') return this.#talk(each.nth, each.wish);
    const house = houses[each.at];
    if (each.do === 'call') return this.#call(house, each.queue);
    if (each.do !== 'status') return this.#trouble(house, each);
    if (!house.dead) await setReady(house, each.agent, each.ready);
  }

  async #call(house: WalkHouse, queue: '1' | '2'): Promise<void> {
    const from = `+35850111${1_000 + this.#callers.length}`;
    const person = house.fake.call({ from, to: '358401234567' });
    this.#callers.push({ house, person });
    await this.#houses.clock.advance(50);
    person.press(`1${queue}`);
  }

  /** The process whose call it is does it; every other refuses. */
  async #talk(nth: number, asked: TalkWish): Promise<void> {
    const alive = this.#houses.houses.filter(({ dead }) => !dead);
    const talking = alive[0]?.service.agents().filter(({ state }) => state === 'talking') ?? [];
    const id = talking[nth % talking.length]?.profile.id;
    if (id !== undefined) for (const { service } of alive) await service.talk.act(id, asked);
  }

  async dial(): Promise<void> {
    const { first, houses } = this.#houses;
    for (const { fake } of houses) for (const number of LEADS) fake.number(number, answers(1_000, 4_000));
    const made = await first.service.createCampaign(AUTUMN);
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    await first.service.importLeads(id, csv(LEADS));
    await first.service.commandCampaign(id, 'start');
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
    const left = () => this.#callers.filter(({ person }) => person.phase === 'up');
    for (let turn = 0; turn < 200 && left().length > 0; turn += 1) {
      // Who was put on hold hears nobody, and nobody takes him back here.
      for (const { house, person } of left()) if (house.callOf(person.legId)?.phase === 'talking') person.hangUp();
      await clock.advance(2_000);
    }
    expect(left().map(({ person }) => person.legId)).toEqual([]);
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
        fc.asyncProperty(day, lag, fc.boolean(), async (steps, lagMs, dials) => {
          const houses = await twoHouses({ agents: AGENTS, queues: QUEUES });
          const { first, second, clock } = houses;
          if (lagMs > 0) first.live.carry = (deliver) => void clock.at(clock.now() + lagMs, deliver);
          first.fake.phone('carol', busy);
          await first.ready(...AGENTS.map(({ id }) => id));
          const model = new Model(houses);
          if (dials) await model.dial();
          for (const each of steps) {
            await model.do(each);
            if (lagMs <= LONG_LAG_MS) await model.expectNobodyIdle();
          }
          await model.end();
          expect(doubleBookings(await journalOf(second), ringAtOnce)).toEqual([]);
        }),
        { numRuns: 100 },
      ),
    180_000,
  );
});

it('knows an agent who has a call as a guest for busy, until his leg of it ends', () => {
  const of = (callId: string, seq: number) => ({ subject: `call/${callId}`, seq, at: seq });
  const offered = (callId: string, seq: number, guest: string) => {
    const data = { queue: 'tech', agentId: 'bob', legId: `leg of ${callId}`, waitedMs: 0, guest };
    return { ...of(callId, seq), type: 'call.offered', data } as const;
  };
  const ended = { legId: 'leg of 1', q850: 16, sip: null, verdict: 'completed' } as const;
  const [asGuest, elsewhere] = [offered('1', 1, 'g1'), offered('2', 3, 'g2')];
  expect(doubleBookings([asGuest, elsewhere])).toEqual(['bob is offered 2 while he has 1']);
  expect(doubleBookings([asGuest, { ...of('1', 2), type: 'leg.ended', data: ended }, elsewhere])).toEqual([]);
});
