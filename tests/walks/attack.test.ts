import { describe, expect, it } from 'vitest';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const oneAgent = () => new WalkHouse({ agents: [agentProfile('alice')] }).start();

async function campaignOf(house: WalkHouse, ...numbers: readonly string[]): Promise<string> {
  const made = await house.service.createCampaign(AUTUMN);
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  await house.service.importLeads(id, csv(numbers));
  return id;
}

describe('the live store is away at the worst moment', () => {
  it('a reservation whose answer was lost keeps neither the agent nor the caller', async () => {
    const house = await oneAgent();
    const caller = await house.callerIn('1');
    house.losesAnswerOf = 'reserve';
    await house.ready('alice');
    const asked = house.clock.now();
    await caller.until('bridged');
    expect(house.clock.now() - asked).toBeLessThan(10_000);
    caller.hangUp();
    house.warnings.length = 0;
    await house.expectNoLeaks();
  });

  it('an agent whose steps were kept in memory is not put back to what was stored', async () => {
    const house = await oneAgent();
    await house.ready('alice');
    const caller = await house.callerIn('1');
    house.losesAnswerOf = 'saveAgent';
    await caller.until('bridged');
    house.live.away = true;
    caller.hangUp();
    await house.clock.advance(8_000);
    house.live.away = false;
    const next = await house.callerIn('1');
    await next.until('bridged');
    next.hangUp();
    house.warnings.length = 0;
    await house.expectNoLeaks();
  });

  it('a campaign started while the journal was away runs', async () => {
    const house = await oneAgent();
    house.fake.number('+358401234500', answers(1_000, 2_000));
    await house.ready('alice');
    const id = await campaignOf(house, '+358401234500');
    house.live.away = true;
    expect(await house.service.commandCampaign(id, 'start')).toMatchObject({ ok: true });
    house.live.away = false;
    await house.clock.advance(30_000);
    expect((await house.history.campaign(id))?.status).toBe('finished');
  });
});

describe('the database is away at the worst moment', () => {
  it('a campaign that could not be marked finished is marked later', async () => {
    const house = await oneAgent();
    house.fake.number('+358401234500', answers(1_000, 2_000));
    await house.ready('alice');
    const id = await campaignOf(house, '+358401234500');
    await house.service.commandCampaign(id, 'start');
    const { history } = house.engine.rooms;
    const updateCampaign = history.updateCampaign.bind(history);
    Object.assign(history, {
      updateCampaign: async () => {
        Object.assign(history, { updateCampaign });
        throw new Error('database away');
      },
    });
    await house.clock.advance(30_000);
    expect(house.eventsOf('campaign.changed').map(({ data }) => data.status)).toEqual(['running', 'finished']);
  });
});

describe('the switch goes away between two words', () => {
  it('while it is being read: the house does not believe in it', async () => {
    const house = await oneAgent();
    house.fake.disconnect();
    house.fake.reconnect();
    house.fake.disconnect();
    await house.clock.advance(1_000);
    expect((await house.service.health()).parts.switch.ok).toBe(false);
    house.fake.reconnect();
    await house.clock.advance(1);
    expect((await house.service.health()).parts.switch.ok).toBe(true);
  });

  it('an answer that crossed the end of the ring leaves the caller his place and the agent no silence', async () => {
    const house = await oneAgent();
    const phone = house.fake.phone('alice', rings);
    await house.ready('alice');
    const caller = await house.callerIn('1');
    const ring = await phone.rung();
    phone.behaviour = answers(1_000);
    const [call] = house.engine.house.board.all();
    call?.post({ type: 'timer', name: 'call:ring' });
    call?.post({ type: 'leg.answered', legId: ring.legId, at: house.clock.now() });
    await house.clock.advance(1);
    expect(house.callOf(caller.legId)?.phase).toBe('queued');
    await house.ready('alice');
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('two who could not be joined are joined when it is back', async () => {
    const house = await oneAgent();
    await house.ready('alice');
    const caller = await house.callerIn('1');
    const agent = await house.fake.phone('alice').rung();
    await house.clock.advance(500);
    house.fake.deafTo = 'bridge';
    await agent.until('up');
    await house.clock.advance(100);
    house.fake.deafTo = null;
    await caller.until('bridged');
    caller.hangUp();
    house.warnings.length = 0;
    await house.expectNoLeaks();
  });
});

it('a witness who throws spoils nothing for a call', async () => {
  const house = await oneAgent();
  house.engine.witness(() => {
    throw new Error('cannot count');
  });
  await house.ready('alice');
  const caller = await house.callerIn('1');
  await caller.until('bridged');
  caller.hangUp();
  await house.clock.advance(30_000);
  expect(house.fake.leaks()).toEqual([]);
  expect(house.agent('alice').state).toBe('idle');
});
