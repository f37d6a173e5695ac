import { describe, expect, it } from 'vitest';
import { Pool } from '../../../src/acd/pool.ts';
import { queue, T0, waitingCall } from './builders.ts';
import { fill, pairings, poolAgent, poolOf } from './pool-builders.ts';

const tech = (level: number) => [{ skill: 'tech', level }];
const expert = (id: string, level: number, now = {}) => poolAgent(id, { skills: { tech: level } }, now);

describe('turns', () => {
  const pair = (calls: Parameters<typeof fill>[2]) =>
    pairings(fill(poolOf({}), [poolAgent('a', { campaigns: ['*'] })], calls), T0 + 60_000);

  it('are by age and credit together', () => {
    const vip = waitingCall('vip', { priority: 300, enqueuedAt: T0 + 60_000 });
    expect(pair([waitingCall('patient', { enqueuedAt: T0 - 300_000 }), vip])).toEqual(['patient>a']);
    expect(pair([waitingCall('late', { enqueuedAt: T0 }), vip])).toEqual(['vip>a']);
  });

  it('are the earlier one’s of two that are worth the same, then by id', () => {
    const credited = waitingCall('a', { enqueuedAt: T0 + 30_000, priority: 30 });
    expect(pair([credited, waitingCall('z')])).toEqual(['z>a']);
    expect(pair([waitingCall('twin-b'), waitingCall('twin-a')])).toEqual(['twin-a>a']);
  });

  it('go to a person whom a campaign rang before every caller', () => {
    const rung = waitingCall('rung', { queue: 'campaign:spring', campaignId: 'spring', enqueuedAt: T0 + 60_000 });
    const vip = waitingCall('vip', { priority: 300, enqueuedAt: T0 - 3_600_000 });
    expect(pair([vip, rung])).toEqual(['rung>a']);
  });

  it('go past a call that nobody can take', () => {
    const hard = waitingCall('hard', { require: tech(1), enqueuedAt: T0 - 1 });
    expect(pair([hard, waitingCall('easy')])).toEqual(['easy>a']);
  });
});

describe('who is able', () => {
  it.each(['out', 'away', 'busy'] as const)('is nobody who is %s', (presence) => {
    expect(pairings(fill(poolOf({}), [poolAgent('a', {}, { presence })], [waitingCall('c')]))).toEqual([]);
  });

  it('serves the queue or one that helps out, with every skill that this queue and the call ask', () => {
    const pool = poolOf({}, { name: 'billing', require: tech(3) });
    const helper = (id: string, level: number) => poolAgent(id, { queues: ['billing'], skills: { tech: level } });
    fill(pool, [helper('a', 2), helper('b', 3)], [waitingCall('c', { also: ['billing'] })]);
    expect(pool.next(T0)).toMatchObject({ agentIds: ['b'], queue: 'support', through: 'billing' });
  });

  it('is of a queue that is in no site file by its name alone', () => {
    const pool = fill(poolOf({}), [poolAgent('a', { queues: ['removed'] })], [waitingCall('c', { queue: 'removed' })]);
    expect(pairings(pool)).toEqual(['c>a']);
  });

  it('is not who lacks what every object has', () => {
    const call = waitingCall('c', { require: [{ skill: 'constructor', level: 1 }] });
    expect(pairings(fill(poolOf({}), [poolAgent('a')], [call]))).toEqual([]);
  });
});

describe('somebody could take the call', () => {
  it.each([
    ['nobody is there', [], [], false],
    ['who could is logged out', [expert('a', 9, { presence: 'out' })], tech(8), false],
    ['who could is at lunch', [expert('a', 9, { presence: 'away' })], tech(8), true],
    ['nobody is able', [expert('a', 1)], tech(8), false],
    ['somebody is once the queue asks for less', [expert('a', 2)], tech(8), true],
    ['he serves another queue', [poolAgent('a', { queues: ['billing'] })], [], false],
  ])('%s', (_case, agents, require, expected) => {
    const pool = fill(poolOf({ relax: [{ afterMs: 60_000, require: tech(2) }] }), agents, []);
    expect(pool.isStaffed(waitingCall('c', { require }))).toBe(expected);
  });
});

