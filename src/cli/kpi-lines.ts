import { z } from 'zod';
import { wrapped } from './screen.ts';

const value = z.number().nullable();
const spread = z.object({ count: z.number(), mean: value, p50: value, p90: value });
const figures = z.object({
  offered: z.number(),
  handled: z.number(),
  abandoned: z.number(),
  unserved: z.number(),
  callbacksTaken: z.number(),
  callbacksAnswered: z.number(),
  asa: value,
  aht: value,
  abandonment: value,
  serviceLevel: z.object({ ignore: value, negative: value, positive: value }),
  transferRate: value,
  repeats: value,
  fcr: value,
  firstResponse: spread,
  ewtError: spread,
});
const outside = {
  breaks: z.object({ overruns: z.number(), overMs: z.number() }),
  outbound: z.object({ dials: z.number(), connected: z.number(), talkMs: z.number() }),
  results: z.array(z.object({ name: z.string(), count: z.number() })).readonly(),
};
const survey = z.object({ value, answers: z.number(), response: value });

export const kpiAnswer = z.object({
  journalBegins: z.number().nullable(),
  report: z.object({
    all: figures.extend({
      arrived: z.number(),
      redials: z.number(),
      contained: z.number(),
      blocked: value,
      occupancy: value,
      cost: value,
      peakMinute: z.object({ at: z.number(), calls: z.number() }).nullable(),
      csat: survey,
      nps: survey,
      ces: survey,
      ...outside,
    }),
    transfers: z.object({ kinds: z.record(z.string(), z.number()) }),
    queues: z.record(z.string(), figures),
  }),
  imported: z
    .array(
      z.object({
        figure: z.string(),
        from: z.number(),
        to: z.number(),
        value: z.number(),
        source: z.string(),
        at: z.number(),
      }),
    )
    .readonly(),
  settings: z.object({
    shortAbandonMs: z.number(),
    repeatMs: z.number(),
    perMinute: z.number(),
    perAgentSecond: z.number(),
    targetMs: z.record(z.string(), z.number()),
  }),
  definitions: z.record(z.string(), z.object({ title: z.string(), definition: z.string(), unit: z.string() })),
});

export type KpiAnswer = z.output<typeof kpiAnswer>;

interface Line {
  readonly title: string;
  readonly value: string;
  readonly definition: string;
}

const NONE = '–';
const share = (part: number | null) => (part === null ? NONE : `${(100 * part).toFixed(1)} %`);
const seconds = (ms: number | null) => (ms === null ? NONE : `${(ms / 1_000).toFixed(1)} s`);
const plain = (number: number | null, digits = 0) => (number === null ? NONE : number.toFixed(digits));
const ranks = ({ p50, p90 }: z.output<typeof spread>) =>
  p50 === null ? NONE : `${seconds(p50).replace(' s', '')} / ${seconds(p90)}`;

/** The figures of all calls or of one queue as lines of a table; null when nothing is known of that queue. */
export function figuresOf(
  { report, definitions, imported }: KpiAnswer,
  queue: string | undefined,
): readonly Line[] | null {
  const one = queue === undefined ? report.all : report.queues[queue];
  if (!one) return null;
  const line = (name: string, written: string, after = ''): Line => {
    const { title, definition } = definitions[name] ?? { title: name, definition: '' };
    return { title: title + after, value: written, definition };
  };
  const bare = (title: string, count: number | string): Line => ({ title, value: String(count), definition: '' });
  return [
    ...(queue === undefined ? beforeQueues(report.all, line, bare) : []),
    bare('Offered to a queue', one.offered),
    line('handled', String(one.handled)),
    bare('Abandoned', one.abandoned),
    bare('Left unserved', one.unserved),
    bare('Callbacks taken / answered', `${one.callbacksTaken} / ${one.callbacksAnswered}`),
    line('abandonment', share(one.abandonment)),
    line('serviceLevelIgnore', share(one.serviceLevel.ignore)),
    line('serviceLevelNegative', share(one.serviceLevel.negative)),
    line('serviceLevelPositive', share(one.serviceLevel.positive)),
    line('asa', seconds(one.asa)),
    line('aht', seconds(one.aht)),
    line('firstResponse', ranks(one.firstResponse), ' p50 / p90'),
    line('ewtError', ranks(one.ewtError), ' p50 / p90'),
    line('transferRate', share(one.transferRate)),
    line('repeats', share(one.repeats)),
    line('fcr', share(one.fcr)),
    ...(queue === undefined ? ofTheHouse(report, line) : []),
    ...(queue === undefined ? imported.map((each) => importedLine(each, definitions[each.figure])) : []),
  ];
}

