import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/call/journal.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, busy, rings } from '../support/fake-party.ts';
import { agentProfile, ENTRY } from '../support/site.ts';
import { WalkHouse } from './house.ts';

/** The journal as it is stored: each call's facts count from 1 without gap or repetition, and it ends once. */
async function expectWholeJournal(house: WalkHouse): Promise<readonly JournalEvent[]> {
  const events = (await house.live.connect().read(null, 100_000)).map(({ event }) => event);
  const calls = Map.groupBy(
    events.filter(({ subject }) => subject.startsWith('call/')),
    ({ subject }) => subject,
  );
  for (const [subject, facts] of calls) {
    expect(
      facts.map(({ seq }) => seq),
      subject,
    ).toEqual(facts.map((_, index) => index + 1));
    expect(facts.filter(({ type }) => type === 'call.ended')).toHaveLength(1);
    const record = await house.history.callRecord(subject.slice('call/'.length));
    expect(record, `the record of ${subject}`).not.toBeNull();
  }
  return events;
}

/** Lets the process die before its `point`-th word to the outside, once; false when it never came to that. */
async function diedAndCameBack(house: WalkHouse, story: () => Promise<void>): Promise<boolean> {
  await story();
  if (!house.dead) return false;
  house.kill();
  await house.restart();
  return true;
}

async function inboundStory(point: number): Promise<boolean> {
  const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
  house.fake.phone('alice', answers(1_000, 8_000));
  house.fake.number('+358409999999', answers(2_000, 3_000));
  await house.ready('alice');
  house.diesIn = point;
  const died = await diedAndCameBack(house, async () => {
    const first = house.fake.call({ from: '+358501112223', to: ENTRY });
    const second = house.fake.call({ from: '+358501112224', to: ENTRY });
    for (let turn = 0; turn < 400 && !house.dead; turn += 1) {
      if (turn === 5) first.press('11');
      if (turn === 25) second.press('13');
      await house.clock.advance(100);
    }
    await house.clock.advance(1_000);
  });
  await house.clock.advance(120_000);
  house.diesIn = 0;
  for (const { id } of house.service.calls()) house.service.hangupCall(id);
  await house.expectNoLeaks();
  await expectWholeJournal(house);
  expect(house.agent('alice').status).toBe('ready');
  return died;
}

async function campaignStory(point: number): Promise<boolean> {
  const house = await new WalkHouse({ agents: [agentProfile('alice'), agentProfile('bob')] }).start();
  const behaviours = [answers(1_500, 4_000), busy, answers(2_000, 3_000), rings];
  const numbers = behaviours.map((_, index) => `+35840123450${index}`);
  for (const [index, each] of numbers.entries()) house.fake.number(each, behaviours[index]);
  await house.ready('alice', 'bob');
  const made = await house.service.createCampaign({ ...AUTUMN, maxAttempts: 2, retryAfterMs: 20_000 });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  await house.service.importLeads(id, csv(numbers));
  await house.service.commandCampaign(id, 'start');
  house.diesIn = point;
  const died = await diedAndCameBack(house, async () => {
    for (let turn = 0; turn < 700 && !house.dead; turn += 1) await house.clock.advance(100);
  });
  house.diesIn = 0;
  let status = '';
  for (let turn = 0; turn < 4_000 && status !== 'finished'; turn += 1) {
    await house.clock.advance(500);
    status = (await house.history.campaign(id))?.status ?? '';
  }
  expect(status).toBe('finished');
  await house.expectNoLeaks();
  const events = await expectWholeJournal(house);
  const leads = await house.history.leads(id, { limit: 50, before: null });
  expect(leads.every((lead) => lead.status === 'done' && lead.outcome !== null)).toBe(true);
  const attempts = await house.history.attempts(id, { limit: 50, before: null });
  for (const attempt of attempts) {
    const told = events.filter(
      (event) => event.type === 'attempt.ended' && event.data.attemptId === attempt.id,
    ) as Extract<JournalEvent, { type: 'attempt.ended' }>[];
    expect(told.length, `endings of ${attempt.id}`).toBeLessThanOrEqual(1);
    if (told[0]) expect(told[0].data.outcome).toBe(attempt.outcome);
  }
  return died;
}

/** Every point of a story, until the story is over before the process dies. */
async function everywhere(story: (point: number) => Promise<boolean>): Promise<void> {
  const failures: string[] = [];
  let point = 1;
  for (let died = true; died && point < 2_000; point += 1) {
    try {
      died = await story(point);
    } catch (error) {
      failures.push(`dead at ${point}: ${String(error).slice(0, 400)}`);
    }
  }
  expect(failures).toEqual([]);
  expect(point).toBeGreaterThan(50);
}

describe('the process dies between any two words to a store or the switch', () => {
  it('callers, agents and records come out whole', () => everywhere(inboundStory), 120_000);
  it('every lead ends with one outcome', () => everywhere(campaignStory), 120_000);
});
