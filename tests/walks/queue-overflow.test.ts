import { describe, expect, it } from 'vitest';
import type { Overflow, QueueProfile } from '../../src/call/routing.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, ENTRY, flowOfNodes, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const MINUTE = 60_000;
const TALK = 5 * MINUTE;
const GOLD = { gold: 5 };

/** Callers of the support number wait in `support`, `tech` helps. */
const flowAsking = (require: string) =>
  flowOfNodes(`
  first:
    type: queue
    queue: support
    require: [${require}]
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
`);

/** Carol of support knows no gold; Bob, who does, serves the queue that helps. */
const agents = [
  agentProfile('alice', { queues: ['support'], skills: GOLD }),
  agentProfile('carol', { queues: ['support'] }),
  agentProfile('bob', { queues: ['tech'], skills: GOLD }),
];

async function open(when: Overflow['when'], support: Partial<QueueProfile> = {}, require = '') {
  const queues = new Map([
    ['support', queueProfile('support', { wrapUpMs: 0, overflow: [{ to: { queue: 'tech' }, when }], ...support })],
    ['tech', queueProfile('tech', { wrapUpMs: 0 })],
  ]);
  const house = await new WalkHouse({ ...flowAsking(require), queues, agents }).start();
  let callers = 0;
  const caller = () => house.fake.call({ from: `+35850100${(callers += 1)}`, to: ENTRY });
  const overflows = () => house.eventsOf('queue.overflowing').map(({ data: { on, because } }) => ({ on, because }));
  const queue = () => house.service.queues().find(({ profile }) => profile.name === 'support');
  return { house, caller, overflows, queue };
}

/** Alice has had one call, so that it is known how long talks take; now she is busy with another. */
async function busyAlice({ house, caller }: Awaited<ReturnType<typeof open>>) {
  house.fake.phone('alice', answers(1_000, TALK));
  await house.ready('alice');
  await caller().until('ended');
  await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is idle');
  const talking = caller();
  await talking.until('bridged');
  return talking;
}

describe('overflow by the estimate', () => {
  it('begins when who joins would wait too long, and ends when the wait is short again', async () => {
    const walk = await open({ estimateOverMs: 2 * MINUTE });
    const { house, caller, overflows, queue } = walk;
    await busyAlice(walk);
    await house.ready('bob');
    await house.clock.advance(MINUTE);
    expect(queue()?.overflowingTo).toEqual(['tech']); // though nobody waits yet
    const at = house.clock.now();
    const waiting = caller();
    await waiting.until('bridged');
    expect(house.clock.now() - at).toBeLessThan(10_000);
    expect(house.agent('bob').state).toBe('talking');
    await house.ready('carol');
    await house.clock.advance(MINUTE);
    expect(overflows()).toEqual([
      { on: true, because: 'estimate' },
      { on: false, because: 'estimate' },
    ]);
    waiting.hangUp();
    await house.expectNoLeaks();
  });

  it('does not begin while the wait is short enough', async () => {
    const walk = await open({ estimateOverMs: 3 * TALK });
    const { house, caller, overflows } = walk;
    await busyAlice(walk);
    await house.ready('bob');
    const waiting = caller();
    await house.clock.advance(MINUTE);
    expect(house.agent('bob').state).toBe('idle');
    expect(overflows()).toEqual([]);
    waiting.hangUp();
    await house.expectNoLeaks();
  });

  it('goes by what a call asks: a rare skill is waited for while others are free', async () => {
    const walk = await open({ estimateOverMs: 2 * MINUTE }, {}, '{ skill: gold, level: 5 }');
    const { house, caller, overflows, queue } = walk;
    await house.ready('carol');
    await busyAlice(walk);
    await house.ready('bob');
    await house.clock.advance(MINUTE);
    expect(queue()?.overflowingTo).toEqual([]); // who asks for nothing is served at once
    const before = overflows().length;
    const at = house.clock.now();
    const waiting = caller();
    await waiting.until('bridged');
    expect(house.clock.now() - at).toBeLessThan(10_000);
    expect(house.agent('bob').state).toBe('talking');
    expect(queue()?.overflowingTo).toEqual(['tech']);
    await house.clock.advance(MINUTE); // nobody who asks for gold waits any more
    expect(queue()?.overflowingTo).toEqual([]);
    expect(overflows().slice(before)).toEqual([
      { on: true, because: 'estimate' },
      { on: false, because: 'estimate' },
    ]);
    waiting.hangUp();
    await house.expectNoLeaks();
  });
});

describe('overflow by the service level', () => {
  const serve = async (house: WalkHouse, caller: () => { until(what: 'ended'): Promise<void> }, calls: number) => {
    for (let call = 0; call < calls; call += 1) {
      await caller().until('ended');
      await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is idle');
    }
  };

  it('begins when too few were answered in time, and not before five calls tell it', async () => {
    const { house, caller, overflows } = await open({ serviceLevelUnder: 0.8 }, { targetMs: 5_000, serviceLevel: 0.8 });
    house.fake.phone('alice', answers(8_000, 3_000));
    await house.ready('alice');
    await serve(house, caller, 4);
    await house.clock.advance(MINUTE);
    expect(overflows()).toEqual([]);
    await serve(house, caller, 1);
    await house.clock.advance(5_000);
    expect(overflows()).toEqual([{ on: true, because: 'service-level' }]);
    await house.service.setAgentStatus('alice', 'not-ready', 'lunch');
    await house.ready('bob');
    const helped = caller();
    await helped.until('bridged');
    expect(house.agent('bob').state).toBe('talking');
    helped.hangUp();
    await house.expectNoLeaks();
  });

  it('does not begin while enough are', async () => {
    const { house, caller, overflows } = await open({ serviceLevelUnder: 0.8 }, { targetMs: 10_000 });
    house.fake.phone('alice', answers(8_000, 3_000));
    await house.ready('alice');
    await serve(house, caller, 6);
    await house.clock.advance(MINUTE);
    expect(overflows()).toEqual([]);
    await house.expectNoLeaks();
  });
});
