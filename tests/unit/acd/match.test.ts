import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { match, type WaitingCall } from '../../../src/acd/match.ts';
import { type Candidate, qualified } from '../../../src/acd/queue.ts';
import { agent, queue, T0, waitingCall } from './builders.ts';

const NOW = T0 + 1_000_000;
const queues = new Map([
  ['support', queue()],
  ['billing', queue({ name: 'billing', require: [{ skill: 'billing', level: 2 }] })],
]);
const pair = (waiting: readonly WaitingCall[], agents: readonly Candidate[]) =>
  match({ waiting, agents, queues, now: NOW });

describe('match', () => {
  it('takes the one who has been idle longest among the qualified', () => {
    const agents = [
      agent('new', {}, { idleSince: T0 + 10 }),
      agent('old', {}, { idleSince: T0 }),
      agent('older', { queues: ['billing'] }, { idleSince: T0 - 10 }),
    ];
    expect(pair([waitingCall('c')], agents)).toEqual([{ callId: 'c', agentId: 'old' }]);
  });

  it.each([
    ['not ready', { status: 'not-ready' }],
    ['logged out', { status: 'logged-out' }],
    ['reserved', { state: 'reserved' }],
    ['ringing', { state: 'ringing' }],
    ['talking', { state: 'talking' }],
    ['in wrap-up', { state: 'wrap-up' }],
  ] as const)('leaves alone who is %s', (_title, live) => {
    expect(pair([waitingCall('c')], [agent('a', {}, live)])).toEqual([]);
  });

  it('puts a person whom a campaign rang before every inbound call', () => {
    const rung = waitingCall('rung', { queue: 'campaign:spring', campaignId: 'spring', enqueuedAt: NOW });
    const vip = waitingCall('vip', { priority: 300, enqueuedAt: NOW - 3_600_000 });
    expect(pair([vip, rung], [agent('a', { campaigns: ['*'] })])).toEqual([{ callId: 'rung', agentId: 'a' }]);
  });

  it('takes the earlier of two whose age and credit are worth the same', () => {
    const earlier = waitingCall('z', { enqueuedAt: T0 });
    const credited = waitingCall('a', { enqueuedAt: T0 + 30_000, priority: 30 });
    expect(pair([credited, earlier], [agent('a')])).toEqual([{ callId: 'z', agentId: 'a' }]);
  });

  it('goes past a call that nobody can take', () => {
    const hard = waitingCall('hard', { require: [{ skill: 'latin', level: 1 }], enqueuedAt: T0 - 1 });
    expect(pair([hard, waitingCall('easy')], [agent('a')])).toEqual([{ callId: 'easy', agentId: 'a' }]);
  });

  it('serves a queue that is in no site file by its name alone', () => {
    const call = waitingCall('c', { queue: 'removed' });
    expect(pair([call], [agent('a', { queues: ['removed'] })])).toEqual([{ callId: 'c', agentId: 'a' }]);
  });
});

