import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type LabelOf, METRICS, type MetricName, type NameOf } from './catalogue.ts';
import type { MetricEntry } from './metric-entry.ts';

type Labels<N extends MetricName> = Readonly<Record<LabelOf<N>, string>>;

/** Series of one counter at most; whatever comes later is counted together. Few, where their names are not ours. */
const MOST: Partial<Record<MetricName, number>> = {
  callwright_flow_node_left_total: 100,
  callwright_flow_requests_total: 30,
  callwright_threshold_alarms_total: 40,
};
const MOST_ELSE = 1_000;
const OTHER = 'other';

/** The metrics of the catalogue, by name: who counts can neither mistype a name nor forget a label. */
export class Instruments {
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  readonly #seen = new Map<string, Set<string>>();

  constructor(registry: Registry) {
    for (const [name, entry] of Object.entries<MetricEntry>(METRICS)) {
      const { kind, help, labels, buckets = [] } = entry;
      const base = { name, help, labelNames: [...labels], registers: [registry] };
      if (kind === 'counter') this.#counters.set(name, new Counter(base));
      else if (kind === 'gauge') this.#gauges.set(name, new Gauge(base));
      else this.#histograms.set(name, new Histogram({ ...base, buckets: [...buckets] }));
    }
  }

  inc<N extends NameOf<'counter'>>(name: N, labels: Labels<N>, by = 1): void {
    this.#counters.get(name)?.inc(this.#bounded(name, labels), by);
  }

  /** Takes the series away: what it counted is over. */
  drop<N extends NameOf<'counter'>>(name: N, labels: Labels<N>): void {
    this.#counters.get(name)?.remove(labels);
    this.#seen.get(name)?.delete(Object.values(labels).join('\0'));
  }

  set<N extends NameOf<'gauge'>>(name: N, labels: Labels<N>, value: number): void {
    this.#gauges.get(name)?.set(labels, value);
  }

  /** What is set from now on is all there is of it. */
  clear(...names: readonly NameOf<'gauge'>[]): void {
    for (const name of names) this.#gauges.get(name)?.reset();
  }

  /** @param ms milliseconds; less than none counts as none. */
  took<N extends NameOf<'histogram'>>(name: N, labels: Labels<N>, ms: number): void {
    this.#histograms.get(name)?.observe(labels, Math.max(0, ms) / 1_000);
  }

  #bounded(name: MetricName, labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const seen = this.#seen.get(name) ?? new Set<string>();
    this.#seen.set(name, seen);
    const key = Object.values(labels).join('\0');
    if (seen.has(key)) return labels;
    if (seen.size >= (MOST[name] ?? MOST_ELSE) - 1)
      return Object.fromEntries(Object.keys(labels).map((label) => [label, OTHER]));
    seen.add(key);
    return labels;
  }
}
