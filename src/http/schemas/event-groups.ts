import { z } from 'zod';
import { id, limitTo, list } from './common.ts';
import { cloudEvent } from './events.ts';

export const byGroup = z.strictObject({
  group: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/u, 'must be small letters, digits and dashes')
    .meta({ description: 'Consumers that name the same group share its events between them.' }),
});

/** Of an event in hand; another than that of the journal when it was given out again. */
const inHand = z.string().regex(/^r?\d{14}(-\d{8,15})?$/u, 'not a cursor that was taken');

export const openGroup = z.strictObject({
  from: z
    .union([z.literal('now'), z.literal('oldest'), z.string().regex(/^\d{14}(-\d{8,15})?$/u, 'not a cursor')])
    .default('now')
    .meta({ description: 'Where a new group begins. One that is there goes on where it is.' }),
});

export const takeEvents = z.strictObject({
  consumer: id.meta({ description: 'Who takes them, in the words of the group.' }),
  limit: z.int().min(1).max(500).default(100),
  waitMs: z.int().min(0).max(30_000).default(0).meta({ description: 'Wait so long for events when there are none.' }),
  lapsedMs: z
    .int()
    .min(1_000)
    .max(24 * 3_600_000)
    .default(60_000)
    .meta({ description: 'What somebody took and did not report as done goes to the next after this time.' }),
  mostTries: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .meta({ description: 'What was taken so often in vain is set aside as a dead letter.' }),
});

const taken = z.object({
  cursor: z.string().meta({ description: 'Report it as done with this.' }),
  tries: z.int().meta({ description: 'How often it was given to somebody, this time included.' }),
  event: cloudEvent,
});

export const takenEvents = z.object({ items: list(taken) });

export const doneEvents = z.strictObject({ cursors: z.array(inHand).min(1).max(500).readonly() });

export const doneAnswer = z.object({ done: z.int().meta({ description: 'How many of them were in hand until now.' }) });

export const groupStandings = z.object({
  items: list(
    z.object({
      group: z.string(),
      waiting: z.int().meta({ description: 'Nobody has taken them yet; 10,000 may stand for more.' }),
      taken: z.int().meta({ description: 'Taken and not done.' }),
      dead: z.int(),
    }),
  ),
});

export const deadPage = z.strictObject({ limit: limitTo(500, 100) });
export const replayed = z.object({ replayed: z.int() });
