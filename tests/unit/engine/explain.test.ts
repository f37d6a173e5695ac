import { describe, expect, it } from 'vitest';
import { explainAgent, explainCall, type Hindrance } from '../../../src/acd/explain.ts';
import { type AgentLive, newAgent } from '../../../src/acd/agent.ts';
import type { Scene } from '../../../src/acd/match.ts';
import { poolAgent } from '../../../src/acd/pool-agent.ts';
import type { Candidate, WaitingCall } from '../../../src/acd/queue.ts';
import type { Fact } from '../../../src/call/journal.ts';
import { STRATEGIES } from '../../../src/call/routing.ts';
import type { Why } from '../../../src/call/why.ts';
import { agentHeadline, agentLines } from '../../../src/engine/explain/agent-lines.ts';
import { type PastOffer, wentBy } from '../../../src/engine/explain/past-offer.ts';
import { choice, reasons } from '../../../src/engine/explain/reasons.ts';
import { outcomeOf, storyOf } from '../../../src/engine/explain/story.ts';
import { whoCould } from '../../../src/engine/explain/who-could.ts';
import { allHindered, doing, hindered, lasting } from '../../../src/engine/explain/words.ts';
import { agent as candidate, queue, T0, waitingCall } from '../acd/builders.ts';

const NAMES: Readonly<Record<string, string>> = { alice: 'Alice Virtanen', bob: 'Bob', carol: 'Carol' };
const name = (id: string) => NAMES[id] ?? id;
const live = (change: Partial<AgentLive>): AgentLive => ({ ...newAgent('alice', T0), status: 'ready', ...change });

it.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [61_000, '1 min 1 s'],
  [599_700, '10 min'],
  [725_000, '12 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
])('%i ms lasted %s', (ms, text) => {
  expect(lasting(ms)).toBe(text);
});

describe('what an agent is doing', () => {
  it.each<[Partial<AgentLive>, string]>([
    [{ status: 'logged-out' }, 'is logged out'],
    [{ status: 'not-ready', reason: 'lunch' }, 'has not been ready for 1 min (lunch)'],
    [{ status: 'not-ready' }, 'has not been ready for 1 min'],
    [{ restUntil: T0 + 90_000 }, 'rests for another 30 s'],
    [{ backOffUntil: T0 + 75_000 }, 'is left in peace for another 15 s after a call that was not taken'],
    [
      { backOffUntil: T0 + 75_000, missedBy: 'busy' },
      'is left in peace for another 15 s after a call that was not taken: the phone was busy',
    ],
    [{ backOffUntil: T0 + 1 }, 'has been idle for 1 min'],
    [{ state: 'reserved' }, 'is reserved for a call'],
    [{ state: 'ringing' }, 'is being rung'],
    [{ state: 'talking' }, 'has been talking for 1 min'],
    [{ state: 'talking', status: 'logged-out' }, 'has been talking for 1 min'],
    [{ state: 'wrap-up' }, 'has been in wrap-up for 1 min'],
  ])('%j: %s', (change, text) => {
    expect(doing(live(change), T0 + 60_000)).toBe(text);
  });
});

describe('what keeps agents from a call', () => {
  const lacks = [
    { skill: 'german', needs: 3, has: 2 },
    { skill: 'tech', needs: 1, has: 0 },
  ];
  it.each<[Hindrance | null, string, string | null]>([
    [null, 'can be offered it', null],
    [{ why: 'queue', queues: ['a', 'b'] }, 'does not serve a and b', 'do not serve a and b'],
    [
      { why: 'skills', lacks },
      'lacks german ≥ 3 (has 2) and tech ≥ 1 (has none)',
      'lack german ≥ 3 (have 2) and tech ≥ 1 (have none)',
    ],
    [{ why: 'other', agentId: 'bob' }, 'is not Bob, whom the call waits for', 'are not Bob, whom the call waits for'],
    [{ why: 'kept' }, 'is kept for a number that is being dialled', null],
    [{ why: 'busy' }, 'has been talking for 5 s', null],
    [{ why: 'away' }, 'has been talking for 5 s', null],
    [{ why: 'out' }, 'has been talking for 5 s', 'are logged out'],
  ])('%j', (hindrance, one, all) => {
    expect(hindered(hindrance, live({ state: 'talking' }), T0 + 5_000, name)).toBe(one);
    expect(allHindered(hindrance, name)).toBe(all);
  });

  it('is said of many agents on one screen: who is near one by one, who lacks the same together', () => {
    const agents = [
      ...Array.from({ length: 20 }, (_, i) => candidate(`busy${i}`, {}, { state: 'talking' })),
      ...Array.from({ length: 30 }, (_, i) => candidate(`out${i}`, {}, { status: 'logged-out' })),
      candidate('bob', { queues: [] }),
      candidate('alice'),
    ];
    const call = waitingCall('c');
    const found = explainCall(call, sceneOf(agents, [call]), T0);
    const { details } = whoCould(found, (id) => agents.find((each) => each.live.id === id)?.live, name, T0);
    expect(details[0]).toBe('Alice Virtanen can be offered it');
    expect(details.slice(1, 12).every((line) => /^busy\d+ has been talking for 0 s$/.test(line))).toBe(true);
    expect(details.slice(12)).toEqual([
      '9 more agents could take it once they are free',
      'out0, out1, out2, out3, out4, out5 and 24 more are logged out',
      'Bob does not serve support',
    ]);
  });
});

