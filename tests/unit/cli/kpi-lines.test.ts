import { expect, it } from 'vitest';
import { KpiBook } from '../../../src/acd/kpi/book.ts';
import { IMPORTED, KPI_SETTINGS, KPIS } from '../../../src/acd/kpi/words.ts';
import { figuresOf, kpiAnswer, settingsOf, tableOf } from '../../../src/cli/kpi-lines.ts';

const settings = { ...KPI_SETTINGS, perMinute: 0.02, perAgentSecond: 32 / 3_600, targetMs: { support: 30_000 } };
const nothing = kpiAnswer.parse({
  journalBegins: null,
  imported: IMPORTED.map((figure) => ({
    figure,
    from: Date.parse('2026-10-01T00:00:00'),
    to: Date.parse('2026-11-01T00:00:00'),
    value: 0.031,
    source: 'Staff office',
    at: Date.parse('2026-11-02T09:00:00'),
  })),
  report: new KpiBook(KPI_SETTINGS).report(),
  settings,
  definitions: KPIS,
});

it('shows every figure with its definition, and a dash where there is none', () => {
  const lines = figuresOf(nothing, undefined) ?? [];
  const defined = lines.map(({ definition }) => definition);
  // Told of each campaign alone, by `callwright report --by campaign`.
  const { outboundAbandonment: _, ...shown } = KPIS;
  const missing = Object.values(shown).filter(({ definition: own }) => !defined.some((each) => each.endsWith(own)));
  expect(missing).toEqual([]);
  expect(lines.find(({ title }) => title === 'ASA')).toMatchObject({ value: '–' });
});

it('shows figures from elsewhere with their span, their source and when they were given', () => {
  const lines = figuresOf(nothing, undefined) ?? [];
  const turnover = lines.find(({ title }) => title.startsWith('Agent turnover'));
  expect(turnover).toMatchObject({ title: 'Agent turnover, 2026-10-01 to 2026-11-01', value: '3.1 %' });
  expect(turnover?.definition).toMatch(/^Staff office, imported 2026-11-02\. Agents who left/);
});

it('says how many answered a survey, and what part of those who were asked', () => {
  const { report } = nothing;
  const all = { ...report.all, csat: { value: 0.75, answers: 4, response: 0.4 } };
  const titles = (figuresOf({ ...nothing, report: { ...report, all } }, undefined) ?? []).map(({ title }) => title);
  expect(titles).toContain('CSAT (n = 4, 40.0 % of those asked)');
  expect(titles).toContain('NPS (n = 0)');
});

it('knows no figures of a queue that no call came to', () => {
  expect(figuresOf(nothing, 'support')).toBeNull();
});

it('says what the house filled into the definitions', () => {
  expect(settingsOf(nothing, 'support')).toBe(
    'T_short is 5 s, W 7 days, the target 30 s, a minute costs 0.02, an agent 32.00 an hour (site/kpis.yaml, site/queues.yaml).',
  );
  expect(settingsOf(nothing, undefined)).toContain("the target each queue's own");
});

const LINES = [
  { title: 'Handled', value: '12', definition: 'Calls that an agent answered.' },
  {
    title: 'ASA',
    value: '3.5 s',
    definition: 'Queue wait of answered calls ÷ answered calls, from entering the queue to the answer.',
  },
  { title: 'Abandoned', value: '1', definition: '' },
];

it.each([
  [
    'beside the figures where there is room',
    64,
    [
      'Handled       12  Calls that an agent answered.',
      'ASA        3.5 s  Queue wait of answered calls ÷ answered calls,',
      '                  from entering the queue to the answer.',
      'Abandoned      1',
    ],
  ],
  [
    'below them where there is not',
    50,
    [
      'Handled       12',
      '    Calls that an agent answered.',
      'ASA        3.5 s',
      '    Queue wait of answered calls ÷ answered calls,',
      '    from entering the queue to the answer.',
      'Abandoned      1',
    ],
  ],
  [
    'whole for other programs',
    Infinity,
    [
      'Handled       12  Calls that an agent answered.',
      'ASA        3.5 s  Queue wait of answered calls ÷ answered calls, from entering the queue to the answer.',
      'Abandoned      1',
    ],
  ],
])('puts definitions %s', (_where, width, table) => {
  expect(tableOf(LINES, width, (text) => text)).toEqual(table);
});

it.each([80, 120])('fits every figure into %i columns', (width) => {
  const lines = tableOf(figuresOf(nothing, undefined) ?? [], width, (text) => text);
  expect(lines.filter(({ length }) => length > width)).toEqual([]);
});
