import { describe, expect, it } from 'vitest';
import { positionOf, qualified } from '../../../src/acd/queue.ts';
import { agent, queue, T0, waitingCall } from './builders.ts';

describe('qualified', () => {
  const finn = agent('finn', { skills: { 'lang:fi': 8, billing: 3 }, campaigns: ['spring'] }).profile;

  it.each([
    ['no skill asked', 'support', [], true],
    ['level reached', 'support', [{ skill: 'billing', level: 3 }], true],
    ['level missed', 'support', [{ skill: 'billing', level: 4 }], false],
    ['skill unknown', 'support', [{ skill: 'tech', level: 1 }], false],
    ['a name every object has', 'support', [{ skill: 'constructor', level: 1 }], false],
    ['other queue', 'sales', [], false],
    ['own campaign', 'campaign:spring', [], true],
    ['other campaign', 'campaign:autumn', [], false],
  ] as const)('%s', (_title, name, require, expected) => {
    expect(qualified(finn, { name, require: [] }, require)).toBe(expected);
  });

  it('asks what the queue asks of every agent', () => {
    expect(qualified(finn, queue({ require: [{ skill: 'tech', level: 1 }] }), [])).toBe(false);
  });

  it('lets * serve all campaigns, and no queue', () => {
    const all = agent('all', { queues: [], campaigns: ['*'] }).profile;
    expect(qualified(all, { name: 'campaign:any', require: [] }, [])).toBe(true);
    expect(qualified(all, { name: 'support', require: [] }, [])).toBe(false);
  });
});

describe('position', () => {
  const waiting = [
    waitingCall('late', { enqueuedAt: T0 + 9_000 }),
    waitingCall('vip', { enqueuedAt: T0 + 60_000, priority: 300 }),
    waitingCall('early'),
    waitingCall('elsewhere', { queue: 'billing' }),
  ];

  it('counts by age and credit, within the queue', () => {
    expect(['vip', 'early', 'late', 'elsewhere'].map((id) => positionOf(waiting, id))).toEqual([1, 2, 3, 1]);
  });

  it('is 0 for who does not wait', () => {
    expect(positionOf(waiting, 'gone')).toBe(0);
  });

  it('gives twins different places', () => {
    const twins = [waitingCall('b'), waitingCall('a')];
    expect([positionOf(twins, 'a'), positionOf(twins, 'b')]).toEqual([1, 2]);
  });
});
