import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LeadGateFacts, leadGates } from '../../../src/dialer/lead-gates.ts';

const FREE: LeadGateFacts = {
  now: 1_000,
  status: 'pending',
  attempts: 0,
  last: null,
  refused: null,
  askedAnewBy: null,
  hold: null,
  list: { name: '', active: true, filteredBy: null, full: null },
  notBefore: 0,
  callback: null,
};
const busy = { startedAt: 1, endedAt: 2, outcome: 'busy', disposition: null } as const;
const called = { at: 500, agentId: 'alice', agentFree: false, teamAt: 5_000 };

const failsOf = (change: Partial<LeadGateFacts>) =>
  leadGates({ ...FREE, ...change }).flatMap(({ gate, pass, text, until }) => (pass ? [] : [{ gate, text, until }]));

describe('what keeps a lead from being dialled', () => {
  it.each<[string, Partial<LeadGateFacts>, { gate: string; text: string; until?: number }]>([
    [
      'done',
      { status: 'done', attempts: 2, last: busy },
      { gate: 'lead-open', text: "The lead is done. Dialled: 2. The last dial came to 'busy'." },
    ],
    [
      'done by a word',
      { status: 'done', attempts: 1, last: { ...busy, outcome: 'connected', disposition: 'sold' } },
      {
        gate: 'lead-open',
        text: "The lead is done. Dialled: 1. The last dial came to 'connected', and its agent said 'sold'.",
      },
    ],
    [
      'done by the law',
      { status: 'done', refused: 'on a do-not-call list' },
      { gate: 'lead-open', text: 'The lead is done, and will not be dialled: on a do-not-call list.' },
    ],
    ['taken', { status: 'leased' }, { gate: 'lead-free', text: 'It has just been taken, to be dialled at once.' }],
    [
      'in a call',
      { status: 'leased', last: { ...busy, endedAt: null, outcome: null } },
      { gate: 'lead-free', text: 'It is being dialled or talked with now.' },
    ],
    [
      'stopped',
      { hold: 'stopped' },
      { gate: 'lead-held', text: 'Somebody stopped the lead: it is not dialled any more.' },
    ],
    [
      'its list is off',
      { list: { ...FREE.list, name: 'East', active: false } },
      { gate: 'list', text: "Its list 'East' is switched off: switch it on." },
    ],
    [
      'a filter, not asked yet',
      { list: { ...FREE.list, filteredBy: 'priority > 3' } },
      { gate: 'list-filter', text: 'The filter of its list leaves it out: priority > 3.' },
    ],
    ['a quota, when it was asked', { hold: 'quota' }, { gate: 'list-quota', text: 'A quota of its list is full.' }],
    [
      'a callback to come',
      { callback: { ...called, at: 4_000 } },
      { gate: 'callback', text: 'It is to be called back by agent alice, and not before.', until: 4_000 },
    ],
    [
      'a callback whose agent is away',
      { callback: called },
      { gate: 'callback', text: 'A callback is due, and waits for agent alice, who is not free.', until: 5_000 },
    ],
    [
      'a retry',
      { notBefore: 9_000 },
      {
        gate: 'lead-due',
        text: 'It is to be tried again later: by the retry rule, the word of an agent, or the chain by which it came.',
        until: 9_000,
      },
    ],
    [
      'a rule of the profile',
      { notBefore: 9_000, refused: 'no hour to call, by rule calling-hours of profile lab@1' },
      {
        gate: 'lead-due',
        text: 'It is put off: no hour to call, by rule calling-hours of profile lab@1.',
        until: 9_000,
      },
    ],
    [
      'a rule of a profile that is not its own any more',
      { notBefore: 9_000, refused: 'no hour to call, by rule calling-hours of profile lab@1', askedAnewBy: 'lab@2' },
      {
        gate: 'lead-due',
        text: 'It is put off: no hour to call, by rule calling-hours of profile lab@1. Its campaign dials by lab@2 now, and asks that one when it dials.',
        until: 9_000,
      },
    ],
  ])('%s', (_, change, { gate, text, until = null }) => {
    expect(failsOf(change)).toEqual([{ gate, text, until }]);
  });

  it('a callback goes before what its list says', () => {
    const list = { name: 'East', active: false, filteredBy: 'false', full: 'at most 1' };
    expect(failsOf({ hold: 'quota', list, callback: { ...called, agentFree: true } })).toEqual([]);
    expect(failsOf({ callback: { ...called, teamAt: 1_000 } })).toEqual([]);
    expect(failsOf({ hold: 'stopped', callback: { ...called, agentFree: true } })).toHaveLength(1);
  });

  it('each gate has a name of its own, a sentence, and a time only when it fails and the time is to come', () => {
    const facts = fc.record({
      now: fc.constant(1_000),
      status: fc.constantFrom('pending' as const, 'leased' as const, 'done' as const),
      attempts: fc.nat(9),
      last: fc.constantFrom(null, busy, { ...busy, endedAt: null, outcome: null }),
      refused: fc.constantFrom(null, 'consent too weak'),
      askedAnewBy: fc.constantFrom(null, 'lab@2'),
      hold: fc.constantFrom(null, 'filter' as const, 'quota' as const, 'stopped' as const),
      list: fc.record({
        name: fc.constantFrom('', 'East'),
        active: fc.boolean(),
        filteredBy: fc.constantFrom(null, 'x'),
        full: fc.constantFrom(null, 'y'),
      }),
      notBefore: fc.nat(2_000),
      callback: fc.option(
        fc.record({
          at: fc.nat(2_000),
          agentId: fc.constantFrom(null, 'alice'),
          agentFree: fc.boolean(),
          teamAt: fc.option(fc.nat(3_000)),
        }),
      ),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const gates = leadGates(given);
        expect(new Set(gates.map(({ gate }) => gate)).size).toBe(gates.length);
        for (const { pass, text, until } of gates) {
          expect(text).toMatch(/^[A-Z].*\.$/);
          if (until !== null) expect(!pass && until > given.now).toBe(true);
        }
      }),
    );
  });
});
