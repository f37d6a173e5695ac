import { collectDefaultMetrics, Registry } from 'prom-client';
import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { SwitchCommand, SwitchResult } from '../call/switch.ts';
import type { Service } from '../engine/ports/service.ts';
import { CallOutcomes } from './call-outcomes.ts';
import { CallTimes } from './call-times.ts';
import { CampaignCounts } from './campaign-counts.ts';
import { beginCounts, count } from './counts.ts';
import { EstimateErrors } from './estimate-errors.ts';
import { type EventsOut, showEventsOut } from './events-out.ts';
import { FlowStats, type FlowStatsView } from './flow-stats.ts';
import { Gauges } from './gauges.ts';
import { Instruments } from './instruments.ts';

/** How a message to a webhook ended. */
type Delivery = 'taken' | 'refused' | 'failed';

export interface Metrics {
  /** Counts one event. Give every event this process wrote, once: several processes then add up. */
  observe(event: JournalEvent): void;
  /** Time from an event's `at` to its coming out of the journal. */
  eventLag(ms: number): void;
  /** From when an agent and a call could be brought together to the command that rings the agent. */
  offerTook(ms: number): void;
  commandTook(command: SwitchCommand['type'], result: SwitchResult, ms: number): void;
  storeTook(store: 'live' | 'history', ok: boolean, ms: number): void;
  webhookTook(result: Delivery, ms: number): void;
  /** From now on gauges are read from the engine at every scrape. */
  watch(service: Service): void;
  /** From now on a scrape tells how events leave the house, as this has it; null: nobody knows. */
  watchEvents(look: () => EventsOut | null): void;
  /** What calls did in a flow; null for one that no call has come to. */
  flowStats(flow: string): FlowStatsView | null;
  /** The page Prometheus reads. */
  page(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Pauses of the garbage collector, s: what callers could hear, and what they could not. */
const GC_BUCKETS = [0.01, 0.1];

/** `since` is when counting begins. */
export function createMetrics(since: EpochMs = 0): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, gcDurationBuckets: GC_BUCKETS });
  const set = new Instruments(registry);
  beginCounts(set);
  const flows = new FlowStats(since);
  const books = { outcomes: new CallOutcomes(), flows, estimates: new EstimateErrors(), times: new CallTimes(set) };
  const campaigns = new CampaignCounts(set);
  const watched: { gauges: Gauges | null; events: () => EventsOut | null } = { gauges: null, events: () => null };
  return {
    observe: (event) => {
      count(set, event);
      observe(set, books, event);
      campaigns.take(event);
    },
    flowStats: (flow) => flows.of(flow),
    eventLag: (ms) => set.took('callwright_event_lag_seconds', {}, ms),
    offerTook: (ms) => set.took('callwright_acd_offer_seconds', {}, ms),
    commandTook: (command, result, ms) => {
      set.inc('callwright_switch_commands_total', { command, result: result.ok ? 'ok' : result.why });
      set.took('callwright_switch_command_seconds', {}, ms);
    },
    storeTook: (store, ok, ms) => {
      set.took('callwright_store_seconds', { store }, ms);
      if (!ok) set.inc('callwright_store_faults_total', { store });
    },
    webhookTook: (result, ms) => set.took('callwright_webhook_delivery_seconds', { result }, ms),
    watch: (service) => {
      watched.gauges = new Gauges(set, campaigns, service);
    },
    watchEvents: (look) => {
      watched.events = look;
    },
    page: async () => {
      await watched.gauges?.read();
      const out = watched.events();
      if (out !== null) showEventsOut(set, out);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

interface Books {
  readonly outcomes: CallOutcomes;
  readonly flows: FlowStats;
  readonly estimates: EstimateErrors;
  readonly times: CallTimes;
}

/** What takes more than the one fact to know. */
function observe(set: Instruments, { outcomes, flows, estimates, times }: Books, event: JournalEvent): void {
  times.take(event);
  const ended = outcomes.take(event);
  if (ended !== null) set.inc('callwright_calls_total', { ...ended });
  const errorMs = estimates.take(event);
  if (errorMs !== null) set.took('callwright_acd_ewt_error_seconds', {}, errorMs);
  const counted = flows.see(event);
  if (counted?.type !== 'left') return;
  const { flow, node, outcome, dwellMs } = counted;
  set.inc('callwright_flow_node_left_total', { flow, node, outcome });
  set.took('callwright_flow_node_dwell_seconds', {}, dwellMs);
}
