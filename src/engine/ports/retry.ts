import { z } from 'zod';
import { ATTEMPT_OUTCOMES } from '../../dialer/attempt.ts';

const DAY_MS = 86_400_000;
const delay = z
  .int()
  .min(0)
  .max(30 * DAY_MS);

const step = z
  .strictObject({
    delayMs: delay.meta({ description: 'Least time before the lead is dialled again, whichever number.' }),
    max: z.int().min(1).max(20).meta({ description: 'Dials of one number that may end so.' }),
    next: z
      .union([z.enum(['same', 'next']), z.strictObject({ kind: z.string().min(1).max(40) })])
      .meta({ description: 'Which of the numbers comes next; `kind`: the next of that kind.' }),
    spread: z.boolean().meta({ description: 'Prefer the parts of the day in which it was dialled least.' }),
  })
  .nullable();

/** A campaign's own retry rule, as it is given, shown and kept. What it leaves out is as usual. */
export const retryWish = z
  .strictObject({
    maxPerNumber: z.int().min(1).max(20).exactOptional().meta({ description: 'Dials of one number at most.' }),
    spreadWithinMs: delay
      .exactOptional()
      .meta({ description: 'A better part of the day is waited for this long at most.' }),
    steps: z
      .partialRecord(z.enum(ATTEMPT_OUTCOMES), step)
      .exactOptional()
      .meta({ description: 'By outcome; null: not dialled again.' }),
  })
  .meta({ description: 'When and by which number a lead is dialled again; see docs/outcomes.md.' });
