import { styleText } from 'node:util';
import type { Preflight, Tenths } from '../engine/ports/preflight.ts';
import { wrapped } from './screen.ts';

const MARGIN = 7;
const ZONES_SHOWN = 6;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BARS = '▁▂▃▄▅▆▇█';

type Seen = Omit<Preflight, 'campaignId' | 'skipped'> & {
  readonly skipped: readonly Omit<Preflight['skipped'][number], 'reason'>[];
};

/** What a campaign will come to, for a terminal. Times are UTC, as in all that the server says. */
export function preflightLines(seen: Seen, width: number): readonly string[] {
  return [
    ...wrapped(headline(seen), width).map((line) => styleText('bold', line)),
    ...warningLines(seen, width),
    ...titled('Not dialled now', skipLines(seen)),
    ...titled('Expected', expectedLines(seen, width)),
    ...titled('The forecast goes by', assumptionLines(seen, 'known')),
    ...titled('Assumed, since nobody has measured it', assumptionLines(seen, 'assumed')),
    ...titled('Leads that may be dialled, by hour (UTC)', chart(seen.hours)),
    ...titled('Where they are', zoneLines(seen)),
  ];
}

function headline({ leads, profile }: Seen): string {
  const { all, now, later, never, done } = leads;
  const parts = [`${n(now)} may be dialled now`, `${n(later)} later`, `${n(never)} never`];
  const over = done > 0 ? [`${n(done)} are done`] : [];
  return `Of ${n(all)} leads ${[...parts, ...over].join(', ')}, by ${profile}.`;
}

const warningLines = ({ warnings }: Seen, width: number): readonly string[] =>
  warnings.flatMap(({ blocks, text }) => {
    const [first = '', ...rest] = wrapped(text, width, MARGIN);
    const mark = (blocks ? 'BLOCKS' : 'note').padEnd(MARGIN);
    return [styleText(blocks ? ['bold', 'red'] : 'yellow', mark) + first.slice(MARGIN), ...rest];
  });

function skipLines({ skipped }: Seen): readonly string[] {
  const most = Math.max(0, ...skipped.map(({ leads }) => n(leads).length));
  return skipped.map(({ leads, text, until }) => {
    const when = until === null ? '' : styleText('dim', `, the first until ${moment(until)}`);
    return `${n(leads).padStart(most)}  ${text}${when}`;
  });
}

function expectedLines({ expected, noForecast }: Seen, width: number): readonly string[] {
  if (!expected) return wrapped(`No forecast can be made. ${noForecast ?? ''}`.trim(), width - 2);
  const { agents, dials, answerRate, utilisation, abandonment, byFlow, finishAt } = expected;
  const rows: Row[] = [
    ['dials, retries included', n(dials), ''],
    ['persons who answer', percent(answerRate.middle), between(answerRate, percent)],
  ];
  if (utilisation)
    rows.push([`time of ${agents} agents in use`, percent(utilisation.middle), between(utilisation, percent)]);
  if (abandonment) rows.push(['abandoned of live answers', percent(abandonment.middle), between(abandonment, percent)]);
  if (byFlow) rows.push(...flowRows(byFlow));
  rows.push(['done by', finished(finishAt.middle), between(finishAt, finished)]);
  const [first, second] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map(([what, middle, span]) => {
    const runs = span === '' ? '' : styleText('dim', `  8 of 10: ${span}`);
    return `${what.padEnd(first ?? 0)}  ${middle.padEnd(second ?? 0)}${runs}`.trimEnd();
  });
}

/** What is expected of a figure: its name, its middle, its range. */
type Row = [what: string, middle: string, span: string];

const flowRows = ({
  lines,
  linesInUse,
  cps,
  startsPerSecond,
}: NonNullable<NonNullable<Seen['expected']>['byFlow']>): Row[] => [
  ['lines in use', `${figure(linesInUse.middle)} of ${n(lines)}`, between(linesInUse, figure)],
  ['call starts per second', `${figure(startsPerSecond.middle)} of ${n(cps)}`, between(startsPerSecond, figure)],
];

/** What was seen or set apart from what was guessed: nothing without a forecast that would go by it. */
function assumptionLines({ assumptions, expected }: Seen, which: 'known' | 'assumed'): readonly string[] {
  if (!expected) return [];
  const longest = Math.max(0, ...assumptions.map(({ what }) => what.length));
  const shown = assumptions.filter(({ from }) => (from === 'assumed') === (which === 'assumed'));
  return shown.map(({ what, value, from }) => {
    const source = which === 'known' ? styleText('dim', ` (${from})`) : '';
    return `${what.padEnd(longest)}  ${value}${source}`;
  });
}

/** A row for each day, a bar for each hour: full for the most that any hour has. */
function chart(hours: Seen['hours']): readonly string[] {
  const most = Math.max(0, ...hours.map(({ leads }) => leads));
  if (most === 0) return ['none in the next seven days'];
  const byDay = Map.groupBy(hours, ({ at }) => Math.floor(at / DAY_MS));
  const rows = [...byDay].map(([day, of]) => {
    const byHour = new Map(of.map(({ at, leads }) => [Math.floor((at % DAY_MS) / HOUR_MS), leads]));
    const bars = Array.from({ length: 24 }, (_, hour) => bar(byHour.get(hour), most)).join('');
    return `${dayOf(day * DAY_MS)}  ${bars}  ${n(Math.max(...of.map(({ leads }) => leads))).padStart(n(most).length)}`;
  });
  return [styleText('dim', `${' '.repeat(8)}0     6     12    18     at most`), ...rows];
}

const bar = (leads: number | undefined, most: number): string => {
  if (leads === undefined) return ' ';
  return leads === 0 ? '·' : (BARS[Math.ceil((leads / most) * BARS.length) - 1] ?? '');
};

function zoneLines({ zones }: Seen): readonly string[] {
  const shown = zones.slice(0, ZONES_SHOWN);
  const most = Math.max(0, ...shown.map(({ leads }) => n(leads).length));
  return shown.map(({ zones: of, leads, open }) => {
    const more = of.length > 3 ? ` and ${of.length - 3} more` : '';
    return `${n(leads).padStart(most)}  ${open ? 'open  ' : 'closed'}  ${of.slice(0, 3).join(', ')}${more}`;
  });
}

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', styleText('bold', title), ...lines.map((line) => `  ${line}`)];

const n = (count: number): string => count.toLocaleString('en');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** Two digits that say something: 0.058, 1.9, 290. */
const figure = (value: number): string => (value >= 10 ? n(Math.round(value)) : String(Number(value.toPrecision(2))));
/** From the lower to the upper tenth; where they read alike it is said so, since a figure without width is no range. */
export function between<T>({ low, high }: Tenths<T>, words: (value: T) => string): string {
  const [from, to] = [words(low), words(high)];
  return from === to ? 'the same' : `${from} – ${to}`;
}
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const dayOf = (at: number): string => `${DAYS[new Date(at).getUTCDay()]} ${new Date(at).toISOString().slice(8, 10)}`;
const moment = (at: number): string => `${dayOf(at)} ${new Date(at).toISOString().slice(11, 16)}`;
const finished = (at: number | null): string => (at === null ? 'later than in 7 days' : moment(at));
