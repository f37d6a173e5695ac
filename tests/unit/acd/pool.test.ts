import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolAgent, Why } from '../../../src/acd/decision.ts';
import { Pool } from '../../../src/acd/pool.ts';
import { PLAIN_TICKET } from '../../../src/acd/queue.ts';
import { type QueueProfile, STRATEGIES } from '../../../src/call/routing.ts';
import { agent as candidate, queue, T0, waitingCall } from './builders.ts';
import { PlainPool } from './plain-pool.ts';

const NAMES = ['support', 'billing', 'campaign:spring'];
const SKILLS = ['lang:fi', 'lang:sv', 'tech'];
const requirementArb = fc.record({ skill: fc.constantFrom(...SKILLS), level: fc.integer({ min: 1, max: 4 }) });
const requireArb = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(requirementArb, { maxLength: 2 }) },
);
const relaxArb = fc
  .array(fc.record({ afterMs: fc.constantFrom(5_000, 10_000, 20_000, 40_000), require: requireArb }), { maxLength: 3 })
  .map((steps) => steps.toSorted((a, b) => a.afterMs - b.afterMs));
const rulesArb = fc
  .record({
    strategies: fc.tuple(fc.constantFrom(...STRATEGIES), fc.constantFrom(...STRATEGIES)),
    require: requireArb,
    relax: relaxArb,
    ringAtOnce: fc.integer({ min: 2, max: 4 }),
    weight: fc.constantFrom(null, 0.5, 1),
  })
  .map(({ strategies: [one, two], require, relax, ringAtOnce, weight }) => {
    const results = weight === null ? null : { topic: 'sold', weight };
    const support = queue({ strategy: one, relax, ringAtOnce, results });
    const billing = queue({ name: 'billing', strategy: two, require, ringAtOnce });
    return new Map<string, QueueProfile>([support, billing].map((profile) => [profile.name, profile]));
  });

const presenceArb = fc.constantFrom(
  'free' as const,
  'free' as const,
  'free' as const,
  'busy' as const,
  'away' as const,
  'out' as const,
);
const figuresArb = fc.record({
  idle: fc.integer({ min: 0, max: 3 }),
  occupancy: fc.constantFrom(0, 0.5, 0.9),
  handled: fc.record({ support: fc.integer({ min: 0, max: 3 }), billing: fc.integer({ min: 0, max: 3 }) }),
  offered: fc.integer({ min: 0, max: 3 }),
});
const profileArb = fc.record({
  queues: fc.subarray(['support', 'billing'], { minLength: 1 }),
  campaigns: fc.constantFrom<string[]>([], ['spring'], ['*']),
  skills: fc.dictionary(fc.constantFrom(...SKILLS), fc.integer({ min: 1, max: 5 })),
  ranks: fc.constantFrom({}, {}, { support: 2 }, { billing: 3 }),
  shares: fc.constantFrom({}, {}, { support: 0.3 }, { support: 0.5, billing: 0.2 }),
  results: fc.constantFrom({}, { sold: 0.5 }, { sold: 1 }),
});
const agentArb = fc
  .record({ id: fc.integer({ min: 0, max: 6 }), profile: profileArb, presence: presenceArb, figures: figuresArb })
  .map(({ id, profile, presence, figures }) => poolAgent(`a${id}`, { profile, presence, ...figures }));

function poolAgent(
  id: string,
  given: Partial<Omit<PoolAgent, 'profile'>> & {
    profile?: Parameters<typeof candidate>[1];
    idle?: number;
    offered?: number;
  } = {},
): PoolAgent {
  const { profile, idle = 0, offered = 0, ...rest } = given;
  const figures = {
    presence: 'free',
    idleSince: T0 + idle,
    occupancy: 0,
    handled: {},
    offeredAt: T0 + offered,
  } as const;
  return { ...figures, ...rest, id, profile: candidate(id, profile).profile };
}

const callArb = fc
  .record({
    id: fc.integer({ min: 0, max: 9 }),
    queue: fc.constantFrom(...NAMES, 'support'),
    also: fc.constantFrom<string[]>([], [], ['billing'], ['support']),
    require: requireArb,
    relax: fc.boolean().chain((own) => (own ? relaxArb : relaxArb.map((steps) => steps.slice(0, 0)))),
    priority: fc.constantFrom(0, 0, 5, 30),
    agedMs: fc.integer({ min: 0, max: 15 }).map((steps) => steps * 1000),
    wish: fc.constantFrom(null, null, null, 'only', 'prefer'),
    whom: fc.integer({ min: 0, max: 6 }),
    patienceMs: fc.constantFrom(3_000, 12_000),
  })
  .map(({ id, wish, whom, queue: name, ...rest }) => {
    const campaignId = name.startsWith('campaign:') ? 'spring' : null;
    const only = wish === 'only' ? `a${whom}` : null;
    const prefer = wish === 'prefer' ? `a${whom}` : undefined;
    return { ...PLAIN_TICKET, callId: `c${id}`, queue: name, ...rest, campaignId, only, prefer };
  });

