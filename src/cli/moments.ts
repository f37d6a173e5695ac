import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

/** A time as people write it: a date is the beginning of that day, where who asks sits. */
export function moment(text: string): number {
  const day = z.iso.date().safeParse(text).success;
  const at = Date.parse(day ? `${text}T00:00:00` : text);
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError('write a date like 2026-11-02 or a time like 2026-11-02T08:00:00+02:00');
}

/** The beginning of today. */
export const midnight = (): number => new Date().setHours(0, 0, 0, 0);

/** A time to the minute, in the time of who asks. */
export const minuteOf = (at: number): string => new Date(at).toLocaleString('sv-SE').slice(0, 16);

/** That an answer is not of the whole span, where it is not. */
export const notBefore = (journalBegins: number | null): readonly string[] =>
  journalBegins === null ? [] : [`The journal begins at ${minuteOf(journalBegins)}: what was before is not counted.`];
