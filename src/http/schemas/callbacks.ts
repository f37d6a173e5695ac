import { z } from 'zod';
import { CALLBACK_STATES } from '../../engine/ports/flow-store.ts';
import { epochMs, id, isoTime, language, limitTo, list, moment, requirement, text } from './common.ts';

const state = z.enum(CALLBACK_STATES);

export const callbackQuery = z.strictObject({
  limit: limitTo(200, 50),
  after: id.nullable().default(null).meta({ description: 'The `next` of the page before.' }),
  queue: id.optional(),
  state: state.optional(),
});

export const callbackView = z.object({
  id: z.string(),
  callId: z.string().meta({ description: 'The call in which it was promised.' }),
  queue: z.string(),
  number: z.string(),
  language: z.string(),
  requestedAt: epochMs,
  dueBy: epochMs.meta({ description: 'When it is over, unless the customer was reached.' }),
  dueByIso: isoTime,
  notBefore: epochMs.meta({ description: 'Its turn does not come before this time; 0: at any.' }),
  keepPlaceFrom: epochMs.nullable().meta({ description: 'The place in the queue: since when the caller has waited.' }),
  require: list(requirement),
  priority: z.number(),
  state,
  tries: z.int().meta({ description: 'How often the number was dialled.' }),
  closedAt: epochMs.nullable(),
  closedBy: z.string().nullable().meta({ description: 'The agent, the token or the call that closed it.' }),
});

export const newCallback = z.strictObject({
  queue: id.meta({ description: 'The queue whose agents make it.' }),
  number: text(40).min(1),
  dueBy: moment.meta({ description: 'When it is over, unless the customer was reached.' }),
  notBefore: moment.default(0),
  language: language.default('en').meta({ description: 'What he is to be spoken with in.' }),
  priority: z.int().min(-86_400).max(86_400).default(0).meta({ description: 'Seconds of credit in the queue.' }),
  agentId: id
    .nullable()
    .default(null)
    .meta({ description: 'Rung before anybody else while he is there; null: whoever is free.' }),
});

export const callbackChange = z
  .strictObject({ dueBy: moment.optional(), notBefore: moment.optional() })
  .refine(
    ({ dueBy, notBefore }) => dueBy !== undefined || notBefore !== undefined,
    'give `dueBy`, `notBefore`, or both',
  );
