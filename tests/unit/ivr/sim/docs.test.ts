import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseFlow } from '../../../../src/ivr/load.ts';
import { parseTests } from '../../../../src/ivr/sim/read-tests.ts';
import { runTests } from '../../../../src/ivr/sim/run-tests.ts';
import { step, testFile } from '../../../../src/ivr/sim/test-file.ts';
import { failuresOf, siteOf } from './sim-house.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../../docs/flow-tests.md'), 'utf8');
const [flowText = '', testText = ''] = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

it('the example of the page passes, coverage and all', () => {
  const flow = parseFlow(flowText, 'desk.yaml');
  if (!flow.ok) expect.fail(JSON.stringify(flow.problems));
  const world = siteOf([flow.flow]);
  const tests = parseTests(testText, 'desk.test.yaml', world);
  if (!tests.ok) expect.fail(JSON.stringify(tests.problems));
  const run = runTests(world, [tests]);
  expect(failuresOf(run)).toEqual([]);
  expect(run.results).toHaveLength(4);
});

/** Words in the first column of the tables below that heading. */
const namedBelow = (heading: string): readonly string[] => {
  const section = PAGE.split('\n## ').find((text) => text.startsWith(heading)) ?? '';
  const cells = section.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([a-zA-Z]+)/g)].map(([, word]) => word ?? ''));
};

it('the page names every field, step and expectation, and no other', () => {
  const { defaults, tests } = testFile.shape;
  expect(namedBelow('Circumstances').toSorted()).toEqual(Object.keys(defaults.unwrap().shape).toSorted());
  expect(namedBelow('Steps').toSorted()).toEqual(step.options.flatMap((one) => Object.keys(one.shape)).toSorted());
  const expectation = tests.element.shape.expect.unwrap();
  expect(namedBelow('Expectations').toSorted()).toEqual(Object.keys(expectation.shape).toSorted());
});
