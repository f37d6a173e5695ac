import { describe, expect, it } from 'vitest';
import { answers, busy, rings } from '../support/fake-party.ts';
import { flowOfNodes } from '../support/site.ts';
import { campaignIn, number, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const PLAIN = `
  first: { type: play, prompt: greeting, next: bye }`;

/** Reminders for people who do not pick up. */
async function reminders(list: readonly string[], change = {}) {
  const house = await new WalkHouse(flowOfNodes(PLAIN)).start();
  for (const each of numbers(20)) house.fake.number(each, rings);
  const id = await campaignIn(house, list, { mode: 'agentless', flow: 'support', ...change });
  await house.service.commandCampaign(id, 'start');
  return { house, id };
}

async function finished(house: WalkHouse, id: string): Promise<void> {
  let status = '';
  for (let turn = 0; turn < 2_000 && status !== 'finished'; turn += 1) {
    await house.clock.advance(250);
    status = (await house.history.campaign(id))?.status ?? '';
  }
  expect(status).toBe('finished');
}

describe('an agentless campaign', () => {
  it('its flow talks with whoever answers, and no agent is needed', async () => {
    const house = await new WalkHouse(flowOfNodes(PLAIN)).start();
    house.fake.number(number(0), answers(3_000));
    house.fake.number(number(1), busy);
    house.fake.number(number(2), rings);
    const id = await campaignIn(house, numbers(3), { mode: 'agentless', flow: 'support' });
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
    await house.clock.advance(1);
    expect(house.fake.number(number(0)).party.hearing).toContain('greeting');
    await finished(house, id);
    await house.expectNoLeaks();
    const ends = house.eventsOf('attempt.ended').map(({ data }) => data.outcome);
    expect(ends.toSorted()).toEqual(['busy', 'connected', 'no-answer']);
    expect(house.eventsOf('call.queued')).toEqual([]);
    expect(house.eventsOf('call.arrived')).toHaveLength(3);
    const [call] = house.eventsOf('call.answered');
    const record = await house.history.callRecord(call?.subject.slice('call/'.length) ?? '');
    expect(record).toMatchObject({ direction: 'outbound', flow: 'support', outcome: 'contained', campaignId: id });
  });

  it('uses the lines and call starts that it has, and no more', async () => {
    const { house, id } = await reminders(numbers(20), { maxLines: 4, cps: 2 });
    await house.clock.advance(900);
    expect(house.eventsOf('attempt.started')).toHaveLength(2);
    await house.clock.advance(5_000);
    expect(house.engine.house.fleet.runner(id)?.inFlight()).toHaveLength(4);
    const why = await house.service.dialer.why(id);
    expect(why?.headline).toBe('The campaign has 4 of its 4 lines in use.');
    expect(why?.gates.some(({ gate }) => gate.startsWith('agents'))).toBe(false);
    await finished(house, id);
  });

  it('an agent who is free is left to others', async () => {
    const { house, id } = await reminders([number(0)]);
    await house.ready('alice', 'bob');
    const other = await campaignIn(house, [number(1), number(2)], { name: 'Winter' });
    await house.service.commandCampaign(other, 'start');
    await house.clock.advance(1_000);
    expect(house.engine.house.fleet.runner(other)?.inFlight()).toHaveLength(2);
    await finished(house, id);
  });

  it('carries on when the process dies while the flow talks', async () => {
    const house = await new WalkHouse(flowOfNodes(PLAIN)).start();
    house.fake.number(number(0), answers(3_000));
    const id = await campaignIn(house, [number(0)], { mode: 'agentless', flow: 'support' });
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
    await house.clock.advance(10);
    house.kill();
    await house.restart();
    await finished(house, id);
    await house.expectNoLeaks();
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'connected' } }]);
  });

  it('needs a flow that there is', async () => {
    const house = await new WalkHouse().start();
    await expect(campaignIn(house, [], { mode: 'agentless' })).rejects.toThrow('An agentless campaign needs `flow`');
    await expect(campaignIn(house, [], { mode: 'agentless', flow: 'none' })).rejects.toThrow(
      /There is no flow 'none'; the house has support/,
    );
  });
});
