import { describe, expect, it } from 'vitest';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { campaignIn } from './campaign-house.ts';
import { Carriers, linesOf, northAndSouth } from './carriers.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const OTHER = '+358504445556';
const MINUTE_MS = 60_000;
const DEADLY = { backOffAfter: 3, backOffMs: 2_000, backOffMostMs: 300_000, deadAfter: 1, probeEveryMs: 600_000 };
const callbacks = { tries: 5, retryAfterMs: 5 * MINUTE_MS, ringMs: 15_000, trunk: 'outside' };

async function open(change: Parameters<typeof northAndSouth>[0] = {}) {
  const agents = ['alice', 'bob'].map((id) => agentProfile(id, { queues: ['billing'] }));
  const queues = new Map([['billing', queueProfile('billing', { callbacks })]]);
  const house = await new FlowHouse(callbackNodes('2h'), { agents, queues, ...northAndSouth(change) }).start();
  for (const { id } of agents) house.fake.phone(id, answers(1_000));
  return { house, carriers: new Carriers(house) };
}

const rows = (house: FlowHouse) => house.flows.callbacks({ limit: 9 });

describe('a callback by several trunks', () => {
  it('rings by the second in the same try when the first answers 503, at its place', async () => {
    const { house, carriers } = await open();
    carriers.down.add('north');
    const [first, second] = [CALLER, OTHER].map((number) => house.fake.number(number, answers(2_000, 5_000)));
    await house.takeCallback(CALLER);
    await house.clock.advance(1_000);
    await house.takeCallback(OTHER);
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 1, 'the talk');
    expect(carriers.dialled.map(({ trunk, number }) => [trunk, number])).toEqual([
      ['north', CALLER],
      ['south', CALLER],
    ]);
    expect(carriers.dialled.map(({ shown }) => shown)).toEqual(['+358900000000', '+358900000001']);
    expect(house.eventsOf('callback.answered')).toMatchObject([{ data: { agentId: 'alice', attempt: 1 } }]);
    expect(house.eventsOf('leg.rerouted')).toMatchObject([{ data: { from: 'north', trunk: 'south' } }]);
    expect(house.eventsOf('callback.failed')).toEqual([]);
    expect(linesOf(house)).toEqual({ north: 0, south: 1 });
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 2, 'the talk of the other');
    expect([first?.parties.length, second?.parties.length]).toEqual([2, 2]);
    expect((await rows(house)).map(({ state, tries }) => [state, tries])).toEqual([
      ['done', 1],
      ['done', 1],
    ]);
    await house.clock.advance(MINUTE_MS);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
    await house.expectNoLeaks();
  });

  it('uses up a try when all of them answer 503, and frees the agent', async () => {
    const { house, carriers } = await open();
    for (const name of ['north', 'south']) carriers.down.add(name);
    house.fake.number(CALLER, answers(2_000, 5_000));
    await house.takeCallback();
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('callback.failed').length === 1, 'a try in vain');
    expect(house.eventsOf('callback.failed')).toMatchObject([{ data: { why: 'congestion', attempt: 1 } }]);
    expect(carriers.dialled.map(({ trunk }) => trunk)).toEqual(['north', 'south']);
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is free');
    carriers.down.clear();
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 1, 'the talk');
    await house.clock.advance(MINUTE_MS);
    await house.expectNoLeaks();
  });

  it('gives its line back when the agent puts down before anybody is dialled', async () => {
    const { house } = await open();
    const line = house.fake.number(CALLER, answers(2_000, 5_000));
    await house.takeCallback();
    await house.ready('alice');
    const alice = await house.fake.phone('alice').rung();
    await alice.until('hearing', 'callback.agent');
    expect(linesOf(house)).toEqual({ north: 1, south: 0 });
    await house.service.setAgentStatus('alice', 'not-ready', 'lunch');
    alice.hangUp();
    await house.clock.advance(1_000);
    expect([linesOf(house), line.parties.length]).toEqual([{ north: 0, south: 0 }, 0]);
    await house.ready('alice');
    await line.rung();
    await house.clock.advance(MINUTE_MS);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
    await house.expectNoLeaks();
  });

  it('does not dial again whom the ring has reached, nor who is busy', async () => {
    const { house, carriers } = await open();
    const line = house.fake.number(CALLER, rings);
    await house.takeCallback();
    await house.ready('alice');
    (await line.rung()).hangUp({ q850: 34, sip: 503 });
    await house.clock.runUntil(() => house.eventsOf('callback.failed').length === 1, 'a try in vain');
    line.behaviour = { does: 'refuse', cause: { q850: 17, sip: 486 } };
    await house.clock.runUntil(() => house.eventsOf('callback.failed').length === 2, 'another');
    expect(carriers.dialled.map(({ trunk }) => trunk)).toEqual(['north', 'north']);
    expect(house.eventsOf('leg.rerouted')).toEqual([]);
  });

  it('finds a trunk dead for the campaigns, and they for it', async () => {
    const { house, carriers } = await open({ care: DEADLY });
    carriers.down.add('north');
    house.fake.number(CALLER, answers(2_000, 5_000));
    await house.takeCallback();
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('trunk.down').length === 1, 'a dead trunk');
    const list = Array.from({ length: 12 }, (_, i) => `+35840${2_000_000 + i}`);
    for (const number of list) house.fake.number(number, answers(1_000, 1_000));
    const id = await campaignIn(house, list, { trunk: 'outside', maxLines: 9, cps: 9 });
    await house.ready('bob');
    expect(await house.service.commandCampaign(id, 'start')).toMatchObject({ ok: true });
    await house.clock.runUntil(() => carriers.by('south') >= 4, 'leads by the south');
    expect(carriers.by('north')).toBe(1);
    carriers.down.add('south');
    await house.clock.runUntil(() => house.eventsOf('trunk.down').length === 2, 'the other dead');
    const before = carriers.dialled.length;
    house.fake.number(OTHER, answers(1_000, 1_000));
    await house.takeCallback(OTHER);
    await house.clock.advance(3 * MINUTE_MS);
    expect(carriers.dialled.slice(before).map(({ number }) => number)).not.toContain(OTHER);
    expect((await rows(house)).find(({ number }) => number === OTHER)).toMatchObject({ state: 'waiting', tries: 0 });
    carriers.down.clear();
    await house.clock.runUntil(() => carriers.dialled.some(({ number }) => number === OTHER), 'the callback');
  });

  it('counts how a callback ended that another process had begun, and holds its line till then', async () => {
    const { house, carriers } = await open({ care: DEADLY });
    const line = house.fake.number(CALLER, rings);
    await house.takeCallback();
    await house.ready('alice');
    const party = await line.rung();
    house.kill();
    await house.restart();
    await house.clock.advance(1_000);
    expect(linesOf(house)).toEqual({ north: 1, south: 0 });
    party.hangUp({ q850: 34, sip: 503 });
    await house.clock.runUntil(() => house.eventsOf('trunk.down').length === 1, 'a dead trunk');
    expect(house.eventsOf('trunk.down')[0]?.data).toMatchObject({ trunk: 'north', said: '503 Service Unavailable' });
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
    expect(carriers.dialled).toHaveLength(1);
  });

  it('is spared after a restart, though nothing but a callback had found it dead', async () => {
    const { house, carriers } = await open({ care: DEADLY });
    carriers.down.add('north');
    house.fake.number(CALLER, answers(2_000, 5_000));
    await house.takeCallback();
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 1, 'the talk by the other');
    await house.clock.advance(MINUTE_MS);
    house.kill();
    await house.restart();
    expect(house.service.trunks().find(({ name }) => name === 'north')?.down).toMatchObject({
      said: '503 Service Unavailable',
    });
    const list = Array.from({ length: 6 }, (_, i) => `+35840${2_000_000 + i}`);
    for (const number of list) house.fake.number(number, answers(1_000, 1_000));
    const id = await campaignIn(house, list, { trunk: 'outside', maxLines: 9, cps: 9 });
    for (const agent of ['alice', 'bob']) if (house.agent(agent).status !== 'ready') await house.ready(agent);
    expect(await house.service.commandCampaign(id, 'start')).toMatchObject({ ok: true });
    await house.clock.runUntil(() => carriers.by('south') >= 5, 'leads by the south');
    expect(carriers.by('north')).toBe(1);
    expect(house.eventsOf('trunk.down')).toHaveLength(1);
  });

  it('learns nothing of a leg that was gone when its call was taken over', async () => {
    const { house } = await open({ care: DEADLY });
    const line = house.fake.number(CALLER, rings);
    await house.takeCallback();
    await house.ready('alice');
    const party = await line.rung();
    house.kill();
    party.hangUp();
    await house.restart();
    await house.clock.advance(MINUTE_MS);
    expect(house.eventsOf('callback.failed')).toHaveLength(1);
    expect(house.eventsOf('trunk.down')).toEqual([]);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });
});
