import { describe, expect, it } from 'vitest';
import { KpiBook } from '../../src/acd/kpi/book.ts';
import { KPI_SETTINGS } from '../../src/acd/kpi/words.ts';
import { agreement, customers, queueDays } from '../../src/acd/replay/compare.ts';
import { DayReader } from '../../src/acd/replay/day-reader.ts';
import { asItWas, replay, type Rules } from '../../src/acd/replay/run.ts';
import type { JournalEvent } from '../../src/call/journal.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { callbackNodes, FlowHouse, messagesBut } from './flow-house.ts';
import { WalkHouse } from './house.ts';

/** Numbers that look like chance and are the same each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const AGENTS = [
  agentProfile('alice', { skills: { 'lang:en': 9, 'lang:sv': 2 }, queues: ['billing', 'tech'] }),
  agentProfile('bob', { skills: { 'lang:en': 5 }, queues: ['billing', 'tech'] }),
  agentProfile('carol', { skills: { 'lang:en': 7 }, queues: ['tech'] }),
  agentProfile('dave', { skills: { 'lang:en': 3 }, queues: ['billing'] }),
];

const rules = (change: Partial<Parameters<typeof queueProfile>[1]> = {}): Rules => ({
  agents: AGENTS,
  queues: new Map(['billing', 'tech'].map((name) => [name, queueProfile(name, change)])),
});

/** An hour of callers who come, wait, give up, and talk; one agent does not answer once, one goes to lunch. */
async function aDay({ queues, agents }: Rules, seed: number, gapMs = 50_000): Promise<readonly JournalEvent[]> {
  const house = await new WalkHouse({ agents: [...agents], queues }).start();
  const chance = dice(seed);
  for (const { id } of agents) house.fake.phone(id, answers(1_000 + Math.round(chance() * 3_000)));
  await house.ready('alice', 'bob', 'carol', 'dave');
  for (let n = 0; n < 60; n += 1) {
    if (n === 20) house.fake.phone('dave', rings);
    if (n === 30) await house.service.setAgentStatus('carol', 'not-ready', 'lunch');
    if (n === 45) await house.service.setAgentStatus('carol', 'ready', null);
    const caller = await house.callerIn(chance() < 0.5 ? '1' : '2', `+35850${1000 + n}`);
    const [talks, patience] = [20_000 + Math.round(chance() * 200_000), 15_000 + Math.round(chance() * 120_000)];
    const gone = house.clock.now() + patience;
    const look = () => {
      const { phase } = house.callOf(caller.legId) ?? { phase: 'ended' };
      const { clock } = house;
      if (phase === 'talking') clock.at(clock.now() + talks, () => caller.hangUp());
      else if (phase === 'queued' && clock.now() >= gone) caller.hangUp();
      else if (phase !== 'ended') clock.at(clock.now() + 500, look);
    };
    look();
    await house.clock.advance(5_000 + Math.round(chance() * gapMs));
  }
  await house.clock.runUntil(() => house.service.calls().length === 0, 'all calls over');
  await house.clock.advance(20_000);
  return house.events;
}

function read(events: readonly JournalEvent[], from = events[0]?.at ?? 0) {
  const reader = new DayReader(from);
  for (const event of events) reader.see(event);
  return reader.day();
}

describe('a day played again', () => {
  it.each([1, 2, 3])('by the same rules is the same day (%i)', async (seed) => {
    const day = read(await aDay(rules(), seed));
    expect(day.visits.length).toBe(60);
    const was = asItWas(day);
    expect(was.filter(({ how }) => how === 'abandoned').length).toBeGreaterThan(0);
    const again = replay(day, rules());
    expect(again.outcomes.length).toBe(60);
    expect(agreement(was, again.outcomes)).toBe(1);
    const [then, now] = [queueDays(was, rules()), queueDays(again.outcomes, rules())];
    for (const queue of ['billing', 'tech']) {
      expect(now[queue]).toMatchObject({ answered: then[queue]?.answered, abandoned: then[queue]?.abandoned });
      expect(now[queue]?.meanWaitMs).toBeCloseTo(then[queue]?.meanWaitMs ?? -1, -3);
    }
  });

  it('by the same rules keeps its agents as busy, in the midst of calls too, as the key figures say', async () => {
    const events = await aDay(rules(), 1);
    const [first = 0, last = 0] = [events[0]?.at, events.at(-1)?.at];
    const at = (share: number) => Math.round(first + share * (last - first));
    for (const [from, to] of [
      [at(0), at(0.2)],
      [at(0), at(0.45)],
      [at(0.3), at(0.7)],
      [at(0.5), at(1)],
    ] as const) {
      const so = events.filter((event) => event.at <= to);
      const book = new KpiBook(KPI_SETTINGS, { from });
      for (const event of so) book.see(event);
      const { occupancy } = book.report().all;
      expect(occupancy).toBeGreaterThan(0.1);
      expect(replay(read(so, from), rules()).occupancy).toBeCloseTo(occupancy ?? -1, 2);
    }
  });

  it('by other rules is another day: nobody who lacks the skill gets a call', async () => {
    const day = read(await aDay(rules(), 4, 120_000));
    const strict = replay(day, rules({ require: [{ skill: 'lang:en', level: 7 }] }));
    const answered = strict.outcomes.filter(({ how }) => how === 'answered');
    expect(answered.length).toBeGreaterThan(0);
    expect(new Set(answered.map(({ agentId }) => agentId))).toEqual(new Set(['alice', 'carol']));
    expect(answered.length).toBeLessThan(asItWas(day).filter(({ how }) => how === 'answered').length);
  });

  it('by another strategy gives the calls to others', async () => {
    const day = read(await aDay(rules(), 5, 200_000));
    const linear = replay(day, rules({ strategy: 'linear' }));
    const calls = (id: string, outcomes: typeof linear.outcomes) =>
      outcomes.filter(({ agentId }) => agentId === id).length;
    expect(calls('alice', linear.outcomes)).toBeGreaterThan(calls('alice', asItWas(day)));
  });
});