function sceneOf(agents: readonly Candidate[], calls: readonly WaitingCall[], kept: readonly string[] = []): Scene {
  return {
    agents: agents.map((each) => poolAgent(each, T0)),
    calls,
    queues: new Map([['support', queue()]]),
    kept: new Set(kept),
  };
}

const WHY: Why = {
  at: T0,
  callId: 'c',
  kind: 'call',
  queue: 'support',
  through: 'support',
  agentIds: ['alice'],
  step: 0,
  require: [{ skill: 'tech', level: 3 }],
  score: { waited: 12, priority: 0, campaign: 0, share: 0, total: 12 },
  strategy: 'longest-idle',
  rank: 1,
  key: T0 - 30_000,
  candidates: { able: 3, free: 2 },
  lost: [{ agentId: 'bob', by: 'strategy', rank: 1, key: T0 - 9_000 }],
  behind: [],
  preferred: null,
};

describe('why a call went to whom it went to', () => {
  const figures: Readonly<Record<(typeof STRATEGIES)[number], readonly [number, string, number, string]>> = {
    'longest-idle': [T0 - 30_000, 'idle for 30 s', T0 - 9_000, 'idle for 9 s'],
    'least-occupied': [0.254, 'busy 25 % of late', 0.5, 'busy 50 % of late'],
    'round-robin': [0, 'not offered any yet', T0 - 60_000, 'last offered one 1 min ago'],
    'most-skilled': [-12, '12 levels in what is asked', -0, '0 levels in what is asked'],
    'least-skilled': [1, '1 level beyond what is asked', 2.5, '2.5 levels beyond what is asked'],
    'fewest-calls': [1, '1 call since log-in', 3, '3 calls since log-in'],
    linear: [0, 'number 1 on the list', 4, 'number 5 on the list'],
    'ring-several': [T0 - 30_000, 'idle for 30 s', T0 - 9_000, 'idle for 9 s'],
    random: [0, 'drawn by lot', 0, 'not drawn'],
  };
  it.each(STRATEGIES)('by %s', (strategy) => {
    const [key, won, lostKey, lost] = figures[strategy];
    const why = { ...WHY, strategy, key, lost: [{ agentId: 'bob', by: 'strategy' as const, rank: 1, key: lostKey }] };
    expect(choice(why, name)).toBe(`By ${strategy}: Alice Virtanen (${won}), before Bob (${lost}).`);
  });

  it.each<[string, Partial<Why>, string]>([
    ['nobody else', { lost: [] }, 'By longest-idle: Alice Virtanen (idle for 30 s), nobody else free.'],
    [
      'several phones',
      { agentIds: ['alice', 'bob', 'carol'], lost: [] },
      'By longest-idle: Alice Virtanen (idle for 30 s), together with Bob and Carol, nobody else free.',
    ],
    [
      'ranks and shares',
      {
        lost: [
          { agentId: 'bob', by: 'rank', rank: 2, key: 0 },
          { agentId: 'carol', by: 'share', rank: 1, key: 0 },
        ],
      },
      'By longest-idle: Alice Virtanen (rank 1, idle for 30 s), before Bob (rank 2) and Carol (has had the share).',
    ],
    [
      'past results',
      { results: 'sales', lost: [] },
      'By longest-idle, results in sales counted in: Alice Virtanen (idle for 30 s), nobody else free.',
    ],
  ])('%s', (_what, change, text) => {
    expect(choice({ ...WHY, ...change }, name)).toBe(text);
  });

  it.each<[string, Partial<Why>, string]>([
    ['its age', {}, 'Its turn: 12 s waited.'],
    [
      'credit, a campaign and help',
      { through: 'billing', score: { ...WHY.score, priority: 300, campaign: 10_000 } },
      'Its turn: 12 s waited, 300 s of credit and the precedence of a person we rang; served through billing, which helps support.',
    ],
    [
      'a share',
      { score: { ...WHY.score, share: -1_000_000 } },
      'Its turn: 12 s waited, less five minutes, since this queue has had its share.',
    ],
    ['what it asked', {}, 'It asked for tech ≥ 3.'],
    ['what it asked at last', { step: 2, require: [] }, 'Relaxed 2 times, it asked for nothing in particular.'],
    ['who could', {}, '3 agents logged in could have taken it, 2 of them free.'],
    ['the wanted one', { preferred: { agentId: 'bob', outcome: 'taken' } }, 'It preferred Bob, and got through.'],
    [
      'the wanted one, too late',
      { preferred: { agentId: 'bob', outcome: 'waited-in-vain' } },
      'It preferred Bob, and waited in vain.',
    ],
    [
      'the wanted one, away',
      { preferred: { agentId: 'bob', outcome: 'away' } },
      'It preferred Bob, who was not there.',
    ],
    [
      'what came behind',
      { behind: [{ callId: 'd', queue: 'support', total: 9 }] },
      "Alice Virtanen could have had d (9 s) instead; this call's score was 12 s.",
    ],
  ])('tells %s', (_what, change, text) => {
    expect(reasons({ ...WHY, ...change }, name)).toContain(text);
  });
});

