import { z } from 'zod';
import type { Disposition, DispositionField } from '../../engine/site.ts';
import { ownerFile, ownerIn } from '../../ivr/owner.ts';
import { currency, duration, fault, language, name, shape, title, varName } from '../../ivr/words.ts';

/** What a disposition can mean, the fields that say more of it, and those of them that must be there. */
export const MEANINGS = {
  success: { may: [], must: [] },
  refusal: { may: [], must: [] },
  retry: { may: ['after', 'number'], must: ['after'] },
  callback: { may: ['wait', 'within'], must: [] },
  dnc: { may: ['scope', 'numbers'], must: [] },
  payment: { may: ['currency', 'within'], must: ['currency'] },
  machine: { may: ['after', 'number'], must: [] },
} as const;

/** The same for the fields that an agent fills in. */
export const FIELD_TYPES = {
  text: { may: [], must: [] },
  number: { may: [], must: [] },
  choice: { may: ['choices'], must: ['choices'] },
  money: { may: ['currency'], must: ['currency'] },
  date: { may: ['within'], must: [] },
  time: { may: ['within'], must: [] },
} as const;

type Kind = keyof typeof MEANINGS;
type FieldType = keyof typeof FIELD_TYPES;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Words for a screen, by language. */
const labels = z.record(language, title);
const within = duration('1h', '730d');

const field = shape({
  type: z.enum(Object.keys(FIELD_TYPES) as [FieldType, ...FieldType[]]).default('text'),
  label: labels.default({}),
  required: z.boolean().default(false),
  choices: z.array(name).min(1).max(100).exactOptional(),
  currency: currency.exactOptional(),
  within: within.exactOptional(),
});

const WORK_KIND = fault(
  'No kind of follow-up.',
  'Use small letters, digits and `-`, like `refund`; `callback` is none.',
);
const leftWork = shape({
  kind: z.string().regex(/^(?!callback$)[a-z][a-z0-9-]{0,39}$/u, { error: WORK_KIND }),
  to: ownerFile.exactOptional(),
  within: duration('1m', '365d'),
  reason: title.exactOptional(),
  priority: z.int().min(0).max(9).default(0),
});

/** `site/dispositions.yaml`: name → what it makes of a lead. */
export const dispositionsFile = z.record(
  name,
  shape({
    label: labels,
    kind: z.enum(Object.keys(MEANINGS) as [Kind, ...Kind[]]),
    fields: z.record(varName, field).default({}),
    counts: z.array(name).max(20).default([]),
    after: duration('1m', '90d').exactOptional(),
    number: z.enum(['same', 'next']).exactOptional(),
    wait: duration('0s', '24h').exactOptional(),
    within: within.exactOptional(),
    scope: z.enum(['campaign', 'all']).exactOptional(),
    numbers: z.enum(['called', 'all']).exactOptional(),
    currency: currency.exactOptional(),
    followUp: leftWork.exactOptional(),
  }),
);

type Row = z.output<typeof dispositionsFile>[string];

export const dispositionOf = (disposition: string, row: Row): Disposition => ({
  name: disposition,
  labels: row.label,
  meaning: meaningOf(row),
  fields: Object.entries(row.fields).map(([key, one]) => fieldOf(key, one)),
  counts: row.counts,
  ...(row.followUp && { followUp: leftWorkOf(row.followUp) }),
});

const leftWorkOf = ({ kind, to, within: withinMs, reason, priority }: z.output<typeof leftWork>) => ({
  kind,
  owner: ownerIn(to),
  withinMs,
  reason: reason ?? null,
  priority,
});

/** What must be there is held by the lint, which can say where. */
function meaningOf({ kind, after, number = 'same', wait, within: ahead, scope, numbers, currency: money }: Row) {
  switch (kind) {
    case 'success':
    case 'refusal':
      return { kind } as const;
    case 'retry':
    case 'machine':
      return { kind, afterMs: after ?? 4 * HOUR_MS, number } as const;
    case 'callback':
      return { kind, waitMs: wait ?? HOUR_MS / 4, withinMs: ahead ?? 90 * DAY_MS } as const;
    case 'dnc':
      return { kind, scope: scope ?? 'all', numbers: numbers ?? 'all' } as const;
    case 'payment':
      return { kind, currency: money ?? 'EUR', withinMs: ahead ?? 90 * DAY_MS } as const;
  }
}

function fieldOf(
  key: string,
  { type, label, required, choices, currency: money, within: ahead }: Row['fields'][string],
) {
  const base = { name: key, labels: label, required };
  switch (type) {
    case 'text':
    case 'number':
      return { ...base, type } as const;
    case 'choice':
      return { ...base, type, choices: choices ?? [] } as const;
    case 'money':
      return { ...base, type, currency: money ?? 'EUR' } as const;
    case 'date':
    case 'time':
      return { ...base, type, withinMs: ahead ?? null } satisfies DispositionField;
  }
}
