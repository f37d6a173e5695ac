import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { KpiBook } from '../../../src/acd/kpi/book.ts';
import { KPI_SETTINGS } from '../../../src/acd/kpi/words.ts';
import { reportCsv } from '../../../src/engine/report-csv.ts';
import { REPORT_FIGURES, written } from '../../../src/engine/report-figures.ts';
import { reportPage } from '../../../src/engine/report-page.ts';
import { T0 } from '../acd/builders.ts';
import { came, connected, type Line, over, queued, talked } from '../acd/kpi-lines.ts';

const EVIL = '=cmd|<script>"';
const BESIDE = {
  imported: [
    {
      figure: 'turnover',
      from: T0 - 86_400_000,
      to: T0 + 86_400_000,
      by: 'queue',
      key: EVIL,
      value: 0.031,
      source: EVIL,
      at: Date.parse('2026-11-20T10:00:00Z'),
      importedBy: 'Maria',
    },
  ],
  outbound: null,
} as const;

function told(by: 'queue' | null) {
  const lines: readonly Line[] = [
    came('a', 0, '+1'),
    queued('a', 5, EVIL),
    connected('a', 15, 10, EVIL),
    talked('a', 75, 60),
    over('a', 75, 75),
  ];
  const cut = { by, every: '1h', zone: 'Europe/Stockholm', teams: new Map() } as const;
  const book = new KpiBook(KPI_SETTINGS, { from: T0, cut });
  for (const [i, [subject, seconds, fact]] of lines.entries())
    book.see({ ...fact, subject, seq: i + 1, at: T0 + seconds * 1_000 });
  return { cells: [...book.cells()], report: book.report() };
}

it('CSV has every figure of every cell on a line, with its definition, and no cell that a spreadsheet would run', () => {
  const sheet = { from: T0, to: T0 + 3_600_000, zone: 'Europe/Stockholm', ...BESIDE, ...told('queue') };
  const text = [...reportCsv(sheet)].join('');
  const rows = parse(text, { bom: true, columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
  expect(rows.map(({ figure }) => figure)).toEqual([...REPORT_FIGURES.map(({ name }) => name), 'turnover']);
  const asa = rows.find(({ figure }) => figure === 'asa');
  expect(asa).toMatchObject({ value: '10000', unit: 'ms', key: `'${EVIL}` });
  expect(asa?.['from']).toMatch(/T\d\d:00:00\+0[12]:00$/);
  for (const { definition, source } of rows) expect([definition, source]).not.toContain('');
  expect(rows.at(-1)).toMatchObject({ key: `'${EVIL}`, value: '0.031', unit: 'share' });
  expect(rows.at(-1)?.['source']).toBe(`imported: ${EVIL}, 2026-11-20 11:00`);
  expect(text.split('\r\n').some((line) => line.startsWith('='))).toBe(false);
});

it('the page has each figure beside its definition, and shows names as they are', () => {
  for (const by of ['queue', null] as const) {
    const page = reportPage({ from: T0, to: null, zone: 'UTC', by, journalBegins: null, ...BESIDE, ...told(by) });
    for (const figure of REPORT_FIGURES) expect(page).toContain(`<td>${figure.title}</td>`);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('NaN');
    expect(page).toContain('<svg');
    expect(page).toContain('3.1 %');
    expect(page).toContain('=cmd|&lt;script&gt;&quot;, 2026-11-20 10:00');
  }
});

it.each([
  ['ms', 9_940, '9.9 s'],
  ['ms', 65_000, '1:05'],
  ['ms', 3_725_000, '1:02:05'],
  ['share', 0.1234, '12.3 %'],
  ['calls', 12, '12'],
  ['points', null, '–'],
] as const)('writes %s %s as people read it', (unit, value, text) => {
  expect(written({ unit }, value)).toBe(text);
});

const CAMPAIGN = {
  campaignId: 'campaign-1',
  name: EVIL,
  profile: 'lab@1',
  zone: 'Europe/Stockholm',
  definition: 'Abandoned ÷ answered.',
  abandoned: 3,
  of: 80,
  rate: 0.0375,
  days: [
    { day: '2026-11-21', abandoned: 2, of: 50, rate: 0.04 },
    { day: '2026-11-22', abandoned: 1, of: 30, rate: 1 / 30 },
  ],
  limits: [
    {
      cap: 0.03,
      window: 'day',
      scope: 'campaign',
      from: '2026-11-22',
      to: '2026-11-22',
      abandoned: 1,
      of: 30,
      rate: 1 / 30,
      kept: false,
      definition: 'On the day.',
    },
  ],
} as const;

it('abandonment of a campaign stands in the CSV for the span, for each of its days and for each limit, and on the page', () => {
  const [from, to] = [Date.parse('2026-11-21T12:00:00Z'), Date.parse('2026-11-22T12:00:00Z')];
  const sheet = { from, to, zone: 'UTC', ...told(null), cells: [], imported: [], outbound: [CAMPAIGN] };
  const rows: Record<string, string>[] = parse([...reportCsv(sheet)].join(''), { bom: true, columns: true });
  const seen = rows.map((row) => [row['from'], row['to'], row['figure'], row['value']]);
  const [noon, next, midnight] = [
    '2026-11-21T12:00:00+00:00',
    '2026-11-22T12:00:00+00:00',
    '2026-11-21T23:00:00+00:00',
  ];
  expect(seen.filter(([, , figure]) => !/abandoned$|of$/.test(figure ?? ''))).toEqual([
    [noon, next, 'outboundAbandonment', '0.0375'],
    [noon, midnight, 'outboundAbandonment.day', '0.04'],
    [midnight, next, 'outboundAbandonment.day', String(1 / 30)],
    [midnight, '2026-11-22T23:00:00+00:00', 'outboundAbandonment.day.campaign', String(1 / 30)],
  ]);
  expect(rows).toHaveLength(12);
  const page = reportPage({ ...sheet, to: null, by: 'campaign', journalBegins: null });
  expect(page).toContain('3.8 %');
  expect(page).toContain('3.3 % of at most 3.0 % <strong>passed</strong>, 2026-11-22');
  expect(page).not.toContain('<script');
});

it('campaigns stand on the page by their names, in the table and below the bars', () => {
  const [cell] = told(null).cells;
  if (!cell) throw new Error('there is a cell');
  const figures = { ...cell.figures, outbound: { ...cell.figures.outbound, dials: 7 } };
  const cells = [{ ...cell, key: 'campaign-1', figures }];
  const autumn = { ...CAMPAIGN, name: 'Autumn <2>' };
  const sheet = { from: T0, to: null, zone: 'UTC', report: told(null).report, imported: [], outbound: [autumn] };
  const page = reportPage({ ...sheet, cells, by: 'campaign', journalBegins: null });
  const [plots = '', rest = ''] = page.split('<h2>By campaign</h2>');
  expect(plots).toContain('>Autumn &lt;2&gt;<');
  expect(rest.split('</table>')[0]).toContain('<td>Autumn &lt;2&gt;</td>');
  expect(plots).not.toContain('campaign-1');
});
