import { describe, expect, it } from 'vitest';
import type { QueueProfile } from '../../src/call/routing.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';
import { twoHouses } from './two-houses.ts';

/** Alice serves billing, Bob only the queue that may help out. */
const siteWith = (billing: Partial<QueueProfile>) => ({
  queues: new Map([
    ['billing', queueProfile('billing', { wrapUpMs: 0, ...billing })],
    ['tech', queueProfile('tech', { wrapUpMs: 0 })],
  ]),
  agents: [agentProfile('alice', { queues: ['billing'] }), agentProfile('bob', { queues: ['tech'] })],
});

const HELP = { targetMs: 5_000, overflow: [{ to: { queue: 'tech' }, when: { serviceLevelUnder: 0.8 } }] } as const;

/** Callers of one process, one after the other, each of whom talks with whoever answers. */
async function serve(house: WalkHouse, callers: number): Promise<void> {
  for (let nth = 0; nth < callers; nth += 1) {
    const caller = await house.callerIn('1', `+3585010000${10 + nth}`);
    await caller.until('ended');
    await house.clock.advance(1_000);
  }
}

const levelIn = (house: WalkHouse) => house.engine.house.policy.view('billing').serviceLevel;

describe('what one process sees of the work', () => {
  it('makes the others overflow by the service level, and the one that leads tell of it', async () => {
    const { first, second, houses } = await twoHouses(siteWith(HELP));
    for (const house of houses) house.fake.phone('alice', answers(8_000, 3_000));
    await first.ready('alice');
    await serve(second, 5);
    expect(levelIn(second)).toBe(0);
    expect(levelIn(first)).toBe(0);
    await first.clock.advance(5_000);
    expect(first.eventsOf('queue.overflowing').map(({ data }) => data)).toEqual([
      { queue: 'billing', to: 'tech', on: true, because: 'service-level' },
    ]);
    expect(second.eventsOf('queue.overflowing')).toEqual([]);
    // Also callers of the one that served nobody yet are helped.
    await first.service.setAgentStatus('alice', 'not-ready', 'lunch');
    await first.ready('bob');
    await (await first.callerIn('1')).until('bridged');
    expect(first.agent('bob').state).toBe('talking');
  });

  it('tells the others how long talks take, and so how long callers will wait', async () => {
    const { first, second, houses, clock } = await twoHouses(siteWith({}));
    for (const house of houses) house.fake.phone('alice', answers(1_000, 60_000));
    await first.ready('alice');
    const waitOf = (house: WalkHouse, id = '') => house.engine.house.dispatcher.outlook.waitOf(id);
    await serve(second, 1);
    await (await second.callerIn('1')).until('bridged');
    const waiting = await first.callerIn('1', '+358501112299');
    await clock.advance(1_500);
    const [here, there] = houses.map((house) => waitOf(house, first.callOf(waiting.legId)?.id));
    expect(here).toBeGreaterThan(50_000);
    expect(here).toBeLessThan(65_000);
    expect(there).toBe(here);
  });

  it('is known to who comes later from the records', async () => {
    const { first, second, houses, clock } = await twoHouses(siteWith(HELP));
    for (const house of houses) house.fake.phone('alice', answers(8_000, 3_000));
    await first.ready('alice');
    await serve(second, 5);
    first.kill();
    await first.restart();
    expect(levelIn(first)).toBe(0);
    second.kill();
    await clock.advance(2 * 3_600_000);
    await second.restart();
    expect(levelIn(second)).toBeNull();
  });

  it('costs nothing while it is alone, and is told again once another comes up', async () => {
    const first = await new WalkHouse(siteWith({})).start();
    first.fake.phone('alice', answers(1_000, 3_000));
    await first.ready('alice');
    first.refuses = 'tell';
    await serve(first, 2);
    await first.clock.advance(60_000);
    expect(first.warnings).toEqual([]);
    first.refuses = '';
    const second = await new WalkHouse(siteWith({}), { house: first, node: 'fake-2' }).start();
    await serve(first, 5);
    expect(levelIn(second)).toBe(1);
    second.kill();
    await first.clock.advance(60_000);
    await serve(first, 1);
    first.refuses = 'tell';
    first.warnings.length = 0;
    await serve(first, 2);
    await first.clock.advance(60_000);
    expect(first.warnings).toEqual([]);
  });
});
