import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CALM_MS,
  helpFor,
  isSwept,
  isTooLate,
  judgeOverflow,
  type Overflowing,
  type QueueFigures,
  refusalOf,
  SWEEP_MS,
} from '../../../src/acd/policy.ts';
import { type Overflow, PLAIN_QUEUE } from '../../../src/call/routing.ts';
import { queueProfile } from '../../support/site.ts';

const NOW = 1_800_000_000_000;
const calm: QueueFigures = { staffed: 10, estimateMs: 0, serviceLevel: 1, hours: { open: true, changesAt: null } };
const to = { queue: 'others' };

describe('judgeOverflow', () => {
  const rules: readonly Overflow[] = [
    { to, when: { estimateOverMs: 300_000 } },
    { to, when: { staffedUnder: 2 } },
    { to, when: { serviceLevelUnder: 0.7 } },
    { to, when: { closed: true } },
    { to, when: { waitedOverMs: 60_000 } },
  ];
  it.each([
    ['calm', {}, [null, null, null, null, null]],
    ['a long estimate', { estimateMs: 300_001 }, ['estimate', null, null, null, null]],
    ['an estimate that nobody knows', { estimateMs: null }, [null, null, null, null, null]],
    ['few agents', { staffed: 1 }, [null, 'staffed', null, null, null]],
    ['a low service level', { serviceLevel: 0.69 }, [null, null, 'service-level', null, null]],
    ['a service level that nobody knows', { serviceLevel: null }, [null, null, null, null, null]],
    ['after hours', { hours: { open: false, changesAt: null } }, [null, null, null, 'closed', null]],
    ['a queue without hours', { hours: null }, [null, null, null, null, null]],
  ] as const)('%s', (_case, figures, because) => {
    const after = judgeOverflow(rules, { ...calm, ...figures }, [], NOW);
    expect(after.map((one) => one?.because ?? null)).toEqual(because);
  });

  it('goes on for half a minute after the need has passed, and from the beginning when it comes back', () => {
    const [rule] = rules;
    const course: readonly (readonly [number, number, boolean])[] = [
      [0, 400_000, true],
      [5, 250_000, true], // better, not yet calm: it stays, and the half minute has not begun
      [60, 250_000, true],
      [65, 100_000, true],
      [90, 100_000, true],
      [91, 250_000, true], // in between again: what was calm counts no more
      [95, 100_000, true],
      [124, 100_000, true],
      [125, 100_000, false],
      [126, 250_000, false], // not over the limit
      [127, 300_001, true],
    ];
    let state: Overflowing = [];
    for (const [second, estimateMs, on] of course) {
      state = judgeOverflow(rule ? [rule] : [], { ...calm, estimateMs }, state, NOW + second * 1_000);
      expect(state[0] !== null, `at ${second} s`).toBe(on);
    }
  });

  it('never turns off and on again within the calm time, whatever the figures do', () => {
    const figures = fc.record({
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      estimateMs: fc.option(fc.integer({ min: 0, max: 600_000 })),
      staffed: fc.integer({ min: 0, max: 5 }),
      serviceLevel: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      open: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(figures, { maxLength: 60 }), (course) => {
        let now = NOW;
        let state: Overflowing = [];
        let neededAt: readonly number[] = rules.map(() => -Infinity);
        for (const { afterMs, open, ...seen } of course) {
          now += afterMs;
          const shown = { ...seen, hours: { open, changesAt: null } };
          const fresh = judgeOverflow(rules, shown, [], now);
          const next = judgeOverflow(rules, shown, state, now);
          neededAt = neededAt.map((at, i) => (fresh[i] ? now : at));
          next.forEach((one, i) => {
            if (fresh[i]) expect(one).not.toBeNull(); // never late
            if (state[i] && !one) expect(now - (neededAt[i] ?? 0)).toBeGreaterThanOrEqual(CALM_MS);
            if (!state[i] && one) expect(fresh[i]).not.toBeNull(); // never without need
          });
          state = next;
        }
      }),
    );
  });
});