describe('what else happens on a day', () => {
  const outcomes = 'answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, callbackTaken: bye';
  const billing = (change: Parameters<typeof queueProfile>[1] = {}) =>
    new Map([['billing', queueProfile('billing', change)]]);
  const alice = agentProfile('alice', { queues: ['billing'] });
  const bob = agentProfile('bob', { queues: ['billing'], skills: {} });

  it('a callback is no wait in the queue, and keeps its agent busy as long as it did', async () => {
    const queues = billing({ callbacks: { tries: 2, retryAfterMs: 300_000, ringMs: 15_000, trunk: null } });
    const house = await new FlowHouse(callbackNodes('1h'), { agents: [alice], queues }).start();
    house.fake.phone('alice', answers(1_000));
    await house.takeCallback();
    const line = house.fake.number('+358501112223', answers(2_000));
    await house.ready('alice');
    await line.rung();
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 1, 'they talk');
    const later = house.caller('+358509');
    await house.clock.advance(90_000);
    line.party.hangUp();
    await later.until('bridged');
    later.hangUp();
    await house.expectNoLeaks();

    const day = read(house.events);
    expect(day.visits.map(({ kind, end: { how } }) => [kind, how])).toEqual([
      ['call', 'left'],
      ['callback', 'connected'],
      ['call', 'connected'],
    ]);
    expect(day.visits[0]?.end).toMatchObject({ outcome: 'callbackTaken' });
    expect(day.moves.filter(({ type }) => type === 'engaged')).toEqual([]);
    const again = customers(replay(day, { agents: [alice], queues }).outcomes);
    const served = customers(asItWas(day));
    expect(served).toHaveLength(2);
    const waits = (outcomes: typeof served) => outcomes.map(({ how, waitedMs }) => [how, Math.round(waitedMs / 1_000)]);
    expect(served[1]?.waitedMs).toBeGreaterThan(90_000);
    expect(waits(again)).toEqual(waits(served));
  });

  it('a message that an agent hears keeps him busy, too', async () => {
    const queues = billing({ box: 'support', maxWaitMs: 3_600_000 });
    const house = await new FlowHouse(messagesBut('+358509'), { agents: [alice], queues }).start();
    house.fake.phone('alice', answers(1_000));
    await house.leaveMessage();
    await house.ready('alice');
    const hears = await house.fake.phone('alice').rung();
    await hears.until('hearing', 'work.message');
    const later = house.caller('+358509');
    await house.clock.advance(5_000);
    hears.press('2');
    await later.until('bridged');
    later.hangUp();
    await house.expectNoLeaks();

    const day = read(house.events);
    expect(day.visits.map(({ kind }) => kind)).toEqual(['voicemail', 'call']);
    const [was] = customers(asItWas(day));
    const [again] = customers(replay(day, { agents: [alice], queues }).outcomes);
    expect(was?.waitedMs).toBeGreaterThan(5_000);
    expect(again).toMatchObject({ how: 'answered', agentId: 'alice' });
    expect(again?.waitedMs).toBeCloseTo(was?.waitedMs ?? 0, -3);
  });

  it('calls that relax by their own steps relax by them again', async () => {
    const nodes = `
  first:
    type: queue
    queue: billing
    require: [{ skill: "lang:en", level: 5 }]
    relax: [{ after: 30s, require: [] }]
    outcomes: { ${outcomes} }`;
    const rulesNow = { agents: [alice, bob], queues: billing() };
    const house = await new FlowHouse(nodes, rulesNow).start();
    house.fake.phone('alice', answers(1_000));
    house.fake.phone('bob', answers(1_000));
    await house.ready('alice', 'bob');
    const [first, second] = [house.caller('+358501'), house.caller('+358502')];
    await first.until('bridged');
    await second.until('bridged');
    for (const caller of [first, second]) caller.hangUp();
    await house.expectNoLeaks();

    const day = read(house.events);
    expect(day.visits[1]?.relax).toEqual([{ afterMs: 30_000, require: [] }]);
    const [was, again] = [asItWas(day), replay(day, rulesNow).outcomes];
    expect(was.map(({ agentId }) => agentId)).toEqual(['alice', 'bob']);
    expect(was[1]?.waitedMs).toBeGreaterThan(30_000);
    expect(agreement(was, again)).toBe(1);
    expect(again.find(({ agentId }) => agentId === 'bob')?.waitedMs).toBeCloseTo(was[1]?.waitedMs ?? 0, -3);
  });

  it('who lost the race of several phones is not one who did not answer', async () => {
    const nodes = `
  first: { type: queue, queue: billing, outcomes: { ${outcomes} } }`;
    const queues = billing({ strategy: 'ring-several', ringAtOnce: 2 });
    const house = await new FlowHouse(nodes, { agents: [alice, bob], queues }).start();
    house.fake.phone('alice', rings);
    house.fake.phone('bob', answers(3_000));
    await house.ready('alice', 'bob');
    const caller = house.caller();
    await caller.until('bridged');
    await house.clock.advance(60_000);
    caller.hangUp();
    await house.expectNoLeaks();

    const day = read(house.events);
    expect(day.visits[0]?.failed).toEqual([]);
    expect(replay(day, { agents: [alice, bob], queues }).outcomes).toMatchObject([{ agentId: 'bob' }]);
    const alone = replay(day, { agents: [alice, bob], queues: billing() }).outcomes;
    expect(alone).toMatchObject([{ how: 'answered', agentId: 'alice' }]);
  });
});
