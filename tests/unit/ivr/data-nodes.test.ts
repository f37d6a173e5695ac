import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/call/request.ts';
import { Caller, flowOf, NOON } from './caller.ts';
import { findings, VARS } from './findings.ts';

const ENDS = '\nyes: { type: hangup }\nno: { type: hangup }\nlate: { type: hangup }\nbad: { type: hangup }';

/** The world answers what the node asked. */
const answers = (caller: Caller, outcome: string, data: Json = null) =>
  caller.is({ type: 'answer', requestId: caller.state.requestId ?? 'none', answer: { outcome, data } });

describe('emit', () => {
  it('tells what happened, values as they are', () => {
    const data = '{ id: "${id}", n: "${n}", said: "${n} of ${tier}", from: "${call.from}", two: 2, sure: true }';
    const caller = new Caller(flowOf(`a: { type: emit, event: asked-for-more, data: ${data} }`, VARS));
    expect(caller.seen.find(({ type }) => type === 'flow.emitted')?.data).toEqual({
      flow: 'test',
      node: 'a',
      event: 'asked-for-more',
      data: { id: 'none', n: 3, said: '3 of standard', from: '+358501112223', two: 2, sure: true },
    });
  });
});

describe('lookup', () => {
  const nodes = (more = '', save = '{ id: $.id, tier: $.tier, n: "$.orders[0].count", known: $.known }') =>
    `a: { type: lookup, request: { method: POST, url: "https://crm.test/find", secret: crm_token, body: { who: "\${call.from}", n: "\${n}", card: "\${card}" } }, timeout: 1500ms, cache: 5m, save: ${save}, outcomes: { ok: yes, notFound: no, timeout: late, error: bad }${more} }${ENDS}`;
  const caller = (more?: string, save?: string) => new Caller(flowOf(nodes(more, save), VARS));

  it('asks, and picks the call up only when the answer takes long', () => {
    const asking = caller();
    expect(asking.command('request').request).toEqual({
      kind: 'lookup',
      method: 'POST',
      url: 'https://crm.test/find',
      secret: 'crm_token',
      body: { who: '+358501112223', n: 3, card: '4111' },
      timeoutMs: 1_500,
      cacheMs: 300_000,
    });
    expect(asking.at).toBe('a asking');
    expect(asking.did).not.toContain('answer');
    asking.now += 1_000;
    asking.is({ type: 'timer', name: 'filler' });
    expect(asking.did).toEqual(['answer', 'music']);
    answers(asking, 'ok', {});
    expect(asking.commands).toContainEqual({ type: 'music', on: false });
    expect(asking.state.nodeId).toBe('yes');
  });

  it('says its filler at once', () => {
    expect(caller(', filler: one-moment').hears).toEqual(['en/one-moment']);
    expect(caller(', filler: music').hears).toEqual([]);
  });

  it.each<[string, Json, object]>([
    [
      'the types of its variables',
      { id: 'x', tier: 'vip', orders: [{ count: 9 }], known: true },
      { id: 'x', tier: 'vip', n: 9, known: true },
    ],
    ['numbers written as texts, and texts as numbers', { id: 77, orders: [{ count: '12' }] }, { id: '77', n: 12 }],
    ['nothing of what is missing or null', { id: null, orders: [] }, {}],
    ['nothing of an answer that is no map', 'hello', {}],
    ['nothing of an empty answer', null, {}],
  ])('keeps %s', (_what, data, kept) => {
    const done = answers(caller(), 'ok', data);
    expect(done.state.nodeId).toBe('yes');
    expect(done.state.vars).toEqual({ tier: 'standard', id: 'none', n: 3, known: false, card: '4111', ...kept });
  });

  it.each<[Json]>([
    [{ id: 'x', tier: 'gold' }],
    [{ id: 'x', known: 'true' }],
    [{ id: 'x', orders: [{ count: 1.5 }] }],
    [{ id: 'x', orders: [{ count: 2 ** 53 }] }],
    [{ id: 'x', orders: [{ count: '12 pieces' }] }],
    [{ id: ['x'] }],
    [{ id: { of: 'x' } }],
    [{ id: true }],
    [{ id: 'x'.repeat(1_001) }],
  ])('%j is an error, and nothing is kept', (data) => {
    const failed = answers(caller(), 'ok', data);
    expect([failed.state.nodeId, failed.state.vars['id']]).toEqual(['bad', 'none']);
  });

  it.each([
    ['notFound', 'no'],
    ['timeout', 'late'],
    ['error', 'bad'],
    ['what', 'bad'],
  ])('%s leads to %s', (outcome, node) => {
    expect(answers(caller(), outcome).state.nodeId).toBe(node);
  });

  it('is over when its time is, and a later answer is old news', () => {
    const late = caller();
    const requestId = late.state.requestId ?? '';
    late.now += 1_500;
    late.is({ type: 'timer', name: 'deadline' });
    expect(late.state.nodeId).toBe('late');
    late.is({ type: 'answer', requestId, answer: { outcome: 'ok', data: { id: 'x' } } });
    expect(late.state.vars['id']).toBe('none');
  });

  const at = (node: string) => findings(node.replace('OUT', 'outcomes: { ok: b, notFound: b, timeout: b, error: b }'));
  const GET = '{ type: lookup, request: { url: "https://crm.test/x" }';

  it.each([
    [`${GET}, OUT }`, 'lookup-timeout: A lookup without a time-out could keep the caller waiting for ever.'],
    [`${GET}, timeout: 11s, OUT }`, 'wrong-value: `timeout` must be between 100ms and 10s.'],
    [`${GET}, timeout: 1s, save: { id: "$..x" }, OUT }`, 'bad-template: `$..x` names no place in an answer.'],
    [`${GET}, timeout: 1s, save: { gone: $.x }, OUT }`, 'unknown-variable: The variable `gone` is not declared.'],
    [`${GET.replace('x"', 'x", body: { a: b }')}, timeout: 1s, OUT }`, 'wrong-value: A GET sends no body.'],
    [
      `${GET.replace('x"', 'x", secret: "Bearer s3cret"')}, timeout: 1s, OUT }`,
      'wrong-value: A secret is named, never written out.',
    ],
    [
      `${GET.replace('/x', '/${card}')}, timeout: 1s, OUT }`,
      'sensitive-leak: The sensitive variable `card` would leave the call here.',
    ],
    [`${GET}, timeout: 1s, outcomes: { ok: b } }`, 'missing-outcome: The outcome `notFound` of `a` leads nowhere.'],
  ])('%s is refused', (node, finding) => {
    expect(at(node)).toContain(finding);
  });
});