const idArb = (prefix: string, last: number) => fc.nat(last).map((id) => `${prefix}${id}`);
const opArb = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('putAgent' as const), agent: agentArb }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('putCall' as const), call: callArb }) },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('turn' as const), id: idArb('a', 6), presence: presenceArb }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('removeAgent' as const), id: idArb('a', 6) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('removeCall' as const), id: idArb('c', 9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('hold' as const), id: idArb('d', 3), require: requireArb }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('release' as const), id: idArb('d', 3) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('setQueues' as const), queues: rulesArb }) },
);
type Op = typeof opArb extends fc.Arbitrary<infer T> ? T : never;

function apply(op: Op, pool: Pool, plain: PlainPool, now: number): void {
  if (op.type === 'putAgent') {
    pool.putAgent(op.agent, now);
    plain.putAgent(op.agent);
  } else if (op.type === 'turn') {
    const agent = plain.agents.get(op.id);
    if (agent) apply({ type: 'putAgent', agent: { ...agent, presence: op.presence } }, pool, plain, now);
  } else if (op.type === 'putCall') {
    const { agedMs, patienceMs, ...rest } = op.call;
    const prefer = rest.prefer === undefined ? null : { agentId: rest.prefer, until: now + patienceMs };
    const call = { ...rest, prefer, enqueuedAt: now - agedMs };
    pool.putCall(call, now);
    plain.calls.set(call.callId, call);
  } else if (op.type === 'hold') {
    const dial = waitingCall(op.id, { queue: 'campaign:spring', campaignId: 'spring', require: op.require });
    pool.hold(dial, now);
    plain.hold(dial);
  } else if (op.type === 'setQueues') {
    pool.setQueues(op.queues, now);
    plain.setQueues(op.queues);
  } else {
    pool[op.type](op.id);
    plain[op.type](op.id);
  }
}

const stepArb = fc.record({
  op: opArb,
  afterMs: fc.constantFrom(0, 0, 1_000, 5_000, 20_000),
  decides: fc.constantFrom(0, 1, 99, 99, 99),
});

/** The pool's pairing is the plain one's, or an equal where chance decides; the plain pool follows it. */
function agree(plain: PlainPool, why: Why | null, now: number): void {
  const best = plain.best(now);
  if (!best || !why) {
    expect([why?.callId, why?.agentIds]).toEqual([best?.need.call.callId, best?.taken]);
    return;
  }
  const { need, taken, candidates, lost, equals } = best;
  expect(why).toMatchObject({ callId: need.call.callId, step: need.step, require: need.require, candidates });
  if (why.strategy === 'random') expect(equals).toContain(why.agentIds[0]);
  else expect([why.agentIds, why.lost.map(({ agentId }) => agentId)]).toEqual([taken, lost]);
  expect(why.behind).toEqual(plain.behind(why, now));
  plain.take(why);
}

describe('the pool', () => {
  it('decides as plain looking at everybody does, whatever happens', () => {
    fc.assert(
      fc.property(rulesArb, fc.array(stepArb, { minLength: 1, maxLength: 60, size: 'max' }), (queues, steps) => {
        const [pool, plain] = [new Pool(queues, 1), new PlainPool(queues)];
        let now = T0 + 100_000;
        for (const { op, afterMs, decides } of steps) {
          apply(op, pool, plain, now);
          now += afterMs;
          for (let n = 0, why: Why | null = null; n < decides && (n === 0 || why); n += 1) {
            why = pool.next(now);
            agree(plain, why, now);
          }
          expect(pool.nextAt(now)).toBe(plain.nextAt(now));
          for (const { told, is } of plain.told(now)) expect(told).toEqual(is);
          for (const name of NAMES) expect(pool.standing(name)).toEqual(plain.standing(name));
          for (const id of plain.calls.keys()) expect(pool.position(id)).toBe(plain.position(id));
        }
        expect([...pool.calls()].map(({ callId }) => callId).sort()).toEqual([...plain.calls.keys()].sort());
      }),
      { numRuns: 300 },
    );
  });
});
