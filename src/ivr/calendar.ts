import { z } from 'zod';
import { date, fault, shape, title, zone } from './words.ts';

/** Minutes after local midnight; `to` beyond 1440 reaches into the next day. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Opening hours of a place: its week, and the dates that differ. Dates are local, as `2026-12-25`. */
export interface Calendar {
  readonly name: string;
  readonly timezone: string;
  /** ISO weekday, Monday 1 to Sunday 7. */
  readonly weekly: ReadonlyMap<number, readonly Interval[]>;
  readonly holidays: ReadonlyMap<string, string>;
  readonly exceptions: ReadonlyMap<string, readonly Interval[]>;
  /** Emergency override: closed now, whatever the hours say. */
  readonly forced: boolean;
}

export type Hours = 'open' | 'closed' | 'holiday' | 'forced';

/**
 * Is the place open at this instant? Hours are wall-clock hours of its zone, so the day on which clocks change is shorter
 * or longer by itself. An exception stands above a holiday, a holiday above the week. Hours that run past midnight belong
 * to the day on which they began.
 */
export function hoursAt(calendar: Calendar, now: number): Hours {
  if (calendar.forced) return 'forced';
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(calendar.timezone);
  const today = local.toPlainDate();
  const minute = local.hour * 60 + local.minute;
  if (within(intervalsOn(calendar, today), minute)) return 'open';
  if (within(intervalsOn(calendar, today.subtract({ days: 1 })), minute + DAY)) return 'open';
  return calendar.holidays.has(today.toString()) && !calendar.exceptions.has(today.toString()) ? 'holiday' : 'closed';
}

/** The hours as policies need them; null for a place that is always open. */
export function hoursSeen(calendar: Calendar | undefined, now: number) {
  return calendar ? { open: hoursAt(calendar, now) === 'open', changesAt: nextChange(calendar, now) } : null;
}

/** How far ahead a change of hours is looked for; no place is closed for longer than this and means to open again. */
const LOOK_AHEAD_DAYS = 30;

/** When the place opens or closes next; null when it does neither within a month. */
export function nextChange(calendar: Calendar, now: number): number | null {
  if (calendar.forced) return null;
  const isOpen = hoursAt(calendar, now) === 'open';
  const { timezone } = calendar;
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDate();
  for (let day = -1; day <= LOOK_AHEAD_DAYS; day += 1) {
    const date = today.add({ days: day });
    const edges = intervalsOn(calendar, date).flatMap(({ from, to }) => [from, to]);
    const times = edges.map((minute) => instantOf(date, minute, timezone)).toSorted((a, b) => a - b);
    const change = times.find((at) => at > now && (hoursAt(calendar, at) === 'open') !== isOpen);
    if (change !== undefined) return change;
  }
  return null;
}

function instantOf(date: Temporal.PlainDate, minute: number, timezone: string): number {
  const day = date.add({ days: Math.floor(minute / DAY) });
  const time = Temporal.PlainTime.from({ hour: Math.floor((minute % DAY) / 60), minute: minute % 60 });
  return day.toZonedDateTime({ timeZone: timezone, plainTime: time }).epochMilliseconds;
}

const within = (intervals: readonly Interval[], at: number) => intervals.some(({ from, to }) => from <= at && at < to);

function intervalsOn(calendar: Calendar, date: Temporal.PlainDate): readonly Interval[] {
  const exception = calendar.exceptions.get(date.toString());
  if (exception) return exception;
  if (calendar.holidays.has(date.toString())) return [];
  return calendar.weekly.get(date.dayOfWeek) ?? [];
}

const DAY = 24 * 60;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const interval = z
  .string({ error: fault('Hours are a text.', 'Write them like "08:00-16:30".') })
  .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, {
    error: fault('Hours are two times of day.', 'Write them like "08:00-16:30"; "22:00-06:00" runs past midnight.'),
  })
  .transform((text): Interval => {
    const [from = 0, to = 0] = text.split('-').map(minutes);
    return { from, to: to <= from ? to + DAY : to };
  });

function minutes(time: string): number {
  const [hour, minute] = time.split(':');
  return Number(hour) * 60 + Number(minute);
}

/** A day or a row of days: `mon`, `mon-fri`; a row may run over Sunday. */
const days = z.string().refine((text) => daysIn(text).length > 0, {
  error: fault('The day is not known.', 'Write `mon`, `sat` or a row like `mon-fri`.'),
});

function daysIn(text: string): readonly number[] {
  const [first, last = first, ...rest] = text.split('-').map((day) => DAYS.findIndex((known) => known === day));
  if (first === undefined || last === undefined || first < 0 || last < 0 || rest.length > 0) return [];
  const length = ((last - first + 7) % 7) + 1;
  return Array.from({ length }, (_, i) => ((first + i) % 7) + 1);
}

/** Hours of a week: days → intervals. */
export const week = z.record(days, z.array(interval)).refine(namesEachDayOnce, {
  error: fault('A day is named twice.', 'Name each day once.'),
});

/** A file `site/calendars/<name>.yaml`. */
export const calendarFile = shape({
  title: title.optional(),
  timezone: zone,
  weekly: week,
  holidays: z.array(shape({ date, name: title })).default([]),
  exceptions: z.array(shape({ date, hours: z.array(interval), note: title.optional() })).default([]),
  forced: z.boolean().default(false),
});

function namesEachDayOnce(weekly: Readonly<Record<string, unknown>>): boolean {
  const named = Object.keys(weekly).flatMap(daysIn);
  return new Set(named).size === named.length;
}

/** The same by ISO weekday, Monday 1 to Sunday 7; a day that is not named is not in it. */
export const weekOf = (file: z.output<typeof week>): ReadonlyMap<number, readonly Interval[]> =>
  new Map(Object.entries(file).flatMap(([row, intervals]) => daysIn(row).map((day) => [day, intervals] as const)));

export function calendarOf(name: string, file: z.output<typeof calendarFile>): Calendar {
  return Object.freeze({
    name,
    timezone: file.timezone,
    weekly: weekOf(file.weekly),
    holidays: new Map(file.holidays.map((day) => [day.date, day.name])),
    exceptions: new Map(file.exceptions.map((day) => [day.date, day.hours])),
    forced: file.forced,
  });
}
