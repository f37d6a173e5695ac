import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/call/request.ts';
import type { Flow } from '../../../src/ivr/flow.ts';
import { flowStep } from '../../../src/ivr/step.ts';
import { Caller, flowOf, NOON, worldOf } from './caller.ts';
import { findings, VARS } from './findings.ts';

const CALL =
  'a: { type: flow, flow: sub, with: { who: { cel: id }, often: 2 }, save: { topic: what }, outcomes: { found: yes, done: done, error: bad } }\n' +
  'yes: { type: play, prompt: yes }\ndone: { type: play, prompt: done }\nbad: { type: play, prompt: bad }';
const CALLER =
  'vars: { id: { type: string, default: "7" }, topic: { type: enum, values: [none, billing], default: none } }';
const SUB = `
vars: { who: { type: string, default: nobody }, often: { type: int, default: 0 }, what: { type: string, default: none } }
takes: [who, often]
gives: [what]`;
const main = flowOf(CALL, CALLER);
const sub = (nodes: string, head = SUB) => flowOf(nodes, head, 'sub');
const call = (nodes: string, head?: string) => new Caller(main, { others: [sub(nodes, head)] });

describe('a flow that calls another', () => {
  it('gives it arguments, takes its results and goes on by its outcome', () => {
    const caller = call(
      's: { type: return, outcome: found, with: { what: { cel: "often == 2 ? \'billing\' : who" } } }',
    );
    expect([caller.at, caller.hears]).toEqual(['yes speaking', ['en/yes']]);
    expect(caller.state).toMatchObject({ flowId: 'test', version: main.version, frames: [] });
    expect(caller.state.vars).toEqual({ id: '7', topic: 'billing' });
  });

  it('tells of both in order, with the flow that each node is in', () => {
    const caller = call('s: { type: return, outcome: found }');
    caller.listens();
    expect(caller.seen.map(({ type, data }) => `${type} ${Object.values(data).slice(0, 3).join(' ')}`)).toEqual([
      `flow.started test ${main.version}`,
      'flow.node.entered test a flow',
      expect.stringMatching(/^flow\.started sub [0-9a-f]{12}$/),
      'flow.node.entered sub s return',
      'flow.node.left sub s found',
      'flow.finished sub returned',
      'flow.node.left test a found',
      'flow.node.entered test yes play',
      'flow.node.left test yes done',
      'flow.finished test end',
    ]);
  });

  it('counts the whole call of a flow as the time in its node', () => {
    const caller = call('s: { type: play, prompt: long, next: r }\nr: { type: return, outcome: found }');
    caller.now += 5_000;
    caller.listens();
    const left = caller.seen.findLast(({ type }) => type === 'flow.node.left');
    expect(left?.data).toMatchObject({ flow: 'test', node: 'a', dwellMs: 5_000 });
  });

  it('has its own variables and menus, and shares language, tags and keys pressed ahead', () => {
    const nodes = `
s: { type: play, prompt: hello, next: m }
m: { type: menu, prompt: choose, keys: { "1": { language: fi, go: t }, "2": back }, outcomes: { noInput: t, invalid: t } }
t: { type: tag, tags: [seen], next: w }
w: { type: play, prompt: bye }`;
    const caller = call(nodes);
    expect(caller.state.vars).toEqual({ who: '7', often: 2, what: 'none' });
    expect(caller.state.frames).toMatchObject([{ flowId: 'test', nodeId: 'a', vars: { id: '7', topic: 'none' } }]);
    caller.press('1');
    expect(caller.at).toBe('w speaking');
    expect(caller.hears).toEqual(['fi/bye']);
    caller.listens();
    expect(caller.hears).toEqual(['fi/done']);
    expect(caller.state).toMatchObject({ language: 'fi', tags: ['seen'], menus: [] });
  });

  it.each([
    ['ends without a return', 's: { type: tag, tags: [x] }', 'done'],
    ['returns an outcome that it does not know', 's: { type: return, outcome: else }', 'bad'],
    ['gives what its variable may not hold', 's: { type: return, outcome: found, with: { what: else } }', 'bad'],
    ['fails', 's: { type: set, set: { often: { cel: often / (often - 2) } } }', 'bad'],
    [
      'fails in its return',
      's: { type: return, outcome: found, with: { what: { cel: "string(often / (often - 2))" } } }',
      'bad',
    ],
  ])('goes on when that one %s', (_what, nodes, node) => {
    expect(call(nodes).state.nodeId).toBe(node);
  });

  it('lets the other one end the call', () => {
    const caller = call('s: { type: hangup }');
    expect(caller.did).toContain('hangup');
    expect(caller.facts.at(-1)).toBe('flow.finished normal');
  });

  it.each([
    ['is not there', flowOf('x: { type: hangup }', '', 'another')],
    ['does not take the argument', sub('s: { type: hangup }', SUB.replace('[who, often]', '[who]'))],
    [
      'takes another type',
      sub(
        's: { type: hangup }',
        SUB.replace('often: { type: int, default: 0 }', 'often: { type: string, default: x }'),
      ),
    ],
  ])('fails when that one %s', (_what, other) => {
    const caller = new Caller(main, { others: [other] });
    expect([caller.state.nodeId, caller.state.frames]).toEqual(['bad', []]);
  });

  it('goes eleven flows deep at most', () => {
    const nodes = 'a: { type: flow, flow: test, outcomes: { done: b, error: b } }\nb: { type: tag, tags: [deep] }';
    const caller = new Caller(flowOf(nodes));
    const deepest = caller.seen.filter(({ type }) => type === 'flow.started').length;
    expect([deepest, caller.facts.at(-1), caller.state.frames]).toEqual([11, 'flow.finished end', []]);
  });

  it('goes in a circle until its steps are used up, and then to its own onError', () => {
    const round = flowOf(
      'a: { type: flow, flow: sub, outcomes: { done: a } }\nsorry: { type: play, prompt: sorry }',
      'defaults: { onError: sorry }\nlimits: { maxSteps: 21 }',
    );
    const other = sub('s: { type: tag, tags: [x] }\nown: { type: play, prompt: own }', 'defaults: { onError: own }');
    const caller = new Caller(round, { others: [other] });
    expect([caller.at, caller.state.flowId, caller.state.frames]).toEqual(['sorry speaking', 'test', []]);
    expect(caller.state.steps).toBe(22);
  });

  it('has the time of the flow that the call began in, however deep it is', () => {
    const timed = flowOf(
      'a: { type: flow, flow: sub, outcomes: { done: sorry } }\nsorry: { type: play, prompt: sorry }',
      'defaults: { onError: sorry }\nlimits: { maxDuration: 1m, maxSteps: 300 }',
    );
    const caller = new Caller(timed, { others: [sub('s: { type: play, prompt: long }')] });
    expect(caller.state.limitAt).toBe(NOON + 60_000);
    caller.now = NOON + 60_000;
    caller.is({ type: 'timer', name: 'limit' });
    expect([caller.at, caller.state.flowId]).toEqual(['sorry speaking', 'test']);
    expect(caller.facts).toContain('flow.node.left s timeLimit');
  });

  it('is told of a failure that the other one has no way for, and not of one that it mends', () => {
    const failing =
      's: { type: hours, calendar: gone, outcomes: { open: e, closed: e, holiday: e, forced: e } }\ne: { type: hangup }';
    expect(call(failing).state.nodeId).toBe('bad');
    const mending = call(`${failing}\nown: { type: play, prompt: own }`, `${SUB}\ndefaults: { onError: own }`);
    expect([mending.at, mending.state.flowId]).toEqual(['own speaking', 'sub']);
  });

  it('gets the call back when the place in the other one is gone', () => {
    const before = call('s: { type: play, prompt: hello }').state;
    const world = (flows: readonly Flow[]) => worldOf([main, ...flows]);
    const over = { type: 'playback.finished', playbackId: before.playbackId ?? '', completed: true } as const;
    const moved = flowStep(before, over, world([sub('t: { type: hangup }')]), NOON);
    expect(moved.state).toMatchObject({ flowId: 'test', nodeId: 'bad', stage: 'speaking' });
    const removed = flowStep(before, over, world([]), NOON);
    expect(removed.state.stage).toBe('ended');
  });
});