describe('why an agent gets no call', () => {
  const tech = waitingCall('c1', { require: [{ skill: 'tech', level: 3 }] });
  const told = (
    agent: Candidate,
    calls: readonly WaitingCall[],
    kept: readonly string[] = [],
    lately: PastOffer[] = [],
  ) => {
    const scene = sceneOf([agent], calls, kept);
    const [seen] = scene.agents;
    if (!seen) throw new Error('nobody there');
    const standing = explainAgent(seen, scene, T0);
    const lines = agentLines(standing, agent.live, lately, name, T0);
    return [agentHeadline(standing, agent.live, name, T0), ...lines.flatMap(({ text, details }) => [text, ...details])];
  };
  it.each<[string, Candidate, readonly WaitingCall[], string, (readonly string[])?]>([
    ['nobody waits', candidate('alice'), [], 'Alice Virtanen (alice) has been idle for 0 s; no call waits.'],
    [
      'all lack the same',
      candidate('alice', { skills: { tech: 2 } }, { idleSince: T0 - 240_000 }),
      [tech, { ...tech, callId: 'c2' }],
      'Alice Virtanen (alice) has been idle for 4 min; 2 calls wait, and Alice Virtanen lacks tech ≥ 3 (has 2).',
    ],
    [
      'rests',
      candidate('alice', {}, { restUntil: T0 + 60_000 }),
      [waitingCall('c')],
      'Alice Virtanen (alice) rests for another 1 min; 1 call waits, and Alice Virtanen could take all once free.',
    ],
    [
      'backs off',
      candidate('alice', {}, { backOffUntil: T0 + 15_000 }),
      [waitingCall('c'), tech],
      'Alice Virtanen (alice) is left in peace for another 15 s after a call that was not taken; 2 calls wait, and Alice Virtanen could take 1 of them once free.',
    ],
    [
      'not ready',
      candidate('alice', {}, { status: 'not-ready', reason: 'lunch' }),
      [waitingCall('c')],
      'Alice Virtanen (alice) has not been ready for 0 s (lunch); 1 call waits, and Alice Virtanen could take all if ready.',
    ],
    [
      'logged out',
      candidate('alice', {}, { status: 'logged-out' }),
      [waitingCall('c')],
      'Alice Virtanen (alice) is logged out; 1 call waits, and Alice Virtanen could take all if logged in.',
    ],
    [
      'serves no queue',
      candidate('alice', { queues: [] }),
      [waitingCall('c')],
      'Alice Virtanen (alice) has been idle for 0 s and serves no queue; 1 call waits, and Alice Virtanen does not serve support.',
    ],
    [
      'waits for another',
      candidate('alice'),
      [waitingCall('c', { only: 'bob' }), tech],
      'Alice Virtanen (alice) has been idle for 0 s; 2 calls wait, and Alice Virtanen can take none of them.',
    ],
    [
      'has had his share',
      candidate('alice', { shares: { support: 0.25 } }, { handled: { support: 2, billing: 2 } }),
      [],
      'Alice Virtanen (alice) has been idle for 0 s; no call waits.',
      [
        'support has had more than its share of the calls: 2 of 4, where 25 % is its share. Its calls stand five minutes further back.',
        'Talks since log-in: 2 in support and 2 in billing.',
      ],
    ],
    [
      'was changed by a supervisor',
      candidate('alice', {}, { changed: { skills: { tech: 3, german: null }, queues: ['billing'] } }),
      [],
      'Alice Virtanen (alice) has been idle for 0 s; no call waits.',
      ['Changed by a supervisor until log-out: tech 3, german gone, queues billing.'],
    ],
  ])('%s', (_what, agent, calls, headline, lines = []) => {
    const text = told(agent, calls);
    expect(text[0]).toBe(headline);
    expect(text).toEqual(expect.arrayContaining([...lines]));
  });

  it('is kept for a number that is dialled', () => {
    const text = told(candidate('alice'), [waitingCall('c')], ['alice']);
    expect(text[0]).toMatch(/1 call waits, and Alice Virtanen is kept for a number that is being dialled\.$/);
  });

  it('names the next calls with their places, and counts the others', () => {
    const calls = Array.from({ length: 9 }, (_, i) => waitingCall(`c${i}`, { enqueuedAt: T0 - 60_000 + i }));
    const text = told(candidate('alice', {}, { state: 'talking' }), calls);
    expect(text.slice(1)).toEqual([
      '9 calls that could be taken:',
      'c0: number 1 in support, 1 min',
      'c1: number 2 in support, 1 min',
      'c2: number 3 in support, 1 min',
      'c3: number 4 in support, 1 min',
      'c4: number 5 in support, 1 min',
      'and 4 more',
    ]);
  });

  it('says that more wait than were looked at', () => {
    const calls = Array.from({ length: 250 }, (_, i) => waitingCall(`c${i}`));
    const text = told(candidate('alice', {}, { state: 'talking' }), calls);
    expect(text[0]).toMatch(/250 calls wait, and Alice Virtanen could take at least 200 of them once free\.$/);
    expect(text).toContain('50 more calls of the same queues wait behind these.');
  });

  it('tells what he was offered lately, the latest last, and by what', () => {
    const text = told(
      candidate('alice'),
      [],
      [],
      [
        { why: { ...WHY, callId: 'late' }, how: null },
        { why: WHY, how: 'was busy' },
      ],
    );
    expect(text.slice(1)).toEqual([
      'Was offered c (support), and was busy.',
      'By longest-idle: Alice Virtanen (idle for 30 s), before Bob (idle for 9 s).',
      'Was offered late (support).',
      expect.any(String),
    ]);
  });
});

