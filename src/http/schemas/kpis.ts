import { z } from 'zod';
import { KPIS, type KpiReport } from '../../engine/ports/figures.ts';
import { epochMs, list, ms } from './common.ts';

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

const report = z.object({
  from: epochMs.nullable(),
  to: epochMs.nullable(),
  all: figures.extend({
    arrived: count,
    redials: count.meta({ description: KPIS.redials.definition }),
    contained: count.meta({ description: KPIS.contained.definition }),
    blocked: figure('blocked'),
    occupancy: figure('occupancy'),
    cost: figure('cost'),
    peakMinute: z.object({ at: epochMs, calls: count }).nullable(),
    csat: survey('csat'),
    nps: survey('nps'),
    ces: survey('ces'),
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
  transfers: z.object({ kinds: z.record(z.string(), count), matrix: z.record(z.string(), count) }),
  arrivals: list(z.object({ at: epochMs, calls: count })),
}) satisfies z.ZodType<KpiReport>;

/** In answers that are counted from the journal. */
export const journalBegins = epochMs.nullable().meta({
  description:
    'What was before is not in the answer, since the journal is not kept for so long; null: all of the span is.',
});

export const kpisView = z.object({
  journalBegins,
  report,
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
