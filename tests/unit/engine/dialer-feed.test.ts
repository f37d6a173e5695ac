import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialerEvent, DialerState } from '../../../src/dialer/pacing/index.ts';
import { type CallState, inboundCall } from '../../../src/engine/call/state.ts';
import { DialerFeed, NO_TOTALS } from '../../../src/engine/dialer-feed.ts';

type Phase = string;
const LINES = { max: 10, inUse: 0 };
const AGENTS = ['amy', 'bea', 'cid'];
const CALLS = ['call-0', 'call-1', 'call-2', 'call-3'];

const NEXT: Readonly<Record<string, readonly string[]>> = {
  dialing: ['ringing', 'waiting', 'over'],
  ringing: ['detecting', 'waiting', 'over'],
  detecting: ['waiting', 'machine', 'over'],
  machine: ['over'],
  waiting: ['talking', 'abandoned', 'over'],
  talking: ['over'],
  abandoned: ['over'],
  over: [],
};

function callOf(id: string, phase: Phase, at: number, outcome = 'busy'): CallState {
  const call = inboundCall({ id, legId: `${id}-leg`, ani: null, dnis: '1', source: 's', language: 'en' }, at);
  const about = { campaignId: 'a', leadId: 'lead', attemptId: 'attempt', ringMs: 1, connectDeadlineMs: 1, wrapUpMs: 1 };
  const end = { type: 'attempt.end', outcome, q850: 16, sip: null, agentId: null } as CallState['deeds'][number];
  return {
    ...call,
    attempt: { ...about, phase: phase as NonNullable<CallState['attempt']>['phase'] },
    deeds: phase === 'over' ? [end] : [],
  };
}

/** The snapshot as somebody would draw it who had heard the events and nothing else. */
function fold(events: readonly DialerEvent[]) {
  const calls = new Map<number, 'ringing' | 'amd' | 'waiting'>();
  const agents = new Map<number, string>();
  const totals: Record<string, number> = { ...NO_TOTALS };
  const count = (what: string) => (totals[what] = (totals[what] ?? 0) + 1);
  for (const event of events) {
    if (event.type === 'call.launched') {
      calls.set(event.callId, 'ringing');
      count('launched');
    }
    if (event.type === 'call.answered') {
      calls.set(event.callId, event.pendingAmd ? 'amd' : 'waiting');
      if (!event.pendingAmd) count('answered');
    }
    if (event.type === 'call.amd') {
      if (event.result === 'human') {
        calls.set(event.callId, 'waiting');
        count('answered');
      } else calls.delete(event.callId);
    }
    if (event.type === 'call.connected' || event.type === 'call.abandoned') {
      calls.delete(event.callId);
      count(event.type.slice(5));
    }
    if (event.type === 'call.ended') {
      calls.delete(event.callId);
      if (event.cause !== 'hangup') count(event.cause);
    }
    if (event.type === 'agent.state') {
      expect(agents.get(event.agentId) ?? 'offline').toBe(event.prev);
      if (event.state === 'offline') agents.delete(event.agentId);
      else agents.set(event.agentId, event.state);
    }
  }
  return { calls, agents, totals };
}

function expectAgreement(events: readonly DialerEvent[], state: DialerState): void {
  const { calls, agents, totals } = fold(events);
  expect(state.totals).toEqual(totals);
  expect(new Map(state.calls.map((call) => [call.id, call.state]))).toEqual(calls);
  expect(new Map(state.agents.map((agent) => [agent.id, agent.state]))).toEqual(agents);
  const number = (wanted: string, from: Iterable<string>) => [...from].filter((each) => each === wanted).length;
  expect(state.counts).toEqual({
    idle: number('idle', agents.values()),
    talk: number('talk', agents.values()),
    wrap: number('wrap', agents.values()),
    ringing: number('ringing', calls.values()),
    waiting: number('waiting', calls.values()),
    amd: number('amd', calls.values()),
  });
}

