/** What is exported under one name. Durations are seconds, as Prometheus wants them. */
export interface MetricEntry {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, seconds. */
  readonly buckets?: readonly number[];
}

export type MetricEntries = Readonly<Record<`callwright_${string}`, MetricEntry>>;
