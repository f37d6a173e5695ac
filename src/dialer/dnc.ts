import type { CampaignId, EpochMs } from '../call/ids.ts';
import type { NumberSet } from './dnc-set.ts';

/**
 * What an entry says: do not call this number, or any that begins so, or the one that has this hash (of a person who was
 * erased); or, with `except`, that a number is to be called though a list has it.
 */
export const DNC_KINDS = ['number', 'prefix', 'hash', 'except'] as const;
export type DncKind = (typeof DNC_KINDS)[number];

/** Who asked: through the API, an agent for the customer, the called person by a key, or the erasure of a person. */
export const DNC_SOURCES = ['api', 'agent', 'caller', 'erasure'] as const;
export type DncSource = (typeof DNC_SOURCES)[number];

export interface DncEntry {
  readonly id: string;
  readonly kind: DncKind;
  /** Digits of E.164 without `+`, all of them or the first; of kind `hash` the hash. */
  readonly key: string;
  /** The list that an `except` is about. */
  readonly listId: string | null;
  /** Null: for all campaigns. */
  readonly campaignId: CampaignId | null;
  readonly reason: string;
  readonly source: DncSource;
  readonly by: string;
  readonly addedAt: EpochMs;
  readonly removedAt: EpochMs | null;
  readonly removedBy: string | null;
  readonly removedReason: string | null;
}

/** An imported list in memory. */
export interface DncNumbers {
  readonly id: string;
  readonly name: string;
  readonly campaignId: CampaignId | null;
  /** When its present version was imported; null: it is empty as yet. */
  readonly since: EpochMs | null;
  /** Null: it could not be read, so that nobody knows who is on it. */
  readonly numbers: NumberSet | null;
}

/** Everything that is known, in memory: no question waits for anything. */
export interface DncLists {
  /** False until everything was read. */
  readonly ready: boolean;
  readonly lists: Iterable<DncNumbers>;
  entries(kind: DncKind, key: string): readonly DncEntry[];
  /** Lengths that prefixes in force have. */
  prefixLengths(): Iterable<number>;
  /** Of digits; null while no entry is a hash. */
  hashOf(digits: string): string | null;
}

/** Why a number may not be called. `unread` and `not-ready`: nobody can say that it may. */
export interface DncHit {
  readonly kind: 'number' | 'prefix' | 'hash' | 'list' | 'unread' | 'not-ready';
  /** For people: the name of the list, or what the entry is. */
  readonly name: string;
  readonly id: string | null;
  readonly campaignId: CampaignId | null;
  readonly since: EpochMs | null;
  readonly reason: string | null;
  readonly source: DncSource | 'import' | null;
}

/** Asks for every campaign. */
export const ANY_CAMPAIGN = Symbol('any campaign');

const E164 = /^\+?([1-9]\d{3,14})$/;
/** The first digits of E.164: a country code at least begins. */
const PREFIX = /^\+?([1-9]\d{0,13})$/;

/** The digits of a number in E.164 (ITU-T); null: it is none. */
export const dncDigits = (number: string): string | null => E164.exec(number)?.[1] ?? null;

export const dncPrefix = (prefix: string): string | null => PREFIX.exec(prefix)?.[1] ?? null;

const NOT_READY: DncHit = {
  kind: 'not-ready',
  name: 'the lists are still being read',
  id: null,
  campaignId: null,
  since: null,
  reason: null,
  source: null,
};

/**
 * Every entry and list by which the number must not be called for that campaign; none: it may be, as far as this goes. What
 * cannot be answered counts as a hit, so that a fault never lets a call through (47 CFR 64.1200(c)(2), (d)).
 */
export function dncHits(
  number: string,
  campaign: CampaignId | typeof ANY_CAMPAIGN,
  lists: DncLists,
): readonly DncHit[] {
  if (!lists.ready) return [NOT_READY];
  const digits = dncDigits(number);
  if (digits === null) return [];
  const concerns = ({ campaignId }: { readonly campaignId: CampaignId | null }) =>
    campaignId === null || campaign === ANY_CAMPAIGN || campaignId === campaign;
  const entries = [...lists.entries('number', digits), ...prefixed(digits, lists), ...hashed(digits, lists)];
  return [...entries.filter(concerns).map(entryHit), ...listed(digits, lists).filter(concerns)];
}

function prefixed(digits: string, lists: DncLists): readonly DncEntry[] {
  return [...lists.prefixLengths()].flatMap((length) =>
    length > digits.length ? [] : lists.entries('prefix', digits.slice(0, length)),
  );
}

function hashed(digits: string, lists: DncLists): readonly DncEntry[] {
  const hash = lists.hashOf(digits);
  return hash === null ? [] : lists.entries('hash', hash);
}

function listed(digits: string, lists: DncLists): readonly DncHit[] {
  const hits: DncHit[] = [];
  for (const list of lists.lists) {
    if (list.numbers === null) hits.push(listHit(list, 'unread'));
    else if (list.numbers.has(Number(digits)) && !isExcept(digits, list, lists)) hits.push(listHit(list, 'list'));
  }
  return hits;
}

const isExcept = (digits: string, { id }: DncNumbers, lists: DncLists) =>
  lists.entries('except', digits).some(({ listId }) => listId === id);

const listHit = ({ id, name, campaignId, since }: DncNumbers, kind: 'list' | 'unread'): DncHit => ({
  kind,
  name: kind === 'list' ? name : `${name}, which could not be read`,
  id,
  campaignId,
  since,
  reason: null,
  source: 'import',
});

const ENTRY_NAMES = {
  prefix: 'a prefix',
  hash: 'an erased person',
  number: 'the do-not-call list of the house',
  except: '',
} as const;

const entryHit = ({ kind, id, campaignId, addedAt, reason, source }: DncEntry): DncHit => ({
  kind: kind === 'except' ? 'number' : kind,
  name: ENTRY_NAMES[kind],
  id,
  campaignId,
  since: addedAt,
  reason,
  source,
});
