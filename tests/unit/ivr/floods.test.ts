import { describe, expect, it } from 'vitest';
import { parseFlow } from '../../../src/ivr/load.ts';
import { startFlow } from '../../../src/ivr/step.ts';
import { Caller, flowOf, NOON, worldOf } from './caller.ts';

/** A flow that `flow check` refuses, as if it had slipped through. */
function slippedThrough(nodes: string, id = 'test') {
  const text = `version: ivr/v1
id: ${id}
title: Test
languages: { default: en, supported: [en] }
vars: { a: { type: string, default: "0123456789" } }
limits: { maxSteps: 1000, maxDuration: 4h }
start: a
nodes:
${nodes.replace(/^/gm, '  ')}
`;
  const reading = parseFlow(text, 'test.yaml');
  const flow = reading.ok ? reading.flow : reading.draft?.flow;
  if (!flow) throw new Error(JSON.stringify(reading));
  return { flow, refused: !reading.ok };
}

const STRING = 'vars: { a: { type: string, default: "0123456789" } }\ntakes: [a]\ngives: [a]';

describe('a text that grows at every turn', () => {
  it('ends at the error of the node that would make it longer than a call needs', () => {
    const { flow } = slippedThrough(`
a: { type: set, set: { a: { cel: "a + a" } }, next: a, outcomes: { error: enough } }
enough: { type: hangup }`);
    const { state } = new Caller(flow);
    expect(state.nodeId).toBe('enough');
    expect(String(state.vars['a']).length).toBeLessThanOrEqual(1_000);
  });

  it('is not handed on to a flow either, however deep', () => {
    const nodes = `
in: { type: flow, flow: test, with: { a: { cel: "a + a + a + a + a + a + a + a" } }, outcomes: { error: out } }
out: { type: return, outcome: done }`;
    const caller = new Caller(flowOf(nodes, STRING));
    expect(JSON.stringify(caller.state).length).toBeLessThan(20_000);
    expect(caller.state.stage).toBe('ended');
  });
});

describe('a flow that runs in circles', () => {
  const circles = {
    goto: 'a: { type: goto, to: b }\nb: { type: goto, to: a }',
    split: 'a: { type: split, shares: [{ percent: 50, go: a }], else: a }',
    switch: 'a: { type: switch, cases: [{ when: "true", go: a }], else: a }',
    tag: 'a: { type: tag, tags: [x], next: a }',
    emit: 'a: { type: emit, event: e, next: a }',
  };

  it.each(Object.entries(circles))('of %s is refused, and ends by its steps if it slips through', (_kind, nodes) => {
    const { flow, refused } = slippedThrough(nodes);
    expect(refused).toBe(true);
    const { state, facts } = startFlow(flow, worldOf([flow]), NOON);
    expect(state.stage).toBe('ended');
    expect(facts.length).toBeLessThan(5_000);
  });

  it('of two flows that call each other ends, too', () => {
    const one = slippedThrough('a: { type: flow, flow: two, outcomes: { done: a, error: a } }', 'one').flow;
    const two = slippedThrough('a: { type: flow, flow: one, outcomes: { done: a, error: a } }', 'two').flow;
    const { state, facts } = startFlow(one, worldOf([one, two]), NOON);
    expect(state.stage).toBe('ended');
    expect(facts.length).toBeLessThan(6_000);
  });
});
