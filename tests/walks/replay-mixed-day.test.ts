import { describe, expect, it } from 'vitest';
import { agreement } from '../../src/acd/replay/compare.ts';
import { DayReader } from '../../src/acd/replay/day-reader.ts';
import { asItWas, type Outcome, replay, type Rules } from '../../src/acd/replay/run.ts';
import type { JournalEvent } from '../../src/call/journal.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, rejects, rings } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Numbers that look like chance and are the same each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const AGENTS = ['alice', 'bob', 'carol'].map((id) => agentProfile(id, { queues: ['billing'] }));
const RULES: Rules = {
  agents: AGENTS,
  queues: new Map([
    [
      'billing',
      queueProfile('billing', { callbacks: { tries: 2, retryAfterMs: 5 * MINUTE, ringMs: 15 * SECOND, trunk: null } }),
    ],
  ]),
};

interface Mix {
  readonly seed: number;
  readonly leads: number;
  /** Of all callers. */
  readonly callbacks: number;
}

/** An hour on which the same agents serve callers, ring others back, and dial people besides. */
async function aDay({ seed, leads, callbacks }: Mix): Promise<readonly JournalEvent[]> {
  const house = await new FlowHouse(callbackNodes('4h'), { agents: AGENTS, queues: RULES.queues }).start();
  const [chance, { clock, fake }] = [dice(seed), house];
  for (const { id } of AGENTS) fake.phone(id, answers(SECOND + Math.round(chance() * 2 * SECOND)));
  await house.ready(...AGENTS.map(({ id }) => id));
  const numbers = Array.from({ length: leads }, (_, n) => `+35840${String(1_000_000 + n)}`);
  for (const number of numbers) {
    const [picksUp, talks] = [3_000 + Math.round(chance() * 9_000), 20_000 + Math.round(chance() * 60_000)];
    fake.number(number, chance() < 0.3 ? rejects(1_777) : chance() < 0.2 ? rings : answers(picksUp, talks));
  }
  const made = await house.service.createCampaign({ ...AUTUMN, maxLines: 3, connectDeadlineMs: 10_000 });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  if (leads > 0) await house.service.importLeads(id, csv(numbers));
  if (leads > 0) await house.service.commandCampaign(id, 'start');
  for (let n = 0; n < 40; n += 1) {
    const from = `+35850${String(1_000_000 + n)}`;
    fake.number(from, chance() < 0.25 ? rejects(1_234) : answers(2_345, 30_000 + Math.round(chance() * 120_000)));
    const [talks, patience] = [30_111 + Math.round(chance() * 150_000), 60_222 + Math.round(chance() * 200_000)];
    const wantsCallback = chance() < callbacks;
    const caller = house.caller(from);
    const gone = clock.now() + patience;
    let keys = 0;
    const look = () => {
      const { phase } = house.callOf(caller.legId) ?? { phase: 'ended' };
      if (phase === 'ended') return;
      if (wantsCallback && keys === 0 && caller.heard.some((each) => each.endsWith('callback.offer'))) {
        keys = 1;
        caller.press('1');
      } else if (keys === 1 && caller.heard.some((each) => each.endsWith('callback.choice'))) {
        keys = 2;
        caller.press('1');
      }
      if (phase === 'talking') clock.at(clock.now() + talks, () => caller.hangUp());
      else if (phase === 'queued' && clock.now() >= gone) caller.hangUp();
      else clock.at(clock.now() + 500, look);
    };
    clock.at(clock.now() + 500, look);
    await clock.advance(5_000 + Math.round(chance() * 70_000));
  }
  await clock.advance(15 * MINUTE);
  await clock.runUntil(() => house.service.calls().length === 0, 'all calls over');
  await clock.advance(20_000);
  return house.events;
}

function read(events: readonly JournalEvent[]) {
  const reader = new DayReader(events[0]?.at ?? 0);
  for (const event of events) reader.see(event);
  return reader.day();
}

/** Who got what. */
const met = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ visit, agentId }) => (agentId === null ? [] : [`${visit.id} ${agentId}`])).toSorted();

/** The wait that differs most, ms. */
function furthest(was: readonly Outcome[], again: readonly Outcome[]): number {
  const waits = new Map(again.map(({ visit, waitedMs }) => [visit.id, waitedMs]));
  return Math.max(...was.map(({ visit, waitedMs }) => Math.abs(waitedMs - (waits.get(visit.id) ?? Infinity))));
}

describe('a day of calls, campaigns and callbacks played again by the same rules', () => {
  it.each([
    { seed: 1, leads: 0, callbacks: 0.6 },
    { seed: 1, leads: 60, callbacks: 0 },
    { seed: 1, leads: 60, callbacks: 0.6 },
    { seed: 2, leads: 60, callbacks: 0.6 },
    { seed: 3, leads: 60, callbacks: 0.3 },
    { seed: 4, leads: 100, callbacks: 0.5 },
    { seed: 6, leads: 100, callbacks: 0.9 },
  ])('gives each call, callback and person rung to who got it: %o', async (mix) => {
    const events = await aDay(mix);
    const day = read(events);
    const was = asItWas(day);
    const count = (kind: string) => was.filter(({ visit, how }) => visit.kind === kind && how === 'answered').length;
    expect(count('call')).toBeGreaterThan(2);
    expect(count('callback') > 10).toBe(mix.callbacks > 0);
    expect(count('campaign') > 5).toBe(mix.leads > 0);
    const { outcomes } = replay(day, RULES);
    expect(met(outcomes)).toEqual(met(was));
    expect(furthest(was, outcomes)).toBeLessThan(SECOND);
    expect(agreement(was, outcomes)).toBe(1);
  });

  it('nearly does so when agents are reserved a moment after they were free, as on a real switch', async () => {
    const late = (event: JournalEvent): JournalEvent =>
      event.type === 'call.assigned' || (event.type === 'agent.state.changed' && event.data.state === 'reserved')
        ? { ...event, at: event.at + 4 }
        : event;
    const events = (await aDay({ seed: 2, leads: 60, callbacks: 0.6 })).map(late).toSorted((a, b) => a.at - b.at);
    const day = read(events);
    expect(agreement(asItWas(day), replay(day, RULES).outcomes)).toBeGreaterThan(0.95);
  });
});
