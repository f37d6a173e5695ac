import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { PLAIN_TICKET, qualified } from '../../../src/acd/queue.ts';
import { PLAIN_REQUEST, type QueueRequest } from '../../../src/call/routing.ts';
import { type CallState, inboundCall } from '../../../src/engine/call/state.ts';
import { Pools } from '../../../src/engine/dispatch/pools.ts';
import { Lonely } from '../../../src/engine/queue-warden-lonely.ts';
import { agentProfile, queueProfile } from '../../support/site.ts';

const LEAVE_MS = 60_000;
const SKILLS = ['a', 'b'] as const;
const overflow = [{ to: { queue: 'other' }, when: { waitedOverMs: 0 } }];
const queues = new Map([
  ['own', queueProfile('own', { overflow })],
  ['other', queueProfile('other')],
]);

const requirement = fc.record({ skill: fc.constantFrom(...SKILLS), level: fc.integer({ min: 1, max: 3 }) });
const anyCall = fc.record({
  since: fc.integer({ min: 0, max: 300_000 }),
  also: fc.subarray(['other']),
  require: fc.array(requirement, { maxLength: 2 }),
  later: fc.option(fc.array(requirement, { maxLength: 2 })),
});
const anyAgent = fc.record({
  presence: fc.constantFrom('out', 'away', 'busy', 'free'),
  queues: fc.subarray(['own', 'other']),
  skills: fc.dictionary(fc.constantFrom(...SKILLS), fc.integer({ min: 1, max: 3 })),
});

function callOf(id: string, asked: typeof anyCall extends fc.Arbitrary<infer T> ? T : never): CallState {
  const call = inboundCall({ id, legId: `${id}-leg`, ani: null, dnis: '1', source: 's', language: 'en' }, 0);
  const relax = asked.later ? [{ afterMs: 600_000, require: asked.later }] : [];
  const request: QueueRequest = {
    ...PLAIN_REQUEST,
    queue: 'own',
    language: 'en',
    require: asked.require,
    relax,
    priority: 0,
    maxWaitMs: null,
  };
  const visit = { request, enqueuedAt: asked.since, treatment: null, position: 0, also: [...asked.also] };
  return { ...call, phase: 'queued', visit };
}

it('never gives up a call that somebody logged in could take, now or later, nor one before its time', () => {
  fc.assert(
    fc.property(fc.array(anyCall, { maxLength: 8 }), fc.array(anyAgent, { maxLength: 4 }), (asked, floor) => {
      const calls = asked.map((one, i) => callOf(`call-${i}`, one));
      const agents = floor.map(({ presence, ...can }, i) => {
        const id = `a${i}`;
        const plain = { idleSince: 0, occupancy: 0, handled: {}, offeredAt: 0 };
        return { id, profile: agentProfile(id, can), presence, ...plain };
      });
      const pools = new Pools(queues);
      pools.putAgents(agents, 0);
      const couldTake = ({ visit }: CallState) =>
        agents.some(
          ({ presence, profile: agent }) =>
            presence !== 'out' &&
            ['own', ...(visit?.also ?? [])].some((name) =>
              [visit?.request.require ?? [], ...(visit?.request.relax ?? []).map(({ require }) => require)].some(
                (require) => qualified(agent, queueProfile(name), require),
              ),
            ),
        );
      const lonely = new Lonely();
      for (let now = 300_000; now <= 400_000; now += 5_000) {
        const left = lonely.since({ queue: 'own', calls, leaveMs: LEAVE_MS, now }, (asked) =>
          pools.isStaffed({ ...PLAIN_TICKET, ...asked, callId: '', enqueuedAt: now }, now),
        );
        const expected = now < 300_000 + LEAVE_MS ? [] : calls.filter((call) => !couldTake(call)).map(({ id }) => id);
        expect([...left].toSorted((a, b) => a.localeCompare(b))).toEqual(expected);
      }
    }),
  );
});
