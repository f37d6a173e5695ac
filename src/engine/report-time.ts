import type { EpochMs } from '../call/ids.ts';

/** ISO 8601 in a zone, to the second, with its offset. */
export function timeOf(at: EpochMs, zone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return time.toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

/** As people read it on a page: a date, or a date and a minute. */
export function minuteOf(at: EpochMs, zone: string): string {
  const time = timeOf(at, zone);
  const [date, clock] = [time.slice(0, 10), time.slice(11, 16)];
  return clock === '00:00' ? date : `${date} ${clock}`;
}
