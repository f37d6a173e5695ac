import type { Cut, Dimension, KpiCell } from '../../acd/kpi/cell-words.ts';
import type { KpiReport, KpiSettings } from '../../acd/kpi/words.ts';
import type { Day } from '../../acd/replay/day.ts';
import type { AgentProfile, QueueProfile } from '../../call/routing.ts';
import type { EpochMs } from '../../call/ids.ts';
import type { ImportedPlace, ImportedValue } from './imported.ts';
import type { OutboundAbandonment } from './outbound-figures.ts';
import type { Answer } from './service.ts';

export { DIMENSIONS } from '../../acd/kpi/cell-words.ts';
export { INTERVALS } from '../../acd/kpi/intervals.ts';
export { daySchema } from '../../acd/replay/day.ts';
export { IMPORTED, KPIS } from '../../acd/kpi/words.ts';
export type { KpiCell, KpiReport };

/** How figures are told apart. */
export type CutWish = Omit<Cut, 'teams'>;

/** What was before the journal begins is not known, so it is not in the answer; null: all of the span is. */
interface Known {
  readonly journalBegins: EpochMs | null;
}

/** Null: what was given for that place before is taken away. */
export interface ImportWish {
  readonly source: string;
  readonly values: readonly (ImportedPlace & { readonly value: number | null })[];
}

interface Told extends Known {
  readonly report: KpiReport;
  readonly settings: KpiSettings;
  /** Figures from elsewhere whose span touches this one: of the house, and of what cells are told apart by. */
  readonly imported: readonly ImportedValue[];
}

/** Key figures, counted from the journal as far back as it is kept. */
export interface Figures {
  /** @param to null: up to now */
  report(from: EpochMs, to: EpochMs | null): Promise<Told>;
  /** As `report`, and the same figures of each cell; refused where these are too many. By campaign: with their abandonment. */
  cells(
    from: EpochMs,
    to: EpochMs | null,
    wish: CutWish,
  ): Promise<
    Answer<Told & { readonly cells: readonly KpiCell[]; readonly outbound: readonly OutboundAbandonment[] | null }>
  >;
  /** As `cells`, as CSV or as a page to be printed, in pieces. */
  sheet(
    from: EpochMs,
    to: EpochMs | null,
    wish: CutWish & { readonly format: 'csv' | 'html' },
  ): Promise<Answer<Iterable<string>>>;
  /** What happened in that time, for a replay, and the rules as they are now. */
  day(
    from: EpochMs,
    to: EpochMs | null,
  ): Promise<
    Known & {
      readonly day: Day;
      readonly queues: readonly QueueProfile[];
      readonly agents: readonly AgentProfile[];
    }
  >;
  /** Figures from elsewhere whose span touches this one; the latest spans first, at most 1,000. */
  imported(from: EpochMs, to: EpochMs | null, by: readonly Dimension[]): Promise<readonly ImportedValue[]>;
  /** All of it or nothing. @param by name of the token that gives it */
  keepImported(wish: ImportWish, by: string): Promise<Answer<{ readonly kept: number; readonly gone: number }>>;
}
