import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LABELS, METRICS } from '../../../src/telemetry/catalogue.ts';
import { renderMetricsPage } from '../../../src/telemetry/docs.ts';
import type { MetricEntry } from '../../../src/telemetry/metric-entry.ts';
import { busyMetrics, PROMISED } from '../../support/busy-house.ts';

const ENTRIES = Object.entries<MetricEntry>(METRICS);
const page = async (size = PROMISED) => {
  const metrics = busyMetrics(size);
  // The first scrape names the campaigns that run; those that end their attempts later have a label.
  await metrics.page();
  for (const campaignId of ['campaign-0', 'campaign-1'])
    for (const outcome of ['connected', 'abandoned', 'machine', 'busy']) {
      const data = { campaignId, leadId: 'l', attemptId: 'a', outcome, q850: 16, sip: null, rangMs: 1 };
      metrics.observe({ type: 'attempt.ended', data, subject: 'call/o', seq: 1, at: 1 });
    }
  return (await metrics.page()).body.split('\n');
};
const seriesOf = (lines: readonly string[]) => lines.filter((line) => line !== '' && !line.startsWith('#'));

/** Names, types and labels as the documentation has them. */
function documented(): Map<string, { kind: string; labels: string[] }> {
  const text = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(callwright_\w+)` \| (\w+) \| ([^|]*) \|/gmu)];
  return new Map(
    rows.map(([, name = '', kind = '', labels = '']) => [
      name,
      { kind, labels: [...labels.matchAll(/`(\w+)`/gu)].map(([, label = '']) => label) },
    ]),
  );
}

describe('docs/metrics.md', () => {
  it('is what the catalogue renders', () => {
    const text = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    expect(text, 'run node src/telemetry/docs.ts > docs/metrics.md').toBe(renderMetricsPage());
  });

  it('has the names, types and labels that a scrape of a busy house reads, each of them and no other', async () => {
    const lines = await page();
    const types = lines.flatMap((line) => [...line.matchAll(/^# TYPE (callwright_\w+) (\w+)$/gu)]);
    const told = documented();
    expect(new Set(types.map(([, name]) => name))).toEqual(new Set(told.keys()));
    expect(types).toHaveLength(told.size);
    for (const [, name = '', kind] of types) {
      expect(kind, name).toBe(told.get(name)?.kind);
      const own = seriesOf(lines).filter((line) => new RegExp(`^${name}(?:_bucket|_sum|_count)?[{ ]`, 'u').test(line));
      expect(own.length, `${name} never happens in the busy house`).toBeGreaterThan(0);
      const labels = new Set(own.flatMap((line) => [...line.matchAll(/[{,](\w+)="/gu)].map(([, label]) => label)));
      labels.delete('le');
      expect(labels, name).toEqual(new Set(told.get(name)?.labels));
    }
  });
});

describe('the catalogue', () => {
  it('says of each label what it may be, and has no label that could be a person, a number or a call', () => {
    const labels = new Set(ENTRIES.flatMap(([, entry]) => entry.labels));
    expect([...labels].toSorted()).toEqual(Object.keys(LABELS).toSorted());
    expect([...labels].filter((label) => /call|number|name|agent|lead|ani|dnis|id$/iu.test(label))).toEqual([]);
  });

  it('names by the rules of Prometheus: units at the end, `_total` for counters and for nothing else', () => {
    for (const [name, { kind }] of ENTRIES) {
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
      if (kind === 'histogram') expect(name).toMatch(/_seconds$/u);
    }
  });
});

describe('a scrape at 50 queues and 500 agents, all that can happen having happened', () => {
  it('has fewer than 2,000 series', async () => {
    const series = seriesOf(await page());
    expect(series.length).toBeLessThan(2_000);
    expect(series.length).toBeGreaterThan(1_500); // or the house is not busy any more
  });

  it('has as many with four times the agents, campaigns, flows and webhooks', async () => {
    const more = { ...PROMISED, agents: 2_000, campaigns: 80, flows: 80, webhooks: 200, calls: 1_600 };
    const [some, many] = [seriesOf(await page()), seriesOf(await page(more))];
    const ours = (lines: readonly string[]) => lines.filter((line) => line.startsWith('callwright_')).length;
    expect(ours(many)).toBeLessThanOrEqual(ours(some) + 4);
  });
});
