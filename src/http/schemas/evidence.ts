import { z } from 'zod';

export const evidenceQuery = z.strictObject({
  from: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Calls dialled from then on, ms since 1970; left out: all.' }),
  to: z.coerce.number().int().min(1).optional().meta({ description: 'And before then; left out: up to now.' }),
  numbers: z.enum(['masked', 'whole']).default('masked').meta({
    description: '`whole` shows telephone numbers; for managers and admins.',
  }),
});

/** One JSON object a line: a piece of a file of the pack. The pieces of a file come together and in order. */
export const evidencePieces = {
  description:
    'Lines of `{"name": …, "text": …}`; `manifest.json` and `manifest.sig` come last, or the pack is not whole.',
  content: { 'application/x-ndjson': { schema: z.unknown().meta({ type: 'string' }) } },
};
