import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { answers } from '../support/fake-party.ts';
import { campaignIn, number } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const MINUTE = 60_000;

/** A lead whom alice promised a call in ten minutes; bob has been free for longer than she has. */
async function promised(change: Partial<CampaignSettings> = {}, house = new WalkHouse()) {
  await house.start();
  house.fake.number(number(0), answers(5_000, 20_000));
  const id = await campaignIn(house, [number(0)], change);
  const [lead] = await house.service.leads(id, { limit: 1, before: null });
  const at = house.clock.now() + 10 * MINUTE;
  await house.history.setCallback(lead?.id ?? '', { at, agentId: 'alice', waitMs: 5 * MINUTE });
  await house.ready('bob');
  await house.clock.advance(MINUTE);
  await house.ready('alice');
  await house.service.commandCampaign(id, 'start');
  return { house, id, at };
}

const talkedWith = (house: WalkHouse) => house.eventsOf('call.connected').map(({ data }) => data.agentId);

describe('a call that an agent promised', () => {
  it.each(['progressive', 'predictive', 'preview'] as const)('is his when the person answers: %s', async (mode) => {
    const { house, at } = await promised({ mode });
    if (mode === 'preview') {
      await house.clock.runUntil(() => house.service.previews.of('alice') !== null, 'alice is shown it');
      expect(house.service.previews.of('alice')).toMatchObject({ callbackAt: at });
      expect(house.service.previews.of('bob')).toBeNull();
      expect(house.clock.now() - at).toBeLessThan(10_000);
      await house.service.previews.dial('alice');
    }
    await house.clock.runUntil(() => talkedWith(house).length > 0, 'they talk');
    expect(talkedWith(house)).toEqual(['alice']);
    await house.expectNoLeaks();
  });

  it('is the team’s when he is taken while it rings, before the person would be abandoned', async () => {
    const { house } = await promised({ mode: 'predictive' });
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length > 0, 'it rings');
    await house.service.setAgentStatus('alice', 'not-ready', null);
    await house.clock.runUntil(() => talkedWith(house).length > 0, 'they talk');
    expect(talkedWith(house)).toEqual(['bob']);
    expect(house.eventsOf('call.connected')[0]?.data.waitedMs).toBeLessThanOrEqual(2_000);
    await house.expectNoLeaks();
  });

  it('waits while he is away, and is the team’s after that', async () => {
    const { house, at } = await promised();
    await house.service.setAgentStatus('alice', 'not-ready', null);
    await house.clock.runUntil(() => talkedWith(house).length > 0, 'they talk');
    expect(talkedWith(house)).toEqual(['bob']);
    const startedAt = house.eventsOf('attempt.started')[0]?.at ?? 0;
    expect(startedAt - at).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(startedAt - at).toBeLessThan(5 * MINUTE + 10_000);
    await house.expectNoLeaks();
  });

  it('is the team’s after a quarter of an hour when nobody said how long it waits', async () => {
    const { house, id, at } = await promised();
    const [lead] = await house.service.leads(id, { limit: 1, before: null });
    await house.history.setCallback(lead?.id ?? '', { at, agentId: 'alice' });
    await house.service.setAgentStatus('alice', 'logged-out', null);
    await house.clock.runUntil(() => talkedWith(house).length > 0, 'they talk');
    expect(talkedWith(house)).toEqual(['bob']);
    const startedAt = house.eventsOf('attempt.started')[0]?.at ?? 0;
    expect(startedAt - at).toBeGreaterThanOrEqual(15 * MINUTE);
    expect(startedAt - at).toBeLessThan(15 * MINUTE + 10_000);
    await house.expectNoLeaks();
  });

  it('is owed still, to the same agent, when the campaign is stopped while its dial is written down', async () => {
    const house = new WalkHouse();
    const startAttempt = house.history.startAttempt.bind(house.history);
    let kills = 1;
    const killed: typeof startAttempt = async (attempt, seen) => {
      const done = await startAttempt(attempt, seen);
      if (kills-- > 0) await house.service.dialer.kill(attempt.campaignId, 'mary');
      return done;
    };
    Object.assign(house.history, { startAttempt: killed });
    const { id, at } = await promised({}, house);
    await house.clock.advance(12 * MINUTE);
    expect(house.fake.number(number(0)).parties).toEqual([]);
    const [lead] = await house.service.leads(id, { limit: 1, before: null });
    const owed = { status: 'pending', callbackAt: at, callbackAgent: 'alice', callbackWaitMs: 5 * MINUTE };
    expect(lead).toMatchObject(owed);
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => talkedWith(house).length > 0, 'they talk');
    expect(talkedWith(house)).toEqual(['alice']);
    await house.expectNoLeaks();
  });
});
