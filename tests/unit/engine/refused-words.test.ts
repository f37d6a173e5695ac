import { describe, expect, it } from 'vitest';
import type { KeepRule } from '../../../src/engine/ports/law.ts';
import { keptBackWords, refusedFacts, refusedLook } from '../../../src/engine/refused-words.ts';
import { labProfile } from '../../support/lab-profile.ts';

const cited = <T>(value: T) => ({ value, cite: 'a test' });
const lab = labProfile({
  consent: { toAgent: cited('written'), mobileToAgent: cited('written'), agentless: cited('written') },
});
const hours = 'no hour to call where the person is, by rule calling-hours of';

describe('what forbade the last dial of a lead', () => {
  it.each<readonly [KeepRule | undefined, string | undefined, string | null, string | null]>([
    [undefined, undefined, null, null],
    ['calling-hours', 'lab@1', `${hours} profile lab@1`, null],
    ['calling-hours', 'old@3', `${hours} profile old@3`, 'lab@1'],
    ['calling-hours', undefined, `${hours} its profile`, 'lab@1'],
    [
      'locked-out',
      'old@3',
      'abandoned or taken for a machine a short time ago, by rule locked-out of profile old@3',
      null,
    ],
    ['no-trunk', undefined, 'no trunk leads to its number now, or no number may be shown to it', null],
    [
      'consent',
      'lab@1',
      'no written consent, which a call by an agent needs (`consent` in its list), by rule consent of profile lab@1',
      null,
    ],
    ['consent', 'old@3', 'consent too weak for a call of this kind, by rule consent of profile old@3', null],
  ])('rule %s of %s', (rule, by, refused, askedAnewBy) => {
    const lead = { ...(rule !== undefined && { refused: rule }), ...(by !== undefined && { refusedBy: by }) };
    expect(refusedFacts(lead, { mode: 'progressive' }, lab)).toEqual({ refused, askedAnewBy });
  });

  it('is told of a profile that the site has no more', () => {
    const lead = { refused: 'calling-hours', refusedBy: 'gone@1' } as const;
    expect(refusedFacts(lead, { mode: 'power' }, null)).toEqual({
      refused: `${hours} profile gone@1`,
      askedAnewBy: null,
    });
  });
});

it('counts those of one look, and those of a campaign, the most frequent first', () => {
  expect(refusedLook([])).toBeNull();
  expect(refusedLook(['dnc'])).toBe('The one lead looked at was refused: on a do-not-call list 1.');
  expect(refusedLook(['dnc', 'calling-hours', 'calling-hours'])).toBe(
    'All 3 leads looked at were refused: no hour to call where the person is 2; on a do-not-call list 1.',
  );
  expect(keptBackWords({})).toBeNull();
  expect(keptBackWords({ dnc: 1 })).toBe('Rules keep back one lead: on a do-not-call list 1.');
  expect(keptBackWords({ dnc: 2, 'calling-hours': 1_200 })).toBe(
    'Rules keep back 1,202 leads: no hour to call where the person is 1,200; on a do-not-call list 2.',
  );
});
