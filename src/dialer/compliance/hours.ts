import type { EpochMs } from '../../call/ids.ts';
import type { ComplianceProfile, Interval } from './profile.ts';

/** How the hours of one zone stand, and from when until when that is so. */
export interface ZoneWindow {
  readonly open: boolean;
  readonly from: EpochMs;
  /** The first instant at which it is otherwise; far ahead for hours that never change. */
  readonly until: EpochMs;
}

/** Zone → its window, worked out once and good until the zone's next transition. A value: whoever dials keeps it. */
export type HoursBook = ReadonlyMap<string, ZoneWindow>;

export const NO_HOURS: HoursBook = new Map();

type Hours = ComplianceProfile['hours'];

/**
 * The book with a window for each of the zones that is good at `now`; the very same book when all were. A zone costs some tens
 * of microseconds to work out, and changes a few times a day.
 */
export function hoursBook(hours: Hours, zones: readonly string[], now: EpochMs, book: HoursBook): HoursBook {
  const stale = zones.filter((zone) => !covers(book.get(zone), now));
  if (stale.length === 0) return book;
  return new Map([...book, ...stale.map((zone) => [zone, zoneWindow(hours, zone, now)] as const)]);
}

/** Zones in which it is not an hour to call. A number with several possible zones is called when there are none. */
export function zonesClosed(
  hours: Hours,
  zones: readonly string[],
  now: EpochMs,
  book: HoursBook = NO_HOURS,
): readonly string[] {
  return zones.filter((zone) => !windowIn(hours, zone, now, book).open);
}

/** No window of calling hours lies further ahead. */
const LOOK_AHEAD_DAYS = 60;
const DAY_MS = 86_400_000;

/**
 * The first instant from `now` on at which it is an hour to call in all the zones; null when there is none within 60 days,
 * as for zones whose hours never meet.
 */
export function nextOpening(
  hours: Hours,
  zones: readonly string[],
  now: EpochMs,
  book: HoursBook = NO_HOURS,
): EpochMs | null {
  const last = now + LOOK_AHEAD_DAYS * DAY_MS;
  let at = now;
  while (at <= last) {
    const closed = zones.map((zone) => windowIn(hours, zone, at, book)).filter(({ open }) => !open);
    if (closed.length === 0) return at;
    // Until then at least one zone is closed, so nothing before it can do.
    at = Math.max(...closed.map(({ until }) => until));
  }
  return null;
}

const covers = (window: ZoneWindow | undefined, at: EpochMs): window is ZoneWindow =>
  window !== undefined && window.from <= at && at < window.until;

function windowIn(hours: Hours, zone: string, at: EpochMs, book: HoursBook): ZoneWindow {
  const known = book.get(zone);
  return covers(known, at) ? known : zoneWindow(hours, zone, at);
}

/**
 * How the hours stand in a zone. They are wall-clock hours: on the day on which clocks change, the day is shorter or longer
 * and the hours are not. Hours that run past midnight belong to the day on which they began.
 */
export function zoneWindow(hours: Hours, zone: string, now: EpochMs): ZoneWindow {
  const open = openAt(hours, zone, now);
  const edges = edgesFrom(hours, zone, now);
  for (const at of edges) {
    if (openAt(hours, zone, at) !== open) return { open, from: now, until: at };
  }
  return { open, from: now, until: now + LOOK_AHEAD_DAYS * DAY_MS };
}

/** Instants after `now` at which the hours may change, in order: ends of intervals, and changes of the clocks. */
function* edgesFrom(hours: Hours, zone: string, now: EpochMs): Generator<EpochMs> {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const today = local.toPlainDate();
  // A jump of the clock can step over an edge.
  const jump = local.getTimeZoneTransition('next');
  for (let day = 0; day <= LOOK_AHEAD_DAYS; day += 1) {
    const date = today.add({ days: day });
    const times = minutesOn(hours, date).flatMap((minute) => instantsOf(date, minute, zone));
    if (jump?.toPlainDate().equals(date) === true) times.push(jump.epochMilliseconds);
    yield* times.filter((at) => at > now).toSorted((a, b) => a - b);
  }
}

/** The minutes of a day at which intervals begin or end, those of the day before that run into it included. */
function minutesOn(hours: Hours, date: Temporal.PlainDate): readonly number[] {
  const ends = (of: Temporal.PlainDate) => intervalsOn(hours, of).flatMap(({ from, to }) => [from, to]);
  const late = ends(date.subtract({ days: 1 })).map((minute) => minute - DAY);
  return [...late, ...ends(date)].filter((minute) => minute >= 0 && minute < DAY);
}

const DAY = 24 * 60;

function openAt(hours: Hours, zone: string, at: EpochMs): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const today = local.toPlainDate();
  const minute = local.hour * 60 + local.minute;
  return (
    within(intervalsOn(hours, today), minute) || within(intervalsOn(hours, today.subtract({ days: 1 })), minute + DAY)
  );
}

const within = (intervals: readonly Interval[], minute: number) =>
  intervals.some(({ from, to }) => from <= minute && minute < to);

function intervalsOn({ week, holidays, holidayDates }: Hours, date: Temporal.PlainDate): readonly Interval[] {
  const isHoliday = holidays.value !== 'as-any-day' && holidayDates.value.includes(date.toString());
  if (isHoliday && holidays.value === 'closed') return [];
  return week.value[(isHoliday ? 7 : date.dayOfWeek) - 1] ?? [];
}

/** The instants at which the clock on the wall shows a time: two when clocks go back over it. */
function instantsOf(date: Temporal.PlainDate, minute: number, zone: string): readonly EpochMs[] {
  const time = date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 });
  const at = (disambiguation: 'earlier' | 'later') => time.toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
  return [at('earlier'), at('later')];
}
