import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { answers, busy, rings } from '../support/fake-party.ts';
import { campaignIn, number, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const PREVIEW = { mode: 'preview', retryAfterMs: 600_000, maxAttempts: 3 } as const;

/** A house with a running preview campaign; `alice` is shown its first lead. */
async function reading(leads: number, change: Partial<CampaignSettings> = {}, agents: readonly string[] = ['alice']) {
  const house = await new WalkHouse().start();
  for (const each of numbers(leads)) house.fake.number(each, answers(3_000, 5_000));
  await house.ready(...agents);
  const id = await campaignIn(house, numbers(leads), { ...PREVIEW, ...change });
  await house.service.commandCampaign(id, 'start');
  await house.clock.runUntil(() => house.service.previews.of('alice') !== null, 'alice is shown a lead');
  return { house, id };
}

const leadOf = async (house: WalkHouse, id: string, which: number) =>
  (await house.service.leads(id, { limit: 50, before: null })).find((lead) => lead.number === number(which));

const ends = (house: WalkHouse) =>
  house.eventsOf('campaign.preview.ended').map(({ data }) => [data.agentId, data.how, data.why]);

describe('a preview campaign', () => {
  it('shows a lead, and dials it only when the agent says so and sits on the line', async () => {
    const { house, id } = await reading(1);
    const [lead] = await house.service.leads(id, { limit: 1, before: null });
    expect(house.service.previews.of('alice')).toMatchObject({ leadId: lead?.id, number: number(0), state: 'reading' });
    expect(house.agent('alice').state).toBe('reserved');
    await house.clock.advance(45_000);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    expect(await house.service.previews.dial('alice')).toMatchObject({ ok: true, value: { state: 'calling' } });
    await house.clock.runUntil(() => house.eventsOf('call.connected').length > 0, 'they talk');
    await house.expectNoLeaks();
    const callId = house.eventsOf('campaign.preview.offered')[0]?.data.callId ?? '';
    const story = house.story(callId);
    const order = [
      'call.arrived',
      'call.offered',
      'leg.answered',
      'attempt.started',
      'call.answered',
      'call.connected',
    ];
    expect(story.filter((type) => order.includes(type))).toEqual(order);
    expect(house.eventsOf('call.connected')[0]?.data).toMatchObject({ agentId: 'alice', waitedMs: 0 });
    expect(await leadOf(house, id, 0)).toMatchObject({ status: 'done', outcome: 'connected', attempts: 1 });
    expect(ends(house)).toEqual([['alice', 'dialled', null]]);
  });

  it('nobody who answers waits for an agent, and nobody is abandoned', async () => {
    const { house } = await reading(5, {}, ['alice', 'bob']);
    for (let turn = 0; turn < 400; turn += 1) {
      for (const agent of ['alice', 'bob'])
        if (house.service.previews.of(agent)?.state === 'reading') await house.service.previews.dial(agent);
      await house.clock.advance(500);
    }
    await house.expectNoLeaks();
    expect(house.eventsOf('call.connected').map(({ data }) => data.waitedMs)).toEqual([0, 0, 0, 0, 0]);
    const dialled = house.eventsOf('attempt.started').map(({ data }) => data.number);
    expect(dialled.toSorted()).toEqual([...numbers(5)]);
    expect(house.eventsOf('attempt.ended').filter(({ data }) => data.outcome !== 'connected')).toEqual([]);
  });

  it.each([
    ['busy', busy],
    ['no-answer', rings],
  ])('an agent whose lead is %s is free at once, for the next one', async (outcome, behaviour) => {
    const { house, id } = await reading(2);
    house.fake.number(number(0), behaviour);
    await house.service.previews.dial('alice');
    await house.clock.runUntil(() => house.eventsOf('attempt.ended').length > 0, 'it ends');
    expect(house.eventsOf('attempt.ended')[0]?.data.outcome).toBe(outcome);
    await house.clock.runUntil(() => house.service.previews.of('alice')?.number === number(1), 'the next lead');
    await house.service.commandCampaign(id, 'stop');
    await house.expectNoLeaks();
  });

  it('a lead that was skipped is due again later, with no attempt counted', async () => {
    const { house, id } = await reading(2);
    expect(await house.service.previews.skip('alice', 'spoke with him today')).toMatchObject({ ok: true });
    await house.clock.runUntil(() => house.service.previews.of('alice')?.number === number(1), 'the next lead');
    expect(ends(house)).toEqual([['alice', 'skipped', 'spoke with him today']]);
    expect(await leadOf(house, id, 0)).toMatchObject({ status: 'pending', attempts: 0 });
    await house.service.previews.skip('alice', 'him too');
    await house.clock.advance(590_000);
    expect(house.service.previews.of('alice')).toBeNull();
    await house.clock.runUntil(() => house.service.previews.of('alice')?.number === number(0), 'the first again');
    await house.service.commandCampaign(id, 'stop');
    await house.expectNoLeaks();
  });

  it.each([
    ['dial', 'dialled'],
    ['skip', 'lapsed'],
  ] as const)('when the time to read is over: %s', async (previewAfter, how) => {
    const { house, id } = await reading(1, { previewMs: 30_000, previewAfter });
    await house.clock.advance(29_000);
    expect(ends(house)).toEqual([]);
    await house.clock.runUntil(() => ends(house).length > 0, 'its end');
    expect(ends(house)[0]?.[1]).toBe(how);
    // Who did nothing counts as one who let his phone ring.
    if (how === 'lapsed') expect(house.agent('alice').missed).toBe(1);
    await house.service.commandCampaign(id, 'stop');
    await house.expectNoLeaks();
    expect((await leadOf(house, id, 0))?.status).toBe(how === 'lapsed' ? 'pending' : 'done');
  });

  it('who reads is kept from callers, and who is free goes to them as before', async () => {
    const { house, id } = await reading(1);
    const caller = await house.callerIn('1');
    await house.clock.advance(5_000);
    expect(house.callOf(caller.legId)?.phase).toBe('queued');
    expect(house.agent('alice').state).toBe('reserved');
    await house.service.commandCampaign(id, 'pause');
    await house.clock.runUntil(() => house.callOf(caller.legId)?.phase === 'talking', 'alice serves the caller');
    caller.hangUp();
    await house.expectNoLeaks();
  });
});

describe('a lead is neither lost nor dialled twice, and no agent is stuck', () => {
  it.each([
    ['logs out', 'logged-out', 'The agent logged out.'],
    ['is not ready', 'not-ready', 'The agent is not ready any more.'],
  ] as const)('when the agent %s while he reads', async (_what, status, why) => {
    const { house, id } = await reading(1);
    await house.service.setAgentStatus('alice', status, null);
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is held no more');
    expect(ends(house)).toEqual([['alice', 'withdrawn', why]]);
    await house.ready('bob');
    await house.clock.runUntil(() => house.service.previews.of('bob') !== null, 'bob is shown it');
    await house.service.commandCampaign(id, 'stop');
    await house.expectNoLeaks();
  });

  it.each(['pause', 'kill'] as const)('when the campaign is stopped by %s while he reads', async (how) => {
    const { house, id } = await reading(1);
    if (how === 'kill') await house.service.dialer.kill(id, 'boss');
    else await house.service.commandCampaign(id, 'pause');
    await house.clock.advance(1_000);
    expect(house.service.previews.of('alice')).toBeNull();
    expect(house.agent('alice').state).toBe('idle');
    expect(await leadOf(house, id, 0)).toMatchObject({ status: 'pending', attempts: 0 });
    expect(await house.service.previews.dial('alice')).toMatchObject({ ok: false, why: 'conflict' });
    await house.expectNoLeaks();
  });

  it('when the campaign is killed while his own phone rings', async () => {
    const { house, id } = await reading(1);
    await house.service.previews.dial('alice');
    await house.clock.advance(300);
    expect(house.agent('alice').state).toBe('ringing');
    await house.service.dialer.kill(id, 'boss');
    await house.clock.advance(60_000);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    expect(await leadOf(house, id, 0)).toMatchObject({ status: 'pending', attempts: 0 });
    await house.expectNoLeaks();
  });

  it('when the lead asks not to be called while the agent reads', async () => {
    const { house, id } = await reading(1);
    const barred = await house.engine.house.dnc.add({
      what: { number: number(0) },
      campaignId: null,
      reason: 'asked',
      source: 'agent',
      by: 'test',
    });
    expect(barred).toMatchObject({ ok: true });
    await house.clock.advance(2_000);
    expect(house.service.previews.of('alice')).toBeNull();
    expect(house.agent('alice').state).toBe('idle');
    expect(await house.service.previews.dial('alice')).toMatchObject({ ok: false });
    await house.clock.advance(5_000);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    expect(await leadOf(house, id, 0)).toMatchObject({ status: 'done', refused: 'dnc' });
    await house.expectNoLeaks();
  });

  it('when the agent does not come to his phone', async () => {
    const { house, id } = await reading(1);
    house.fake.phone('alice', rings);
    await house.service.previews.dial('alice');
    await house.clock.runUntil(() => ends(house).length > 0, 'its end');
    expect(ends(house)).toEqual([['alice', 'lapsed', 'The agent was not on the line.']]);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    await house.service.commandCampaign(id, 'stop');
    await house.expectNoLeaks();
    expect(await leadOf(house, id, 0)).toMatchObject({ status: 'pending', attempts: 0 });
  });

  it('when the process dies while he reads', async () => {
    const { house, id } = await reading(1);
    const killedAt = house.clock.now();
    house.kill();
    await house.restart();
    await house.clock.runUntil(() => house.service.previews.of('alice') !== null, 'it is shown anew');
    expect(house.clock.now() - killedAt).toBeLessThan(3 * 60_000);
    await house.service.previews.dial('alice');
    await house.clock.runUntil(() => house.eventsOf('call.connected').length > 0, 'they talk');
    await house.expectNoLeaks();
    expect(house.eventsOf('attempt.started')).toHaveLength(1);
    expect(await leadOf(house, id, 0)).toMatchObject({ status: 'done', outcome: 'connected' });
  });

  it('when the process dies at any moment of a preview', async () => {
    for (let diesIn = 1; diesIn < 60; diesIn += 1) {
      const { house, id } = await reading(1, { maxAttempts: 1 });
      house.diesIn = diesIn;
      await house.service.previews.dial('alice');
      for (let turn = 0; turn < 60 && !house.dead; turn += 1) await house.clock.advance(500);
      const died = house.dead;
      house.kill();
      await house.restart();
      for (let turn = 0; turn < 600; turn += 1) {
        if (house.service.previews.of('alice')?.state === 'reading') await house.service.previews.dial('alice');
        await house.clock.advance(500);
        if ((await house.history.campaign(id))?.status === 'finished') break;
      }
      house.warnings.length = 0;
      await house.expectNoLeaks();
      expect(await leadOf(house, id, 0), `died ${diesIn}`).toMatchObject({ status: 'done' });
      expect(house.fake.number(number(0)).parties.length, `died ${diesIn}`).toBeLessThanOrEqual(1);
      if (!died) break;
    }
  }, 60_000);
});