describe('return', () => {
  it('ends the call in a flow that nobody called', () => {
    const caller = new Caller(flowOf('a: { type: return, outcome: found }'));
    expect(caller.command('hangup')).toMatchObject({ cause: { q850: 16 }, reason: 'end' });
    expect(caller.facts.slice(-2)).toEqual(['flow.node.left a found', 'flow.finished end']);
  });

  it('gives back what the flow says it gives', () => {
    expect(findings('{ type: return, outcome: found, with: { n: 4, id: x } }', `${VARS}gives: [id]\n`)).toEqual([
      'unknown-variable: The flow does not give back `n`.',
    ]);
    expect(findings('{ type: return, outcome: found, with: { gone: 4 } }')).toEqual([
      'unknown-variable: The variable `gone` is not declared.',
    ]);
  });
});

describe('flows that call one another, whatever happens', () => {
  const nodes = (other: string) => `
pick: { type: menu, prompt: pick, keys: { "1": know, "2": back, "3": go, "4": decide, "5": stand }, outcomes: { noInput: home, invalid: share } }
know: { type: lookup, request: { url: "https://crm.test/\${who}" }, timeout: 2s, save: { who: $.who, often: $.n }, outcomes: { ok: go, notFound: pick, timeout: home, error: pick } }
go: { type: flow, flow: ${other}, with: { who: { cel: who }, often: { cel: often + 1 } }, save: { who: what }, outcomes: { found: pick, done: know, error: pick } }
decide: { type: ask, question: q, timeout: 5s, save: { what: $ }, outcomes: { answered: go, timeout: home, error: share } }
stand: { type: metrics, queue: q, save: { wait: often }, outcomes: { ok: pick, unavailable: pick, error: pick } }
share: { type: split, shares: [{ percent: 50, go: go }], else: count }
count: { type: set, set: { often: { cel: 6 / (often - 1) } }, next: tell, outcomes: { error: home } }
tell: { type: emit, event: e, data: { often: "\${often}" }, next: mark }
mark: { type: tag, tags: [seen] }
home: { type: return, outcome: found, with: { what: { cel: who } } }`;
  const flows = [flowOf(nodes('sub').trim(), SUB.trim()), flowOf(nodes('test').trim(), SUB.trim(), 'sub')] as const;

  const outcome = fc.constantFrom('ok', 'notFound', 'timeout', 'error', 'answered', 'unavailable', 'toString');
  const data = fc.oneof(
    fc.jsonValue(),
    fc.record({ who: fc.constantFrom('a', '..', 'ä'), n: fc.nat({ max: 3 }), waitSeconds: fc.nat() }),
  );
  const act = fc.oneof(
    fc.record({ outcome, data }),
    fc.constantFrom('listens', 'waits', 'limit'),
    fc.constantFrom('1', '2', '3', '3', '3', '4', '5', '9'),
  );

  it('never throw, and are never more than eleven', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80, size: 'max' }), (acts) => {
        const caller = new Caller(flows[0], { others: [flows[1]] });
        for (const done of acts) {
          caller.now += 700;
          if (typeof done === 'object') {
            const answer = { outcome: done.outcome, data: done.data as Json };
            caller.is({ type: 'answer', requestId: caller.state.requestId ?? '', answer });
          } else if (done === 'listens') caller.listens();
          else if (done === 'limit') caller.is({ type: 'timer', name: 'limit' });
          else if (done !== 'waits') caller.press(done);
          else {
            const { limit: _limit, ...ticking } = caller.state.timers;
            caller.now = Math.max(caller.now, ...Object.values(ticking));
            for (const name of Object.keys(ticking)) caller.is({ type: 'timer', name });
          }
          expect(caller.state.frames.length).toBeLessThanOrEqual(10);
          expect(caller.state.steps).toBeLessThanOrEqual(221);
        }
      }),
      { numRuns: 200 },
    );
  });
});
