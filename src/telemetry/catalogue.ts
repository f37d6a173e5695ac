import { SERVICE_LEVEL } from '../engine/ports/service.ts';

/**
 * Every metric Callwright exports, in one place. Labels are closed sets or names from the site files, never call ids,
 * numbers or names of people; all waits of campaigns share the queue label `campaign`. At 50 queues they make fewer than
 * 2,000 series, which is why histograms have few buckets. Durations are seconds, as Prometheus wants them.
 */
interface MetricEntry {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, seconds. */
  readonly buckets?: readonly number[];
}

export const METRICS = {
  callwright_calls_total: {
    kind: 'counter',
    help: 'Calls ended, by what became of them.',
    labels: ['direction', 'outcome'],
  },
  callwright_calls_live: { kind: 'gauge', help: 'Calls in progress now.', labels: ['direction'] },
  callwright_queue_waiting: { kind: 'gauge', help: 'Callers waiting now.', labels: ['queue'] },
  callwright_queue_longest_wait_seconds: {
    kind: 'gauge',
    help: 'How long the caller who waits longest has waited.',
    labels: ['queue'],
  },
  callwright_queue_service_level: {
    kind: 'gauge',
    help: `${SERVICE_LEVEL} Missing while there are too few.`,
    labels: ['queue'],
  },
  callwright_queue_overflowing: {
    kind: 'gauge',
    help: 'How many other queues and sites help out now, whatever the wait of a single call is.',
    labels: ['queue'],
  },
  callwright_queue_reserved_agents: {
    kind: 'gauge',
    help: 'Agents on whom campaigns do not count, so that the service level of the queue is kept.',
    labels: ['queue'],
  },
  callwright_trunk_up: {
    kind: 'gauge',
    help: '1 while campaigns dial by the trunk, 0 while it is down and gets one call now and then.',
    labels: ['trunk'],
  },
  callwright_queue_wait_seconds: {
    kind: 'histogram',
    help: 'From entering the queue to the end of the wait: connected, abandoned, or left (time-out, full, closed).',
    labels: ['queue', 'outcome'],
    buckets: [5, 10, 20, 30, 60, 120, 300],
  },
  callwright_agents: {
    kind: 'gauge',
    help: 'Agents by what is seen of them; not-ready and logged-out are counted when they hold no call.',
    labels: ['state'],
  },
  callwright_offers_failed_total: {
    kind: 'counter',
    help: 'Offers to an agent that did not become a talk, by verdict (no-answer is RONA).',
    labels: ['verdict'],
  },
  callwright_acd_offer_seconds: {
    kind: 'histogram',
    help: 'From when an agent and a waiting call could be brought together to the command that rings the agent.',
    labels: [],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
  },
  callwright_acd_ewt_error_seconds: {
    kind: 'histogram',
    help: 'How far the wait that a caller was told first was from the real one, of answered calls.',
    labels: ['queue'],
    buckets: [10, 30, 60, 120, 300, 600],
  },
  callwright_agent_overruns_total: {
    kind: 'counter',
    help: 'Agents who were not ready for longer than the reason allows, by reason.',
    labels: ['reason'],
  },
  callwright_agent_rests_total: {
    kind: 'counter',
    help: 'Rests that the house gave to agents who were busier than it allows.',
    labels: [],
  },
  callwright_callbacks_total: {
    kind: 'counter',
    help: 'Tries to ring somebody back, and promises that ended without one: answered, again, given-up, withdrawn, cancelled, expired.',
    labels: ['queue', 'outcome'],
  },
  callwright_dials_total: { kind: 'counter', help: 'Campaign attempts ended, by outcome.', labels: ['outcome'] },
  callwright_switch_connected: { kind: 'gauge', help: '1 while the switch is under control, else 0.', labels: [] },
  callwright_switch_command_seconds: {
    kind: 'histogram',
    help: 'From a command to the answer of the switch.',
    labels: ['command', 'result'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5],
  },
  callwright_flow_loads_total: {
    kind: 'counter',
    help: 'Changes of the release that leads calls: load, canary, promote, rollback, cancel; refused when files were bad.',
    labels: ['result'],
  },
  callwright_flow_node_entered_total: {
    kind: 'counter',
    help: 'Calls that came to a node of a flow; beyond 5,000 series all further ones are `other`.',
    labels: ['flow', 'node'],
  },
  callwright_flow_node_left_total: {
    kind: 'counter',
    help: 'Calls that left a node, by outcome; `hangup` is a caller who hung up in it.',
    labels: ['flow', 'node', 'outcome'],
  },
  callwright_flow_node_dwell_seconds: {
    kind: 'histogram',
    help: 'Time that calls spent in a node, over all nodes of the flow.',
    labels: ['flow'],
    buckets: [1, 5, 15, 30, 60, 300],
  },
  callwright_event_lag_seconds: {
    kind: 'histogram',
    help: 'From an event happening to its coming back out of the journal, as long as a stream of events is open.',
    labels: [],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
  },
  callwright_part_healthy: {
    kind: 'gauge',
    help: '1 while the part works (switch, live store, history, journal), else 0.',
    labels: ['part'],
  },
} as const satisfies Readonly<Record<`callwright_${string}`, MetricEntry>>;