describe('relaxation', () => {
  const relax = [
    { afterMs: 10_000, require: tech(5) },
    { afterMs: 30_000, require: [] },
  ];
  const call = waitingCall('c', { require: tech(8), relax });
  const away = (id: string, level: number) => expert(id, level, { presence: 'away' });

  it.each([
    [9_999, 8, 0],
    [10_000, 5, 1],
    [29_999, 5, 1],
    [30_000, 0, 2],
  ])('after %i ms is content with a level of %i', (waitedMs, level, step) => {
    const [worse, enough] = [expert('worse', level - 1), expert('enough', level)];
    const pool = fill(poolOf({}), [away('x', 8), away('y', 5), worse], [call]);
    if (level > 0) expect(pool.next(T0 + waitedMs)).toBeNull();
    pool.putAgent(enough, T0 + waitedMs);
    pool.removeAgent('worse');
    expect(pool.next(T0 + waitedMs)).toMatchObject({ agentIds: ['enough'], step });
  });

  it('is as the queue says when the call says nothing', () => {
    const pool = fill(poolOf({ relax }), [away('x', 8), expert('a', 5)], [waitingCall('c', { require: tech(8) })]);
    expect(pool.next(T0 + 9_999)).toBeNull();
    expect(pool.nextAt(T0 + 9_999)).toBe(T0 + 10_000);
    expect(pool.next(T0 + 10_000)).toMatchObject({ agentIds: ['a'], step: 1 });
  });

  it('skips at once a step that nobody logged in could ever meet', () => {
    const pool = fill(poolOf({}), [expert('a', 5)], [call]);
    expect(pool.next(T0)).toMatchObject({ agentIds: ['a'], step: 1 });
  });

  it('goes back when somebody logs in who can meet it, at lunch or not', () => {
    const pool = fill(poolOf({}), [expert('a', 5, { presence: 'busy' }), away('x', 8)], [call]);
    pool.putAgent(expert('a', 5), T0);
    expect(pool.next(T0)).toBeNull();
    pool.putAgent(expert('x', 8, { presence: 'out' }), T0);
    expect(pool.next(T0)).toMatchObject({ agentIds: ['a'], step: 1 });
  });

  it('stays at the due step when no later one helps either', () => {
    const pool = fill(
      poolOf({}),
      [],
      [waitingCall('c', { require: tech(8), relax: [{ afterMs: 10_000, require: tech(5) }] })],
    );
    expect(pool.next(T0)).toBeNull();
    pool.putAgent(expert('a', 9), T0);
    expect(pool.next(T0)).toMatchObject({ step: 0 });
  });

  it('follows rules that change while the call waits', () => {
    const pool = fill(poolOf({}), [away('x', 8), expert('a', 5)], [waitingCall('c', { require: tech(8) })]);
    expect(pool.next(T0 + 20_000)).toBeNull();
    pool.setQueues(new Map([['support', queue({ relax })]]), T0 + 20_000);
    expect(pool.next(T0 + 20_000)).toMatchObject({ agentIds: ['a'], step: 1 });
  });
});

