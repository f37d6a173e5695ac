import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/telemetry/catalogue.ts';
import { renderDashboards } from '../../../src/telemetry/dashboards.ts';
import { unknownIn } from '../../support/metric-names.ts';
import { selectorsOf } from '../../support/promql.ts';

const folder = new URL('../../../docker/grafana/dashboards/', import.meta.url);

interface Dashboard {
  readonly uid: string;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: string | { readonly query: string } }[];
  };
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}
const names = readdirSync(folder);
const dashboards = names.map((name): [string, Dashboard] => [
  name,
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Dashboard,
]);

it('the files of the dashboards are those that are made', () => {
  expect(new Set(names)).toEqual(new Set(renderDashboards().keys()));
  for (const [name, text] of renderDashboards())
    expect(readFileSync(new URL(name, folder), 'utf8'), 'run node src/telemetry/dashboards.ts').toBe(text);
});

describe.each(dashboards)('the dashboard %s', (_name, { templating, panels }) => {
  it('asks only for metrics and labels that there are, in PromQL', () => {
    for (const { title, targets } of panels) for (const { expr } of targets) expect(unknownIn(expr), title).toEqual([]);
  });

  it('uses variables that it has, of a label that its metric has', () => {
    const known = templating.list.map(({ name }) => name);
    const used = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\$\w+/gu) ?? []));
    for (const name of used) expect(known).toContain(name.slice(1));
    for (const { query } of templating.list) {
      if (typeof query === 'string') continue;
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/u.exec(query.query) ?? [];
      expect(unknownIn(`${metric}{${label}="x"}`)).toEqual([]);
    }
  });

  it('names in its legends only labels that the query keeps', () => {
    for (const { targets } of panels)
      for (const { expr, legendFormat } of targets)
        for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/gu))
          if (label !== 'instance') expect(selectorsOf(expr)[0]?.labels, expr).toContain(label);
  });

  it('has panels that stand beside each other in the grid, none on another', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

it('most of what is exported is shown somewhere', () => {
  const shown = new Set(
    dashboards.flatMap(([, { panels }]) =>
      panels.flatMap(({ targets }) =>
        targets.flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric.replace(/_bucket$/u, ''))),
      ),
    ),
  );
  const ours = Object.keys(METRICS);
  expect(ours.filter((name) => shown.has(name)).length / ours.length).toBeGreaterThan(0.6);
});
