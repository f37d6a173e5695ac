import { describe, expect, it } from 'vitest';
import { type AgentEvent, type AgentLive, agentLiveSchema, agentStep, newAgent } from '../../../src/acd/agent.ts';
import { VERDICTS } from '../../../src/call/cause.ts';
import { JOURNAL } from '../../../src/call/journal.ts';
import type { AgentState, AgentStatus } from '../../../src/call/routing.ts';
import { T0 } from './builders.ts';

const NOW = T0 + 5_000;
const STATUSES: readonly AgentStatus[] = ['logged-out', 'ready', 'not-ready'];
const STATES: readonly AgentState[] = ['idle', 'reserved', 'ringing', 'talking', 'wrap-up'];

const EVENTS = {
  ready: { type: 'set-status', status: 'ready', reason: null },
  notReady: { type: 'set-status', status: 'not-ready', reason: 'lunch' },
  logOut: { type: 'set-status', status: 'logged-out', reason: null },
  reserve: { type: 'reserve', callId: 'c2' },
  ring: { type: 'ring', legId: 'l2' },
  answer: { type: 'answer' },
  release: { type: 'release', wrapUpMs: 10_000 },
  noAnswer: { type: 'fail', verdict: 'no-answer' },
  cancelled: { type: 'fail', verdict: 'cancelled' },
  wrapUpOver: { type: 'wrap-up-over' },
  free: { type: 'free' },
} as const satisfies Record<string, AgentEvent>;

/**
 * Every status × state × event. `out`, `rdy`, `not` are the statuses; state by its first letter with `v` for reserved;
 * `=` nothing changes, `-` refused.
 */
const TABLE = `
                     ready  notReady logOut reserve ring   answer release noAnswer cancelled wrapUpOver free
logged-out idle      rdy/i  not/i    =      -       -      -      -       -        -         -          =
logged-out reserved  rdy/v  not/v    -      -       out/r  -      -       out/i    out/i     -          out/i
logged-out ringing   rdy/r  not/r    -      -       -      out/t  -       out/i    out/i     -          out/i
logged-out talking   rdy/t  not/t    -      -       -      -      out/w   -        -         -          out/i
logged-out wrap-up   rdy/w  not/w    out/i  -       -      -      -       -        -         out/i      =
ready      idle      =      not/i    out/i  rdy/v   -      -      -       -        -         -          =
ready      reserved  =      not/v    -      -       rdy/r  -      -       not/i    rdy/i     -          rdy/i
ready      ringing   =      not/r    -      -       -      rdy/t  -       not/i    rdy/i     -          rdy/i
ready      talking   =      not/t    -      -       -      -      rdy/w   -        -         -          rdy/i
ready      wrap-up   =      not/w    out/i  -       -      -      -       -        -         rdy/i      =
not-ready  idle      rdy/i  not/i    out/i  -       -      -      -       -        -         -          =
not-ready  reserved  rdy/v  not/v    -      -       not/r  -      -       not/i    not/i     -          not/i
not-ready  ringing   rdy/r  not/r    -      -       -      not/t  -       not/i    not/i     -          not/i
not-ready  talking   rdy/t  not/t    -      -       -      -      not/w   -        -         -          not/i
not-ready  wrap-up   rdy/w  not/w    out/i  -       -      -      -       -        -         not/i      =
`;

