import type { EpochMs } from '../../call/ids.ts';
import type { EventEdit } from './live-store.ts';
import type { Answer } from './service.ts';

/** Who is to be erased: numbers as anybody wrote them, and the ids under which lists know the person. */
export interface PersonKeys {
  readonly numbers: readonly string[];
  readonly customerIds: readonly string[];
}

/** A text to look for and what to write in its place; `pattern` is a regular expression in JavaScript and in Postgres alike. */
export interface Spelling {
  readonly text: string;
  readonly pattern: string;
  readonly alias: string;
}

/** Ids of what is a person's. */
export interface Belongings {
  readonly calls: readonly string[];
  readonly leads: readonly string[];
  readonly attempts: readonly string[];
  readonly callbacks: readonly string[];
  readonly voicemails: readonly string[];
  readonly recordings: readonly string[];
  readonly followUps: readonly string[];
}

/** What the tables know of a person, and how they forget it. Each statement can be carried out again. */
export interface PersonBook {
  /** Numbers of leads that have one of these ids. */
  numbersOf(customerIds: readonly string[]): Promise<readonly string[]>;
  /** By number, by the name that stands for it since an erasure, and by id; of `calls` known besides, what hangs on them. */
  belongings(
    spellings: readonly Spelling[],
    customerIds: readonly string[],
    calls: readonly string[],
  ): Promise<Belongings>;
  /** What is going on with the person now, in words; none: nothing is. */
  underWay(spellings: readonly Spelling[], now: EpochMs): Promise<readonly string[]>;
  /** Rows that mention the person, by table. */
  mentions(spellings: readonly Spelling[]): Promise<Readonly<Record<string, number>>>;
  /**
   * Takes the person out of every row but those that have a file beside them. `edit` does so with an event. Says how many rows were
   * changed; none once nothing is left.
   */
  erase(order: {
    readonly spellings: readonly Spelling[];
    readonly customerIds: readonly string[];
    readonly own: Belongings;
    readonly edit: EventEdit;
    readonly now: EpochMs;
  }): Promise<number>;
  /** Writes the tables anew, so that no page of a file holds what was erased. Other statements on them wait meanwhile. */
  compact(): Promise<void>;
}

/** An erasure as it is asked for, and what it came to. */
export interface Erasure {
  readonly id: string;
  readonly state: 'running' | 'done';
  /** It only looks. */
  readonly dryRun: boolean;
  /** Tables are written anew at its end. */
  readonly compact: boolean;
  readonly by: string;
  readonly askedAt: EpochMs;
  readonly doneAt: EpochMs | null;
  /** How much was found, by what it is. */
  readonly found: Readonly<Record<string, number>>;
  /** What keeps it from going on, or what is left for a person to do; null: nothing. */
  readonly problem: string | null;
}

/** With the person, who is forgotten when it is done. */
export interface StoredErasure extends Erasure {
  readonly person: PersonKeys | null;
}

export interface ErasureBook {
  save(erasure: StoredErasure): Promise<void>;
  one(id: string): Promise<StoredErasure | null>;
  /** Newest first. */
  list(limit: number): Promise<readonly StoredErasure[]>;
  running(): Promise<readonly StoredErasure[]>;
}

export interface ErasureOrder extends PersonKeys {
  readonly dryRun: boolean;
  readonly compact: boolean;
  readonly by: string;
}

/** Takes persons out of everything that is kept. */
export interface EraseDesk {
  /** Refused: `invalid` (no number, or one of the house), `conflict` (the person is in a call, or about to be). */
  order(order: ErasureOrder): Promise<Answer<Erasure>>;
  one(id: string): Promise<Erasure | null>;
  list(limit: number): Promise<readonly Erasure[]>;
}
