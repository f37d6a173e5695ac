import type { CampaignId, EpochMs } from '../../call/ids.ts';
import { DNC_KINDS, DNC_SOURCES, type DncEntry, type DncHit, type DncSource } from '../../dialer/dnc.ts';
import type { Answer } from './service.ts';

export { DNC_KINDS, DNC_SOURCES };
export type { DncEntry };

/** The file becomes the list, or is added to it. */
export const DNC_MODES = ['replace', 'merge'] as const;
type DncMode = (typeof DNC_MODES)[number];

/** One import: what a list held from then on. */
export interface DncVersion {
  readonly id: string;
  readonly listId: string;
  readonly mode: DncMode;
  readonly fileName: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly fileHash: string;
  readonly importedAt: EpochMs;
  readonly by: string;
  /** Of the file: its numbers, doubles counted, and the rows that hold none. */
  readonly rows: number;
  readonly rejected: number;
  /** Of the list, each once. */
  readonly numbers: number;
  readonly bytes: number;
  /** SHA-256 of the list as it is written down, by which a damaged one is noticed. */
  readonly hash: string;
}

export interface DncList {
  readonly id: string;
  readonly name: string;
  /** Null: for all campaigns. */
  readonly campaignId: CampaignId | null;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
  /** In force; null: nothing was imported yet. */
  readonly version: DncVersion | null;
}

interface DncEnd {
  readonly at: EpochMs;
  readonly by: string;
  readonly reason: string;
}

/**
 * Do-not-call entries and lists, for good and for all processes. Guarantees:
 *
 * - What has resolved is durable, and every process reads it.
 * - Of entries in force that say the same there is one.
 * - A list changes from one version to the next as a whole: whoever reads it meanwhile finds one of them, or learns that it
 *   is gone, and never a mixture.
 */
export interface DncStore {
  /** The secret by which numbers of erased persons are hashed, the same for all processes: this one, if there is none yet. */
  dncSalt(fresh: string): Promise<string>;

  /** Gives the entry in force: this one, or an earlier one that says the same. */
  addDncEntry(entry: DncEntry): Promise<DncEntry>;
  /** Null: it is not there, or not in force any more. */
  endDncEntry(id: string, end: DncEnd): Promise<DncEntry | null>;
  dncEntry(id: string): Promise<DncEntry | null>;
  /** Newest first, those too that are not in force any more. */
  dncEntries(query: {
    readonly key: string | null;
    readonly before: string | null;
    readonly limit: number;
  }): Promise<readonly DncEntry[]>;
  /** In force, by id; `after` is the last one read. */
  dncInForce(after: string | null, limit: number): Promise<readonly DncEntry[]>;
  /** Added or ended at that time or later. */
  dncChangedSince(at: EpochMs): Promise<readonly DncEntry[]>;
  /** Entries of the number become entries of its hash, and nothing is left that has the number. Gives what became of it. */
  eraseDncNumber(
    digits: string,
    hash: string,
  ): Promise<{
    readonly gone: readonly string[];
    readonly kept: readonly DncEntry[];
  }>;

  /** False: a list has that name already. */
  createDncList(list: DncList): Promise<boolean>;
  dncList(id: string): Promise<DncList | null>;
  dncLists(): Promise<readonly DncList[]>;
  /** With everything that was imported into it. */
  removeDncList(id: string): Promise<boolean>;
  /** Newest first. */
  dncVersions(listId: string, limit: number): Promise<readonly DncVersion[]>;
  /** Puts away a part of what is to be a version; of nobody until `publishDncVersion`. */
  saveDncPart(versionId: string, part: number, bytes: Uint8Array, at: EpochMs): Promise<void>;
  /** Null: there is none, or its version is gone. */
  dncPart(versionId: string, part: number): Promise<Uint8Array | null>;
  /** The version is in force; false, and nothing changed, when another than `instead` was by now. */
  publishDncVersion(version: DncVersion, instead: string | null): Promise<boolean>;
  /** Forgets parts, put away before then, that belong to no version in force: of imports that came to no end. */
  tidyDncParts(before: EpochMs): Promise<void>;
}

export interface DncListView extends DncList {
  /** As this process has it: `read`, `reading`, or `unread` (then nobody may be dialled that it concerns). */
  readonly state: 'read' | 'reading' | 'unread';
  /** Bytes it takes in memory. */
  readonly memory: number;
  /** An import that this process is at. */
  readonly importing: DncProgress | null;
}

interface DncProgress {
  readonly since: EpochMs;
  readonly by: string;
  readonly bytes: number;
  readonly rows: number;
  readonly rejected: number;
}

export interface DncImport {
  readonly version: DncVersion;
  /** The first of the rows that hold no number. */
  readonly errors: readonly { readonly line: number; readonly problem: string }[];
}

export interface DncImportOrder {
  readonly mode: DncMode;
  readonly fileName: string;
  /** Null: a text with one number a line; else CSV with a header line, and the numbers in this column. */
  readonly column: string | null;
  /** ISO 3166; of numbers without `+`. Null: such numbers are refused. */
  readonly country: string | null;
  readonly by: string;
}

export interface NewDncEntry {
  /** A number, or the first digits of numbers, in E.164. */
  readonly what: { readonly number: string } | { readonly prefix: string };
  readonly campaignId: CampaignId | null;
  readonly reason: string;
  readonly source: DncSource;
  readonly by: string;
}

/** What the outside does with those who are not to be called. Refusals are values with a sentence. */
export interface DncDesk {
  /** Every reason why the number is not to be called, for a campaign or (null) for any. */
  check(number: string, campaignId: CampaignId | null): Answer<readonly DncHit[]>;
  /** In force, everywhere, when it resolves: calls that still ring at such a number were given up. */
  add(entry: NewDncEntry): Promise<Answer<{ readonly entry: DncEntry; readonly givenUp: number }>>;
  remove(id: string, reason: string, by: string): Promise<Answer<DncEntry>>;
  /** The number may be called though the list has it, until the list is replaced. */
  except(listId: string, number: string, reason: string, by: string): Promise<Answer<DncEntry>>;
  entries(query: {
    readonly number: string | null;
    readonly before: string | null;
    readonly limit: number;
  }): Promise<Answer<readonly DncEntry[]>>;
  /** Of a person who is erased: his entries survive as a salted hash. Gives how many. */
  erase(number: string, by: string): Promise<Answer<number>>;

  lists(): Promise<readonly DncListView[]>;
  list(id: string): Promise<DncListView | null>;
  versions(listId: string, limit: number): Promise<readonly DncVersion[]>;
  createList(name: string, campaignId: CampaignId | null, by: string): Promise<Answer<DncListView>>;
  removeList(id: string, by: string): Promise<Answer>;
  importList(id: string, file: AsyncIterable<Uint8Array>, order: DncImportOrder): Promise<Answer<DncImport>>;
}
