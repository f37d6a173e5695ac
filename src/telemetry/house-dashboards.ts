import { type DashboardWish, each, quantile, tails } from './dashboard-words.ts';

const OF_CAMPAIGN = '{campaign=~"$campaign"}';
export const CAMPAIGN: DashboardWish = {
  id: 'campaign',
  title: 'Callwright: campaign',
  choose: { label: 'campaign', metric: 'callwright_campaign_dials' },
  panels: [
    {
      title: 'Rate of abandonment',
      kind: 'stat',
      unit: 'percentunit',
      queries: [['{{campaign}}', `max by (campaign) (callwright_campaign_abandonment_ratio${OF_CAMPAIGN})`]],
    },
    {
      title: 'May still be abandoned',
      kind: 'stat',
      queries: [['{{campaign}}', `min by (campaign) (callwright_campaign_abandonment_budget${OF_CAMPAIGN})`]],
    },
    {
      title: 'Dials',
      kind: 'stat',
      queries: [['{{campaign}}', `max by (campaign) (callwright_campaign_dials${OF_CAMPAIGN})`]],
    },
    {
      title: 'Rate against its cap',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [
        ['{{campaign}}', `max by (campaign) (callwright_campaign_abandonment_ratio${OF_CAMPAIGN})`],
        ['cap of {{campaign}}', `max by (campaign) (callwright_campaign_abandonment_cap${OF_CAMPAIGN})`],
      ],
    },
    {
      title: 'Dial level',
      kind: 'timeseries',
      queries: [['{{campaign}}', `max by (campaign) (callwright_campaign_dial_level${OF_CAMPAIGN})`]],
    },
    {
      title: 'Attempts in 5 minutes',
      kind: 'timeseries',
      queries: [
        ['{{campaign}} {{result}}', each('campaign, result', 'callwright_campaign_attempts_total', OF_CAMPAIGN)],
      ],
    },
    {
      title: 'Agents',
      kind: 'timeseries',
      queries: [['{{campaign}} {{state}}', `max by (campaign, state) (callwright_campaign_agents${OF_CAMPAIGN})`]],
    },
    {
      title: 'Lines',
      kind: 'timeseries',
      queries: [['{{campaign}} {{kind}}', `max by (campaign, kind) (callwright_campaign_lines${OF_CAMPAIGN})`]],
    },
    {
      title: 'From answer to agent',
      kind: 'timeseries',
      unit: 's',
      queries: tails('callwright_campaign_answer_to_agent_seconds'),
    },
    {
      title: 'Outcomes of all dials in 5 minutes',
      kind: 'timeseries',
      queries: [['{{outcome}}', each('outcome', 'callwright_dials_total')]],
    },
    {
      title: 'Kept back by the law in 5 minutes',
      kind: 'timeseries',
      queries: [['{{rule}}', each('rule', 'callwright_dials_refused_total')]],
    },
    {
      title: 'Detection in 5 minutes',
      kind: 'timeseries',
      queries: [['{{result}}', each('result', 'callwright_detections_total')]],
    },
    {
      title: 'Trunks: lines',
      kind: 'timeseries',
      queries: [['{{trunk}} {{kind}}', 'max by (trunk, kind) (callwright_trunk_lines)']],
    },
    {
      title: 'Trunks: dials in 5 minutes',
      kind: 'timeseries',
      queries: [['{{trunk}} {{result}}', each('trunk, result', 'callwright_trunk_dials_total')]],
    },
  ],
};

export const SYSTEM: DashboardWish = {
  id: 'system',
  title: 'Callwright: system',
  panels: [
    { title: 'Parts', kind: 'stat', queries: [['{{part}}', 'min by (part) (callwright_part_healthy)']] },
    { title: 'Webhooks', kind: 'stat', queries: [['{{state}}', 'max by (state) (callwright_webhooks)']] },
    {
      title: 'Behind with the archive',
      kind: 'stat',
      unit: 's',
      queries: [['archive', 'max (callwright_archive_lag_seconds)']],
    },
    {
      title: 'Answers of the switch',
      kind: 'timeseries',
      unit: 's',
      queries: tails('callwright_switch_command_seconds'),
    },
    {
      title: 'Commands that failed in 5 minutes',
      kind: 'timeseries',
      queries: [
        ['{{command}} {{result}}', each('command, result', 'callwright_switch_commands_total', '{result!="ok"}')],
      ],
    },
    {
      title: 'Stores, p99',
      kind: 'timeseries',
      unit: 's',
      queries: [['{{store}}', quantile(0.99, 'callwright_store_seconds', '', 'store, le')]],
    },
    {
      title: 'Faults of stores in 5 minutes',
      kind: 'timeseries',
      queries: [['{{store}}', each('store', 'callwright_store_faults_total')]],
    },
    { title: 'Offers of agents', kind: 'timeseries', unit: 's', queries: tails('callwright_acd_offer_seconds') },
    {
      title: 'Event loop, p99',
      kind: 'timeseries',
      unit: 's',
      queries: [['{{instance}}', 'nodejs_eventloop_lag_p99_seconds']],
    },
    {
      title: 'CPU',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [['{{instance}}', 'rate(process_cpu_seconds_total{job="callwright"}[5m])']],
    },
    {
      title: 'Memory',
      kind: 'timeseries',
      unit: 'bytes',
      queries: [['{{instance}}', 'process_resident_memory_bytes{job="callwright"}']],
    },
    { title: 'Journal to readers', kind: 'timeseries', unit: 's', queries: tails('callwright_event_lag_seconds') },
    {
      title: 'Consumer groups',
      kind: 'timeseries',
      queries: [['{{group}} {{state}}', 'max by (group, state) (callwright_event_group_events)']],
    },
    {
      title: 'Webhooks: answers, p95',
      kind: 'timeseries',
      unit: 's',
      queries: [['{{result}}', quantile(0.95, 'callwright_webhook_delivery_seconds', '', 'result, le')]],
    },
    {
      title: 'Webhooks: behind',
      kind: 'timeseries',
      unit: 's',
      queries: [['the last of them', 'max (callwright_webhook_lag_seconds)']],
    },
    {
      title: 'Webhooks: events not taken',
      kind: 'timeseries',
      queries: [['{{state}}', 'max by (state) (callwright_webhook_events)']],
    },
  ],
};