describe('ask', () => {
  const nodes = (more = '') =>
    `a: { type: ask, question: may-return, data: { id: "\${id}" }, timeout: 30s, answers: [approve, refuse], save: { n: $.days }${more}, outcomes: { approve: yes, refuse: no, timeout: late, error: bad } }${ENDS}`;

  it('puts the question as an event and waits for one of its answers', () => {
    const caller = new Caller(flowOf(nodes(), VARS));
    const deadline = NOON + 30_000;
    expect(caller.command('request').request).toEqual({
      kind: 'ask',
      question: 'may-return',
      data: { id: 'none' },
      deadline,
    });
    const askId = caller.state.requestId;
    expect(caller.seen.find(({ type }) => type === 'flow.asked')?.data).toEqual({
      flow: 'test',
      node: 'a',
      askId,
      question: 'may-return',
      data: { id: 'none' },
      deadlineAt: deadline,
    });
    expect(caller.command('request').requestId).toBe(askId);
    answers(caller, 'approve', { days: 14 });
    expect([caller.state.nodeId, caller.state.vars['n']]).toEqual(['yes', 14]);
  });

  it.each<[string, Json, string]>([
    ['refuse', null, 'no'],
    ['timeout', null, 'late'],
    ['whatever', null, 'bad'],
    ['approve', { days: 'soon' }, 'bad'],
    ['constructor', null, 'bad'],
  ])('%s with %j leads to %s', (outcome, data, node) => {
    expect(answers(new Caller(flowOf(nodes(), VARS)), outcome, data).state.nodeId).toBe(node);
  });

  it('without listed answers knows one', () => {
    const flow = flowOf(
      'a: { type: ask, question: q, timeout: 5s, outcomes: { answered: b, timeout: b } }\nb: { type: hangup }',
    );
    expect(answers(new Caller(flow), 'answered').facts).toContain('flow.node.left a answered');
  });

  it.each([
    ['answers: [timeout], outcomes: { timeout: b }', 'reserved-name: `timeout` is what happens without an answer.'],
    ['answers: [x, x], outcomes: { x: b, timeout: b }', 'wrong-value: `x` is listed twice.'],
    ['answers: [x], outcomes: { x: b, y: b, timeout: b }', 'unknown-field: `y` is none of the answers.'],
    ['answers: [x, y], outcomes: { x: b, timeout: b }', 'missing-outcome: The outcome `y` of `a` leads nowhere.'],
  ])('%s is refused', (fields, finding) => {
    expect(findings(`{ type: ask, question: q, timeout: 5s, ${fields} }`)).toContain(finding);
  });
});

describe('metrics', () => {
  const nodes = `a: { type: metrics, queue: support, save: { wait: n }, outcomes: { ok: yes, unavailable: no, error: bad } }\nyes: { type: hangup }\nno: { type: hangup }\nbad: { type: hangup }`;

  it.each<[string, Json, string, number]>([
    ['ok', { waitSeconds: 41.2, waiting: 3, ready: 0 }, 'yes', 42],
    ['ok', { waitSeconds: null, waiting: 3, ready: 0 }, 'yes', 3],
    ['ok', 'what', 'yes', 3],
    ['ok', { waitSeconds: 'long' }, 'bad', 3],
    ['unavailable', null, 'no', 3],
    ['timeout', null, 'no', 3],
  ])('%s with %j leads to %s', (outcome, data, node, n) => {
    const caller = new Caller(flowOf(nodes, VARS));
    expect(caller.command('request').request).toEqual({ kind: 'metrics', queue: 'support' });
    answers(caller, outcome, data);
    expect([caller.state.nodeId, caller.state.vars['n']]).toEqual([node, n]);
  });
});
