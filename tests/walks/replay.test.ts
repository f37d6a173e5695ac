import { describe, expect, it } from 'vitest';
import { agreement, queueDays } from '../../src/acd/replay/compare.ts';
import { DayReader } from '../../src/acd/replay/day-reader.ts';
import { asItWas, replay, type Rules } from '../../src/acd/replay/run.ts';
import type { JournalEvent } from '../../src/call/journal.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
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

function read(events: readonly JournalEvent[]) {
  const reader = new DayReader(events[0]?.at ?? 0);
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
