import { LABELS } from './catalogue.ts';
import { DIALER_METRICS } from './dialer-metrics.ts';
import { FLOOR_METRICS } from './floor-metrics.ts';
import { HOUSE_METRICS } from './house-metrics.ts';
import type { MetricEntries, MetricEntry } from './metric-entry.ts';

const INTRODUCTION = `# Metrics

Made from \`src/telemetry/catalogue.ts\` by \`node src/telemetry/docs.ts > docs/metrics.md\`; a test holds them together, and holds the page
that a scrape reads to both.

Prometheus reads \`/metrics\` with a token of the role engineer or admin. Names, types and labels here are stable: one that changes its meaning gets
a new name. Durations are seconds, shares 0 to 1. Each process tells of its own calls, so several are added up: \`sum without (instance)\`.
Those of queues, agents and trunks are seen by each process in the same way: take the \`max\`.

No label is a number, a person, or the id of a call; agents are counted, never named. At 50 queues, 500 agents, 20 campaigns, 20 flows, 10 trunks and
50 webhooks these make fewer than 2,000 series, with those of Node. Each queue costs 21. What is told of single calls stands in the
[events](events.md), what is counted over a day in the [key figures](kpis.md).

Files to use: \`docker/prometheus/rules.yaml\` has alerts, each with what to do first, and \`docker/grafana/dashboards\` has four dashboards (operations,
queue, campaign, system). Tests hold their queries to this page and fire every alert.

A process adds Node's own, by prom-client: \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`, \`nodejs_eventloop_lag_p50_seconds\`,
\`nodejs_eventloop_lag_p90_seconds\`, \`nodejs_eventloop_lag_p99_seconds\` (since the last scrape), \`nodejs_gc_duration_seconds\`, and so on.

`;

const SECTIONS: readonly (readonly [string, MetricEntries])[] = [
  ['Callers, queues, agents, flows', FLOOR_METRICS],
  ['Campaigns and trunks', DIALER_METRICS],
  ['The house, and events out', HOUSE_METRICS],
];

/** The page `docs/metrics.md`, whole. */
export function renderMetricsPage(): string {
  const labels = Object.entries(LABELS).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  const table = ['| label | what it may be |', '|---|---|', ...labels].join('\n');
  return `${INTRODUCTION}${SECTIONS.map(section).join('\n')}\n## Labels\n\n${table}\n`;
}

function section([title, entries]: readonly [string, MetricEntries]): string {
  const rows = Object.entries<MetricEntry>(entries).map(([name, { kind, labels, help, buckets }]) => {
    const bounds = buckets ? ` Up to ${buckets.join(', ')} s.` : '';
    return `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help}${bounds} |`;
  });
  return `## ${title}\n\n${['| name | type | labels | meaning |', '|---|---|---|---|', ...rows].join('\n')}\n`;
}

if (import.meta.main) process.stdout.write(renderMetricsPage());
