import type { EpochMs } from '../call/ids.ts';
import type { WorkFact } from '../call/work-facts.ts';
import type { FollowUp } from './follow-up.ts';
import { promiseOf } from './follow-up-due.ts';
import { type FollowUpRules, type Owner, ownerName, sameOwner } from './follow-up-rules.ts';

/** A promise as it is made. What is left out is nothing, 0 for the priority. */
export interface FollowUpWish {
  /** What kind of work: `task`, `approval`, … small letters, digits and `-`. */
  readonly kind: string;
  /** What is to be done and why, in a sentence. */
  readonly reason: string;
  readonly owner: Owner;
  readonly dueAt: EpochMs;
  readonly priority?: number;
  readonly callId?: string | null;
  readonly ani?: string | null;
  readonly customerId?: string | null;
  readonly campaignId?: string | null;
  readonly leadId?: string | null;
  readonly data?: Readonly<Record<string, string>>;
}

export type FollowUpCommand =
  | { readonly type: 'assign'; readonly to: Owner; readonly note: string | null }
  | { readonly type: 'note'; readonly note: string }
  | { readonly type: 'put-off'; readonly dueAt: EpochMs; readonly note: string | null }
  | { readonly type: 'close'; readonly outcome: string; readonly note: string | null }
  /** `dueAt` null: as it was. */
  | { readonly type: 'reopen'; readonly dueAt: EpochMs | null; readonly note: string | null };

export type FollowUpDecision =
  | { readonly ok: true; readonly facts: readonly WorkFact[] }
  | { readonly ok: false; readonly why: 'conflict' | 'invalid'; readonly sentence: string };

/** What is known of who may own something. */
export interface Owners {
  readonly rules: FollowUpRules;
  readonly isAgent: (id: string) => boolean;
}

/** What a follow-up may hold: a work item is no archive. Lengths are characters. */
export const MOST = { reason: 500, note: 2_000, id: 100, fields: 32, value: 500, days: 1_830, facts: 1_000 } as const;
export const KIND = /^[a-z][a-z0-9-]{0,39}$/u;
export const FIELD = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/u;
export const TOP_PRIORITY = 9;
/** Open callbacks are shown as follow-ups of this kind, and are made by promising one. */
export const CALLBACK = 'callback';

const DAY_MS = 86_400_000;

/** Makes a promise; `id` is its name from now on. */
export function createFollowUp(
  id: string,
  wish: FollowUpWish,
  by: string,
  owners: Owners,
  now: EpochMs,
): FollowUpDecision {
  const fault = wishFault(wish) ?? timeFault(wish.dueAt, now) ?? ownerFault(wish.owner, owners);
  if (fault !== null) return invalid(fault);
  const { kind, reason, owner, dueAt, priority = 0, callId = null, data = {} } = wish;
  const { ani = null, customerId = null, campaignId = null, leadId = null } = wish;
  const promise = { followUpId: id, kind, reason, owner, dueAt, callId };
  const about = { priority, ani, customerId, campaignId, leadId, data };
  return fact({ type: 'followup.created', data: { ...promise, ...about, by } });
}

/** What a command does to a follow-up. No facts: it is so already. */
export function decideFollowUp(
  followUp: FollowUp,
  command: FollowUpCommand,
  by: string,
  owners: Owners,
  now: EpochMs,
): FollowUpDecision {
  const { id, state, outcome, closedBy, seq } = followUp;
  if (command.note !== null && command.note.length > MOST.note)
    return invalid(`A note has ${MOST.note} characters at most.`);
  if (seq >= MOST.facts && command.type !== 'close')
    return conflict(`Follow-up ${id} has too long a history: close it and make another.`);
  if (command.type === 'note')
    return fact({ type: 'followup.noted', data: { followUpId: id, note: command.note, by } });
  if (command.type === 'reopen') return reopened(followUp, command, by, now);
  if (state === 'closed') return conflict(`Follow-up ${id} was closed by ${closedBy}: ${outcome}.`);
  return ofOpen(followUp, command, by, owners, now);
}

type OfOpen = Exclude<FollowUpCommand, { readonly type: 'note' | 'reopen' }>;

