import { z } from 'zod';
import { DIMENSIONS, IMPORTED, INTERVALS, type KpiCell, KPIS, type KpiReport } from '../../engine/ports/figures.ts';
import { campaignQuality } from './campaign-looks.ts';
import { abandonmentView } from './abandonment.ts';
import { campaignView } from './campaigns.ts';
import { epochMs, list, ms, text } from './common.ts';
import type { ImportedValue } from '../../engine/ports/imported.ts';
import type { OutboundAbandonment } from '../../engine/ports/outbound-figures.ts';

const count = z.int();
const figure = (name: keyof typeof KPIS) => z.number().nullable().meta({ description: KPIS[name].definition });
const spread = (name: keyof typeof KPIS) =>
  z
    .object({ count, mean: z.number().nullable(), p50: z.number().nullable(), p90: z.number().nullable() })
    .meta({ description: KPIS[name].definition });

const figures = z.object({
  offered: count,
  handled: count.meta({ description: KPIS.handled.definition }),
  abandoned: count,
  abandonedShort: count,
  callbacksTaken: count,
  callbacksAnswered: count,
  unserved: count,
  asa: figure('asa'),
  aht: figure('aht'),
  abandonment: figure('abandonment'),
  serviceLevel: z.object({
    ignore: figure('serviceLevelIgnore'),
    negative: figure('serviceLevelNegative'),
    positive: figure('serviceLevelPositive'),
  }),
  transferRate: figure('transferRate'),
  repeats: figure('repeats'),
  fcr: figure('fcr'),
  firstResponse: spread('firstResponse'),
  ewtError: spread('ewtError'),
});

const survey = (name: keyof typeof KPIS) =>
  z.object({
    value: figure(name),
    answers: count,
    response: z
      .number()
      .nullable()
      .meta({ description: 'Answers ÷ callers who were asked; null where nobody answered.' }),
  });

const counts = z.record(z.string(), count);
const transfers = z.object({ kinds: counts, matrix: counts }).meta({ description: KPIS.transfers.definition });

const amount = z.object({ count, sum: z.number().meta({ description: 'Minor units.' }) });
const outside = {
  breaks: z.object({ overruns: count, overMs: ms }).meta({ description: KPIS.breakOverrun.definition }),
  outbound: z.object({
    dials: count.meta({ description: KPIS.dials.definition }),
    outcomes: counts,
    connected: count.meta({ description: KPIS.outbound.definition }),
    talkMs: ms,
  }),
  results: list(
    z.object({ name: z.string(), count, amounts: z.record(z.string(), amount).meta({ description: 'By currency.' }) }),
  ).meta({ description: KPIS.results.definition }),
};
const surveys = { csat: survey('csat'), nps: survey('nps'), ces: survey('ces') };
const house = { blocked: figure('blocked'), occupancy: figure('occupancy'), cost: figure('cost') };

const cell = z.object({
  from: epochMs,
  to: epochMs.meta({ description: 'The first moment that is outside.' }),
  key: z.string().nullable().meta({ description: 'Name of the queue, agent, …; null: not told apart.' }),
  figures: figures.extend({
    arrived: count.nullable(),
    redials: count.nullable().meta({ description: KPIS.redials.definition }),
    contained: count.nullable().meta({ description: KPIS.contained.definition }),
    ...house,
    ...surveys,
    transfers,
    ...outside,
  }),
}) satisfies z.ZodType<KpiCell>;

const report = z.object({
  from: epochMs.nullable(),
  to: epochMs.nullable(),
  all: figures.extend({
    arrived: count,
    redials: count.meta({ description: KPIS.redials.definition }),
    contained: count.meta({ description: KPIS.contained.definition }),
    ...house,
    ...surveys,
    ...outside,
    peakMinute: z.object({ at: epochMs, calls: count }).nullable(),
  }),
  queues: z.record(z.string(), figures),
  agents: z.record(
    z.string(),
    z.object({
      handled: count.meta({ description: KPIS.handled.definition }),
      outbound: count.meta({ description: 'Calls of campaigns, and customers rung back, with whom he was connected.' }),
      occupancy: figure('occupancy'),
    }),
  ),
  transfers,
  arrivals: list(z.object({ at: epochMs, calls: count })),
}) satisfies z.ZodType<KpiReport>;

const rate = {
  abandoned: z.number().meta({ description: 'Estimates of the formula included, so it need not be whole.' }),
  of: z.number(),
  rate: z.number().nullable().meta({ description: '0–1; null where nobody answered.' }),
};
const limit = abandonmentView.shape.limits.unwrap().element.pick({
  cap: true,
  window: true,
  scope: true,
  from: true,
  to: true,
  definition: true,
});
const outbound = z.object({
  campaignId: z.string(),
  name: z.string(),
  profile: z.string().meta({ description: 'Name and version.' }),
  zone: z.string().meta({ description: 'Whose days these are.' }),
  definition: z.string().meta({ description: 'What is divided by what.' }),
  ...rate,
  days: list(
    z.object({
      day: z.string().meta({ description: 'As 2026-11-22; of the first and last what lies in the span.' }),
      ...rate,
    }),
  ),
  limits: list(limit.extend({ ...rate, kept: z.boolean() })).meta({
    description: 'As they stood at the end of the span.',
  }),
}) satisfies z.ZodType<OutboundAbandonment>;

