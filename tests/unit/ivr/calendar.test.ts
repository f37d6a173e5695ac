import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, calendarFile, calendarOf, hoursAt, nextChange } from '../../../src/ivr/calendar.ts';

const calendar = (file: object): Calendar =>
  calendarOf('desk', calendarFile.parse({ timezone: 'Europe/Helsinki', weekly: {}, ...file }));
const at = (desk: Calendar, time: string) => hoursAt(desk, Date.parse(time));

describe('hoursAt', () => {
  const desk = calendar({
    weekly: { 'mon-fri': ['08:00-12:00', '13:00-17:00'], sat: ['10:00-24:00'] },
    holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
    exceptions: [
      { date: '2026-12-24', hours: ['08:00-10:00'] },
      { date: '2026-12-28', hours: [] },
    ],
  });

  it.each([
    ['the first minute', '2026-03-10T08:00:00+02:00', 'open'],
    ['the minute before', '2026-03-10T07:59:59.999+02:00', 'closed'],
    ['the last minute', '2026-03-10T16:59:59.999+02:00', 'open'],
    ['the closing minute', '2026-03-10T17:00:00+02:00', 'closed'],
    ['lunch', '2026-03-10T12:30:00+02:00', 'closed'],
    ['Saturday to midnight', '2026-03-14T23:59:00+02:00', 'open'],
    ['Sunday', '2026-03-15T00:00:00+02:00', 'closed'],
    ['Christmas Day at noon', '2026-12-25T12:00:00+02:00', 'holiday'],
    ['Christmas Day by the local date, not by UTC', '2026-12-24T22:30:00Z', 'holiday'],
    ['a short day', '2026-12-24T09:00:00+02:00', 'open'],
    ['after a short day', '2026-12-24T11:00:00+02:00', 'closed'],
    ['a day off by exception', '2026-12-28T10:00:00+02:00', 'closed'],
  ])('%s', (_, time, hours) => {
    expect(at(desk, time)).toBe(hours);
  });

  it('is forced closed above all else', () => {
    expect(at(calendar({ weekly: { 'mon-sun': ['00:00-24:00'] }, forced: true }), '2026-03-10T10:00:00Z')).toBe(
      'forced',
    );
  });

  it('an exception opens on a holiday', () => {
    const days = {
      holidays: [{ date: '2026-12-06', name: 'x' }],
      exceptions: [{ date: '2026-12-06', hours: ['10:00-12:00'] }],
    };
    expect(at(calendar(days), '2026-12-06T11:00:00+02:00')).toBe('open');
    expect(at(calendar(days), '2026-12-06T13:00:00+02:00')).toBe('closed');
  });

  it('hours past midnight belong to the day on which they began', () => {
    const night = calendar({
      weekly: { fri: ['22:00-06:00'] },
      holidays: [{ date: '2026-03-14', name: 'Saturday off' }],
    });
    expect(at(night, '2026-03-13T23:00:00+02:00')).toBe('open');
    expect(at(night, '2026-03-14T05:59:00+02:00')).toBe('open');
    expect(at(night, '2026-03-14T06:00:00+02:00')).toBe('holiday');
    expect(at(night, '2026-03-13T05:00:00+02:00')).toBe('closed');
  });

  it('keeps wall-clock hours when clocks go forward (2026-03-29, 03:00 → 04:00)', () => {
    const early = calendar({ weekly: { sun: ['02:30-05:00'] } });
    expect(at(early, '2026-03-29T02:29:59+02:00')).toBe('closed');
    expect(at(early, '2026-03-29T02:30:00+02:00')).toBe('open');
    expect(at(early, '2026-03-29T01:00:00Z')).toBe('open'); // 04:00, an hour after 02:59
    expect(at(early, '2026-03-29T02:00:00Z')).toBe('closed'); // 05:00
  });

  it('keeps wall-clock hours when clocks go back (2026-10-25, 04:00 → 03:00): that hour is open twice', () => {
    const early = calendar({ weekly: { sun: ['03:00-04:00'] } });
    expect(at(early, '2026-10-25T03:30:00+03:00')).toBe('open');
    expect(at(early, '2026-10-25T03:30:00+02:00')).toBe('open');
    expect(at(early, '2026-10-25T04:00:00+02:00')).toBe('closed');
  });

  it('reads any zone', () => {
    const nepal = calendar({ timezone: 'Asia/Kathmandu', weekly: { mon: ['09:00-10:00'] } });
    expect(at(nepal, '2026-03-09T03:15:00Z')).toBe('open'); // UTC+5:45
    expect(at(nepal, '2026-03-09T03:14:00Z')).toBe('closed');
  });
});

