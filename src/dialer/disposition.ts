import type { AgentId, EpochMs, Language } from '../call/ids.ts';
import { type FieldFault, type FieldRule, type FieldValue, readFields } from './disposition-fields.ts';

/** What an agent says became of a talk. */
export interface Disposition {
  readonly name: string;
  /** By language. */
  readonly labels: Readonly<Record<Language, string>>;
  readonly meaning: Meaning;
  /** What the agent has to say besides, those of the meaning not included. */
  readonly fields: readonly FieldRule[];
  /** Counters of quotas that go up by one. */
  readonly counts: readonly string[];
  /** Left out: it leaves nothing to anybody. */
  readonly followUp?: LeftWork;
}

/** A follow-up that a word makes, for a caller of a queue or a lead. */
export interface LeftWork {
  readonly kind: string;
  /** Null: the agent who talked. */
  readonly owner: { readonly kind: 'agent' | 'team' | 'department'; readonly id: string } | null;
  readonly withinMs: number;
  /** Null: the words of the disposition. */
  readonly reason: string | null;
  /** 0–9; 9 is the most urgent. */
  readonly priority: number;
}

export type Meaning =
  | { readonly kind: 'success' | 'refusal' }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly number: 'same' | 'next' }
  /** `waitMs`: how long the agent is waited for when he is away at the time; `withinMs`: how far ahead a promise may be. */
  | { readonly kind: 'callback'; readonly waitMs: number; readonly withinMs: number }
  /** No more calls, of this campaign or of the house, to the number that was called or to all of the lead. */
  | { readonly kind: 'dnc'; readonly scope: 'campaign' | 'all'; readonly numbers: 'called' | 'all' }
  | { readonly kind: 'payment'; readonly currency: string; readonly withinMs: number }
  /** The agent got a machine: the detector had let it through. */
  | { readonly kind: 'machine'; readonly afterMs: number; readonly number: 'same' | 'next' };

/** The lead as it stands when its talk is over. */
export interface DisposedLead {
  /** The dial that is being disposed of included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** IANA zone for dates without a time; null: UTC. */
  readonly zone: string | null;
  /** Who talked with him. */
  readonly agentId: AgentId;
  /** The first moment from this one on at which the lead may be dialled; null: there will be none. */
  readonly nextAllowed: (at: EpochMs) => EpochMs | null;
}

type FollowOn =
  | { readonly type: 'dnc'; readonly scope: 'campaign' | 'all'; readonly numbers: 'called' | 'all' }
  /** `agentId` null: to whoever of the team is free. */
  | { readonly type: 'callback'; readonly at: EpochMs; readonly agentId: AgentId | null; readonly waitMs: number }
  /** `amount` in minor units (cents), `due` a date. */
  | { readonly type: 'payment'; readonly amount: number; readonly currency: string; readonly due: string }
  /** To the estimate of what the detector misses; this answer was not a live one. */
  | { readonly type: 'missed-machine' }
  | { readonly type: 'count'; readonly quota: string };

export type Disposed =
  | {
      readonly ok: true;
      readonly lead:
        | { readonly status: 'done'; readonly why: string }
        | {
            readonly status: 'pending';
            readonly notBefore: EpochMs;
            readonly number: 'same' | 'next';
            readonly why: string;
          };
      readonly follow: readonly FollowOn[];
      /** The agent's values as they were understood. */
      readonly values: Readonly<Record<string, FieldValue>>;
    }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

type Ending = Pick<Extract<Disposed, { ok: true }>, 'lead' | 'follow'>;

/**
 * What becomes of a lead by the agent's word, and what else has to be done. Nothing is done by halves: with a value missing
 * or wrong, nothing follows. A retry beyond the campaign's last attempt, or with no allowed hour left, ends the lead; a
 * callback is a promise, and is kept beyond the last attempt; one for an hour at which the lead may not be dialled is refused,
 * so that the agent can agree on another while he still has the person in mind.
 */