describe('what an agent did with an offer', () => {
  const ring = { callbackId: 'r1', of: 'callback', queue: 'support', agentId: 'alice', attempt: 1 } as const;
  const notTaken = (verdict: string, agentId = 'alice'): Fact => ({
    type: 'call.offer.failed',
    data: { queue: 'support', agentId, verdict, rangMs: 5_000 },
  });
  it.each<[Fact, string | null]>([
    [
      { type: 'call.connected', data: { queue: 'support', agentId: 'alice', waitedMs: 9_000, rangMs: 3_000 } },
      'answered after 3 s',
    ],
    [
      { type: 'call.connected', data: { queue: 'q', agentId: 'alice', waitedMs: 9, rangMs: 3, of: 'callback' } },
      'answered',
    ],
    [{ type: 'callback.started', data: { ...ring, waitedMs: 9_000 } }, 'answered'],
    [notTaken('no-answer'), 'did not answer for 5 s'],
    [notTaken('rejected'), 'declined it after 5 s'],
    [notTaken('cancelled'), 'was rung for 5 s until he was not needed any more'],
    [notTaken('no-answer', 'bob'), null],
    [{ type: 'call.held', data: { agentId: 'alice', why: 'hold' } }, null],
    [{ type: 'call.answered', data: { legId: 'l' } }, null],
  ])('%j: %s', (fact, how) => {
    const event = { ...fact, subject: 'call/c', seq: 1, at: T0 };
    expect(wentBy(event, WHY, 'alice')).toBe(how);
    expect(wentBy({ ...event, subject: 'call/d' }, WHY, 'alice')).toBeNull();
    expect(wentBy({ ...event, at: T0 - 1 }, WHY, 'alice')).toBeNull();
  });
});