const skillArb = fc.constantFrom('lang:fi', 'lang:sv', 'billing');
const callArb = fc.record({
  queue: fc.constantFrom('support', 'billing', 'campaign:spring'),
  require: fc.array(fc.record({ skill: skillArb, level: fc.integer({ min: 1, max: 4 }) }), { maxLength: 2 }),
  priority: fc.constantFrom(0, 0, 30, 300),
  enqueuedAt: fc.integer({ min: T0, max: NOW }),
});
const callsArb = fc.array(callArb, { maxLength: 20 }).map((calls) =>
  calls.map((call, i) => {
    const campaignId = call.queue.startsWith('campaign:') ? 'spring' : null;
    return waitingCall(`c${i}`, { ...call, campaignId });
  }),
);
const agentsArb = fc
  .array(
    fc.record({
      queues: fc.subarray(['support', 'billing']),
      campaigns: fc.subarray(['spring', '*']),
      skills: fc.dictionary(skillArb, fc.integer({ min: 1, max: 10 })),
      status: fc.constantFrom('ready' as const, 'ready' as const, 'not-ready' as const),
      state: fc.constantFrom('idle' as const, 'idle' as const, 'talking' as const),
      idleSince: fc.integer({ min: T0, max: T0 + 5 }),
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list.map(({ status, state, idleSince, ...profile }, i) => agent(`a${i}`, profile, { status, state, idleSince })),
  );

function able({ profile }: Candidate, call: WaitingCall): boolean {
  return qualified(profile, queues.get(call.queue) ?? { name: call.queue, require: [] }, call.require);
}

describe('every match', () => {
  it('pairs no agent and no call twice, and only the free with what they can take', () => {
    fc.assert(
      fc.property(callsArb, agentsArb, (waiting, agents) => {
        const pairs = pair(waiting, agents);
        expect(new Set(pairs.map((p) => p.agentId)).size).toBe(pairs.length);
        expect(new Set(pairs.map((p) => p.callId)).size).toBe(pairs.length);
        for (const { callId, agentId } of pairs) {
          const [call, taken] = [waiting.find((c) => c.callId === callId), agents.find((a) => a.live.id === agentId)];
          expect(call && taken && able(taken, call)).toBe(true);
          expect(taken?.live).toMatchObject({ status: 'ready', state: 'idle' });
        }
      }),
    );
  });

  it('leaves no qualified agent idle beside a waiting call', () => {
    fc.assert(
      fc.property(callsArb, agentsArb, (waiting, agents) => {
        const pairs = pair(waiting, agents);
        const idle = agents.filter(
          ({ live }) =>
            live.status === 'ready' && live.state === 'idle' && !pairs.some(({ agentId }) => agentId === live.id),
        );
        const left = waiting.filter((call) => !pairs.some(({ callId }) => callId === call.callId));
        expect(left.filter((call) => idle.some((candidate) => able(candidate, call)))).toEqual([]);
      }),
    );
  });

  it('does not depend on the order in which calls and agents are listed', () => {
    const shuffled = fc
      .tuple(callsArb, agentsArb)
      .chain(([calls, agents]) =>
        fc.tuple(
          fc.constant(calls),
          fc.constant(agents),
          fc.shuffledSubarray(calls, { minLength: calls.length }),
          fc.shuffledSubarray(agents, { minLength: agents.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([calls, agents, mixedCalls, mixedAgents]) => {
        expect(pair(mixedCalls, mixedAgents)).toEqual(pair(calls, agents));
      }),
    );
  });

  it('lets a call overtake one of the same need by its credit only, equals in order of arrival', () => {
    const sameNeed = fc.array(
      fc.record({ priority: fc.constantFrom(0, 30, 300), enqueuedAt: fc.integer({ min: T0, max: NOW }) }),
      {
        minLength: 2,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(sameNeed, fc.integer({ min: 1, max: 6 }), (calls, count) => {
        const waiting = calls.map((call, i) => waitingCall(`c${i}`, call));
        const served = pair(
          waiting,
          Array.from({ length: count }, (_, i) => agent(`a${i}`)),
        ).map(({ callId }) => callId);
        const turn = (id: string) => (served.includes(id) ? served.indexOf(id) : Number.POSITIVE_INFINITY);
        for (const a of waiting) {
          for (const b of waiting) {
            const aheadMs = b.enqueuedAt - a.enqueuedAt - (b.priority - a.priority) * 1000;
            const equal = aheadMs === 0 && a.enqueuedAt < b.enqueuedAt;
            if (aheadMs > 0 || equal) expect(turn(a.callId)).toBeLessThanOrEqual(turn(b.callId));
          }
        }
      }),
    );
  });
});

describe('nobody starves', () => {
  it('though VIPs never stop coming: after its wait equals their credit, no newcomer goes first', () => {
    const credit = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(credit, fc.integer({ min: 1, max: 20 }), (vip, serviceS) => {
        const waiting = [waitingCall('patient')];
        let at = T0;
        for (let n = 0; n < 400; n++, at += serviceS * 1000) {
          waiting.push(waitingCall(`vip${n}`, { priority: vip, enqueuedAt: at }));
          const [next] = match({ waiting, agents: [agent('a')], queues, now: at });
          if (next?.callId === 'patient') break;
          waiting.splice(
            waiting.findIndex(({ callId }) => callId === next?.callId),
            1,
          );
        }
        expect(at - T0).toBeLessThanOrEqual((vip + serviceS) * 1000);
      }),
    );
  });
});
