import type { EpochMs } from '../call/ids.ts';

export type DayPart = 'morning' | 'afternoon' | 'evening';

/** Hours of the lead's own clock. What is before the first belongs to the evening before. */
export const DAY_PARTS: readonly { readonly part: DayPart; readonly from: number }[] = [
  { part: 'morning', from: 6 },
  { part: 'afternoon', from: 12 },
  { part: 'evening', from: 17 },
];

/** The part of the day that it is in a zone (IANA). */
export function partOf(at: EpochMs, zone: string): DayPart {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return DAY_PARTS.findLast(({ from }) => hour >= from)?.part ?? 'evening';
}

/** The parts that occur least among these; all of them when each occurs as often. */
export function leastTried(tried: readonly DayPart[]): ReadonlySet<DayPart> {
  const counts = DAY_PARTS.map(({ part }) => ({ part, count: tried.filter((one) => one === part).length }));
  const least = Math.min(...counts.map(({ count }) => count));
  return new Set(counts.filter(({ count }) => count === least).map(({ part }) => part));
}
