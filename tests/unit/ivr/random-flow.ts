import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { parseFlow } from '../../../src/ivr/load.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import type { Flow } from '../../../src/ivr/flow.ts';

/**
 * Random flows that the loader takes: node i always leads on to node i+1, so that all are reached, and else anywhere,
 * round and round included.
 */
export function randomFlow(maxSteps = 40): fc.Arbitrary<Flow> {
  return fc
    .integer({ min: 1, max: 7 })
    .chain((count) =>
      fc.record({
        nodes: fc.tuple(...Array.from({ length: count }, (_, i) => node(i, count))),
        onError: fc.option(target(count), { nil: undefined }),
        bargeIn: fc.boolean(),
      }),
    )
    .map(({ nodes, onError, bargeIn }) => {
      const count = nodes.length;
      const file = {
        version: 'ivr/v1',
        id: 'random',
        title: 'Random',
        languages: { default: 'en', supported: ['en', 'fi'] },
        vars: { id: { type: 'string' }, n: { type: 'int', default: 2 } },
        defaults: { menu: { bargeIn }, noInput: 'n0', invalid: `n${count}`, ...(onError && { onError }) },
        limits: { maxSteps },
        start: 'n0',
        nodes: { ...Object.fromEntries(nodes.map((made, i) => [`n${i}`, made])), [`n${count}`]: { type: 'hangup' } },
      };
      const reading = parseFlow(stringify(file), 'random.yaml');
      if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
      return reading.flow;
    });
}

const target = (count: number) => fc.nat({ max: count }).map((i) => `n${i}`);
const names = ['hello', 'main', 'say.it'] as const;
const retries = fc.record({ noInput: fc.nat({ max: 2 }), invalid: fc.nat({ max: 2 }) });
const prompt = fc.oneof(
  fc.constantFrom(...names),
  fc.constant({ say: 'digits', of: 'id' }),
  fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
);

function node(i: number, count: number): fc.Arbitrary<object> {
  const next = `n${i + 1}`;
  const any = target(count);
  const outcomes = (...rest: string[]) =>
    fc.record(Object.fromEntries(rest.map((outcome, at) => [outcome, at === 0 ? fc.constant(next) : any])));
  const action = fc.oneof(any, fc.constant('repeat'), fc.record({ language: fc.constantFrom('en', 'fi'), go: any }));
  return fc.oneof(
    fc.record({ type: fc.constant('play'), prompt, bargeIn: fc.boolean(), next: fc.constant(next) }),
    fc.record({
      type: fc.constant('menu'),
      prompt,
      retries,
      keys: fc.record({ '1': fc.constant(next), '2': action, '12': action, '#': action }),
    }),
    fc.record({
      type: fc.constant('collect'),
      prompt,
      retries,
      digits: fc.constantFrom({ min: 1, max: 1 }, { min: 2, max: 4 }),
      save: fc.constant('id'),
      outcomes: outcomes('ok'),
    }),
    fc.record({
      type: fc.constant('switch'),
      cases: fc.tuple(
        fc.record({
          when: fc.constantFrom('n > 3', 'id == "1"', '10 / (n - 2) > 1', 'call.language == "fi"'),
          set: fc.record({ n: fc.integer({ min: 0, max: 9 }) }),
          go: any,
        }),
      ),
      else: fc.constant(next),
    }),
    fc.record({
      type: fc.constant('hours'),
      calendar: fc.constantFrom('always', 'missing'),
      outcomes: outcomes('open', 'closed', 'holiday', 'forced'),
    }),
    fc.record({
      type: fc.constant('queue'),
      queue: fc.constant('q'),
      outcomes: outcomes('answeredEnd', 'timeout', 'full', 'noAgents', 'closed'),
    }),
    fc.record({
      type: fc.constant('transfer'),
      to: fc.constant('1001'),
      outcomes: outcomes('answeredEnd', 'busy', 'noAnswer', 'failed'),
    }),
  );
}
