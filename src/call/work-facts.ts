import { z } from 'zod';
import { ms } from './fact-words.ts';

/** Who has to keep a promise: one agent, a team, or a department of teams. */
export const OWNER_KINDS = ['agent', 'team', 'department'] as const;

const owner = z.strictObject({ kind: z.enum(OWNER_KINDS), id: z.string() });
/** What an alarm says, so that nobody has to ask back: which promise, about which call, whose, until when. */
const promise = {
  followUpId: z.string(),
  kind: z.string(),
  reason: z.string(),
  owner,
  dueAt: z.number(),
  callId: z.string().nullable(),
};
/** Name of the agent or token, `flow`, or whatever else acted. */
const by = z.string();

/** How the call of a follow-up can end; `lost`: nobody knows any more. */
export const CALL_ENDS = ['reached', 'failed', 'expired', 'cancelled', 'withdrawn', 'lost'] as const;

const call = { followUpId: z.string(), callbackId: z.string(), agentId: z.string().nullable() };

/** What is recorded of work that was promised to somebody. */
export const WORK_FACTS = {
  'followup.created': z.strictObject({
    ...promise,
    priority: z.int(),
    /** The caller: personal data. */
    ani: z.string().nullable(),
    customerId: z.string().nullable(),
    campaignId: z.string().nullable(),
    leadId: z.string().nullable(),
    data: z.record(z.string(), z.string()),
    by,
  }),
  'followup.assigned': z.strictObject({ ...promise, from: owner, note: z.string().nullable(), by }),
  'followup.noted': z.strictObject({ followUpId: z.string(), note: z.string(), by }),
  'followup.put-off': z.strictObject({ ...promise, previous: z.number(), note: z.string().nullable(), by }),
  'followup.due-soon': z.strictObject(promise),
  'followup.overdue': z.strictObject(promise),
  'followup.escalated': z.strictObject({
    ...promise,
    /** Whose it was; the same as `owner` where the step hands it to nobody else. */
    from: owner,
    /** The step of the rules: so long after it is due, negative before. */
    afterMs: z.int(),
    alarm: z.boolean(),
  }),
  'followup.closed': z.strictObject({
    ...promise,
    outcome: z.string(),
    note: z.string().nullable(),
    /** 0: in time. */
    lateMs: ms,
    by,
  }),
  /** Its owner and its caller are to be brought together by that callback. */
  'followup.called': z.strictObject({ followUpId: z.string(), callbackId: z.string(), queue: z.string(), by }),
  'followup.call.tried': z.strictObject({
    ...call,
    /** Why it came to nothing: `busy`, `no-answer`, … */
    why: z.string(),
    /** Null: there is no further try. */
    retryAt: z.number().nullable(),
  }),
  'followup.call.ended': z.strictObject({ ...call, outcome: z.enum(CALL_ENDS) }),
  'followup.reopened': z.strictObject({ ...promise, note: z.string().nullable(), by }),
} as const;

export type WorkFactType = keyof typeof WORK_FACTS;
export type WorkFact = {
  [T in WorkFactType]: { readonly type: T; readonly data: z.output<(typeof WORK_FACTS)[T]> };
}[WorkFactType];
