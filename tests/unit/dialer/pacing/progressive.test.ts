import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { progressive, type Decision, type DialerEvent, type DialerState } from '../../../../src/dialer/pacing/index.ts';

type AgentState = DialerState['agents'][number]['state'];
type CallState = DialerState['calls'][number]['state'];

const of = (state: string, all: readonly string[]) => all.filter((each) => each === state).length;

function stateOf(
  agents: readonly AgentState[],
  calls: readonly CallState[],
  lines = { max: 1_000, inUse: 0 },
): DialerState {
  return {
    now: 100,
    agents: agents.map((state, id) => ({ id, state, since: 0 })),
    calls: calls.map((state, id) => ({ id, state, launchedAt: 90, ringingAt: -1, answeredAt: -1 })),
    counts: {
      idle: of('idle', agents),
      talk: of('talk', agents),
      wrap: of('wrap', agents),
      ringing: of('ringing', calls),
      amd: of('amd', calls),
      waiting: of('waiting', calls),
    },
    totals: { launched: 0, answered: 0, connected: 0, abandoned: 0, machine: 0, noanswer: 0, busy: 0, cancelled: 0 },
    lines,
  };
}

const decide = (state: DialerState): Decision => {
  const decision = progressive.decide(state);
  return typeof decision === 'number' ? { launch: decision } : decision;
};

describe('progressive pacing', () => {
  it('never has more dials out than free agents, nor more than lines, in any state', () => {
    const anyState = fc.tuple(
      fc.array(fc.constantFrom<AgentState>('idle', 'talk', 'wrap'), { maxLength: 60 }),
      fc.array(fc.constantFrom<CallState>('ringing', 'amd', 'waiting'), { maxLength: 60 }),
      fc.record({ max: fc.nat(80), inUse: fc.nat(80) }),
    );
    fc.assert(
      fc.property(anyState, ([agents, calls, lines]) => {
        const { launch, because } = decide(stateOf(agents, calls, lines));
        const idle = agents.filter((state) => state === 'idle').length;
        expect(Number.isInteger(launch) && launch >= 0).toBe(true);
        expect(launch).toBe(Math.max(0, Math.min(idle - calls.length, lines.max - lines.inUse)));
        expect(because).toMatch(/\.$/);
      }),
    );
  });

  it.each([
    [stateOf(['talk'], []), 0, 'No agent is free.'],
    [stateOf(['idle'], []), 1, '1 agent is free and no dial is out.'],
    [stateOf(['idle', 'idle', 'idle'], ['ringing']), 2, '3 agents are free and 1 dial is out.'],
    [stateOf(['idle', 'idle'], ['ringing', 'waiting']), 0, '2 agents are free and 2 dials are out: each has a dial.'],
    [
      stateOf(['idle', 'idle'], [], { max: 5, inUse: 4 }),
      1,
      '2 agents are free and no dial is out, but only 1 of the lines are free.',
    ],
  ])('says why %#', (state, launch, because) => {
    expect(decide(state)).toEqual({ launch, because });
  });

  it('takes events without learning from them', () => {
    const event: DialerEvent = { type: 'call.launched', t: 1, callId: 1 };
    expect(progressive.on(event)).toBeUndefined();
    expect(progressive.decide(stateOf(['idle'], []))).toMatchObject({ launch: 1 });
  });
});
