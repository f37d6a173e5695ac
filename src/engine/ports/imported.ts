import type { Dimension } from '../../acd/kpi/cell-words.ts';
import type { ImportedFigure } from '../../acd/kpi/words.ts';
import type { EpochMs } from '../../call/ids.ts';

/** What a value is of: of two of the same place the later stands. */
export interface ImportedPlace {
  readonly figure: ImportedFigure;
  readonly from: EpochMs;
  /** The first moment that is outside. */
  readonly to: EpochMs;
  /** Null: of the house. */
  readonly by: Dimension | null;
  /** Name of the queue, agent, …; null: of the house. */
  readonly key: string | null;
}

/** A figure that Callwright cannot count, as somebody gave it. */
export interface ImportedValue extends ImportedPlace {
  readonly value: number;
  /** Where it comes from, in the words of who gave it. */
  readonly source: string;
  readonly at: EpochMs;
  /** Name of the token that gave it. */
  readonly importedBy: string;
}

interface ImportedQuery {
  /** Those whose span touches this one; `to` null: without end. */
  readonly from: EpochMs;
  readonly to: EpochMs | null;
  /** Of the house, and of what these name besides. */
  readonly by: readonly Dimension[];
  readonly limit: number;
}

/** Figures from elsewhere. They stay until they are taken away. */
export interface ImportedBook {
  /** All of it or nothing. Says how many of `gone` there were. */
  keepImported(values: readonly ImportedValue[], gone: readonly ImportedPlace[]): Promise<number>;
  /** The latest spans first, then by figure and key. */
  imported(query: ImportedQuery): Promise<readonly ImportedValue[]>;
}