describe('helpFor', () => {
  const rules: readonly Overflow[] = [
    { to: { queue: 'b' }, when: { waitedOverMs: 60_000 } },
    { to: { queue: 'c' }, when: { waitedOverMs: 120_000, staffedUnder: 1 } },
    { to: { queue: 'b' }, when: { closed: true } },
    { to: { number: '+358401234599', trunk: 'public' }, when: { waitedOverMs: 300_000 } },
  ];
  const on = { because: 'staffed', calmSince: null } as const;
  it.each([
    [0, [], [], [], 60_000],
    [60_000, [], ['b'], [], 120_000],
    [0, [null, on], ['c'], [], 60_000],
    [200_000, [null, null, on], ['b', 'c'], [], 300_000],
    [300_000, [], ['b', 'c'], ['+358401234599'], null],
  ] as const)('after %i ms with %j', (waitedMs, inForce, also, sites, nextAfterMs) => {
    const help = helpFor(rules, inForce, waitedMs);
    expect({ ...help, sites: help.sites.map(({ number }) => number) }).toEqual({ also, sites, nextAfterMs });
  });
});

describe('refusalOf', () => {
  const open = { open: true, changesAt: NOW + 3_600_000 };
  const facts = { waiting: 0, isStaffed: false, estimateMs: 60_000 };
  const refuse = (change: object, other: object = {}) =>
    refusalOf({ profile: queueProfile('q', change), facts, hours: open, now: NOW, ...other });
  it.each([
    ['nothing is in the way', {}, {}, null],
    ['closed', { calendar: 'c' }, { hours: { open: false, changesAt: NOW + 1 } }, 'closed'],
    [
      'closed, and others help after hours',
      { overflow: [{ to, when: { closed: true } }] },
      { hours: { open: false, changesAt: NOW + 1 } },
      null,
    ],
    ['his turn comes after closing time', {}, { hours: { open: true, changesAt: NOW + 30_000 } }, 'closed'],
    [
      'that is let be',
      { closing: { sweep: false, callback: false } },
      { hours: { open: true, changesAt: NOW + 1 } },
      null,
    ],
    ['too long a wait', { refuseWhenEstimateOverMs: 59_999 }, {}, 'full'],
    ['as long a wait as may be', { refuseWhenEstimateOverMs: 60_000 }, {}, null],
    ['full', { maxWaiting: 3 }, { facts: { ...facts, waiting: 3 } }, 'full'],
    ['room for one more', { maxWaiting: 3 }, { facts: { ...facts, waiting: 2 } }, null],
    ['nobody logged in', { refuseWhenNoAgents: true }, {}, 'noAgents'],
    ['somebody logged in', { refuseWhenNoAgents: true }, { facts: { ...facts, isStaffed: true } }, null],
  ])('%s', (_case, change, other, outcome) => expect(refuse(change, other)).toBe(outcome));
});

describe('the sweep at closing time', () => {
  const closesIn = (ms: number) => ({ open: true, changesAt: NOW + ms });
  it.each([
    ['long before closing time', closesIn(SWEEP_MS + 1), 3_600_000, false],
    ['surely too late', closesIn(60_000), 90_001, true],
    ['perhaps in time', closesIn(60_000), 90_000, false],
    ['nobody knows', closesIn(60_000), null, false],
    ['closed', { open: false, changesAt: NOW + 1 }, null, true],
    ['always open', null, 3_600_000, false],
  ] as const)('%s', (_case, hours, estimateMs, swept) => {
    expect(isSwept(PLAIN_QUEUE, hours, estimateMs, NOW)).toBe(swept);
  });

  it('takes nobody whom others help after hours, nor where it is turned off', () => {
    const overflow: readonly Overflow[] = [{ to, when: { closed: true } }];
    expect(isSwept({ ...PLAIN_QUEUE, overflow }, { open: false, changesAt: null }, null, NOW)).toBe(false);
    const closing = { sweep: false, callback: false };
    expect(isSwept({ ...PLAIN_QUEUE, closing }, { open: false, changesAt: null }, null, NOW)).toBe(false);
  });

  it('takes nobody whose turn comes while the queue is open', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7_200_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (leftMs, part) => {
          expect(isTooLate(leftMs * part, closesIn(leftMs), NOW)).toBe(false);
          expect(isSwept(PLAIN_QUEUE, closesIn(leftMs), leftMs * part, NOW)).toBe(false);
        },
      ),
    );
  });
});
