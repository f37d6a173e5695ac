import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANY_CAMPAIGN, type DncEntry, dncDigits, dncHits, dncPrefix } from '../../../src/dialer/dnc.ts';
import { DncBook } from '../../../src/dialer/dnc-book.ts';
import { type NumberSet, SetWriter } from '../../../src/dialer/dnc-set.ts';

const NUMBER = '+358401234567';
const DIGITS = '358401234567';

const entry = (change: Partial<DncEntry> = {}): DncEntry => ({
  id: 'e1',
  kind: 'number',
  key: DIGITS,
  listId: null,
  campaignId: null,
  reason: 'asked',
  source: 'agent',
  by: 'alice',
  addedAt: 1_000,
  removedAt: null,
  removedBy: null,
  removedReason: null,
  ...change,
});

const book = (...entries: readonly DncEntry[]) => {
  const made = new DncBook((digits) => `hash of ${digits}`);
  for (const each of entries) made.put(each);
  made.ready = true;
  return made;
};

const setOf = (...numbers: readonly number[]): NumberSet => {
  const writer = new SetWriter();
  for (const number of numbers) writer.add(number);
  return writer.done();
};

const LIST = { id: 'l1', name: 'Registry', campaignId: null, since: 500 };
const kinds = (made: DncBook, campaign: string | typeof ANY_CAMPAIGN = 'c1', number = NUMBER) =>
  dncHits(number, campaign, made).map(({ kind }) => kind);

describe('who is not to be called', () => {
  it('is named with who asked, why and since when', () => {
    expect(dncHits(NUMBER, 'c1', book(entry()))).toEqual([
      {
        kind: 'number',
        name: 'the do-not-call list of the house',
        id: 'e1',
        campaignId: null,
        since: 1_000,
        reason: 'asked',
        source: 'agent',
      },
    ]);
  });

  it.each<[string, Partial<DncEntry>, string | typeof ANY_CAMPAIGN, string[]]>([
    ['for all campaigns', {}, 'c1', ['number']],
    ['for his campaign', { campaignId: 'c1' }, 'c1', ['number']],
    ['not for another', { campaignId: 'c2' }, 'c1', []],
    ['when any is asked for', { campaignId: 'c2' }, ANY_CAMPAIGN, ['number']],
    ['by prefix', { kind: 'prefix', key: '35840' }, 'c1', ['prefix']],
    ['by a prefix that is the whole number', { kind: 'prefix', key: DIGITS }, 'c1', ['prefix']],
    ['not by another prefix', { kind: 'prefix', key: '35841' }, 'c1', []],
    ['by his hash', { kind: 'hash', key: `hash of ${DIGITS}` }, 'c1', ['hash']],
    ['not by another hash', { kind: 'hash', key: 'hash of 1' }, 'c1', []],
    ['not after it was removed', { removedAt: 2_000 }, 'c1', []],
  ])('%s', (_, change, campaign, expected) => {
    expect(kinds(book(entry(change)), campaign)).toEqual(expected);
  });

  it('stands on an imported list, but for those that are excepted from that list', () => {
    const made = book();
    made.setList({ ...LIST, numbers: setOf(1, Number(DIGITS)) });
    expect(dncHits(NUMBER, 'c1', made)).toMatchObject([{ kind: 'list', name: 'Registry', id: 'l1', since: 500 }]);
    made.put(entry({ id: 'x', kind: 'except', listId: 'another' }));
    expect(kinds(made)).toEqual(['list']);
    made.put(entry({ id: 'y', kind: 'except', listId: 'l1' }));
    expect(kinds(made)).toEqual([]);
    expect(kinds(made, 'c1', '+358401234568')).toEqual([]);
    made.drop('y');
    expect(kinds(made)).toEqual(['list']);
    made.setList({ ...LIST, campaignId: 'c2', numbers: setOf(Number(DIGITS)) });
    expect([kinds(made), kinds(made, 'c2')]).toEqual([[], ['list']]);
    made.dropList('l1');
    expect(kinds(made, 'c2')).toEqual([]);
  });

  it('is everybody while nobody can say', () => {
    const made = book();
    made.setList({ ...LIST, numbers: null });
    expect(kinds(made)).toEqual(['unread']);
    made.ready = false;
    expect(kinds(made)).toEqual(['not-ready']);
  });

  it('is told by every entry that was not ended, in whatever order the news come, and how often', () => {
    const change = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), gone: fc.boolean() });
    const kindOf = { a: 'number', b: 'prefix', c: 'hash', d: 'prefix' } as const;
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const keys = { number: DIGITS, prefix: '358', hash: `hash of ${DIGITS}` };
        const made = book();
        for (const { id, gone } of changes) {
          const kind = kindOf[id];
          made.put(entry({ id, kind, key: keys[kind], removedAt: gone ? 1 : null }));
        }
        const ended = new Set(changes.filter(({ gone }) => gone).map(({ id }) => id));
        const left = [...new Set(changes.map(({ id }) => id))].filter((id) => !ended.has(id)).map((id) => kindOf[id]);
        expect(kinds(made).sort()).toEqual(left.sort());
        expect([...made.prefixLengths()]).toEqual(left.includes('prefix') ? [3] : []);
      }),
    );
  });

  it('is written as E.164', () => {
    expect([NUMBER, DIGITS, '0401', '+0401234567', 'x', ''].map(dncDigits)).toEqual([
      DIGITS,
      DIGITS,
      null,
      null,
      null,
      null,
    ]);
    expect(['+358', '1', '0', '+', ''].map(dncPrefix)).toEqual(['358', '1', null, null, null]);
  });
});
