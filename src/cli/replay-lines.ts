import { styleText } from 'node:util';
import type { QueueDay } from '../acd/replay/compare.ts';
import { notBefore } from './moments.ts';
import { wrapped } from './screen.ts';

type QueueDays = Readonly<Record<string, QueueDay>>;

/** A day as it was, again by the rules in force, and by changed ones where such are tried. */
export interface Seen {
  readonly journalBegins: number | null;
  readonly calls: number;
  /** Share of the answered calls that the same agent gets. */
  readonly sameAgain: number | null;
  readonly was: QueueDays;
  readonly again: QueueDays;
  readonly occupancy: number | null;
  readonly changed: {
    readonly queues: QueueDays;
    readonly occupancy: number | null;
    readonly sameAgent: number | null;
  } | null;
}

const NONE = '–';
const percent = (share: number | null) => (share === null ? NONE : `${(100 * share).toFixed(1)} %`);
const seconds = (ms: number | null) => (ms === null ? NONE : `${(ms / 1_000).toFixed(1)} s`);
const bold = (text: string) => styleText('bold', text);

/** The comparison as sentences and a table. */
export function told(
  seen: Seen,
  width: number,
  nameOf: (queue: string) => string = (queue) => queue,
): readonly string[] {
  const { calls, sameAgain, was, again, occupancy, changed } = seen;
  if (calls === 0) return ['No call waited in a queue in that time.'];
  const queues = Object.keys(was);
  const margin = Math.max('queue'.length, ...queues.map((queue) => nameOf(queue).length));
  const rows = queues.flatMap((queue) => [
    row(margin, nameOf(queue), 'as it was', was[queue]),
    row(margin, '', 'again', again[queue]),
    ...(changed ? [bold(row(margin, '', 'changed', changed.queues[queue]))] : []),
  ]);
  const same = `${calls === 1 ? '1 stay' : `${calls} stays`} in queues. By the rules in force ${percent(sameAgain)} of the answered calls go to the agent they went to; occupancy is ${percent(occupancy)}.`;
  const other = changed
    ? [
        `By the changed rules ${percent(changed.sameAgent === null ? null : 1 - changed.sameAgent)} of them go to somebody else; occupancy is ${percent(changed.occupancy)}.`,
      ]
    : [];
  const sentences = [same, ...other, ...notBefore(seen.journalBegins)].flatMap((sentence) => wrapped(sentence, width));
  return [...sentences, '', styleText('dim', columns(margin, ['queue', '', ...HEADS])), ...rows];
}

/** Wide enough for a busy day, and together with a short name no wider than 80 columns. */
const HEADS = ['calls', 'answered', 'gave up', ' left', 'mean wait', ' p90 wait', 'in target'];

const columns = (margin: number, [queue = '', which = '', ...figures]: readonly string[]) =>
  [queue.padEnd(margin), which.padEnd(9), ...figures.map((each, i) => each.padStart(HEADS[i]?.length ?? 0))]
    .join(' ')
    .trimEnd();

function row(margin: number, queue: string, which: string, day: QueueDay | undefined): string {
  if (!day) return columns(margin, [queue, which, NONE]);
  const { calls, answered, abandoned, left, meanWaitMs, p90WaitMs, serviceLevel } = day;
  const counts = [calls, answered, abandoned, left].map(String);
  return columns(margin, [queue, which, ...counts, seconds(meanWaitMs), seconds(p90WaitMs), percent(serviceLevel)]);
}
