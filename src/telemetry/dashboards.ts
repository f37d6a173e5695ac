import { writeFileSync } from 'node:fs';
import type { DashboardWish, PanelWish } from './dashboard-words.ts';
import { OPERATIONS, QUEUE } from './floor-dashboards.ts';
import { CAMPAIGN, SYSTEM } from './house-dashboards.ts';

const DASHBOARDS: readonly DashboardWish[] = [OPERATIONS, QUEUE, CAMPAIGN, SYSTEM];

/** Schema of Grafana 11 and 12. */
const SCHEMA_VERSION = 39;
/** Grafana's grid is 24 wide. */
const WIDTH = 24;
const SIZES = { stat: { w: 6, h: 4 }, timeseries: { w: 12, h: 8 }, table: { w: 12, h: 8 } } as const;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The dashboards as Grafana reads them, by file name; `node src/telemetry/dashboards.ts` writes them. */
export const renderDashboards = (): ReadonlyMap<string, string> =>
  new Map(DASHBOARDS.map((wish) => [`${wish.id}.json`, `${JSON.stringify(dashboard(wish), null, 2)}\n`]));

function dashboard({ id, title, choose, panels }: DashboardWish) {
  const chosen = choose ? [variable(choose.label, choose.metric)] : [];
  return {
    uid: `callwright-${id}`,
    title,
    tags: ['callwright'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    templating: { list: [datasource, ...chosen] },
    annotations: { list: [] },
    panels: placed(panels),
  };
}

const datasource = { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus', hide: 0 };

const variable = (name: string, metric: string) => ({
  name,
  type: 'query',
  label: name,
  datasource: DATASOURCE,
  query: { query: `label_values(${metric}, ${name})`, refId: name },
  refresh: 2,
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { text: ['All'], value: ['$__all'] },
});

/** From left to right, and on to the next row when the row is full or another size begins. */
function placed(wishes: readonly PanelWish[]) {
  let [x, y, height] = [0, 0, 0];
  return wishes.map((wish, nth) => {
    const { w, h } = SIZES[wish.kind];
    if (x + w > WIDTH || (height !== 0 && height !== h)) [x, y] = [0, y + height];
    const gridPos = { x, y, w, h };
    [x, height] = [x + w, h];
    return panel(wish, nth + 1, gridPos);
  });
}

function panel({ title, kind, queries, unit = 'short' }: PanelWish, id: number, gridPos: object) {
  const shape = kind === 'table' ? { instant: true, format: 'table' } : {};
  const targets = queries.map(([legendFormat, expr], nth) => ({
    refId: 'ABCDEFGH'[nth] ?? 'Z',
    datasource: DATASOURCE,
    expr,
    legendFormat,
    ...shape,
  }));
  return {
    id,
    title,
    type: kind,
    gridPos,
    datasource: DATASOURCE,
    targets,
    fieldConfig: { defaults: { unit }, overrides: [] },
    options: {},
    ...(kind === 'table' && { transformations: [{ id: 'merge', options: {} }] }),
  };
}

if (import.meta.main) {
  const folder = new URL('../../docker/grafana/dashboards/', import.meta.url);
  for (const [name, text] of renderDashboards()) writeFileSync(new URL(name, folder), text);
}