describe('preferred agents', () => {
  const prefer = { agentId: 'his', until: T0 + 10_000 };
  const call = waitingCall('c', { prefer });
  const other = poolAgent('other', {}, { idleSince: T0 - 60_000 });
  const pair = (his: Parameters<typeof poolAgent>[2], now = T0) =>
    fill(poolOf({}), [poolAgent('his', {}, his), other], [call]).next(now);

  it('get the call though others have been idle longer', () => {
    expect(pair({})).toMatchObject({ agentIds: ['his'], preferred: { agentId: 'his', outcome: 'taken' } });
  });

  it('are waited for while they talk, and not longer than that', () => {
    expect(pair({ presence: 'busy' }, T0 + 9_999)).toBeNull();
    const found = pair({ presence: 'busy' }, T0 + 10_000);
    expect(found).toMatchObject({ agentIds: ['other'], preferred: { outcome: 'waited-in-vain' } });
  });

  it.each(['away', 'out'] as const)('are not waited for when they are %s', (presence) => {
    expect(pair({ presence })).toMatchObject({ agentIds: ['other'], preferred: { outcome: 'away' } });
  });

  it('are not waited for when they cannot serve the call', () => {
    const pool = fill(poolOf({}), [poolAgent('his', { queues: ['billing'] }), other], [call]);
    expect(pairings(pool)).toEqual(['c>other']);
  });

  it('are let go while the call waits, when they leave', () => {
    const pool = fill(poolOf({}), [poolAgent('his', {}, { presence: 'busy' }), other], [call]);
    expect(pool.next(T0)).toBeNull();
    expect(pool.nextAt(T0)).toBe(prefer.until);
    pool.putAgent(poolAgent('his', {}, { presence: 'away' }), T0);
    expect(pairings(pool)).toEqual(['c>other']);
  });

  it('are waited for once they can serve it, as a step comes into force that nobody else made pass', () => {
    const relax = [{ afterMs: 60_000, require: tech(5) }];
    const gone = expert('expert', 8, { presence: 'away' });
    const waiting = waitingCall('c', { require: tech(8), relax, prefer });
    const pool = fill(poolOf({}), [gone, expert('his', 5, { presence: 'busy' }), expert('other', 5)], [waiting]);
    expect(pool.next(T0)).toBeNull();
    pool.putAgent({ ...gone, presence: 'out' }, T0);
    expect(pool.next(T0)).toBeNull();
    pool.putAgent(expert('his', 5), T0);
    expect(pool.next(T0)).toMatchObject({ agentIds: ['his'], step: 1 });
  });

  it('are the only ones for who asks for one agent alone, whatever he can do', () => {
    const only = waitingCall('c', { only: 'his', require: tech(9) });
    const pool = fill(poolOf({}), [poolAgent('his', { queues: [] }, { presence: 'busy' }), other], [only]);
    expect(pool.next(T0 + 3_600_000)).toBeNull();
    pool.putAgent(poolAgent('his', { queues: [] }), T0);
    expect(pairings(pool)).toEqual(['c>his']);
  });
});

describe('shares', () => {
  const sharing = (handled: Record<string, number>) =>
    poolAgent('a', { queues: ['support', 'billing'], shares: { support: 0.5 } }, { handled });
  const calls = [waitingCall('c1', { enqueuedAt: T0 - 60_000 }), waitingCall('c2', { queue: 'billing' })];
  const pool = () => poolOf({}, { name: 'billing' });

  it('put a queue of which the agent has had enough behind the others', () => {
    const why = fill(pool(), [sharing({ support: 3, billing: 2 })], calls).next(T0);
    expect(why).toMatchObject({ callId: 'c2', behind: [{ callId: 'c1' }], score: { share: 0 } });
    expect(fill(pool(), [sharing({ support: 2, billing: 2 })], calls).next(T0)).toMatchObject({ callId: 'c1' });
  });

  it('leave nobody idle', () => {
    const why = fill(pool(), [sharing({ support: 9 })], calls.slice(0, 1)).next(T0);
    expect(why).toMatchObject({ callId: 'c1', agentIds: ['a'] });
    expect(why?.score.share).toBeLessThan(0);
    expect(why?.score.total).toBe(60 + (why?.score.share ?? 0));
  });
});

