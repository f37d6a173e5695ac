import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KpiBook } from '../../../src/acd/kpi/book.ts';
import type { Cut, KpiCell } from '../../../src/acd/kpi/cell-words.ts';
import { Intervals } from '../../../src/acd/kpi/intervals.ts';
import { KPI_SETTINGS } from '../../../src/acd/kpi/words.ts';
import type { Fact, JournalEvent } from '../../../src/call/journal.ts';
import { abandoned, answered, came, connected, type Line, over, queued, talked, transferred } from './kpi-lines.ts';
import { T0 } from './builders.ts';

const HOUR = 3_600;
const CUT: Cut = { by: null, every: '1h', zone: 'UTC', teams: new Map() };

const eventsOf = (lines: readonly Line[]): JournalEvent[] =>
  lines.map(([subject, seconds, fact], i) => ({ ...fact, subject, seq: i + 1, at: T0 + seconds * 1_000 }));

function cellsOf(lines: readonly Line[], cut: Partial<Cut>, span: { from?: number; to?: number } = {}): KpiCell[] {
  const book = new KpiBook(KPI_SETTINGS, { ...span, cut: { ...CUT, ...cut } });
  for (const event of eventsOf(lines)) book.see(event);
  return [...book.cells()];
}

const said = (at: number, callId: string, data: Partial<Extract<Fact, { type: 'call.disposed' }>['data']>): Line => [
  'agent/alice',
  at,
  { type: 'call.disposed', data: { callId, agentId: 'alice', queue: 'support', disposition: 'paid', ...data } },
];

describe('intervals', () => {
  it.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-11-02', 24],
  ])('%s in Stockholm has %i hours', (day, hours) => {
    const noon = Date.parse(`${day}T12:00:00Z`);
    const whole = new Intervals('1d', 'Europe/Stockholm').around(noon);
    expect((whole.to - whole.from) / 3_600_000).toBe(hours);
    expect([...new Intervals('1h', 'Europe/Stockholm').within(whole)]).toHaveLength(hours);
    expect([...new Intervals('15m', 'Europe/Stockholm').within(whole)]).toHaveLength(4 * hours);
  });

  it('weeks begin on Monday at midnight of the zone', () => {
    const week = new Intervals('1w', 'Europe/Stockholm').around(Date.parse('2026-10-25T22:59:59Z'));
    expect(new Date(week.from).toISOString()).toBe('2026-10-18T22:00:00.000Z');
    expect(new Date(week.to).toISOString()).toBe('2026-10-25T23:00:00.000Z');
  });

  it('follow each other without a gap, and each holds what it is around', () => {
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Stockholm',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/Sao_Paulo',
    );
    const every = fc.constantFrom('15m', '30m', '1h', '1d', '1w');
    const moment = fc.integer({ min: Date.parse('2017-01-01'), max: Date.parse('2027-01-01') });
    fc.assert(
      fc.property(zone, every, moment, (name, each, at) => {
        const intervals = new Intervals(each, name);
        const one = intervals.around(at);
        expect(one.from <= at && at < one.to).toBe(true);
        expect(intervals.around(one.to).from).toBe(one.to);
        expect(new Intervals(each, name).around(one.to - 1)).toEqual(one);
      }),
    );
  });
});

