import type { FactType } from '../call/journal.ts';
import type { PersonWords } from './erase-words.ts';

/** What becomes of a field of an event about an erased person; what is not said here loses his numbers and ids and nothing else. */
type Clear = (value: unknown) => unknown;

const GONE = '(erased)';
const words: Clear = (value) => (typeof value === 'string' ? GONE : value);
const digits: Clear = (value) => (typeof value === 'string' ? '*'.repeat(value.length) : value);
const nothing: Clear = () => null;
const asItIs: Clear = (value) => value;
const empty: Clear = () => ({});
/** Of what a flow emitted only what makes it a sum: minor units and their currency. */
const sumOf: Clear = (value) => {
  const { amount, currency } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isSum = typeof amount === 'number' && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency);
  return isSum ? { amount, currency } : {};
};
/** Sums, scores and moments stay: key figures are counted from them. */
const textsOf: Clear = (value) =>
  value === null || typeof value !== 'object'
    ? value
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, words(each)]));

/**
 * Fields that hold what a person said, keyed or is known by: beside his number, which is looked for in every text. A test walks
 * the catalogue and fails when a field is neither here nor known to hold nothing personal; docs/erase.md names each.
 */
export const PERSONAL_FIELDS: { readonly [T in FactType]?: Readonly<Record<string, Clear>> } = {
  'flow.input.received': { digits },
  'flow.asked': { data: empty },
  'flow.emitted': { data: sumOf },
  'survey.answered': { answer: words },
  'call.disposed': { values: textsOf },
  'campaign.preview.offered': { fields: empty },
  'campaign.preview.ended': { why: words },
  'attempt.started': { lead: () => ({ externalId: null, name: null, fields: {} }) },
  'campaign.call.asked': { reason: words, reference: words },
  'campaign.call.refused': { reason: words, reference: words },
  'dnc.added': { reason: words },
  'dnc.removed': { reason: words },
  'followup.created': { reason: words, customerId: nothing, data: empty },
  'followup.assigned': { reason: words, note: words },
  'followup.noted': { note: words },
  'followup.put-off': { reason: words, note: words },
  'followup.due-soon': { reason: words },
  'followup.overdue': { reason: words },
  'followup.escalated': { reason: words },
  'followup.closed': { reason: words, note: words },
  'followup.reopened': { reason: words, note: words },
};

const isPersonal = (type: string): type is keyof typeof PERSONAL_FIELDS => Object.hasOwn(PERSONAL_FIELDS, type);

/** An event as any version of Callwright has written it. */
interface Told {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const clear = (data: Told['data'], fields: Readonly<Record<string, Clear>>): Told['data'] =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, (fields[name] ?? asItIs)(value)]));

/** Facts about a person that hold no id of his: they are his when his number stands in their words. */
const IDLESS = new Set<string>(['campaign.call.refused' satisfies FactType]);
const names = (data: Told['data'], person: PersonWords): boolean =>
  JSON.stringify(person.withoutIn(data)) !== JSON.stringify(data);

/** An event without the person. `own` are ids of his calls, leads and what hangs on them. */
function withoutPerson<T extends Told>(told: T, person: PersonWords, own: ReadonlySet<string>): T {
  const isOwn = idsOf(told).some((id) => own.has(id)) || (IDLESS.has(told.type) && names(told.data, person));
  const cleared = isOwn && isPersonal(told.type) ? clear(told.data, PERSONAL_FIELDS[told.type] ?? {}) : told.data;
  return { ...told, data: person.withoutIn(cleared) };
}

/** The same for an event as it is stored; what is no JSON loses the number and no more. */
export function textWithoutPerson(text: string, person: PersonWords, own: ReadonlySet<string>): string {
  const told = toldOf(text);
  if (!told) return person.without(text);
  const after = JSON.stringify(withoutPerson(told, person, own));
  // Only what is really another is written again: key order and spaces are the writer's.
  return after === JSON.stringify(told) ? text : after;
}

const OPENS = {
  'call.arrived': (data: Told['data']) => [data['direction'] === 'outbound' ? data['dnis'] : data['ani']],
  'attempt.started': (data: Told['data']) => [data['number']],
  'campaign.preview.offered': (data: Told['data']) => [data['number']],
  'callback.requested': (data: Told['data']) => [data['number']],
  'followup.created': (data: Told['data']) => [data['ani'], data['customerId']],
} as const satisfies { readonly [T in FactType]?: unknown };

const opens = (type: string): type is keyof typeof OPENS => Object.hasOwn(OPENS, type);

/** What an event shows to be the person's. */
export interface Shown {
  readonly calls: readonly string[];
  /** Those calls, and leads, callbacks, follow-ups. */
  readonly ids: readonly string[];
}

/** Null: it is not of the person, and was not of him before an earlier erasure. */
export function shownBy(text: string, person: PersonWords): Shown | null {
  const told = toldOf(text);
  if (!told || !opens(told.type)) return null;
  const isHis = OPENS[told.type](told.data).some((value) => typeof value === 'string' && person.are(value));
  if (!isHis) return null;
  const [kind, id] = told.subject.split('/');
  const call = kind === 'call' ? id : told.data['callId'];
  return { calls: typeof call === 'string' ? [call] : [], ids: idsOf(told) };
}

const ID_FIELDS = ['callId', 'leadId', 'attemptId', 'callbackId', 'messageId', 'recordingId', 'followUpId', 'entryId'];
/** Of these the subject tells whose an event is; a campaign or a queue is nobody's. */
const OWN_SUBJECTS = new Set(['call', 'voicemail', 'callback', 'recording', 'followup', 'dnc']);

function idsOf({ subject, data }: Told): readonly string[] {
  const [kind = '', ...rest] = subject.split('/');
  const fields = ID_FIELDS.map((name) => data[name]).filter((id) => typeof id === 'string');
  return OWN_SUBJECTS.has(kind) ? [rest.join('/'), ...fields] : fields;
}

function toldOf(text: string): Told | null {
  try {
    const value = JSON.parse(text) as Told;
    return typeof value === 'object' && typeof value?.type === 'string' && typeof value.data === 'object'
      ? value
      : null;
  } catch {
    return null;
  }
}
