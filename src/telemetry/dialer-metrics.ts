import type { MetricEntries } from './metric-entry.ts';

/** Campaigns and trunks. Only the first ten campaigns that run have a label of their own, all others are `other`. */
export const DIALER_METRICS = {
  callwright_dials_total: { kind: 'counter', help: 'Campaign attempts ended, by outcome.', labels: ['outcome'] },
  callwright_dials_refused_total: {
    kind: 'counter',
    help: 'Leads that a rule of the law kept from being dialled, by rule.',
    labels: ['rule'],
  },
  callwright_campaign_answer_to_agent_seconds: {
    kind: 'histogram',
    help: 'From a person answering a dial to the agent on the line, of those who met one.',
    labels: [],
    buckets: [0.25, 0.5, 1, 1.5, 2, 3, 5, 10],
  },
  callwright_campaign_dials: {
    kind: 'gauge',
    help: 'Dials of a running campaign since it began, in this process.',
    labels: ['campaign'],
  },
  callwright_campaign_attempts_total: {
    kind: 'counter',
    help: 'Attempts of a campaign that ended: connected, abandoned, machine, other. Connected and abandoned are live answers.',
    labels: ['campaign', 'result'],
  },
  callwright_campaign_abandonment_ratio: {
    kind: 'gauge',
    help: 'Rate of abandonment by the formula of the compliance profile, in the window with the least left. 0 to 1.',
    labels: ['campaign'],
  },
  callwright_campaign_abandonment_cap: {
    kind: 'gauge',
    help: 'What that rate must not pass. 0 to 1.',
    labels: ['campaign'],
  },
  callwright_campaign_abandonment_budget: {
    kind: 'gauge',
    help: 'How many more calls may be abandoned, one after the other and nobody else answering, before the cap is passed.',
    labels: ['campaign'],
  },
  callwright_campaign_dial_level: {
    kind: 'gauge',
    help: 'Dials out for each idle agent. Missing while no agent is idle.',
    labels: ['campaign'],
  },
  callwright_campaign_lines: {
    kind: 'gauge',
    help: 'Lines that the campaign uses, and the most that it may.',
    labels: ['campaign', 'kind'],
  },
  callwright_campaign_agents: {
    kind: 'gauge',
    help: 'Agents of a running campaign: idle, talk, wrap.',
    labels: ['campaign', 'state'],
  },
  callwright_detections_total: {
    kind: 'counter',
    help: 'What detection took an answer for: human, machine, unsure.',
    labels: ['result'],
  },
  callwright_dispositions_missing_total: {
    kind: 'counter',
    help: 'Talks of campaigns of which the agent said nothing in the wrap-up.',
    labels: [],
  },
  callwright_trunk_up: {
    kind: 'gauge',
    help: '1 while campaigns dial by the trunk, 0 while it is down and gets one call now and then.',
    labels: ['trunk'],
  },
  callwright_trunk_lines: {
    kind: 'gauge',
    help: 'Lines of the trunk: used by this process, and all it has.',
    labels: ['trunk', 'kind'],
  },
  callwright_trunk_dials_total: {
    kind: 'counter',
    help: 'Dials of campaigns by the trunk that ended: answered, unanswered (busy, no answer, declined), or failed (congestion, unreachable, invalid, our own fault).',
    labels: ['trunk', 'result'],
  },
} as const satisfies MetricEntries;