describe('the story of a call', () => {
  const tell = (fact: Fact) => storyOf([{ ...fact, subject: 'call/c', seq: 1, at: T0 }], name).map(({ text }) => text);
  const failed = (verdict: string, more = {}): Fact => ({
    type: 'call.offer.failed',
    data: { queue: 'support', agentId: 'alice', verdict, rangMs: 5_000, ...more },
  });
  const apologised = (whole: boolean): Fact => ({
    type: 'attempt.apologised',
    data: { campaignId: 'c1', leadId: 'l1', attemptId: 'a1', message: 'autumn.sorry', whole },
  });
  it.each<[Fact, string]>([
    [
      { type: 'call.arrived', data: { direction: 'inbound', ani: null, dnis: '100', source: 'p', legId: 'l' } },
      'Came from a withheld number to 100.',
    ],
    [
      { type: 'call.arrived', data: { direction: 'outbound', ani: '1', dnis: '100', source: 'p', legId: 'l' } },
      'A call of ours to 100.',
    ],
    [
      { type: 'call.queued', data: { queue: 'support', language: 'en', require: [], priority: 300, again: 'return' } },
      'Joined queue support again, asking for nothing in particular, with 300 s of credit.',
    ],
    [
      { type: 'call.place.kept', data: { queue: 'support', because: 'cut-off', waitedMs: 60_000 } },
      'Has an earlier place, 1 min old: a talk broke off.',
    ],
    [failed('no-answer'), 'Alice Virtanen did not answer for 5 s. The call kept its place.'],
    [failed('busy'), 'Alice Virtanen was busy. The call kept its place.'],
    [failed('congestion'), 'Alice Virtanen could not be rung (congestion). The call kept its place.'],
    [failed('no-answer', { guest: 'g1' }), 'Alice Virtanen did not answer for 5 s.'],
    [failed('cancelled'), 'Alice Virtanen was rung for 5 s, and not needed any more.'],
    [
      { type: 'call.abandoned', data: { queue: 'support', waitedMs: 9_000, while: 'ringing' } },
      'The caller gave up after 9 s, while a phone rang.',
    ],
    [
      { type: 'call.abandoned', data: { queue: 'campaign:c1', waitedMs: 2_000, while: 'waiting' } },
      'Met no agent for 2 s and counts as abandoned.',
    ],
    [apologised(true), 'Heard the message autumn.sorry.'],
    [apologised(false), 'Heard the message autumn.sorry, not to its end.'],
    [
      { type: 'attempt.opted-out', data: { campaignId: 'c1', leadId: 'l1', attemptId: 'a1' } },
      'Asked by key not to be called any more.',
    ],
    [
      { type: 'call.disconnected', data: { agentId: 'alice', talkedMs: 60_000, by: 'caller' } },
      'Alice Virtanen talked for 1 min; the customer ended it.',
    ],
    [
      {
        type: 'call.transferred',
        data: { to: 'bob', outcome: 'answered', from: 'alice', kind: 'blind', toKind: 'agent' },
      },
      'Was transferred by Alice Virtanen to Bob: answered.',
    ],
    [{ type: 'call.held', data: { agentId: 'alice', why: 'hold' } }, 'Alice Virtanen put it on hold.'],
    [
      { type: 'call.held', data: { agentId: 'alice', why: 'consult' } },
      'Alice Virtanen put it on hold, to ask somebody.',
    ],
    [
      { type: 'call.resumed', data: { agentId: 'alice', heldMs: 12_000 } },
      'Alice Virtanen went on with it after 12 s on hold.',
    ],
    [
      { type: 'call.raised', data: { by: 'boss', queue: 'support', priority: 60, previous: 0 } },
      'boss changed its credit from 0 s to 60 s.',
    ],
    [{ type: 'call.assigned', data: { ...WHY, agentIds: ['alice', 'bob'] } }, 'Offered to Alice Virtanen and Bob.'],
    [{ type: 'call.assigned', data: { ...WHY, callId: 'c~g1' } }, 'Asks Alice Virtanen into the talk.'],
  ])('%j', (fact, text) => {
    expect(tell(fact)).toEqual([text]);
  });

  it('is told in a sentence or two: what came of the last wait, and what came last of all', () => {
    const ended = { verdict: 'completed', durationMs: 60_000 } as const;
    const facts = [
      { type: 'call.abandoned', data: { queue: 'support', waitedMs: 9_000, while: 'waiting' } },
      failed('cancelled'),
      { type: 'call.ended', data: ended },
    ] as Fact[];
    const outcome = (some: readonly Fact[]) =>
      outcomeOf(
        some.map((fact, seq) => ({ ...fact, subject: 'call/c', seq, at: T0 })),
        name,
      );
    expect(outcome(facts)).toBe('The caller gave up after 9 s. Ended (completed) after 1 min.');
    expect(outcome(facts.slice(0, 1))).toBe('The caller gave up after 9 s.');
    expect(outcome([])).toBe('');
  });

  it('leaves out what nobody asks about', () => {
    expect(tell({ type: 'leg.ringing', data: { legId: 'l' } })).toEqual([]);
  });
});
