/** A panel in a few words; `dashboards.ts` makes Grafana's JSON of it. */
export interface PanelWish {
  readonly title: string;
  readonly kind: 'stat' | 'timeseries' | 'table';
  /** PromQL by legend. */
  readonly queries: readonly (readonly [legend: string, expression: string])[];
  /** Grafana's name of the unit. */
  readonly unit?: 's' | 'percentunit' | 'reqps' | 'short' | 'bytes';
}

export interface DashboardWish {
  readonly id: string;
  readonly title: string;
  /** One may be chosen at the top: a label, and a metric that has all its values. */
  readonly choose?: { readonly label: string; readonly metric: string };
  readonly panels: readonly PanelWish[];
}

export const quantile = (share: number, metric: string, where = '', by = 'le') =>
  `histogram_quantile(${share}, sum by (${by}) (rate(${metric}_bucket${where}[5m])))`;
export const tails = (metric: string, where = ''): PanelWish['queries'] => [
  ['p50', quantile(0.5, metric, where)],
  ['p95', quantile(0.95, metric, where)],
  ['p99', quantile(0.99, metric, where)],
];
export const each = (by: string, metric: string, where = '') => `sum by (${by}) (increase(${metric}${where}[5m]))`;