const dayOf = (at: number) => new Date(at).toLocaleDateString('sv-SE');

/** A value from elsewhere: of its own span, with its source and when it was given. */
function importedLine(
  { figure, from, to, value: given, source, at }: KpiAnswer['imported'][number],
  known: KpiAnswer['definitions'][string] | undefined,
): Line {
  const { title, unit, definition } = known ?? { title: figure, unit: '', definition: '' };
  return {
    title: `${title}, ${dayOf(from)} to ${dayOf(to)}`,
    value: unit === 'share' ? share(given) : String(given),
    definition: `${source}, imported ${dayOf(at)}. ${definition}`,
  };
}

const clock = (at: number) => new Date(at).toLocaleTimeString('sv-SE').slice(0, 5);

/** What the house filled into the definitions, in one sentence. */
export function settingsOf({ settings }: KpiAnswer, queue: string | undefined): string {
  const { shortAbandonMs, repeatMs, perMinute, perAgentSecond, targetMs } = settings;
  const target = queue === undefined ? undefined : targetMs[queue];
  const parts = [
    `T_short is ${shortAbandonMs / 1_000} s`,
    `W ${Math.round(repeatMs / 86_400_000)} days`,
    target === undefined ? "the target each queue's own" : `the target ${target / 1_000} s`,
    `a minute costs ${perMinute}`,
    `an agent ${plain(3_600 * perAgentSecond, 2)} an hour`,
  ];
  return `${parts.join(', ')} (site/kpis.yaml, site/queues.yaml).`;
}

/** A definition stands beside its figure where there is room for so many columns, else below it. */
const ROOM = 40;

/** The lines as a table of that width; `faint` is how definitions are written. */
export function tableOf(lines: readonly Line[], width: number, faint: (text: string) => string): readonly string[] {
  const [titles, values] = [longest(lines.map(({ title }) => title)), longest(lines.map(({ value }) => value))];
  const margin = titles + values + 4;
  return lines.flatMap(({ title, value, definition }) => {
    const figure = `${title.padEnd(titles)}  ${value.padStart(values)}`;
    if (definition === '') return [figure];
    if (width - margin < ROOM) return [figure, ...wrapped(definition, width, 4).map(faint)];
    const [first = '', ...rest] = wrapped(definition, width, margin);
    return [`${figure}  ${faint(first.slice(margin))}`, ...rest.map(faint)];
  });
}

const longest = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length));

type All = KpiAnswer['report']['all'];
type Named = (name: string, written: string, after?: string) => Line;

function beforeQueues(all: All, line: Named, bare: (title: string, count: number) => Line): readonly Line[] {
  const busiest = all.peakMinute
    ? ` In the busiest minute, ${clock(all.peakMinute.at)}, there were ${all.peakMinute.calls}.`
    : '';
  return [
    { ...bare('Calls that came', all.arrived), definition: `Inbound calls.${busiest}` },
    line('redials', String(all.redials)),
    line('blocked', share(all.blocked)),
    line('contained', String(all.contained)),
  ];
}

/** How many answered, and what part of those who were asked. */
const answered = ({ answers, response }: z.output<typeof survey>): string =>
  response === null ? ` (n = ${answers})` : ` (n = ${answers}, ${share(response)} of those asked)`;

const ofTheHouse = ({ all, transfers }: KpiAnswer['report'], line: Named): readonly Line[] => [
  line('transfers', String(Object.values(transfers.kinds).reduce((sum, count) => sum + count, 0))),
  line('dials', String(all.outbound.dials)),
  line('outbound', String(all.outbound.connected)),
  line('breakOverrun', seconds(all.breaks.overMs), ` (n = ${all.breaks.overruns})`),
  line('results', String(all.results.reduce((sum, { count }) => sum + count, 0))),
  line('occupancy', share(all.occupancy)),
  line('cost', plain(all.cost, 2)),
  line('csat', share(all.csat.value), answered(all.csat)),
  line('nps', plain(all.nps.value), answered(all.nps)),
  line('ces', plain(all.ces.value, 1), answered(all.ces)),
];
