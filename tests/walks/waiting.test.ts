import { describe, expect, it } from 'vitest';
import type { QueueProfile } from '../../src/call/routing.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';

const NODES = `
  first:
    type: queue
    queue: tech
    announce: { position: onlyIfImproved, estimate: range, every: 30s }
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye }`;

const open = async (tech: Partial<QueueProfile> = {}) => {
  const agents = ['alice', 'bob'].map((id) => agentProfile(id));
  const queues = new Map([['tech', queueProfile('tech', { maxWaitMs: 3_600_000, ...tech })]]);
  const house = new FlowHouse(NODES, { agents, queues });
  for (const { phone } of agents) house.fake.phone(phone, answers(1_000, 180_000));
  await house.start();
  await house.ready('alice', 'bob');
  return house;
};

/** So many callers, one every ten seconds. */
async function rush(house: FlowHouse, callers: number) {
  const all = [];
  for (let nth = 0; nth < callers; nth += 1) {
    all.push(house.caller(`+3585011122${10 + nth}`));
    await house.clock.advance(10_000);
  }
  return all;
}

describe('what waiting callers are told', () => {
  it('only becomes better, is kept more often than not, and is held against the truth', async () => {
    const house = await open();
    await rush(house, 20);
    await house.expectNoLeaks();
    const calls = new Set(house.eventsOf('call.queued').map(({ subject }) => subject));
    expect(calls.size).toBe(20);
    let [told, kept] = [0, 0];
    for (const call of calls) {
      const of = <T extends { readonly subject: string }>(events: readonly T[]) =>
        events.filter(({ subject }) => subject === call);
      const places = of(house.eventsOf('call.position.announced')).map(({ data }) => data.position);
      expect(places).toEqual([...new Set(places)].sort((a, b) => b - a));
      const ranges = of(house.eventsOf('call.estimate.announced')).map(({ data }) => data);
      for (const end of ['fromMs', 'toMs'] as const) {
        const said = ranges.map((range) => range[end]);
        expect(said).toEqual(said.toSorted((a, b) => b - a));
      }
      const [first] = ranges;
      const waitedMs = of(house.eventsOf('call.connected'))[0]?.data.waitedMs ?? 0;
      if (!first) continue;
      told += 1;
      if (waitedMs >= first.waitedMs + first.fromMs && waitedMs <= first.waitedMs + first.toMs) kept += 1;
    }
    // The first callers heard nothing of time: five talks must be known.
    expect(told).toBeGreaterThanOrEqual(8);
    expect(kept / told).toBeGreaterThanOrEqual(0.7);
    const { report } = await house.engine.house.figures.report(0, null);
    expect(report.queues['tech']?.ewtError.count).toBe(told);
    const again = await house.engine.house.figures.report(0, house.clock.now() + 1);
    expect(again.report.queues['tech']?.ewtError).toEqual(report.queues['tech']?.ewtError);
  });

  it('goes on after a crash: how long talks take is read back, and what was said is not topped', async () => {
    const house = await open();
    const callers = await rush(house, 14);
    await house.clock.runUntil(() => house.eventsOf('call.estimate.announced').length > 3, 'estimates are said');
    house.kill();
    await house.restart();
    const [talks, before] = [house.eventsOf('call.disconnected').length, house.eventsOf('call.estimate.announced')];
    await house.clock.advance(60_000);
    expect(house.eventsOf('call.disconnected').length - talks).toBeLessThan(5);
    const all = house.eventsOf('call.estimate.announced');
    expect(all.length).toBeGreaterThan(before.length);
    const again = new Set(all.slice(before.length).map(({ subject }) => subject));
    expect(before.some(({ subject }) => again.has(subject))).toBe(true);
    for (const call of again) {
      const ends = all.flatMap(({ subject, data }) => (subject === call ? [data.toMs] : []));
      expect(ends).toEqual(ends.toSorted((a, b) => b - a));
    }
    for (const caller of callers) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('is the wait of who asks for so much, when it decides who is turned away', async () => {
    const agents = [agentProfile('alice', { skills: { gold: 5 } }), agentProfile('bob', { skills: {} })];
    const queues = new Map([['tech', queueProfile('tech', { refuseWhenEstimateOverMs: 60_000 })]]);
    const asks = (more: string) => NODES.replace('announce:', `${more}\n    announce:`);
    const house = new FlowHouse(asks('require: [{ skill: gold, level: 5 }]'), { agents, queues });
    house.fake.phone('alice', answers(1_000, 180_000));
    await house.start();
    await house.ready('alice', 'bob');
    const first = house.caller();
    await first.until('ended');
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice idle');
    await house.caller('+358501110001').until('bridged');
    // Bob is free, and no help to who needs gold.
    expect(house.agent('bob').state).toBe('idle');
    await house.caller('+358501110002').until('ended');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data.outcome)).toEqual(['full']);
    await house.expectNoLeaks();
  });
});

describe('messages of a queue', () => {
  it('are heard in turn between music, clear of announcements, also after a crash', async () => {
    const house = await open({ comfort: { everyMs: 20_000, prompts: ['use.web', 'use.chat'] } });
    await house.service.setAgentStatus('alice', 'not-ready', 'lunch');
    await house.service.setAgentStatus('bob', 'not-ready', 'lunch');
    const caller = house.caller();
    await caller.until('hearing', 'use.web');
    await caller.until('hearing', 'music:default');
    await caller.until('hearing', 'use.chat');
    house.kill();
    await house.restart();
    await caller.until('hearing', 'use.web');
    const words = caller.heard.filter((name) => !name.startsWith('music:')).map((name) => name.replace('file:en/', ''));
    expect(words.slice(0, 4)).toEqual(['queue.wait', 'queue.position', 'say.number', 'say.n.1']);
    expect(words.filter((name) => name.startsWith('use.'))).toEqual(['use.web', 'use.chat', 'use.web']);
    await house.ready('alice');
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });
});
