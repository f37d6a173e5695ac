import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hoursBook, NO_HOURS, nextOpening, zonesClosed, zoneWindow } from '../../../../src/dialer/compliance/hours.ts';
import { at, DAY, hoursOf, local, profileNamed } from './facts.ts';

const MINUTE = 60_000;
const open = (hours: Parameters<typeof zoneWindow>[0], zone: string, now: number) => zoneWindow(hours, zone, now).open;

describe('calling hours of the profiles', () => {
  it.each([
    ['us-ftc', '2026-11-22T07:59:59-05:00[America/New_York]', false],
    ['us-ftc', '2026-11-22T08:00-05:00[America/New_York]', true],
    ['us-ftc', '2026-11-22T20:59:59-05:00[America/New_York]', true],
    ['us-ftc', '2026-11-22T21:00-05:00[America/New_York]', false],
    // Arizona keeps no summer time: 7:30 there is 8:30 in Denver in July, and 7:30 in January.
    ['us-fcc', '2026-07-06T07:30-07:00[America/Phoenix]', false],
    ['us-fcc', '2026-07-06T08:30-06:00[America/Denver]', true],
    ['ca-crtc', '2026-11-20T21:29-05:00[America/Toronto]', true],
    ['ca-crtc', '2026-11-20T21:30-05:00[America/Toronto]', false],
    ['ca-crtc', '2026-11-21T09:59-05:00[America/Toronto]', false],
    ['ca-crtc', '2026-11-21T10:00-05:00[America/Toronto]', true],
    ['ca-crtc', '2026-11-22T18:00-05:00[America/Toronto]', false],
    ['uk-ofcom', '2026-12-25T12:00+00:00[Europe/London]', false],
    ['uk-ofcom', '2026-12-24T12:00+00:00[Europe/London]', true],
    ['eu-default', '2026-11-23T13:30+01:00[Europe/Paris]', false],
    ['eu-default', '2026-11-23T14:00+01:00[Europe/Paris]', true],
  ])('%s at %s: %s', (name, when, expected) => {
    const zone = Temporal.ZonedDateTime.from(when).timeZoneId;
    expect(open(profileNamed(name).hours, zone, local(when))).toBe(expected);
  });

  it('are wall-clock hours on the days on which clocks change', () => {
    const { hours } = profileNamed('us-ftc');
    // 8 March 2026: 02:00 EST becomes 03:00 EDT; from 21:00 on Saturday to 08:00 on Sunday are only ten hours.
    const night = zoneWindow(hours, 'America/New_York', local('2026-03-07T21:00-05:00[America/New_York]'));
    expect(night).toEqual({ open: false, from: at('2026-03-08T02:00Z'), until: at('2026-03-08T12:00Z') });
    const autumn = zoneWindow(hours, 'America/New_York', local('2026-10-31T21:00-04:00[America/New_York]'));
    expect(autumn.until - autumn.from).toBe(12 * 3_600_000);
  });

  it('are so too where the clocks change within them', () => {
    const zone = 'America/New_York';
    const early = hoursOf(Array.from({ length: 7 }, () => [{ from: 60, to: 150 }]));
    // 02:00 becomes 03:00: what ends at 02:30 ends when the clock jumps over it.
    expect(zoneWindow(early, zone, at('2026-03-08T06:30Z')).until).toBe(at('2026-03-08T07:00Z'));
    // 02:00 becomes 01:00: what lies between comes twice.
    const twice = hoursOf(Array.from({ length: 7 }, () => [{ from: 60, to: 90 }]));
    const windows = ['2026-11-01T05:10Z', '2026-11-01T05:40Z', '2026-11-01T06:10Z'].map((time) =>
      zoneWindow(twice, zone, at(time)),
    );
    expect(windows.map(({ open: isOpen }) => isOpen)).toEqual([true, false, true]);
    expect(windows.map(({ until }) => until)).toEqual(
      ['2026-11-01T05:30Z', '2026-11-01T06:00Z', '2026-11-01T06:30Z'].map(at),
    );
  });
});

describe('holidays', () => {
  // Thursday, 24 December 2026 in New York is Friday the 25th in Sydney: a holiday is a date at the place of the person.
  const week = [...Array.from({ length: 6 }, () => [{ from: 540, to: 1_080 }]), [{ from: 600, to: 720 }]];
  const hours = (kind: Parameters<typeof hoursOf>[2]) => hoursOf(week, ['2026-12-25'], kind);

  it.each([
    ['closed', '2026-12-25T11:00-05:00[America/New_York]', false],
    ['as-sunday', '2026-12-25T11:00-05:00[America/New_York]', true],
    ['as-sunday', '2026-12-25T09:30-05:00[America/New_York]', false],
    ['as-sunday', '2026-12-25T12:00-05:00[America/New_York]', false],
    ['as-any-day', '2026-12-25T09:30-05:00[America/New_York]', true],
    ['closed', '2026-12-25T09:30+11:00[Australia/Sydney]', false],
    ['closed', '2026-12-24T17:30-05:00[America/New_York]', true],
    ['closed', '2026-12-26T09:30+11:00[Australia/Sydney]', true],
  ] as const)('%s, at %s: %s', (kind, when, expected) => {
    const zone = Temporal.ZonedDateTime.from(when).timeZoneId;
    expect(open(hours(kind), zone, local(when))).toBe(expected);
  });
});

