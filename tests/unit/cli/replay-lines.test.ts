import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { QueueDay } from '../../../src/acd/replay/compare.ts';
import { namesOf } from '../../../src/cli/campaign-names.ts';
import { type Seen, told } from '../../../src/cli/replay-lines.ts';

const DAY: QueueDay = {
  calls: 40,
  answered: 36,
  abandoned: 3,
  left: 1,
  meanWaitMs: 12_340,
  p90WaitMs: 60_000,
  serviceLevel: 0.8,
};
const SEEN: Seen = {
  journalBegins: null,
  calls: 40,
  sameAgain: 1,
  was: { support: DAY },
  again: { support: DAY },
  occupancy: 0.5,
  changed: null,
};
/** Without what only terminals understand. */
const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line));

it('says of an empty day that it is one', () => {
  expect(told({ ...SEEN, calls: 0, was: {} }, 80)).toEqual(['No call waited in a queue in that time.']);
});

it('shows a day as it was and again', () => {
  expect(plain(told(SEEN, Infinity))).toEqual([
    '40 stays in queues. By the rules in force 100.0 % of the answered calls go to the agent they went to; occupancy is 50.0 %.',
    '',
    'queue             calls answered gave up  left mean wait  p90 wait in target',
    'support as it was    40       36       3     1    12.3 s    60.0 s    80.0 %',
    '        again        40       36       3     1    12.3 s    60.0 s    80.0 %',
  ]);
});

it('shows changed rules beside it, also of a queue that they do not know, in 80 columns', () => {
  const changed = { queues: { support: { ...DAY, answered: 0, meanWaitMs: null } }, occupancy: null, sameAgent: 0.75 };
  const lines = plain(told({ ...SEEN, was: { ...SEEN.was, vip: DAY }, changed }, 80));
  expect(lines).toContain('By the changed rules 25.0 % of them go to somebody else; occupancy is –.');
  expect(lines).toContain('        changed      40        0       3     1         –    60.0 s    80.0 %');
  expect(lines.at(-1)).toBe('        changed       –');
  expect(lines.filter(({ length }) => length > 80)).toEqual([]);
});

it('calls campaigns by their names, and two of one name by their ids too', () => {
  const nameOf = namesOf([
    { id: 'c1', name: 'Autumn' },
    { id: 'c2', name: 'Spring' },
    { id: 'c3', name: 'Spring' },
  ]);
  expect(['campaign:c1', 'campaign:c2', 'campaign:gone', 'support'].map(nameOf)).toEqual([
    "campaign 'Autumn'",
    "campaign 'Spring' (c2)",
    'campaign:gone',
    'support',
  ]);
  const was = { 'campaign:c1': DAY };
  expect(plain(told({ ...SEEN, was, again: was }, 200, nameOf)).at(-2)).toMatch(/^campaign 'Autumn' as it was +40/u);
});

it('claims nothing of a day on which nobody was answered', () => {
  const changed = { queues: {}, occupancy: null, sameAgent: null };
  expect(plain(told({ ...SEEN, sameAgain: null, changed }, 200))[1]).toContain('By the changed rules – of them');
});
