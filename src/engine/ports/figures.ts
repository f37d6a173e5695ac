import type { KpiReport, KpiSettings } from '../../acd/kpi/words.ts';
import type { Day } from '../../acd/replay/day.ts';
import type { AgentProfile, QueueProfile } from '../../call/routing.ts';
import type { EpochMs } from '../../call/ids.ts';

export { daySchema } from '../../acd/replay/day.ts';
export { KPIS } from '../../acd/kpi/words.ts';
export type { KpiReport };

/** What was before the journal begins is not known, so it is not in the answer; null: all of the span is. */
interface Known {
  readonly journalBegins: EpochMs | null;
}

/** Key figures, counted from the journal as far back as it is kept. */
export interface Figures {
  /** @param to null: up to now */
  report(
    from: EpochMs,
    to: EpochMs | null,
  ): Promise<Known & { readonly report: KpiReport; readonly settings: KpiSettings }>;
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
}