const place = {
  figure: z.enum(IMPORTED),
  by: z.enum(DIMENSIONS).nullable().default(null).meta({ description: 'What `key` is; null: it is of the house.' }),
  key: text(100).min(1).nullable().default(null).meta({ description: 'Name of the queue, agent, …' }),
};
const importedValue = z.object({
  figure: z.enum(IMPORTED),
  from: epochMs,
  to: epochMs.meta({ description: 'The first moment that is outside.' }),
  by: z.enum(DIMENSIONS).nullable(),
  key: z.string().nullable(),
  value: z.number(),
  source: z.string(),
  at: epochMs.meta({ description: 'When it was imported.' }),
  importedBy: z.string().meta({ description: 'Name of the token.' }),
}) satisfies z.ZodType<ImportedValue>;
export const importedValues = z.object({ items: list(importedValue) });

/** In answers that are counted from the journal. */
export const journalBegins = epochMs.nullable().meta({
  description:
    'What was before is not in the answer, since the journal is not kept for so long; null: all of the span is.',
});

export const kpisView = z.object({
  journalBegins,
  report,
  imported: list(importedValue).meta({
    description:
      'Figures from elsewhere whose span touches this one, the latest 1,000: of the house, and of what `by` names. Never reckoned with.',
  }),
  outbound: list(outbound)
    .meta({ description: 'With `by=campaign`: abandonment of the span, by compliance profile.' })
    .exactOptional(),
  cells: list(cell).meta({ description: 'Where `by` or `interval` was asked for.' }).exactOptional(),
  campaigns: list(
    campaignView.pick({ abandonment: true, live: true }).extend({
      id: z.string(),
      name: z.string(),
      quality: campaignQuality.omit({ definitions: true }).nullable(),
    }),
  )
    .meta({
      description:
        'With `by=campaign`, each as it stands now: abandonment by its compliance profile, percent of drops, calls made, when it ends, how good its lists are.',
    })
    .exactOptional(),
  settings: z.object({
    shortAbandonMs: ms,
    repeatMs: ms,
    perMinute: z.number(),
    perAgentSecond: z.number(),
    targetMs: z.record(z.string(), ms).meta({ description: 'Of each queue, for the service level.' }),
  }),
  definitions: z.record(z.string(), z.object({ title: z.string(), definition: z.string(), unit: z.string() })),
});

/** ISO 8601 with an offset, or epoch milliseconds. */
const moment = z
  .union([z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)), z.coerce.number().int().min(0)])
  .meta({ description: 'As 2026-11-02T08:00:00+02:00, or milliseconds since 1970.' });

export const span = z.strictObject({ from: moment, to: moment.optional() });

/** The host knows its names; a wrong one is refused before anything is read. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** How figures are told apart. */
export const cut = span.extend({
  by: z.enum(DIMENSIONS).exactOptional(),
  interval: z.enum(INTERVALS).exactOptional().meta({ description: 'A call counts in the one in which it arrived.' }),
  zone: z
    .string()
    .max(64)
    .refine(isZone, { error: 'not a time zone; write it like Europe/Stockholm' })
    .default('UTC')
    .meta({ description: 'Whose hours, days and weeks the intervals are.' }),
});

export const sheet = cut.extend({ format: z.enum(['csv', 'html']).default('html') });
export const sheetText = {
  description: 'The page, or the CSV: every figure of every cell on a line, with its definition.',
  content: {
    'text/html': { schema: z.unknown().meta({ type: 'string' }) },
    'text/csv': { schema: z.unknown().meta({ type: 'string' }) },
  },
};

const MOST_VALUES = 1_000;
/** As `moment`, where a number is a number and null is none. */
const momentIn = z.union([
  z.iso.datetime({ offset: true }).transform((written) => Date.parse(written)),
  z.int().min(0).meta({ description: 'Milliseconds since 1970.' }),
]);

export const importWish = z.strictObject({
  source: text(200).min(1).meta({ description: 'Where the values come from, as reports are to say it.' }),
  values: z
    .array(
      z.strictObject({
        ...place,
        from: momentIn,
        to: momentIn.meta({ description: 'The first moment that is outside.' }),
        value: z
          .number()
          .min(0)
          .nullable()
          .meta({ description: 'Shares as 0–1. Null: what was given before is taken away.' }),
      }),
    )
    .min(1)
    .max(MOST_VALUES),
});
export const imported = z.object({
  kept: count.meta({ description: 'Values that stand now; one of the same place has taken the place of the older.' }),
  gone: count.meta({ description: 'Values that were taken away.' }),
});
export const importedSpan = span.extend({ by: z.enum(DIMENSIONS).exactOptional() });