const anyStep = fc.oneof(
  fc.record({ what: fc.constant('dial' as const), id: fc.constantFrom(...CALLS) }),
  fc.record({
    what: fc.constant('call' as const),
    id: fc.constantFrom(...CALLS),
    pick: fc.nat({ max: 2 }),
    outcome: fc.constantFrom('busy', 'no-answer', 'cancelled', 'rejected', 'machine'),
  }),
  fc.record({
    what: fc.constant('agent' as const),
    id: fc.constantFrom(...AGENTS),
    state: fc.constantFrom('idle', 'talk', 'wrap', null),
    promisedTo: fc.option(fc.constantFrom(...CALLS)),
  }),
);

describe('what pacing is told', () => {
  it('adds up to the snapshot that it is shown, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const events: DialerEvent[] = [];
        const feed = new DialerFeed(0, (event) => events.push(event));
        const phases = new Map<string, Phase>();
        for (const [index, step] of steps.entries()) {
          const now = (index + 1) * 1_000;
          if (step.what === 'agent') {
            const { id, state, promisedTo } = step;
            feed.agent(
              id,
              state && { id, state, since: now, promisedTo: state === 'talk' ? promisedTo : null, serves: null },
              now,
            );
          } else if (step.what === 'dial' && !phases.has(step.id)) {
            phases.set(step.id, 'dialing');
            feed.call(callOf(step.id, 'dialing', now), now);
          } else if (step.what === 'call') {
            const choices = NEXT[phases.get(step.id) ?? 'over'] ?? [];
            const phase = choices[step.pick % Math.max(1, choices.length)];
            if (phase === undefined) continue;
            phases.set(step.id, phase);
            feed.call(callOf(step.id, phase, now, step.outcome), now);
          }
          expectAgreement(events, feed.state(now, LINES, new Set()));
        }
      }),
    );
  });

  it('an agent who is reserved for a person of the campaign is idle until they speak', () => {
    const events: DialerEvent[] = [];
    const feed = new DialerFeed(0, (event) => events.push(event));
    const counts = () => feed.state(3_000, LINES, new Set()).counts;
    feed.agent('amy', { id: 'amy', state: 'idle', since: 0, promisedTo: null, serves: null }, 0);
    feed.call(callOf('call-0', 'waiting', 1_000), 2_000);
    feed.agent('amy', { id: 'amy', state: 'talk', since: 2_000, promisedTo: 'call-0', serves: null }, 2_000);
    expect(counts()).toMatchObject({ idle: 1, talk: 0, waiting: 1 });
    feed.call(callOf('call-0', 'talking', 1_000), 3_000);
    expect(counts()).toMatchObject({ idle: 0, talk: 1, waiting: 0 });
    expect(events.map(({ type }) => type)).toEqual([
      'agent.state',
      'call.launched',
      'call.answered',
      'call.connected',
      'agent.state',
    ]);
  });

  it('hides who is being reserved, and those on whom other campaigns count', () => {
    const feed = new DialerFeed(0, () => undefined);
    for (const id of AGENTS) feed.agent(id, { id, state: 'idle', since: 0, promisedTo: null, serves: null }, 0);
    const state = feed.state(1_000, LINES, new Set(['amy', 'bea']));
    expect(state.counts.idle).toBe(1);
    expect(state.agents).toHaveLength(1);
  });

  it('names a call that is over when the agent says whom he met', () => {
    const events: DialerEvent[] = [];
    const feed = new DialerFeed(0, (event) => events.push(event));
    feed.call(callOf('call-0', 'talking', 0), 1_000);
    feed.call(callOf('call-0', 'over', 0), 2_000);
    feed.disposed('call-0', 'amy', false, 3_000);
    feed.disposed('call-9', 'amy', false, 3_000);
    expect(events.at(-1)).toEqual({ type: 'call.disposition', t: 3, callId: 0, agentId: 0, live: false });
  });
});