const [header = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const CASES = rows.flatMap(([status = '', state = '', ...cells]) =>
  cells.map((expected, column) => ({ status, state, event: header[column] ?? '', expected })),
);

function agentIn(status: AgentStatus, state: AgentState): AgentLive {
  const busy = state === 'reserved' || state === 'ringing' || state === 'talking';
  return {
    ...newAgent('alice', T0),
    status,
    state,
    reason: status === 'not-ready' ? 'meeting' : null,
    callId: busy ? 'c1' : null,
    legId: state === 'ringing' || state === 'talking' ? 'l1' : null,
    wrapUpUntil: state === 'wrap-up' ? NOW : null,
  };
}

const SHORT = { 'logged-out': 'out', ready: 'rdy', 'not-ready': 'not' } as const;
const letter = (state: AgentState) => (state === 'reserved' ? 'v' : state.slice(0, 1));

describe('the agent machine', () => {
  it('is tabled whole', () => {
    const pairs = new Set(CASES.map(({ status, state, event }) => `${status} ${state} ${event}`));
    expect(pairs.size).toBe(STATUSES.length * STATES.length * Object.keys(EVENTS).length);
    expect(header).toEqual(Object.keys(EVENTS));
  });

  it.each(CASES)('$status $state + $event → $expected', ({ status, state, event, expected }) => {
    const before = agentIn(status as AgentStatus, state as AgentState);
    const step = agentStep(before, EVENTS[event as keyof typeof EVENTS], NOW);
    if (!step.ok) {
      expect(expected).toBe('-');
      expect(step.sentence).toMatch(/^Agent alice .*\.$/);
      return;
    }
    const seen = step.agent === before ? '=' : `${SHORT[step.agent.status]}/${letter(step.agent.state)}`;
    expect(seen).toBe(expected);
    expect(agentLiveSchema.parse(JSON.parse(JSON.stringify(step.agent)))).toEqual(step.agent);
    for (const fact of step.facts) JOURNAL[fact.type].parse(fact.data);
    const statusKept = step.agent.status === status && step.agent.reason === before.reason;
    expect(step.facts.some((fact) => fact.type === 'agent.status.changed')).toBe(!statusKept);
    expect(step.facts.some((fact) => fact.type === 'agent.state.changed')).toBe(step.agent.state !== state);
  });
});

function walk(agent: AgentLive, ...events: readonly (readonly [number, AgentEvent])[]): AgentLive {
  return events.reduce((live, [at, event]) => {
    const step = agentStep(live, event, T0 + at);
    if (!step.ok) throw new Error(step.sentence);
    return step.agent;
  }, agent);
}

describe('an offer', () => {
  const ringing = walk(newAgent('alice', T0), [1_000, EVENTS.ready], [2_000, EVENTS.reserve], [2_010, EVENTS.ring]);

  it.each([
    ['no-answer', 'rona'],
    ['busy', 'busy'],
    ['rejected', 'rejected'],
    ['unreachable', 'unreachable'],
    ['completed', 'rejected'],
    ['congestion', 'unreachable'],
    ['failed', 'unreachable'],
    ['invalid-number', 'unreachable'],
  ] as const)('that ends in %s leaves the agent not ready: %s', (verdict, reason) => {
    const agent = walk(ringing, [9_000, { type: 'fail', verdict }]);
    expect(agent).toMatchObject({ status: 'not-ready', reason, state: 'idle', callId: null, legId: null });
  });

  it('knows every verdict', () => {
    for (const verdict of VERDICTS) expect(agentStep(ringing, { type: 'fail', verdict }, NOW).ok).toBe(true);
  });

  it('given up by the caller keeps the place among the idle', () => {
    const agent = walk(ringing, [9_000, EVENTS.cancelled]);
    expect(agent).toMatchObject({ status: 'ready', state: 'idle', idleSince: T0 + 1_000, since: T0 + 9_000 });
  });

  it('not answered leaves the reason that the agent chose meanwhile', () => {
    const agent = walk(ringing, [3_000, EVENTS.notReady], [9_000, EVENTS.noAnswer]);
    expect(agent).toMatchObject({ status: 'not-ready', reason: 'lunch' });
  });
});

describe('a talk', () => {
  const talking = walk(
    newAgent('alice', T0),
    [1_000, EVENTS.ready],
    [2_000, EVENTS.reserve],
    [2_010, EVENTS.ring],
    [4_000, EVENTS.answer],
  );

  it('is followed by wrap-up, and then he waits anew', () => {
    const after = walk(talking, [60_000, EVENTS.release]);
    expect(after).toMatchObject({ state: 'wrap-up', wrapUpUntil: T0 + 70_000, callId: null, legId: null });
    expect(walk(after, [70_000, EVENTS.wrapUpOver])).toMatchObject({
      state: 'idle',
      idleSince: T0 + 70_000,
      wrapUpUntil: null,
    });
  });

  it('without wrap-up ends idle', () => {
    const after = walk(talking, [60_000, { type: 'release', wrapUpMs: 0 }]);
    expect(after).toMatchObject({ state: 'idle', idleSince: T0 + 60_000, wrapUpUntil: null });
  });

  it('tells how long each state lasted and of which call', () => {
    const step = agentStep(talking, EVENTS.release, T0 + 60_000);
    expect(step.ok && step.facts).toEqual([
      {
        type: 'agent.state.changed',
        data: { agentId: 'alice', state: 'wrap-up', previous: 'talking', callId: 'c2', lastedMs: 56_000 },
      },
    ]);
  });

  it('does not lose its length to a status chosen meanwhile', () => {
    expect(walk(talking, [30_000, EVENTS.notReady]).since).toBe(T0 + 4_000);
  });
});
