import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { SwitchCommand, SwitchResult } from '../call/switch.ts';
import type { Service } from '../engine/ports/service.ts';
import { CallOutcomes } from './call-outcomes.ts';
import { METRICS } from './catalogue.ts';
import { EstimateErrors } from './estimate-errors.ts';
import { type Counted, FlowStats, type FlowStatsView } from './flow-stats.ts';

export interface Metrics {
  /** Counts one event. Give every event this process wrote, once: several processes then add up. */
  observe(event: JournalEvent): void;
  /** Time from an event's `at` to its coming out of the journal. */
  eventLag(ms: number): void;
  /** From when an agent and a call could be brought together to the command that rings the agent. */
  offerTook(ms: number): void;
  commandTook(command: SwitchCommand['type'], result: SwitchResult, ms: number): void;
  /** From now on gauges are read from the engine at every scrape. */
  watch(service: Service): void;
  /** What calls did in a flow; null for one that no call has come to. */
  flowStats(flow: string): FlowStatsView | null;
  /** The page Prometheus reads. */
  page(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** `since` is when counting begins. */
export function createMetrics(since: EpochMs = 0): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const set = instruments(registry);
  const books = { outcomes: new CallOutcomes(), flows: new FlowStats(since), estimates: new EstimateErrors() };
  let service: Service | null = null;
  return {
    observe: (event) => observe(set, books, event),
    flowStats: (flow) => books.flows.of(flow),
    eventLag: (ms) => set.eventLag.observe(Math.max(0, ms) / 1000),
    offerTook: (ms) => set.offers.observe(Math.max(0, ms) / 1000),
    commandTook: (command, result, ms) =>
      set.commands.observe({ command, result: result.ok ? 'ok' : result.why }, ms / 1000),
    watch: (watched) => {
      service = watched;
    },
    page: async () => {
      if (service !== null) await readGauges(set, service);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

type MetricName = keyof typeof METRICS;
type Instruments = ReturnType<typeof instruments>;

function instruments(registry: Registry) {
  const base = (name: MetricName) => {
    const { help, labels } = METRICS[name];
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  const histogram = (
    name: { [N in MetricName]: (typeof METRICS)[N]['kind'] extends 'histogram' ? N : never }[MetricName],
  ) => new Histogram<string>({ ...base(name), buckets: [...METRICS[name].buckets] });
  return {
    calls: new Counter<string>(base('callwright_calls_total')),
    live: new Gauge<string>(base('callwright_calls_live')),
    waiting: new Gauge<string>(base('callwright_queue_waiting')),
    longest: new Gauge<string>(base('callwright_queue_longest_wait_seconds')),
    serviceLevel: new Gauge<string>(base('callwright_queue_service_level')),
    overflowing: new Gauge<string>(base('callwright_queue_overflowing')),
    reserved: new Gauge<string>(base('callwright_queue_reserved_agents')),
    trunks: new Gauge<string>(base('callwright_trunk_up')),
    waits: histogram('callwright_queue_wait_seconds'),
    agents: new Gauge<string>(base('callwright_agents')),
    offersFailed: new Counter<string>(base('callwright_offers_failed_total')),
    offers: histogram('callwright_acd_offer_seconds'),
    estimateErrors: histogram('callwright_acd_ewt_error_seconds'),
    overruns: new Counter<string>(base('callwright_agent_overruns_total')),
    rests: new Counter<string>(base('callwright_agent_rests_total')),
    callbacks: new Counter<string>(base('callwright_callbacks_total')),
    dials: new Counter<string>(base('callwright_dials_total')),
    switchConnected: new Gauge<string>(base('callwright_switch_connected')),
    commands: histogram('callwright_switch_command_seconds'),
    flowLoads: new Counter<string>(base('callwright_flow_loads_total')),
    nodesEntered: new Counter<string>(base('callwright_flow_node_entered_total')),
    nodesLeft: new Counter<string>(base('callwright_flow_node_left_total')),
    dwell: histogram('callwright_flow_node_dwell_seconds'),
    eventLag: histogram('callwright_event_lag_seconds'),
    parts: new Gauge<string>(base('callwright_part_healthy')),
  };
}

interface Books {
  readonly outcomes: CallOutcomes;
  readonly flows: FlowStats;
  readonly estimates: EstimateErrors;
}

function observe(set: Instruments, { outcomes, flows, estimates }: Books, event: JournalEvent): void {
  const ended = outcomes.take(event);
  if (ended !== null) set.calls.inc({ ...ended });
  observeNode(set, flows.see(event));
  observeEstimate(set, estimates.take(event), event);
  switch (event.type) {
    case 'call.connected':
      return event.data.of === undefined ? waited(set, event.data, 'connected') : undefined;
    case 'call.abandoned':
      return waited(set, event.data, 'abandoned');
    case 'call.queue.left':
      return waited(set, event.data, 'left');
    case 'call.offer.failed':
      return set.offersFailed.inc({ verdict: event.data.verdict });
    case 'agent.status.overran':
      return set.overruns.inc({ reason: event.data.reason ?? 'none' });
    case 'agent.rest.began':
      return set.rests.inc();
    case 'callback.answered':
      return set.callbacks.inc({ queue: event.data.queue, outcome: 'answered' });
    case 'callback.failed':
      return set.callbacks.inc({
        queue: event.data.queue,
        outcome: event.data.retryAt === null ? 'given-up' : 'again',
      });
    case 'callback.withdrawn':
      return set.callbacks.inc({ queue: event.data.queue, outcome: 'withdrawn' });
    case 'callback.cancelled':
      return set.callbacks.inc({ queue: event.data.queue, outcome: 'cancelled' });
    case 'callback.expired':
      return set.callbacks.inc({ queue: event.data.queue, outcome: 'expired' });
    case 'attempt.ended':
      return set.dials.inc({ outcome: event.data.outcome });
    case 'flows.loaded':
      return set.flowLoads.inc({ result: event.data.action });
    case 'flows.refused':
      return set.flowLoads.inc({ result: 'refused' });
    default:
  }
}

function observeEstimate(set: Instruments, errorMs: number | null, event: JournalEvent): void {
  if (errorMs === null || event.type !== 'call.connected') return;
  set.estimateErrors.observe({ queue: queueLabel(event.data.queue) }, errorMs / 1000);
}

function observeNode(set: Instruments, counted: Counted | null): void {
  if (counted === null) return;
  const { flow, node } = counted;
  if (counted.type === 'entered') return set.nodesEntered.inc({ flow, node });
  set.nodesLeft.inc({ flow, node, outcome: counted.outcome });
  set.dwell.observe({ flow }, counted.dwellMs / 1000);
}

function waited(set: Instruments, data: { queue: string; waitedMs: number }, outcome: string): void {
  set.waits.observe({ queue: queueLabel(data.queue), outcome }, data.waitedMs / 1000);
}

/** A campaign's queue is named after its id, and there is no end of campaigns. */
const queueLabel = (queue: string) => (queue.startsWith('campaign:') ? 'campaign' : queue);

function readQueues(set: Instruments, service: Service): void {
  const gauges = [set.waiting, set.longest, set.serviceLevel, set.overflowing, set.reserved];
  for (const gauge of gauges) gauge.reset();
  for (const { profile, waiting, longestWaitMs, serviceLevel, overflowingTo, reserved } of service.queues()) {
    const queue = { queue: profile.name };
    set.waiting.set(queue, waiting);
    set.longest.set(queue, longestWaitMs / 1000);
    if (serviceLevel !== null) set.serviceLevel.set(queue, serviceLevel);
    set.overflowing.set(queue, overflowingTo.length);
    set.reserved.set(queue, reserved);
  }
}

const AGENT_STATES = ['idle', 'reserved', 'ringing', 'talking', 'wrap-up', 'not-ready', 'logged-out'] as const;

async function readGauges(set: Instruments, service: Service): Promise<void> {
  const calls = service.calls();
  for (const direction of ['inbound', 'outbound'] as const) {
    set.live.set({ direction }, calls.filter((call) => call.direction === direction).length);
  }
  readQueues(set, service);
  for (const { name: trunk, down } of service.trunks()) set.trunks.set({ trunk }, down ? 0 : 1);
  const states = service.agents().map((agent) => {
    const free = agent.state === 'idle';
    return free && agent.status !== 'ready' ? agent.status : agent.state;
  });
  for (const state of AGENT_STATES) set.agents.set({ state }, states.filter((seen) => seen === state).length);
  const { parts } = await service.health();
  for (const [part, { ok }] of Object.entries(parts)) set.parts.set({ part }, ok ? 1 : 0);
  set.switchConnected.set(parts.switch.ok ? 1 : 0);
}
