import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import type { CallWish } from '../../src/engine/ports/call-asks.ts';
import { answers, busy, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { flowOfNodes } from '../support/site.ts';
import { campaignIn, number } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const PLAIN = `
  first: { type: play, prompt: greeting, next: bye }`;
const DESTINATIONS = { numbers: ['+358*'], deny: ['+358409*'], hosts: [] };

async function houseOf(change: Partial<CampaignSettings> = {}, site: ConstructorParameters<typeof WalkHouse>[0] = {}) {
  const flows = flowOfNodes(PLAIN);
  const flow = flows.flows.get('support');
  if (!flow) throw new Error('there is no such flow');
  const takes = new Map([['support', { ...flow, takes: ['account'] }]]);
  const house = await new WalkHouse({ ...flows, flows: takes, destinations: DESTINATIONS, ...site }).start();
  const id = await campaignIn(house, [], { mode: 'agentless', flow: 'support', takesCalls: true, ...change });
  await house.service.commandCampaign(id, 'start');
  const ask = (wish: Partial<CallWish> = {}) => house.service.callAsks.ask({ ...WISH, campaignId: id, ...wish }, 'crm');
  return { house, id, ask };
}

const WISH: CallWish = {
  campaignId: '',
  number: number(0),
  name: null,
  data: {},
  consent: null,
  zone: null,
  country: null,
  reason: 'reminder of a visit',
  reference: 'visit-1',
  wait: false,
};

const callIdOf = (answer: Awaited<ReturnType<WalkHouse['service']['callAsks']['ask']>>) => {
  if (!answer.ok) throw new Error(answer.sentence);
  return answer.value.callId;
};

describe('a single call that somebody asks for', () => {
  it('is made by the flow with what it was told, under the id that was answered, and is in the books', async () => {
    const { house, id, ask } = await houseOf();
    house.fake.number(number(0), answers(3_000));
    const callId = callIdOf(await ask({ data: { account: '815' } }));
    await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
    expect(house.engine.house.board.find(callId)?.state.flow?.vars).toMatchObject({ account: '815' });
    await house.clock.runUntil(() => house.eventsOf('attempt.ended').length === 1);
    await house.clock.advance(10_000);
    await house.expectNoLeaks();
    expect(house.eventsOf('campaign.call.asked')).toMatchObject([
      { data: { campaignId: id, callId, by: 'crm', reason: 'reminder of a visit', until: null } },
    ]);
    expect(house.eventsOf('attempt.started')).toMatchObject([{ subject: `call/${callId}`, data: { leadId: callId } }]);
    expect(await house.history.callRecord(callId)).toMatchObject({ flow: 'support', campaignId: id });
    expect((await house.history.campaign(id))?.status).toBe('finished');
  });

  it('wakes a campaign that has finished, and is one call however often it is asked for', async () => {
    const { house, id, ask } = await houseOf();
    house.fake.number(number(0), answers(3_000));
    const first = callIdOf(await ask());
    await house.clock.runUntil(() => house.eventsOf('attempt.ended').length === 1);
    await house.clock.advance(10_000);
    expect((await house.history.campaign(id))?.status).toBe('finished');
    expect(callIdOf(await ask())).toBe(first);
    expect(await ask({ number: number(1) })).toMatchObject({ ok: false, why: 'conflict' });
    const second = callIdOf(await ask({ reference: 'visit-2' }));
    expect(second).not.toBe(first);
    await house.clock.runUntil(() => house.eventsOf('attempt.ended').length === 2);
    expect(house.eventsOf('attempt.started').map(({ subject }) => subject)).toEqual([
      `call/${first}`,
      `call/${second}`,
    ]);
  });

  it('is tried again by the rules of its campaign, later tries as calls of their own', async () => {
    const { house, ask } = await houseOf({ maxAttempts: 2, retryAfterMs: 60_000 });
    house.fake.number(number(0), busy);
    const callId = callIdOf(await ask());
    await house.clock.runUntil(() => house.eventsOf('attempt.ended').length === 2);
    const started = house.eventsOf('attempt.started');
    expect(started.map(({ data }) => data.leadId)).toEqual([callId, callId]);
    expect(started.map(({ subject }) => subject === `call/${callId}`)).toEqual([true, false]);
  });

  it('is refused by the rule of the law that lasts, told without the number, and nobody is dialled', async () => {
    const { house, ask } = await houseOf();
    await house.engine.house.dnc.add({
      what: { number: number(0) },
      campaignId: null,
      reason: 'asked',
      source: 'api',
      by: 'crm',
    });
    expect(await ask({ wait: true })).toMatchObject({ ok: false, why: 'rule', rule: 'dnc' });
    await house.clock.advance(5_000);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    const [refused] = house.eventsOf('campaign.call.refused');
    expect(refused?.data).toMatchObject({ rule: 'dnc', until: null, by: 'crm' });
    expect(JSON.stringify(refused)).not.toContain(number(0));
  });

  it('waits for its hour only when it was told to', async () => {
    const never = {
      value: Array.from({ length: 7 }, () => [{ from: 670, to: 1_440 }]),
      cite: 'House: from ten past eleven',
    };
    const lab = labProfile();
    const profiles = testProfiles(labProfile({ hours: { ...lab.hours, week: never } }));
    const { house, ask } = await houseOf({}, { profiles });
    house.fake.number(number(0), answers(3_000));
    expect(await ask({ zone: 'Europe/Helsinki' })).toMatchObject({ why: 'rule', rule: 'calling-hours' });
    const answer = await ask({ zone: 'Europe/Helsinki', wait: true });
    expect(answer).toMatchObject({
      ok: true,
      value: { because: expect.stringContaining('no hour to call') as string },
    });
    const until = answer.ok ? (answer.value.until ?? 0) : 0;
    expect(until).toBeGreaterThan(house.clock.now());
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 1, 'the hour comes');
    expect(house.clock.now()).toBeGreaterThanOrEqual(until);
  });

  it.each([
    ['a number that is denied', { number: '+358409123456' }, /denied/u],
    ['a country that is not allowed', { number: '+12025550123' }, /not-allowed/u],
  ])('does not go to %s', async (_what, wish, sentence) => {
    const { house, ask } = await houseOf();
    expect(await ask({ ...wish, wait: true })).toMatchObject({
      rule: 'destinations',
      sentence: expect.stringMatching(sentence) as string,
    });
    expect(house.eventsOf('campaign.call.refused')).toMatchObject([{ data: { rule: 'destinations' } }]);
  });

  it('is held against the caps of its campaign and of the house, at its dial too', async () => {
    const caps = { concurrent: 20, perHour: 2, minutesPerDay: 1_000 };
    const { house, ask } = await houseOf(
      { maxLines: 1 },
      { destinations: { ...DESTINATIONS, capsEach: { campaign: caps } } },
    );
    for (const n of [0, 1, 2, 3]) house.fake.number(number(n), n === 3 ? rings : answers(1_000));
    // Four that nobody has dialled yet are taken; the third meets the cap when its turn comes.
    for (const n of [0, 1, 2]) callIdOf(await ask({ number: number(n), reference: `r${n}` }));
    await house.clock.runUntil(() => house.eventsOf('attempt.refused').length > 0, 'the cap holds');
    expect(house.eventsOf('attempt.started')).toHaveLength(2);
    expect(house.eventsOf('attempt.refused')).toMatchObject([{ data: { rule: 'destinations' } }]);
    expect(await ask({ number: number(3), reference: 'r3' })).toMatchObject({ why: 'rule', rule: 'destinations' });
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 3, 'an hour is over');
  });

  it('wants a campaign that takes it, runs, and a flow that takes what it is told', async () => {
    const { house, id, ask } = await houseOf({ takesCalls: false });
    expect(await ask()).toMatchObject({ ok: false, why: 'invalid' });
    await house.service.changeCampaign(id, { takesCalls: true });
    expect(await ask({ data: { acount: '1' } })).toMatchObject({
      sentence: 'The flow support does not take acount; it takes account.',
    });
    await house.service.commandCampaign(id, 'pause');
    expect(await ask()).toMatchObject({ ok: false, why: 'conflict' });
    expect(await ask({ campaignId: 'none' })).toMatchObject({ ok: false, why: 'not-found' });
  });
});
