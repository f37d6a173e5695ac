import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AgentEvent,
  type AgentLive,
  agentLiveSchema,
  agentStep,
  isFree,
  newAgent,
} from '../../../src/acd/agent.ts';
import { occupancyAt } from '../../../src/acd/agent-busy.ts';
import { tickAt } from '../../../src/acd/agent-live.ts';
import { type FloorRules, PLAIN_FLOOR } from '../../../src/acd/agent-rules.ts';
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
  logIn: { type: 'log-in', seat: { kind: 'phone', phone: '1009' }, status: 'ready', reason: null },
  extend: { type: 'extend-wrap-up', byMs: 30_000, mostMs: 60_000 },
  dispose: { type: 'dispose', disposition: 'sold', callId: null },
  endRest: { type: 'end-rest' },
  change: { type: 'change', changed: { skills: { 'lang:sv': 3 }, queues: null } },
  lineEnded: { type: 'line-ended', legId: 'line-1' },
  lineRefused: { type: 'line-refused', at: '1002', verdict: 'busy' },
  tick: { type: 'tick' },
} as const satisfies Record<string, AgentEvent>;

/**
 * Every status × state × event. `out`, `rdy`, `not` are the statuses; state by its first letter with `v` for reserved;
 * `=` nothing changes, `*` something besides status and state does, `-` refused. All sit on the line `line-1`, and wrap-up is
 * just over.
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

const MORE = `
                     logIn  extend dispose endRest change lineEnded lineRefused tick
logged-out idle      -      -      *       -       -      not/i *           =
logged-out reserved  -      -      *       -       -      not/v *           =
logged-out ringing   -      -      *       -       -      not/r *           =
logged-out talking   -      -      *       -       -      not/t *           =
logged-out wrap-up   -      *      *       -       -      not/w *           out/i
ready      idle      -      -      *       -       *      not/i *           =
ready      reserved  -      -      *       -       *      not/v *           =
ready      ringing   -      -      *       -       *      not/r *           =
ready      talking   -      -      *       -       *      not/t *           =
ready      wrap-up   -      *      *       -       *      not/w *           rdy/i
not-ready  idle      -      -      *       -       *      not/i *           =
not-ready  reserved  -      -      *       -       *      not/v *           =
not-ready  ringing   -      -      *       -       *      not/r *           =
not-ready  talking   -      -      *       -       *      not/t *           =
not-ready  wrap-up   -      *      *       -       *      not/w *           not/i
`;

const cells = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
const casesOf = ([header = [], ...rows]: readonly (readonly string[])[]) =>
  rows.flatMap(([status = '', state = '', ...found]) =>
    found.map((expected, column) => ({ status, state, event: header[column] ?? '', expected })),
  );
const CASES = [TABLE, MORE].flatMap((table) => casesOf(cells(table)));

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
    seat: { kind: 'line', legId: 'line-1', node: 'pbx', at: '1001' },
    lastCall: { callId: 'c0', queue: 'billing', endedAt: T0, disposition: null },
  };
}

const SHORT = { 'logged-out': 'out', ready: 'rdy', 'not-ready': 'not' } as const;
const letter = (state: AgentState) => (state === 'reserved' ? 'v' : state.slice(0, 1));

describe('the agent machine', () => {
  it('is tabled whole', () => {
    const pairs = new Set(CASES.map(({ status, state, event }) => `${status} ${state} ${event}`));
    expect(pairs.size).toBe(STATUSES.length * STATES.length * Object.keys(EVENTS).length);
    expect([...new Set(CASES.map(({ event }) => event))]).toEqual(Object.keys(EVENTS));
  });

  it.each(CASES)('$status $state + $event → $expected', ({ status, state, event, expected }) => {
    const before = agentIn(status as AgentStatus, state as AgentState);
    const step = agentStep(before, EVENTS[event as keyof typeof EVENTS], NOW);
    if (!step.ok) {
      expect(expected).toBe('-');
      expect(step.sentence).toMatch(/^Agent alice .*\.$/);
      return;
    }
    const isMoved = step.agent.status !== before.status || step.agent.state !== before.state;
    const moved = `${SHORT[step.agent.status]}/${letter(step.agent.state)}`;
    const seen = step.agent === before ? '=' : isMoved || expected !== '*' ? moved : '*';
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

  it('that nobody answers leaves the agent not ready at once: nobody is there', () => {
    const agent = walk(ringing, [9_000, EVENTS.noAnswer]);
    expect(agent).toMatchObject({ status: 'not-ready', reason: 'rona', state: 'idle', callId: null, legId: null });
  });

  it.each([
    ['busy', 15_000, 5, 'busy'],
    ['rejected', 30_000, 2, 'rejected'],
    ['completed', 30_000, 2, 'rejected'],
    ['unreachable', 15_000, 4, 'unreachable'],
    ['congestion', 15_000, 4, 'unreachable'],
    ['failed', 15_000, 4, 'unreachable'],
    ['invalid-number', 15_000, 4, 'unreachable'],
  ] as const)(
    'that ends in %s keeps offers away for %i ms, %i times, and then he is not ready',
    (verdict, ms, most, reason) => {
      let agent = walk(ringing, [9_000, { type: 'fail', verdict }]);
      let at = 9_000;
      expect(agent).toMatchObject({ status: 'ready', state: 'idle', missed: 1, backOffUntil: T0 + at + ms });
      expect(agentStep(agent, EVENTS.reserve, T0 + at + ms - 1).ok).toBe(false);
      for (let missed = 2; missed < most; missed += 1) {
        at = (agent.backOffUntil ?? 0) - T0;
        agent = walk(
          agent,
          [at, EVENTS.tick],
          [at, EVENTS.reserve],
          [at, EVENTS.ring],
          [at, { type: 'fail', verdict }],
        );
        expect(agent.backOffUntil).toBe(T0 + at + Math.min(120_000, ms * 2 ** (missed - 1)));
      }
      at = (agent.backOffUntil ?? 0) - T0;
      agent = walk(agent, [at, EVENTS.reserve], [at, { type: 'fail', verdict }]);
      expect(agent).toMatchObject({ status: 'not-ready', reason, missed: most });
      expect(walk(agent, [at + 1, EVENTS.ready])).toMatchObject({ missed: 0, backOffUntil: null });
    },
  );

  it('that was taken after all lets the misses be forgotten', () => {
    const missed = walk(ringing, [9_000, { type: 'fail', verdict: 'busy' }], [9_000, EVENTS.endRest]);
    const talks = walk(missed, [10_000, EVENTS.reserve], [10_000, EVENTS.ring], [10_000, EVENTS.answer]);
    expect([missed.missed, talks.missed]).toEqual([1, 0]);
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
    [4_000, { type: 'answer', queue: 'billing' }],
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

describe('wrap-up', () => {
  const after = walk(
    newAgent('alice', T0),
    [0, EVENTS.ready],
    [1_000, EVENTS.reserve],
    [1_000, EVENTS.ring],
    [2_000, { type: 'answer', queue: 'billing' }],
    [60_000, EVENTS.release],
  );

  it('ends by itself, once', () => {
    expect(walk(after, [69_999, EVENTS.tick]).state).toBe('wrap-up');
    expect(walk(after, [70_000, EVENTS.tick])).toMatchObject({ state: 'idle', idleSince: T0 + 70_000 });
  });

  it('is extended by what is left of the longest, and no further', () => {
    const twice = walk(
      after,
      [61_000, { ...EVENTS.extend, byMs: 50_000 }],
      [62_000, { ...EVENTS.extend, byMs: 50_000 }],
    );
    expect(twice.wrapUpUntil).toBe(T0 + 70_000 + 60_000);
    expect(agentStep(twice, EVENTS.extend, T0 + 63_000)).toMatchObject({ ok: false });
    expect(walk(twice, [70_000, EVENTS.tick]).state).toBe('wrap-up');
  });

  it('takes what the agent says of the call, then, before and shortly after; the last word counts', () => {
    const said = agentStep(after, EVENTS.dispose, T0 + 61_000);
    expect(said.ok && said.facts).toEqual([
      { type: 'call.disposed', data: { callId: 'c2', agentId: 'alice', queue: 'billing', disposition: 'sold' } },
    ]);
    const idle = walk(after, [61_000, EVENTS.dispose], [70_000, EVENTS.tick]);
    expect(agentStep(idle, { ...EVENTS.dispose, disposition: 'no' }, T0 + 60_000 + 600_000).ok).toBe(true);
    expect(agentStep(idle, EVENTS.dispose, T0 + 60_000 + 600_001).ok).toBe(false);
    expect(agentStep(idle, { ...EVENTS.dispose, callId: 'c1' }, T0 + 80_000).ok).toBe(false);
    expect(idle.handled).toEqual({ billing: 1 });
  });
});

describe('the rules of a house', () => {
  const rules: FloorRules = {
    ...PLAIN_FLOOR,
    reasons: new Map([['lunch', { title: 'Lunch', maxMs: 60_000 }]]),
    rest: { occupancyOver: 0.5, maxContinuousMs: 3_600_000, pauseMs: 120_000 },
    line: { ...PLAIN_FLOOR.line, onHangUp: 'log-out' },
  };
  const step = (agent: AgentLive, event: AgentEvent, at: number) => agentStep(agent, event, T0 + at, rules);
  const go = (agent: AgentLive, ...events: readonly (readonly [number, AgentEvent])[]): AgentLive => {
    let live = agent;
    for (const [at, event] of events) {
      const next = step(live, event, at);
      if (!next.ok) throw new Error(next.sentence);
      live = next.agent;
    }
    return live;
  };
  const ready = go(newAgent('alice', T0), [0, EVENTS.ready]);

  it('know the reasons, and how long each may last, told once', () => {
    expect(step(ready, { ...EVENTS.notReady, reason: 'golf' }, 1)).toMatchObject({ ok: false });
    const away = go(ready, [1_000, EVENTS.notReady]);
    expect(away.statusUntil).toBe(T0 + 61_000);
    const told = step(away, EVENTS.tick, 61_000);
    expect(told.ok && told.facts.map(({ type }) => type)).toEqual(['agent.status.overran']);
    expect(tickAt(go(away, [61_000, EVENTS.tick]))).toBeNull();
    expect(go(away, [61_000, EVENTS.tick], [62_000, EVENTS.ready])).toMatchObject({
      statusUntil: null,
      overran: false,
    });
  });

  it('send who was too busy to rest, which he may end', () => {
    const worked = go(
      ready,
      [1_000, EVENTS.reserve],
      [1_000, EVENTS.ring],
      [2_000, EVENTS.answer],
      [1_802_000, EVENTS.release],
    );
    const resting = go(worked, [1_812_000, EVENTS.tick]);
    expect(occupancyAt(worked, T0 + 1_802_000)).toBeCloseTo(1 - Math.exp(-1_801 / 1_800), 6);
    expect(resting.restUntil).toBe(T0 + 1_812_000 + 120_000);
    expect(step(resting, EVENTS.reserve, 1_813_000).ok).toBe(false);
    expect(go(resting, [1_813_000, EVENTS.endRest], [1_813_000, EVENTS.reserve]).state).toBe('reserved');
    expect(go(resting, [1_932_000, EVENTS.tick]).restUntil).toBeNull();
  });

  it('count no time that he is not ready, neither for him nor against him', () => {
    const before = go(ready, [0, EVENTS.reserve], [0, EVENTS.ring], [0, EVENTS.answer], [600_000, { type: 'free' }]);
    const away = go(before, [600_000, EVENTS.notReady]);
    expect(occupancyAt(away, T0 + 9_000_000)).toBe(occupancyAt(before, T0 + 600_000));
  });

  it('log out who hangs up his line between two calls, and let him be who talks', () => {
    const seat = { kind: 'line', legId: 'line-1', node: 'pbx', at: '1001' } as const;
    const sits = go(newAgent('alice', T0), [0, { ...EVENTS.logIn, seat }]);
    expect(step(sits, EVENTS.logIn, 1)).toMatchObject({ ok: false });
    expect(go(sits, [1, EVENTS.lineEnded])).toMatchObject({ status: 'logged-out', seat: null });
    expect(go(sits, [1, { type: 'line-ended', legId: 'other' }])).toBe(sits);
    const talks = go(sits, [1, EVENTS.reserve], [1, EVENTS.ring], [1, EVENTS.answer], [2, EVENTS.lineEnded]);
    expect(talks).toMatchObject({ status: 'not-ready', reason: 'line-lost', state: 'talking', seat: null });
  });

  it('know of the line that did not come up until they choose or sit down again', () => {
    const told = step(ready, EVENTS.lineRefused, 1);
    const data = { agentId: 'alice', at: '1002', verdict: 'busy' };
    expect(told.ok && told.facts).toEqual([{ type: 'agent.line.refused', data }]);
    const knows = go(ready, [1, EVENTS.lineRefused]);
    expect(knows).toMatchObject({ status: 'ready', lineRefused: { at: '1002', verdict: 'busy', when: T0 + 1 } });
    expect(go(knows, [2, EVENTS.reserve], [2, EVENTS.ring]).lineRefused).toEqual(knows.lineRefused);
    for (const event of [EVENTS.notReady, EVENTS.logOut, EVENTS.logIn]) {
      expect(go(knows, [2, event]).lineRefused).toBeNull();
    }
  });

  it('let nothing of a day outlive the log-out', () => {
    const day = go(ready, [0, EVENTS.change], [0, EVENTS.reserve], [0, { type: 'fail', verdict: 'busy' }]);
    const out = step(day, EVENTS.logOut, 1);
    expect(out.ok && out.agent).toMatchObject({
      changed: null,
      missed: 0,
      backOffUntil: null,
      restUntil: null,
      seat: null,
    });
    expect(out.ok && out.facts.map(({ type }) => type)).toContain('agent.changed');
  });
});

describe('any sequence of events', () => {
  const event = fc.constantFrom<AgentEvent>(
    ...Object.values(EVENTS),
    { type: 'log-in', seat: { kind: 'line', legId: 'line-1', node: 'pbx', at: '1001' }, status: 'ready', reason: null },
    { type: 'fail', verdict: 'busy' },
    { type: 'answer', queue: 'billing' },
  );
  const rest = { occupancyOver: 0.3, maxContinuousMs: 600_000, pauseMs: 60_000 };
  const rules: FloorRules = { ...PLAIN_FLOOR, reasons: new Map([['lunch', { title: 'Lunch', maxMs: 60_000 }]]), rest };

  it('keeps the agent whole', () => {
    const walks = fc.array(fc.tuple(event, fc.nat(200_000)), { maxLength: 60 });
    fc.assert(
      fc.property(walks, (events) => {
        let [agent, at] = [newAgent('alice', T0), T0];
        for (const [next, after] of events) {
          at += after;
          const before = agent;
          const step = agentStep(agent, next, at, rules);
          if (!step.ok) continue;
          agent = step.agent;
          const isBusy = agent.state === 'reserved' || agent.state === 'ringing' || agent.state === 'talking';
          expect(agent.callId !== null).toBe(isBusy);
          expect(agent.wrapUpUntil !== null).toBe(agent.state === 'wrap-up');
          expect(agent.busy.share >= 0 && agent.busy.share <= 1).toBe(true);
          if (agent.state === 'reserved' && before.state !== 'reserved') expect(isFree(before, at)).toBe(true);
          if (agent.status === 'logged-out')
            expect(agent).toMatchObject({ changed: null, backOffUntil: null, seat: null });
          // An alarm rung on time always leads somewhere, so nobody rings it for ever.
          const due = tickAt(agent);
          const ticked = due === null ? null : agentStep(agent, EVENTS.tick, Math.max(due, at), rules);
          if (ticked?.ok) expect(ticked.agent).not.toBe(agent);
          for (const fact of step.facts) JOURNAL[fact.type].parse(fact.data);
          expect(agentLiveSchema.parse(JSON.parse(JSON.stringify(agent)))).toEqual(agent);
        }
      }),
      { numRuns: 300 },
    );
  });
});