function ofOpen(followUp: FollowUp, command: OfOpen, by: string, owners: Owners, now: EpochMs): FollowUpDecision {
  const promise = promiseOf(followUp);
  const { note } = command;
  switch (command.type) {
    case 'assign': {
      const fault = ownerFault(command.to, owners);
      if (fault !== null) return invalid(fault);
      if (sameOwner(followUp.owner, command.to)) return NOTHING;
      const data = { ...promise, owner: command.to, from: followUp.owner, note, by };
      return fact({ type: 'followup.assigned', data });
    }
    case 'put-off': {
      const { dueAt } = command;
      if (dueAt === followUp.dueAt) return NOTHING;
      const fault = aheadFault(dueAt, now);
      if (fault !== null) return invalid(fault);
      return fact({ type: 'followup.put-off', data: { ...promise, dueAt, previous: followUp.dueAt, note, by } });
    }
    case 'close': {
      const { outcome } = command;
      if (!KIND.test(outcome)) return invalid('An outcome is small letters, digits and `-`, like `refunded`.');
      const lateMs = Math.max(0, now - followUp.dueAt);
      return fact({ type: 'followup.closed', data: { ...promise, outcome, note, lateMs, by } });
    }
  }
}

function reopened(
  followUp: FollowUp,
  { dueAt, note }: FollowUpCommand & { readonly type: 'reopen' },
  by: string,
  now: EpochMs,
): FollowUpDecision {
  if (followUp.state === 'open') return conflict(`Follow-up ${followUp.id} is open.`);
  const fault = dueAt === null ? null : aheadFault(dueAt, now);
  if (fault !== null) return invalid(fault);
  const promise = { ...promiseOf(followUp), dueAt: dueAt ?? followUp.dueAt };
  return fact({ type: 'followup.reopened', data: { ...promise, note, by } });
}

function wishFault({ kind, reason, priority = 0, data = {}, ...about }: FollowUpWish): string | null {
  const { callId, ani, customerId, campaignId, leadId } = about;
  const ids = [callId, ani, customerId, campaignId, leadId].map((id) => id ?? '');
  if (!KIND.test(kind)) return 'A kind is small letters, digits and `-`, like `approval`.';
  if (kind === CALLBACK) return 'A callback is promised in a queue, and is shown among the follow-ups by itself.';
  if (reason.trim() === '' || reason.length > MOST.reason) return `A reason has 1 to ${MOST.reason} characters.`;
  if (!Number.isInteger(priority) || priority < 0 || priority > TOP_PRIORITY)
    return `A priority is 0 to ${TOP_PRIORITY}.`;
  if (ids.some((id) => id.length > MOST.id)) return `Ids and numbers have ${MOST.id} characters at most.`;
  return dataFault(data);
}

function dataFault(data: Readonly<Record<string, string>>): string | null {
  const rows = Object.entries(data);
  if (rows.length > MOST.fields) return `There are ${MOST.fields} fields of data at most.`;
  if (rows.some(([field]) => !FIELD.test(field))) return 'A field of data is named like `orderId`.';
  const long = rows.find(([, value]) => value.length > MOST.value);
  return long ? `The field ${long[0]} has ${MOST.value} characters at most.` : null;
}

/** What is made late is overdue at once. */
const timeFault = (dueAt: EpochMs, now: EpochMs): string | null =>
  Number.isSafeInteger(dueAt) && dueAt >= 0 && dueAt <= now + MOST.days * DAY_MS
    ? null
    : 'Its due time is more than five years ahead, or no time.';

const aheadFault = (dueAt: EpochMs, now: EpochMs): string | null =>
  timeFault(dueAt, now) ?? (dueAt > now ? null : 'Its due time has passed: name one that is ahead.');

function ownerFault(owner: Owner, { rules, isAgent }: Owners): string | null {
  const { kind, id } = owner;
  const known = kind === 'agent' ? isAgent(id) : kind === 'team' ? rules.teams.has(id) : rules.departments.has(id);
  if (known) return null;
  const cure =
    kind === 'agent' ? 'he is in no agents file and was not made over the API' : 'add it to site/follow-ups.yaml';
  return `There is no ${ownerName(owner)}: ${cure}.`;
}

const NOTHING = { ok: true, facts: [] } as const;
const fact = (one: WorkFact): FollowUpDecision => ({ ok: true, facts: [one] });
const invalid = (sentence: string) => ({ ok: false, why: 'invalid', sentence }) as const;
const conflict = (sentence: string) => ({ ok: false, why: 'conflict', sentence }) as const;