export function applyDisposition(
  { name, meaning, fields, counts }: Disposition,
  values: Readonly<Record<string, unknown>>,
  lead: DisposedLead,
  now: EpochMs,
): Disposed {
  const read = readFields([...fieldsOf(meaning), ...fields], values, { now, zone: lead.zone ?? 'UTC' });
  if (!read.ok) return read;
  const closed = meaning.kind === 'callback' ? closedAt(Number(read.values['at']), lead) : null;
  if (closed) return { ok: false, faults: [{ field: 'at', sentence: closed }] };
  const { lead: next, follow } = endingOf(name, meaning, read.values, lead, now);
  const counted = counts.map((quota) => ({ type: 'count', quota }) as const);
  return { ok: true, lead: next, follow: [...follow, ...counted], values: read.values };
}

/** What a meaning asks for by itself. */
export function fieldsOf(meaning: Meaning): readonly FieldRule[] {
  const own = { labels: {}, required: true } as const;
  if (meaning.kind === 'callback') {
    const who = { name: 'for', type: 'choice', labels: {}, required: false, choices: ['agent', 'team'] } as const;
    return [{ ...own, name: 'at', type: 'time', withinMs: meaning.withinMs }, who];
  }
  if (meaning.kind !== 'payment') return [];
  const { currency, withinMs } = meaning;
  return [
    { ...own, name: 'amount', type: 'money', currency },
    { ...own, name: 'due', type: 'date', withinMs },
  ];
}

function endingOf(
  name: string,
  meaning: Meaning,
  values: Readonly<Record<string, FieldValue>>,
  lead: DisposedLead,
  now: EpochMs,
): Ending {
  const done = (...follow: readonly FollowOn[]): Ending => ({
    lead: { status: 'done', why: `The agent said “${name}”.` },
    follow,
  });
  switch (meaning.kind) {
    case 'success':
    case 'refusal':
      return done();
    case 'dnc':
      return done({ type: 'dnc', scope: meaning.scope, numbers: meaning.numbers });
    case 'payment': {
      const [amount, due] = [Number(values['amount']), String(values['due'])];
      return done({ type: 'payment', amount, currency: meaning.currency, due });
    }
    case 'retry':
      return { lead: laterOf(name, meaning, lead, now), follow: [] };
    case 'machine':
      return { lead: laterOf(name, meaning, lead, now), follow: [{ type: 'missed-machine' }] };
    case 'callback':
      return promised(name, meaning.waitMs, values, lead);
  }
}

function laterOf(
  name: string,
  { afterMs, number }: { readonly afterMs: number; readonly number: 'same' | 'next' },
  { attempts, maxAttempts, nextAllowed }: DisposedLead,
  now: EpochMs,
): Ending['lead'] {
  const said = `The agent said “${name}”`;
  if (attempts >= maxAttempts) return { status: 'done', why: `${said}, and it was dialled ${maxAttempts} times.` };
  const notBefore = nextAllowed(now + afterMs);
  if (notBefore === null) return { status: 'done', why: `${said}, and there is no hour at which it may be dialled.` };
  return { status: 'pending', notBefore, number, why: `${said}: again later.` };
}

function promised(
  name: string,
  waitMs: number,
  values: Readonly<Record<string, FieldValue>>,
  { agentId }: DisposedLead,
): Ending {
  const at = Number(values['at']);
  const callback = { type: 'callback', at, agentId: values['for'] === 'team' ? null : agentId, waitMs } as const;
  const why = `The agent said “${name}”.`;
  return { lead: { status: 'pending', notBefore: at, number: 'same', why }, follow: [callback] };
}

/** Why a lead may not be promised a call at that time; null: it may. */
function closedAt(at: EpochMs, { zone, nextAllowed }: DisposedLead): string | null {
  const allowed = nextAllowed(at);
  if (allowed === at) return null;
  if (allowed === null) return 'at cannot be kept: there is no hour at which the lead may be dialled.';
  const there = Temporal.Instant.fromEpochMilliseconds(allowed).toZonedDateTimeISO(zone ?? 'UTC');
  const next = there.toString({ timeZoneName: 'never', smallestUnit: 'minute' });
  return `at is an hour at which the lead may not be dialled; the next is ${next}.`;
}

/** Its words in that language, or in the first that it has. */
export const labelOf = ({ name, labels }: Pick<Disposition, 'name' | 'labels'>, language: Language): string =>
  labels[language] ?? Object.values(labels)[0] ?? name;
