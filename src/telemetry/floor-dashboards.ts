import { type DashboardWish, each, tails } from './dashboard-words.ts';

export const OPERATIONS: DashboardWish = {
  id: 'operations',
  title: 'Callwright: operations',
  panels: [
    { title: 'Calls now', kind: 'stat', queries: [['{{direction}}', 'sum by (direction) (callwright_calls_live)']] },
    {
      title: 'Callers waiting',
      kind: 'stat',
      queries: [['waiting', 'sum (max by (queue) (callwright_queue_waiting))']],
    },
    {
      title: 'Longest wait',
      kind: 'stat',
      unit: 's',
      queries: [['wait', 'max (callwright_queue_longest_wait_seconds)']],
    },
    { title: 'Switch', kind: 'stat', queries: [['connected', 'min (callwright_switch_connected)']] },
    {
      title: 'Calls by what goes on',
      kind: 'timeseries',
      queries: [['{{phase}}', 'sum by (phase) (callwright_calls_phase)']],
    },
    {
      title: 'Calls ended in 5 minutes',
      kind: 'timeseries',
      queries: [['{{direction}} {{outcome}}', each('direction, outcome', 'callwright_calls_total')]],
    },
    { title: 'Agents', kind: 'timeseries', queries: [['{{state}}', 'max by (state) (callwright_agents)']] },
    {
      title: 'Queues',
      kind: 'table',
      queries: [
        ['waiting', 'max by (queue) (callwright_queue_waiting)'],
        ['service level', 'min by (queue) (callwright_queue_service_level)'],
      ],
    },
    {
      title: 'Set-up of callers',
      kind: 'timeseries',
      unit: 's',
      queries: tails('callwright_call_setup_seconds', '{direction="inbound"}'),
    },
    {
      title: 'Refused in 5 minutes',
      kind: 'timeseries',
      queries: [['{{reason}}', each('reason', 'callwright_calls_rejected_total')]],
    },
    {
      title: 'Callbacks in 5 minutes',
      kind: 'timeseries',
      queries: [['{{outcome}}', each('outcome', 'callwright_callbacks_total')]],
    },
    {
      title: 'Promises to callers in 5 minutes',
      kind: 'timeseries',
      queries: [['{{event}}', each('event', 'callwright_follow_ups_total')]],
    },
    {
      title: 'Promises that are open',
      kind: 'timeseries',
      queries: [['{{owner}} {{state}}', 'max by (owner, state) (callwright_follow_ups)']],
    },
    {
      title: 'Voicemails in 5 minutes',
      kind: 'timeseries',
      queries: [['{{event}}', each('event', 'callwright_voicemails_total')]],
    },
    {
      title: 'Thresholds in alarm',
      kind: 'timeseries',
      queries: [
        [
          '{{threshold}}',
          'sum by (threshold) (callwright_threshold_alarms_total{event="raised"}) - sum by (threshold) (callwright_threshold_alarms_total{event="cleared"})',
        ],
      ],
    },
  ],
};

const OF_QUEUE = '{queue=~"$queue"}';
export const QUEUE: DashboardWish = {
  id: 'queue',
  title: 'Callwright: queue',
  choose: { label: 'queue', metric: 'callwright_queue_waiting' },
  panels: [
    {
      title: 'Waiting',
      kind: 'stat',
      queries: [['{{queue}}', `max by (queue) (callwright_queue_waiting${OF_QUEUE})`]],
    },
    {
      title: 'Longest wait',
      kind: 'stat',
      unit: 's',
      queries: [['{{queue}}', `max by (queue) (callwright_queue_longest_wait_seconds${OF_QUEUE})`]],
    },
    {
      title: 'Service level',
      kind: 'stat',
      unit: 'percentunit',
      queries: [['{{queue}}', `min by (queue) (callwright_queue_service_level${OF_QUEUE})`]],
    },
    {
      title: 'Waiting over time',
      kind: 'timeseries',
      queries: [['{{queue}}', `max by (queue) (callwright_queue_waiting${OF_QUEUE})`]],
    },
    {
      title: 'Agents who serve it',
      kind: 'timeseries',
      queries: [['{{state}}', `max by (queue, state) (callwright_queue_agents${OF_QUEUE})`]],
    },
    {
      title: 'Waits of answered calls',
      kind: 'timeseries',
      unit: 's',
      queries: tails('callwright_queue_wait_seconds', OF_QUEUE),
    },
    {
      title: 'Waits that ended, in 5 minutes',
      kind: 'timeseries',
      queries: [['{{outcome}}', each('outcome', 'callwright_queue_calls_total', OF_QUEUE)]],
    },
    {
      title: 'Share abandoned in 15 minutes',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [
        [
          '{{queue}}',
          'sum by (queue) (increase(callwright_queue_calls_total{queue=~"$queue",outcome="abandoned"}[15m])) / sum by (queue) (increase(callwright_queue_calls_total{queue=~"$queue"}[15m]))',
        ],
      ],
    },
    {
      title: 'Mean talk in 15 minutes',
      kind: 'timeseries',
      unit: 's',
      queries: [
        [
          '{{queue}}',
          `sum by (queue) (increase(callwright_queue_talk_seconds_total${OF_QUEUE}[15m])) / sum by (queue) (increase(callwright_queue_calls_total{queue=~"$queue",outcome="connected"}[15m]))`,
        ],
      ],
    },
    {
      title: 'Help from other queues',
      kind: 'timeseries',
      queries: [['{{queue}}', `max by (queue) (callwright_queue_overflowing${OF_QUEUE})`]],
    },
    {
      title: 'Agents kept from campaigns',
      kind: 'timeseries',
      queries: [['{{queue}}', `max by (queue) (callwright_queue_reserved_agents${OF_QUEUE})`]],
    },
    {
      title: 'Error of announced waits, all queues',
      kind: 'timeseries',
      unit: 's',
      queries: tails('callwright_acd_ewt_error_seconds'),
    },
    {
      title: 'Handle time, all queues',
      kind: 'timeseries',
      unit: 's',
      queries: tails('callwright_handle_seconds', '{direction="inbound"}'),
    },
    {
      title: 'Offers that failed, in 5 minutes',
      kind: 'timeseries',
      queries: [['{{verdict}}', each('verdict', 'callwright_offers_failed_total')]],
    },
  ],
};
