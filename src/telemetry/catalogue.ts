import { DIALER_METRICS } from './dialer-metrics.ts';
import { FLOOR_METRICS } from './floor-metrics.ts';
import { HOUSE_METRICS } from './house-metrics.ts';
import type { MetricEntry } from './metric-entry.ts';

/**
 * Every metric Callwright exports, in one place. Labels are closed sets, names from the site files, or bounded by their maker,
 * never call ids, numbers or people. At 50 queues and 500 agents they make fewer than 2,000 series, which is why histograms
 * have few buckets and few labels.
 */
export const METRICS = { ...FLOOR_METRICS, ...DIALER_METRICS, ...HOUSE_METRICS };

export type MetricName = keyof typeof METRICS;
export type NameOf<K extends MetricEntry['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never;
}[MetricName];
export type LabelOf<N extends MetricName> = (typeof METRICS)[N]['labels'][number];

/** What a label may be. */
export const LABELS: Readonly<Record<LabelOf<MetricName>, string>> = {
  campaign: 'Name of a campaign that runs, at most ten; `other` for the rest.',
  command: 'Verb of the switch port, as `originate` or `bridge`.',
  direction: '`inbound` or `outbound`; `unknown` where this process did not see the beginning.',
  event: 'What happened, as the event of that name.',
  flow: 'Id of a flow.',
  group: 'Name of a consumer group, at most ten; `other` for the rest.',
  kind: 'As the help says; of lines `used` or `most`.',
  node: 'Id of a node.',
  outcome: 'How it ended.',
  owner: '`agent`, `team`, `department` or `queue`.',
  part: '`switch`, `liveStore`, `history` or `journal`.',
  phase: 'Phase of a call, as `flow`, `queued` or `talking`.',
  queue: 'Name of a queue; all queues of campaigns are `campaign`.',
  reason: 'Id of a reason from the site files, or of a refusal.',
  result: 'How it ended.',
  rule: 'Rule of a compliance profile.',
  state: 'As the help says.',
  store: '`live` or `history`.',
  threshold: 'Name of a rule of site/thresholds.yaml.',
  trunk: 'Name of a trunk.',
  verdict: 'Verdict of a leg: `busy`, `no-answer`, and so on.',
  why: 'Rule of the site that refused.',
};