describe('dials that ring', () => {
  const dial = waitingCall('d', { queue: 'campaign:spring', campaignId: 'spring' });
  const dialler = (id: string, now = {}) => poolAgent(id, { campaigns: ['spring'] }, now);

  it('keep an agent each from callers', () => {
    const pool = fill(poolOf({}), [dialler('a'), dialler('b')], []);
    pool.hold(dial, T0);
    for (const id of ['c1', 'c2']) pool.putCall(waitingCall(id), T0);
    expect(pairings(pool)).toEqual(['c1>b']);
    pool.release('d');
    expect(pairings(pool)).toEqual(['c2>a']);
  });

  it('keep the next who is free when none was', () => {
    const pool = fill(poolOf({}), [dialler('a', { presence: 'busy' })], [waitingCall('c')]);
    pool.hold(dial, T0);
    expect(pool.next(T0)).toBeNull();
    pool.putAgent(dialler('a'), T0);
    expect(pool.next(T0)).toBeNull();
    expect([...pool.kept()]).toEqual(['a']);
  });

  it('give their agent to a person whom he can serve since he learned what it takes', () => {
    const pool = fill(poolOf({}), [dialler('a')], []);
    pool.hold(dial, T0);
    pool.putCall({ ...dial, callId: 'rung', require: tech(3) }, T0);
    expect(pairings(pool)).toEqual([]);
    pool.putAgent(poolAgent('a', { campaigns: ['spring'], skills: { tech: 3 } }), T0);
    expect(pairings(pool)).toEqual(['rung>a']);
  });

  it('give their agent to the person who answered, or to another whom a campaign rang', () => {
    const pool = fill(poolOf({}), [dialler('a')], [waitingCall('c')]);
    pool.hold(dial, T0);
    expect(pairings(pool)).toEqual([]);
    pool.putCall({ ...dial, callId: 'rung' }, T0);
    expect(pairings(pool)).toEqual(['rung>a']);
  });
});

describe('what a pairing says of itself', () => {
  it('tells who else there was and why they lost, and which calls stay behind', () => {
    const agents = [
      expert('a', 5, { idleSince: T0 - 2_000 }),
      expert('b', 5, { idleSince: T0 - 1_000 }),
      poolAgent('c', { skills: { tech: 5 }, ranks: { support: 2 } }),
      expert('d', 5, { presence: 'busy' }),
      expert('e', 4),
    ];
    const later = waitingCall('later', { require: tech(5), enqueuedAt: T0 + 1 });
    const pool = fill(poolOf({}), agents, [waitingCall('c1', { require: tech(5), priority: 30 }), later]);
    expect(pool.next(T0 + 5_000)).toEqual({
      at: T0 + 5_000,
      callId: 'c1',
      kind: 'call',
      queue: 'support',
      through: 'support',
      agentIds: ['a'],
      step: 0,
      require: tech(5),
      score: { waited: 5, priority: 30, campaign: 0, share: 0, total: 35 },
      strategy: 'longest-idle',
      rank: 1,
      key: T0 - 2_000,
      candidates: { able: 4, free: 3 },
      lost: [
        { agentId: 'b', by: 'strategy', rank: 1, key: T0 - 1_000 },
        { agentId: 'c', by: 'rank', rank: 2, key: T0 },
      ],
      behind: [{ callId: 'later', queue: 'support', total: 4.999 }],
      preferred: null,
    });
  });
});

describe('odd wishes by the thousand', () => {
  it('are forgotten, and those in use are served all the same', () => {
    const pool = new Pool(new Map([['support', queue()]]), 1);
    pool.putAgent(expert('a', 9), T0);
    pool.putAgent(expert('b', 1, { presence: 'busy' }), T0);
    for (let n = 0; n < 3_000; n += 1) {
      const odd = waitingCall(`c${n}`, {
        require: [{ skill: `odd-${n}`, level: 1 }],
        relax: [{ afterMs: n, require: tech(9) }],
      });
      pool.putCall({ ...odd, prefer: { agentId: 'b', until: T0 + n } }, T0);
      if (n % 500 !== 0) pool.removeCall(odd.callId);
    }
    expect(pool.next(T0)).toMatchObject({ callId: 'c0', agentIds: ['a'], step: 1 });
    for (const id of ['c1000', 'c1500', 'c2000', 'c2500', 'c500']) {
      pool.putAgent(expert('a', 9), T0);
      expect(pool.next(T0)).toMatchObject({ callId: id, agentIds: ['a'] });
    }
    expect(pool.next(T0)).toBeNull();
  });
});