describe('nextChange', () => {
  const desk = calendar({
    weekly: { 'mon-fri': ['08:00-12:00', '12:00-17:00'], sat: ['22:00-06:00'] },
    holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
  });
  const next = (time: string) => {
    const change = nextChange(desk, Date.parse(time));
    return change === null ? null : new Date(change).toISOString();
  };

  it.each([
    [
      'while it is open, closing time; hours that touch are one',
      '2026-03-10T09:00:00+02:00',
      '2026-03-10T15:00:00.000Z',
    ],
    ['before it opens', '2026-03-10T07:59:59+02:00', '2026-03-10T06:00:00.000Z'],
    ['at the minute of closing, the next opening', '2026-03-10T17:00:00+02:00', '2026-03-11T06:00:00.000Z'],
    ['over midnight', '2026-03-14T23:00:00+02:00', '2026-03-15T04:00:00.000Z'],
    ['over a holiday', '2026-12-24T18:00:00+02:00', '2026-12-26T20:00:00.000Z'],
    ['the day on which clocks go forward is an hour shorter', '2026-03-28T23:00:00+02:00', '2026-03-29T03:00:00.000Z'],
  ])('%s', (_case, time, change) => expect(next(time)).toBe(change));

  it('is none for a place that is never open, or closed by force', () => {
    expect(nextChange(calendar({}), Date.parse('2026-03-10T09:00:00Z'))).toBeNull();
    expect(nextChange({ ...desk, forced: true }, Date.parse('2026-03-10T09:00:00Z'))).toBeNull();
  });

  it('lies between a moment of the one kind and one of the other', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') }), (now) => {
        const change = nextChange(desk, now) ?? 0;
        const isOpen = (time: number) => hoursAt(desk, time) === 'open';
        expect(change).toBeGreaterThan(now);
        expect(isOpen(change)).toBe(!isOpen(now));
        expect(isOpen(change - 1)).toBe(isOpen(now));
      }),
    );
  });
});

describe('a calendar file', () => {
  it.each([
    ['an unknown zone', { timezone: 'Mars/Olympus' }],
    ['an offset for a zone', { timezone: '+02:00' }],
    ['an unknown day', { weekly: { someday: [] } }],
    ['a day named twice', { weekly: { 'mon-fri': [], wed: [] } }],
    ['hours without minutes', { weekly: { mon: ['8-16'] } }],
    ['an hour that is none', { weekly: { mon: ['08:00-25:00'] } }],
    ['a date that is none', { holidays: [{ date: '2026-02-30', name: 'x' }] }],
    ['a leap day of a common year', { exceptions: [{ date: '2027-02-29', hours: [] }] }],
    ['an unknown word', { hollidays: [] }],
  ])('with %s is refused', (_, file) => {
    expect(calendarFile.safeParse({ timezone: 'Europe/Helsinki', weekly: {}, ...file }).success).toBe(false);
  });

  it('takes rows of days that run over Sunday', () => {
    expect([...calendar({ weekly: { 'sat-mon': ['10:00-12:00'] } }).weekly.keys()].sort((a, b) => a - b)).toEqual([
      1, 6, 7,
    ]);
  });
});
