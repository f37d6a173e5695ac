import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ATTEMPT_OUTCOMES } from '../../../src/dialer/outcome.ts';
import { allOf, type ListCounts, listQuality, QUALITY_WORDS } from '../../../src/dialer/list-quality.ts';

const list = (change: Partial<ListCounts> = {}): ListCounts => ({
  listId: '',
  leads: 0,
  done: 0,
  dialled: 0,
  reached: 0,
  outcomes: {},
  refusals: 0,
  ...change,
});

it('is as it is defined', () => {
  const outcomes = { connected: 6, abandoned: 2, machine: 3, fax: 1, 'no-answer': 5, busy: 2, 'invalid-number': 1 };
  const quality = listQuality(
    list({ leads: 30, dialled: 16, reached: 8, refusals: 3, outcomes: { ...outcomes, cancelled: 40, failed: 2 } }),
  );
  expect(quality).toMatchObject({
    dials: 20,
    contact: { share: 0.4, of: 20 },
    reached: { share: 0.5, of: 16 },
    machine: { share: 0.2, of: 20 },
    noAnswer: { share: 0.25, of: 20 },
    invalid: { share: 0.05, of: 20 },
    refused: { share: 0.5, of: 6 },
  });
});

it('says nothing of nothing', () => {
  const { contact, refused, dials } = listQuality(list({ leads: 5, outcomes: { cancelled: 3 } }));
  expect({ contact, refused, dials }).toEqual({
    contact: { share: null, of: 0 },
    refused: { share: null, of: 0 },
    dials: 0,
  });
});

it('each share is defined, lies between 0 and 1, and those of all lists are what they are of all dials', () => {
  const counts = fc
    .record({
      outcomes: fc.dictionary(fc.constantFrom(...ATTEMPT_OUTCOMES), fc.integer({ min: 0, max: 99 })),
      refusals: fc.nat(99),
      dialled: fc.nat(200),
    })
    .map((given) => list({ ...given, reached: Math.floor(given.dialled / 2) }));
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 5 }), (lists) => {
      const all = listQuality(allOf(lists));
      const each = lists.map(listQuality);
      expect(all.dials).toBe(each.reduce((sum, { dials }) => sum + dials, 0));
      for (const name of Object.keys(QUALITY_WORDS) as (keyof typeof QUALITY_WORDS)[]) {
        const { share, of } = all[name];
        expect(share === null).toBe(of === 0);
        if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
        const parts = each.map((one) => (one[name].share ?? 0) * one[name].of);
        if (name !== 'refused')
          expect((share ?? 0) * of).toBeCloseTo(
            parts.reduce((sum, part) => sum + part, 0),
            6,
          );
      }
    }),
  );
});
