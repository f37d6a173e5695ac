import { z } from 'zod';
import { OWNER_KINDS, WORK_FACTS, type WorkFactType } from '../../call/work-facts.ts';
import type { AnyOwner } from '../../engine/ports/follow-ups.ts';
import { epochMs, id, isoTime, limitTo, list, moment, momentAsked, ms, text } from './common.ts';

/** Lengths are those of `src/work/follow-up-decide.ts`, which judges again; a test compares them. */
const kind = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/u, 'not small letters, digits and `-`');
const note = text(2_000).min(1).nullable().default(null);
const owner = z.strictObject({ kind: z.enum(OWNER_KINDS), id });
const about = text(100).min(1).nullable().default(null);

export const newFollowUp = z.strictObject({
  kind: kind.meta({ description: 'What kind of work, like `task` or `approval`. `callback` is refused.' }),
  reason: text(500).min(1),
  owner,
  dueAt: moment,
  priority: z.int().min(0).max(9).default(0).meta({ description: '9 is the most urgent.' }),
  callId: about.meta({ description: 'The call in which it was promised.' }),
  ani: about.meta({ description: 'Number of the caller.' }),
  customerId: about,
  campaignId: about,
  leadId: about,
  data: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/u), text(500))
    .default({})
    .meta({ description: 'Up to 32 fields.' }),
});

export const assignment = z.strictObject({ owner, note });
export const newNote = z.strictObject({ note: text(2_000).min(1) });
export const putOff = z.strictObject({ dueAt: moment, note });
export const closing = z.strictObject({ outcome: kind.meta({ description: 'Like `refunded`.' }), note });
export const reopening = z.strictObject({
  dueAt: moment.nullable().default(null).meta({ description: 'Null: as it was.' }),
  note,
});

const ANY_OWNER = /^(agent|team|department|queue):([A-Za-z0-9][A-Za-z0-9_.:@-]{0,99})$/u;

export const followUpQuery = z.strictObject({
  owner: z.string().regex(ANY_OWNER, 'not like `team:finance`').optional().meta({
    description: '`agent:ID`, `team:NAME`, `department:NAME`; `queue:NAME` for the callbacks that wait there.',
  }),
  state: z.enum(['open', 'closed']).optional(),
  dueBefore: momentAsked.optional(),
  callId: id.optional(),
  kind: kind.optional(),
  order: z.enum(['due', 'age']).default('due').meta({ description: 'The soonest due first, or the oldest.' }),
  limit: limitTo(200, 50),
  after: id.nullable().default(null).meta({ description: 'The `next` of the page before.' }),
});

/** `team:finance` as an owner. */
export function ownerOf(written: string): AnyOwner {
  const [, of = 'agent', name = ''] = ANY_OWNER.exec(written) ?? [];
  return { kind: of as AnyOwner['kind'], id: name };
}

const anyOwner = z.object({ kind: z.enum([...OWNER_KINDS, 'queue']), id: z.string() });

export const followUpView = z.object({
  id: z.string(),
  kind: z.string(),
  reason: z.string(),
  owner: anyOwner,
  dueAt: epochMs,
  dueAtIso: isoTime,
  priority: z.int(),
  state: z.enum(['open', 'closed']),
  isDueSoon: z.boolean().meta({ description: 'Its owner was told so; not any more when it is overdue.' }),
  isOverdue: z.boolean(),
  callId: z.string().nullable(),
  ani: z.string().nullable(),
  customerId: z.string().nullable(),
  campaignId: z.string().nullable(),
  leadId: z.string().nullable(),
  data: z.record(z.string(), z.string()).readonly(),
  createdAt: epochMs,
  createdBy: z.string().meta({ description: 'The agent, the token, or the flow.' }),
  changedAt: epochMs,
  outcome: z.string().nullable(),
  closedAt: epochMs.nullable(),
  closedBy: z.string().nullable(),
});

const types = Object.keys(WORK_FACTS) as [WorkFactType, ...WorkFactType[]];
const entry = z.object({
  seq: z.int(),
  at: epochMs,
  type: z.enum(types),
  data: z.record(z.string(), z.unknown()).readonly(),
});

export const followUpStory = z.object({
  followUp: followUpView,
  history: list(entry).meta({ description: 'Its events from the first: see docs/events.md.' }),
});

export const backlogs = z.object({
  items: list(
    z.object({
      owner: anyOwner,
      open: z.int(),
      overdue: z.int(),
      oldestAt: epochMs.meta({ description: 'When the oldest open one was made.' }),
      oldestMs: ms.meta({ description: 'How old that is.' }),
      nextDueAt: epochMs,
    }),
  ),
});