describe('several possible zones', () => {
  const { hours } = profileNamed('us-ftc');
  const both = ['America/New_York', 'America/Los_Angeles'];

  it('are called only when it is an hour to call in all', () => {
    expect(zonesClosed(hours, both, at('2026-11-23T14:00Z'))).toEqual(['America/Los_Angeles']);
    expect(zonesClosed(hours, both, at('2026-11-23T16:00Z'))).toEqual([]);
    expect(zonesClosed(hours, both, at('2026-11-24T02:30Z'))).toEqual(['America/New_York']);
    expect(nextOpening(hours, both, at('2026-11-23T14:00Z'))).toBe(at('2026-11-23T16:00Z'));
    expect(nextOpening(hours, both, at('2026-11-24T02:30Z'))).toBe(at('2026-11-24T16:00Z'));
    expect(nextOpening(hours, both, at('2026-11-23T17:00Z'))).toBe(at('2026-11-23T17:00Z'));
  });

  it('that never meet are never called', () => {
    const short = hoursOf(Array.from({ length: 7 }, () => [{ from: 600, to: 660 }]));
    expect(nextOpening(short, ['Europe/London', 'Asia/Tokyo'], at('2026-11-23T00:00Z'))).toBeNull();
  });
});

const interval = fc
  .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 48 }))
  .map(([from, length]) => ({ from: from * 15, to: Math.min((from + length) * 15, from * 15 + 1440) }));
/** Hours in the night, when clocks change. */
const early = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 8 }))
  .map(([from, length]) => ({ from: from * 15, to: (from + length) * 15 }));
const weeks = fc.array(fc.array(fc.oneof(interval, early), { maxLength: 3 }), { minLength: 7, maxLength: 7 });
const zones = fc.constantFrom(
  'America/New_York',
  'America/St_Johns',
  'Europe/London',
  'Europe/Helsinki',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Phoenix',
  'Pacific/Apia',
);
/** Around the changes of clocks in 2026, and any time. */
const times = fc.oneof(
  ...['2026-03-08T00:00Z', '2026-03-29T00:00Z', '2026-10-04T00:00Z', '2026-10-25T00:00Z', '2026-11-01T00:00Z'].map(
    (day) => fc.integer({ min: -720, max: 1440 }).map((minutes) => at(day) + minutes * MINUTE),
  ),
  fc.integer({ min: 0, max: 525_600 }).map((minutes) => at('2026-01-01T00:00Z') + minutes * MINUTE),
);

describe('zoneWindow', () => {
  it('is open exactly when the clock on the wall says so, and changes exactly at its end', () => {
    fc.assert(
      fc.property(weeks, zones, times, (week, zone, now) => {
        const hours = hoursOf(week, ['2026-03-30', '2026-10-26']);
        const onTheWall = (time: number) => {
          const clock = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
          const minute = clock.hour * 60 + clock.minute;
          const on = (back: number) => {
            const date = clock.toPlainDate().subtract({ days: back });
            if (['2026-03-30', '2026-10-26'].includes(date.toString())) return [];
            return week[date.dayOfWeek - 1] ?? [];
          };
          const inside = (back: number) =>
            on(back).some(({ from, to }) => from <= minute + back * 1440 && minute + back * 1440 < to);
          return inside(0) || inside(1);
        };
        const window = zoneWindow(hours, zone, now);
        expect(window.open).toBe(onTheWall(now));
        for (let time = now; time < Math.min(window.until, now + 3 * DAY); time += 15 * MINUTE) {
          expect(onTheWall(time)).toBe(window.open);
        }
        if (window.until < now + 30 * DAY) expect(onTheWall(window.until)).toBe(!window.open);
      }),
      { numRuns: 300 },
    );
  });

  it('next opening: nothing before it is open in all zones, and it is', () => {
    fc.assert(
      fc.property(weeks, fc.array(zones, { minLength: 1, maxLength: 3 }), times, (week, places, now) => {
        const hours = hoursOf(week);
        const opening = nextOpening(hours, places, now);
        if (opening !== null) expect(zonesClosed(hours, places, opening)).toEqual([]);
        for (let time = now; time < Math.min(opening ?? now + DAY, now + 2 * DAY); time += 60 * MINUTE) {
          expect(zonesClosed(hours, places, time)).not.toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('hoursBook', () => {
  const { hours } = profileNamed('us-ftc');

  it('is the very same while its windows are good, and answers as without it', () => {
    const now = at('2026-11-23T14:00Z');
    const book = hoursBook(hours, ['America/New_York', 'America/Los_Angeles'], now, NO_HOURS);
    expect(hoursBook(hours, ['America/New_York'], now + 60 * MINUTE, book)).toBe(book);
    expect(hoursBook(hours, ['America/Los_Angeles'], at('2026-11-23T16:00Z'), book)).not.toBe(book);
    for (let time = now - DAY; time < now + 2 * DAY; time += 30 * MINUTE) {
      expect(zonesClosed(hours, [...book.keys()], time, book)).toEqual(zonesClosed(hours, [...book.keys()], time));
    }
  });
});
