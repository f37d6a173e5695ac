import { z } from 'zod';
import type { Customer } from '../../call/customer.ts';
import { fault, language, name, shape } from '../../ivr/words.ts';
import { numberRange } from './words.ts';

const MOST = 10_000;

/** `site/customers.yaml`: number, or the beginning of numbers, → who calls from there. */
export const customersFile = z
  .record(
    numberRange,
    shape({
      type: name.exactOptional(),
      priority: z.int().min(-86_400).max(86_400).default(0),
      owner: name.exactOptional(),
      language: language.exactOptional(),
    }),
  )
  .refine((rows) => Object.keys(rows).length <= MOST, {
    error: fault(`The list has more than ${MOST} rows.`, 'Ask a lookup for the type of so many customers.'),
  });

export const customerOf = (row: z.output<typeof customersFile>[string]): Customer =>
  Object.freeze({
    type: row.type ?? null,
    priority: row.priority,
    owner: row.owner ?? null,
    language: row.language ?? null,
  });
