import { describe, expect, it } from 'vitest';
import { Caller, flowOf, NOON } from './caller.ts';

const ENDS = 'end: { type: play, prompt: goodbye }';
const SAID = 'vars: { said: { type: string } }';
const RECORD = `r: { type: record, save: said, outcomes: { done: end, empty: end, error: end } }\n${ENDS}`;
const LOOKUP = `
a: { type: lookup, request: { url: "https://crm.example.org/a" }, timeout: 3s, outcomes: { ok: b, notFound: b, timeout: b, error: b } }
b: { type: lookup, request: { url: "https://crm.example.org/b" }, timeout: 3s, outcomes: { ok: end, notFound: end, timeout: end, error: end } }
${ENDS}`;

describe('a caller who hangs up', () => {
  it('ends the flow at once, and it tells in which node', () => {
    const caller = new Caller(flowOf(`a: { type: play, prompt: hello, next: end }\n${ENDS}`)).leaves();
    expect([caller.at, caller.did]).toEqual(['a ended', ['stop']]);
    expect(caller.facts.slice(-2)).toEqual(['flow.node.left a hangup', 'flow.finished hangup']);
    expect(caller.leaves().facts).toHaveLength(4);
  });

  it('waits for no answer that is of use to him alone', () => {
    expect(new Caller(flowOf(LOOKUP)).leaves().at).toBe('a ended');
  });

  it('ends the flows that stand open too', () => {
    const main = flowOf(`f: { type: flow, flow: other, outcomes: { done: end, error: end } }\n${ENDS}`);
    const other = flowOf('a: { type: play, prompt: hello }', '', 'other');
    const caller = new Caller(main, { others: [other] }).leaves();
    const told = caller.seen.slice(-4).map(({ type, data }) => [type, 'flow' in data && data.flow]);
    expect(told).toEqual([
      ['flow.node.left', 'other'],
      ['flow.finished', 'other'],
      ['flow.node.left', 'test'],
      ['flow.finished', 'test'],
    ]);
  });

  it('is not waited for by a recording that never ends', () => {
    const caller = new Caller(flowOf(RECORD, SAID)).listens().leaves();
    caller.now = caller.state.timers['stuck'] ?? 0;
    expect(caller.is({ type: 'timer', name: 'stuck' }).at).toBe('r ended');
    expect(caller.did).not.toContain('hangup');
  });
});

describe('a flow that has had its time', () => {
  const over = (caller: Caller) => {
    caller.now = caller.state.limitAt;
    return caller.is({ type: 'timer', name: 'limit' });
  };

  it('ends', () => {
    const caller = over(new Caller(flowOf(LOOKUP)));
    expect(caller.command('hangup').reason).toBe('step-limit');
  });

  it('puts away what is being said first', () => {
    const caller = over(new Caller(flowOf(RECORD, SAID)).listens());
    expect([caller.at, caller.did]).toEqual(['r recording', ['record.stop']]);
    expect(caller.records(5_000).answers('ok').facts).toContain('flow.recorded r c1-rec2 5000');
    expect(caller.command('hangup').reason).toBe('step-limit');
  });
});

describe('several questions to the world in a row', () => {
  it('add up to no silence: music comes a second after the caller heard something', () => {
    const caller = new Caller(flowOf(LOOKUP));
    caller.now = NOON + 900;
    caller.answers('ok', {});
    expect(caller.state.timers['filler']).toBe(NOON + 1_000);
    expect(caller.waits().did).toEqual(['answer', 'music']);
    caller.now += 50;
    expect(caller.answers('ok', {}).did).toContain('play');
  });
});
