import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { Explained } from './ending.ts';

/** A time as people write it: a date is the beginning of that day, where who asks sits. */
export function moment(text: string): number {
  const day = z.iso.date().safeParse(text).success;
  const at = Date.parse(day ? `${text}T00:00:00` : text);
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError('write a date like 2026-11-02 or a time like 2026-11-02T08:00:00+02:00');
}

/** The beginning of today. */
const midnight = (): number => new Date().setHours(0, 0, 0, 0);

/** What is asked about: the whole of today unless said otherwise. */
export interface SpanOptions {
  readonly from?: number;
  readonly to?: number;
}

/** A command about a span of time, with the options that say which. */
export const overSpan = (command: Command, { from } = { from: 'midnight' }): Command =>
  command
    .option('--from <time>', `date or ISO 8601 time; without it, ${from}`, moment)
    .option('--to <time>', 'up to then; without it, up to now', moment);

/** The span as the server wants it in a query, and in words. @throws Explained when it ends before it begins */
export function spanOf({ from = midnight(), to }: SpanOptions): { readonly query: string; readonly words: string } {
  if (to !== undefined && to <= from) {
    throw new Explained(
      `The span ends before it begins: from ${minuteOf(from)} to ${minuteOf(to)}. Give a --to that is after --from; without --from it is this midnight.`,
    );
  }
  const query = new URLSearchParams({ from: String(from), ...(to !== undefined && { to: String(to) }) });
  return { query: query.toString(), words: `from ${minuteOf(from)} to ${to === undefined ? 'now' : minuteOf(to)}` };
}

/** A time to the minute, in the time of who asks. */
const minuteOf = (at: number): string => new Date(at).toLocaleString('sv-SE').slice(0, 16);

/** That an answer is not of the whole span, where it is not. */
export const notBefore = (journalBegins: number | null): readonly string[] =>
  journalBegins === null ? [] : [`The journal begins at ${minuteOf(journalBegins)}: what was before is not counted.`];