describe('cells', () => {
  it('a call counts in the interval in which it arrived, with what became of it afterwards', () => {
    const cells = cellsOf(
      [came('a', HOUR - 10), queued('a', HOUR - 5), connected('a', HOUR + 5, 10), talked('a', HOUR + 65, 60)],
      {},
    );
    expect(
      cells.map(({ from, figures }) => [(from - T0) / 1_000, figures.arrived, figures.handled, figures.aht]),
    ).toEqual([
      [0, 1, 1, 60_000],
      [HOUR, 0, 0, null],
    ]);
  });

  const lines: readonly Line[] = [
    came('a', 0, '+1'),
    ['call/a', 0, { type: 'call.language.set', data: { language: 'fi' } }],
    ['call/a', 1, { type: 'flow.started', data: { flow: 'main', version: '1' } }],
    ['call/a', 2, { type: 'flow.started', data: { flow: 'survey', version: '1' } }],
    queued('a', 5),
    connected('a', 15, 10),
    transferred('a', 20, { to: 'bob', outcome: 'answered', kind: 'blind', from: 'alice', toKind: 'agent' }),
    connected('a', 25, 0, 'support', 'bob'),
    over('a', 60, 60),
    said(61, 'a', { payment: { amount: 5_000, currency: 'EUR', due: '2026-12-01' } }),
    // He takes it back: the last word counts.
    said(62, 'a', { disposition: 'refused' }),
    came('b', 100),
    queued('b', 100, 'sales'),
    ['call/b', 130, { type: 'call.queue.left', data: { queue: 'sales', outcome: 'timeout', waitedMs: 30_000 } }],
    over('b', 130, 30),
    said(140, 'c', {
      queue: 'campaign:x',
      campaignId: 'x',
      payment: { amount: 250, currency: 'EUR', due: '2026-12-01' },
    }),
  ];
  const told = (by: Cut['by'], teams: Cut['teams'] = new Map()) =>
    Object.fromEntries(cellsOf(lines, { by, every: null, teams }).map(({ key, figures }) => [key, figures]));

  it('tell queues apart', () => {
    expect(told('queue')).toMatchObject({
      support: { offered: 1, handled: 1, arrived: null, results: [{ name: 'refused', count: 1, amounts: {} }] },
      sales: { offered: 1, handled: 0, unserved: 1 },
    });
  });

  it('tell agents and teams apart, of whom each call counts once', () => {
    expect(told('agent')).toMatchObject({
      alice: { handled: 1, transferRate: 1, firstResponse: { count: 1 } },
      bob: { handled: 1, transferRate: 0, firstResponse: { count: 0 } },
    });
    const desk = new Map([
      ['alice', ['desk']],
      ['bob', ['desk', 'night']],
    ]);
    expect(told('team', desk)).toMatchObject({ desk: { handled: 1, transferRate: 1 }, night: { handled: 1 } });
  });

  it('tell flows, languages and numbers apart', () => {
    expect(told('flow')).toMatchObject({ main: { arrived: 1, handled: 1 }, '(none)': { arrived: 1, handled: 0 } });
    expect(told('language')).toMatchObject({ fi: { handled: 1 }, en: { unserved: 1 } });
    expect(told('did')).toMatchObject({ '1': { arrived: 2 } });
  });

  it('tell campaigns apart, with the amounts that were promised', () => {
    expect(told('campaign')).toMatchObject({
      x: { results: [{ name: 'paid', count: 1, amounts: { EUR: { count: 1, sum: 250 } } }] },
    });
  });

  it('count breaks that were too long where they should have ended', () => {
    const status = { agentId: 'alice', status: 'not-ready', reason: 'lunch' } as const;
    const cells = cellsOf(
      [
        [
          'agent/alice',
          HOUR - 60,
          { type: 'agent.status.overran', data: { ...status, dueAt: T0 + (HOUR - 60) * 1_000 } },
        ],
        [
          'agent/alice',
          HOUR + 240,
          { type: 'agent.status.changed', data: { ...status, status: 'ready', previous: 'not-ready', reason: null } },
        ],
      ],
      {},
    );
    expect(cells.map(({ figures }) => figures.breaks)).toEqual([
      { overruns: 1, overMs: 300_000 },
      { overruns: 0, overMs: 0 },
    ]);
  });

  /** A caller with a number, when, how long he waits, and how it ends. */
  const call = fc.record({
    ani: fc.constantFrom('+1', '+2', null),
    at: fc.integer({ min: 0, max: 5 * HOUR }),
    waits: fc.integer({ min: 0, max: HOUR }),
    talks: fc.integer({ min: 0, max: HOUR }),
    how: fc.constantFrom('served', 'gives up', 'refused'),
  });

  it('of an hour are what the hour has when it is asked for alone', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
        const all = calls.flatMap(({ ani, at, waits, talks, how }, i): Line[] => {
          const id = `c${i}`;
          const begun = [came(id, at, ani), answered(id, at)];
          if (how === 'refused') return [...begun, over(id, at + 1, 1)];
          const end = at + waits;
          if (how === 'gives up') return [...begun, queued(id, at), abandoned(id, end, waits), over(id, end, waits)];
          const served = [
            connected(id, end, waits),
            talked(id, end + talks, talks),
            over(id, end + talks, waits + talks),
          ];
          return [...begun, queued(id, at), ...served];
        });
        const lines = [...all, came('last', 12 * HOUR)].toSorted((a, b) => a[1] - b[1]);
        for (const cell of cellsOf(lines, {})) {
          const span = { from: cell.from, to: cell.to };
          expect(cellsOf(lines, { every: null }, span).map(({ figures }) => figures)).toEqual([cell.figures]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
