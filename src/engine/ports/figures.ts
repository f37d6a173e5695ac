import type { KpiReport, KpiSettings } from '../../acd/kpi/words.ts';
import type { EpochMs } from '../../call/ids.ts';

export { KPIS } from '../../acd/kpi/words.ts';
export type { KpiReport };

/** Key figures, counted from the journal as far back as it is kept. */
export interface Figures {
  /** @param to null: up to now */
  report(
    from: EpochMs,
    to: EpochMs | null,
  ): Promise<{ readonly report: KpiReport; readonly settings: KpiSettings }>;
}
