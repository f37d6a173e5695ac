import type { MetricEntries } from './metric-entry.ts';

/** Switch, stores, journal, how events leave the house, and what was promised. */
export const HOUSE_METRICS = {
  callwright_switch_connected: { kind: 'gauge', help: '1 while the switch is under control, else 0.', labels: [] },
  callwright_switch_disconnects_total: {
    kind: 'counter',
    help: 'How often the connection to the switch was lost.',
    labels: [],
  },
  callwright_switch_command_seconds: {
    kind: 'histogram',
    help: 'From a command to the answer of the switch.',
    labels: [],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5],
  },
  callwright_switch_commands_total: {
    kind: 'counter',
    help: 'Commands to the switch, by verb and how they ended: ok, or why not.',
    labels: ['command', 'result'],
  },
  callwright_store_seconds: {
    kind: 'histogram',
    help: 'How long the stores took to answer: `live` is Redis, `history` the database.',
    labels: ['store'],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.2, 1, 5],
  },
  callwright_store_faults_total: {
    kind: 'counter',
    help: 'Requests to a store that failed.',
    labels: ['store'],
  },
  callwright_part_healthy: {
    kind: 'gauge',
    help: '1 while the part works (switch, liveStore, history, journal), else 0.',
    labels: ['part'],
  },
  callwright_event_lag_seconds: {
    kind: 'histogram',
    help: 'From an event happening to its coming back out of the journal, as long as a stream of events is open.',
    labels: [],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
  },
  callwright_archive_lag_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest event that is not in the archive yet; 0 when all are.',
    labels: [],
  },
  callwright_event_group_events: {
    kind: 'gauge',
    help: 'Events of a consumer group: waiting to be taken, taken and not done, dead. Beyond ten groups the others are added up as `other`.',
    labels: ['group', 'state'],
  },
  callwright_follow_ups: {
    kind: 'gauge',
    help: 'Open follow-ups by kind of owner (a callback that waits is one of its queue): all that are open, and those of them that are overdue.',
    labels: ['owner', 'state'],
  },
  callwright_webhooks: {
    kind: 'gauge',
    help: 'Webhooks by how they stand: well, failing, off.',
    labels: ['state'],
  },
  callwright_webhook_events: {
    kind: 'gauge',
    help: 'Events that webhooks did not take: parked for another try, or dead.',
    labels: ['state'],
  },
  callwright_webhook_lag_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest event that a webhook which is on has not been sent; of all webhooks the most.',
    labels: [],
  },
  callwright_webhook_delivery_seconds: {
    kind: 'histogram',
    help: 'From sending a message to the answer of its receiver: taken, refused, or failed (no answer).',
    labels: ['result'],
    buckets: [0.05, 0.1, 0.5, 1, 5, 10],
  },
} as const satisfies MetricEntries;
