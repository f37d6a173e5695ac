import { describe, expect, it } from 'vitest';
import type { QueueProfile } from '../../src/call/routing.ts';
import { agentProfile, ENTRY, flowOfNodes, queueProfile, testSite } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const queuesOf = (billing: Partial<QueueProfile>) => new Map([['billing', queueProfile('billing', billing)]]);
const ONLY_LITTLE = [{ skill: 'gold', level: 2 }];

/** Alice knows a little of gold; Bob knows all, and is on a break. A caller who asks for much has waited half a minute. */
async function askingMuch(nodeRelax = '') {
  const flow = (relax: string) =>
    flowOfNodes(`
  first:
    type: queue
    queue: billing
    require: [{ skill: gold, level: 8 }]
    ${relax}
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
`);
  const agents = [
    agentProfile('alice', { queues: ['billing'], skills: { gold: 2 } }),
    agentProfile('bob', { queues: ['billing'], skills: { gold: 8 } }),
  ];
  const house = await new WalkHouse({ ...flow(nodeRelax), agents, queues: queuesOf({}) }).start();
  await house.ready('alice');
  await house.service.setAgentStatus('bob', 'not-ready', 'lunch');
  const caller = house.fake.call({ from: '+358501000001', to: ENTRY });
  await house.clock.advance(30_000);
  expect(house.callOf(caller.legId)?.phase).toBe('queued');
  const load = async (relax: string, billing: Partial<QueueProfile>) => {
    house.folder.holds('b', testSite({ ...flow(relax), agents, queues: queuesOf(billing) }));
    expect(await house.service.releases.load('ci', { percent: null, note: '' })).toMatchObject({ ok: true });
  };
  return { house, caller, load };
}

const NODES_OF_BILLING = `
  first:
    type: queue
    queue: billing
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
`;

describe('a release that is loaded while somebody waits', () => {
  it('has him offered at once when a step of his queue is due by it', async () => {
    const { house, caller, load } = await askingMuch();
    await load('', { relax: [{ afterMs: 10_000, require: ONLY_LITTLE }] });
    await house.clock.advance(0);
    expect(house.eventsOf('call.offered')).toMatchObject([{ at: house.clock.now(), data: { agentId: 'alice' } }]);
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('leaves him the steps of the flow that he came by', async () => {
    const step = (after: string) => `relax: [{ after: ${after}, require: [{ skill: gold, level: 2 }] }]`;
    const { house, caller, load } = await askingMuch(step('2m'));
    await load(step('10s'), { relax: [{ afterMs: 10_000, require: ONLY_LITTLE }] });
    await house.clock.advance(80_000);
    expect(house.callOf(caller.legId)?.phase).toBe('queued');
    await house.clock.advance(15_000);
    expect(house.agent('alice').state).toBe('talking');
    caller.hangUp();
    await house.expectNoLeaks();
  });
});

describe('what a supervisor changes of an agent', () => {
  it('counts for who is let in, and for who waits for nobody', async () => {
    const agents = [agentProfile('alice', { queues: ['billing'] }), agentProfile('bob', { queues: [] })];
    const flow = flowOfNodes(NODES_OF_BILLING);
    const queues = queuesOf({ refuseWhenNoAgents: true, leaveWhenNoAgentsMs: 60_000 });
    const house = await new WalkHouse({ ...flow, agents, queues }).start();
    await house.service.setAgentStatus('bob', 'not-ready', 'lunch');
    await house.service.floor.change('bob', { skills: {}, queues: ['billing'] });
    const caller = house.fake.call({ from: '+358501000001', to: ENTRY });
    await house.clock.advance(5 * 60_000);
    expect(house.callOf(caller.legId)?.phase).toBe('queued');
    await house.service.floor.change('bob', { skills: {}, queues: [] });
    await caller.until('ended');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data.outcome)).toEqual(['noAgents']);
    await house.expectNoLeaks();
  });
});
