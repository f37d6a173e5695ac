import { expect, it } from 'vitest';
import { leadsCsv, storyOf } from '../../../src/cli/demo/people.ts';
import { behaviourOf } from '../../../src/local/behaviour.ts';

const stories = Array.from({ length: 300 }, (_, index) => storyOf(index));
const leads = leadsCsv(300)
  .split('\n')
  .slice(1)
  .map((row) => row.split(',')[0] ?? '');

it('lets nobody be rung who would talk for ever, since some agents leave it to them to hang up', () => {
  const numbers = [...stories.map(({ from }) => from), ...leads];
  expect(numbers.filter((number) => behaviourOf(number).kind === 'patient')).toEqual([]);
});

it('has callers and leads of whom no two have one number', () => {
  expect(new Set(stories.map(({ from }) => from)).size).toBe(stories.length);
  expect(new Set(leads).size).toBe(leads.length);
});

it('has callers who leave a message, and nobody who presses a key when he has hung up', () => {
  expect(stories.filter(({ keys }) => keys.at(-1)?.digits === '*').length).toBeGreaterThan(30);
  for (const { keys, patienceMs } of stories) {
    for (const { afterMs } of keys) expect(afterMs).toBeLessThan(patienceMs);
  }
});
