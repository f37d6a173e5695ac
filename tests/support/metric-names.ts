import { METRICS } from '../../src/telemetry/catalogue.ts';
import type { MetricEntry } from '../../src/telemetry/metric-entry.ts';
import { selectorsOf } from './promql.ts';

const ENTRIES: ReadonlyMap<string, MetricEntry> = new Map(Object.entries(METRICS));
/** Not ours, and read all the same: Prometheus' own, and Node's by prom-client. */
const OTHERS = ['up', 'nodejs_eventloop_lag_p99_seconds', 'process_cpu_seconds_total', 'process_resident_memory_bytes'];
/** What Prometheus adds to every series. */
const ADDED = ['job', 'instance'];

/** Labels of what a name stands for in a query; null: there is no such thing. */
function labelsOf(name: string): readonly string[] | null {
  if (OTHERS.includes(name)) return ADDED;
  const plain = ENTRIES.get(name);
  if (plain) return plain.kind === 'histogram' ? null : [...plain.labels, ...ADDED];
  const [, base = '', part] = /^(\w+)_(bucket|sum|count)$/u.exec(name) ?? [];
  const entry = ENTRIES.get(base);
  if (entry?.kind !== 'histogram') return null;
  return [...entry.labels, ...ADDED, ...(part === 'bucket' ? ['le'] : [])];
}

/** What an expression reads that is not there, in sentences. */
export const unknownIn = (expression: string): readonly string[] =>
  selectorsOf(expression).flatMap(({ metric, labels }) => {
    const known = labelsOf(metric);
    if (known === null) return [`there is no metric ${metric}`];
    return labels.filter((label) => !known.includes(label)).map((label) => `${metric} has no label ${label}`);
  });
