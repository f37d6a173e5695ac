import * as fc from 'fast-check';
import { KINDS } from '../../../src/ivr/nodes/index.ts';

/** Where a node may lead. */
export interface Targets {
  readonly next: string;
  /** Any later node. */
  readonly onwards: fc.Arbitrary<string>;
  readonly any: fc.Arbitrary<string>;
}

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;
type Made = (to: Targets) => Fields;

const names = ['hello', 'main', 'say.it'] as const;
const prompt = fc.oneof(
  fc.constantFrom(...names),
  fc.constant({ say: 'digits', of: 'id' }),
  fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
);
const count = fc.nat({ max: 2 });
const asking = { prompt, retries: fc.record({ noInput: count, invalid: count }) };
const save = fc.constantFrom({}, { id: '$.id' }, { n: '$[0]', tier: '$.tier' });
const is = <const T>(value: T) => fc.constant(value);

/** The first outcome leads to the next node, the rest to some. */
const outcomes = (next: string, some: fc.Arbitrary<string>, ...rest: readonly string[]) => ({
  outcomes: fc.record(Object.fromEntries(rest.map((outcome, i) => [outcome, i === 0 ? is(next) : some]))),
});

const FIELDS: Readonly<Record<string, Made>> = {
  play: ({ next }) => ({ prompt, bargeIn: fc.boolean(), next: is(next) }),
  menu({ next, any }) {
    const action = fc.oneof(any, fc.constantFrom('repeat', 'back', 'top'), fc.record({ language: is('fi'), go: any }));
    const keys = fc.record({ '1': is(next), '2': action, '12': action, '#': action });
    return { ...asking, keys, ...outcomes(next, any, 'noInput', 'invalid') };
  },
  collect: ({ next, any }) => ({
    ...asking,
    digits: fc.constantFrom({ min: 1, max: 1 }, { min: 2, max: 4 }),
    confirm: is({ attempts: 2 }),
    save: is('id'),
    ...outcomes(next, any, 'ok', 'noInput', 'invalid', 'cancelled'),
  }),
  pin: ({ next, any }) => ({
    account: is('id'),
    digits: is({ min: 1, max: 2 }),
    ...outcomes(next, any, 'ok', 'wrong', 'locked', 'noInput'),
  }),
  record: ({ next, any }) => ({ save: is('id'), max: is('10s'), ...outcomes(next, any, 'done', 'empty') }),
  language: ({ next, any }) => ({
    options: is({ '1': 'en', '2': 'fi' }),
    skipIf: fc.record({ remembered: fc.boolean() }),
    whenSilent: fc.oneof(is('default'), any),
    optOut: is('9'),
    next: is(next),
  }),
  speech: ({ next, any }) => ({
    prompt,
    save: is('id'),
    ...outcomes(next, any, 'ok', 'noMatch', 'noInput', 'unavailable'),
  }),
  switch: ({ next, onwards }) => ({
    cases: fc.tuple(
      fc.record({
        when: fc.constantFrom('n > 3', 'id == "1"', '10 / (n - 2) > 1', 'call.language == "fi"'),
        set: fc.record({ n: fc.integer({ min: 0, max: 9 }) }),
        go: onwards,
      }),
    ),
    else: is(next),
  }),
  hours: ({ next, onwards }) => ({
    calendar: fc.constantFrom('always', 'missing'),
    ...outcomes(next, onwards, 'open', 'closed', 'holiday', 'forced'),
  }),
  split: ({ next, onwards }) => ({ shares: fc.tuple(fc.record({ percent: is(30), go: onwards })), else: is(next) }),
  set: ({ next }) => ({ set: fc.constantFrom({ n: 3 }, { n: { cel: '4 / n' } }, { tier: 'vip' }), next: is(next) }),
  tag: ({ next }) => ({ tags: fc.constantFrom(['a'], ['b', 'tier:${tier}']), next: is(next) }),
  flow: ({ next, any }) => ({
    flow: fc.constantFrom('called', 'missing'),
    with: fc.constantFrom({}, { n: 0 }, { n: 'x' }),
    save: fc.constantFrom({}, { id: 'id' }),
    ...outcomes(next, any, 'part', 'done'),
  }),
  goto: ({ next }) => ({ to: is(next) }),
  lookup: ({ next, onwards }) => ({
    request: is({ method: 'GET', url: 'https://crm.example.org/${id}' }),
    timeout: fc.constantFrom('500ms', '8s'),
    filler: fc.oneof(is('music'), prompt),
    save,
    ...outcomes(next, onwards, 'ok', 'notFound', 'timeout', 'error'),
  }),
  ask: ({ next, any }) => ({
    question: is('refund'),
    timeout: fc.constantFrom('1s', '10m'),
    answers: is(['yes', 'no']),
    save,
    ...outcomes(next, any, 'yes', 'no', 'timeout'),
  }),
  emit: ({ next }) => ({ event: is('seen'), data: is({ id: '${id}' }), next: is(next) }),
  metrics: ({ next, onwards }) => ({
    queue: is('q'),
    save: is({ wait: 'n' }),
    ...outcomes(next, onwards, 'ok', 'unavailable'),
  }),
  agent: ({ next, onwards }) => ({
    action: fc.constantFrom('login', 'ready', 'endWrapUp'),
    ...outcomes(next, onwards, 'ok', 'unknown', 'refused'),
  }),
  dnc: ({ next, onwards }) => ({
    scope: fc.constantFrom('all', 'campaign'),
    ...outcomes(next, onwards, 'ok', 'noNumber'),
  }),
  followUp: ({ next }) => ({
    kind: is('refund'),
    owner: is({ team: 'finance' }),
    within: fc.constantFrom('1m', '4h'),
    reason: is('Return ${id}'),
    data: is({ id: '${id}' }),
    next: is(next),
  }),
  queue: ({ next, any }) => ({
    queue: is('q'),
    exitKeys: fc.record({ '*': any }),
    offerCallback: is({ key: '1' }),
    ...outcomes(next, any, 'answeredEnd', 'timeout', 'full', 'noAgents', 'closed', 'callbackTaken'),
  }),
  callback: ({ next, any }) => ({
    queue: is('q'),
    number: fc.constantFrom('caller', 'id'),
    ...outcomes(next, any, 'taken', 'refused', 'full'),
  }),
  transfer: ({ next, any }) => ({
    to: is('1001'),
    ...outcomes(next, any, 'answeredEnd', 'busy', 'noAnswer', 'failed'),
  }),
  voicemail: ({ next, any }) => ({
    box: is('b'),
    max: is('10s'),
    promiseReplyWithin: is('4h'),
    ...outcomes(next, any, 'done', 'empty', 'full'),
  }),
  survey: ({ next, any }) => ({
    questions: is([
      { id: 'a', scale: '0-10', prompt: 'main' },
      { id: 'b', voice: '5s', prompt: 'say.it' },
      { id: 'c', yesNo: true, prompt: 'hello' },
    ]),
    optIn: fc.constantFrom('always', 'asked'),
    every: is('30d'),
    ...outcomes(next, any, 'done', 'partial', 'declined'),
  }),
};

/** Those that lead nowhere would leave what follows them out of reach. */
const ENDS = new Set(['hangup', 'return']);

export const randomNode = (to: Targets): fc.Arbitrary<object> =>
  fc.oneof(
    ...KINDS.filter(({ type }) => !ENDS.has(type)).map(({ type }) => {
      const fields = FIELDS[type];
      if (!fields) throw new Error(`no random node of kind ${type} is made yet`);
      return fc.record({ type: is(type), ...fields(to) });
    }),
  );
