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
  const text = [...reportCsv(told('queue').cells, 'Europe/Stockholm')].join('');
  const rows = parse(text, { bom: true, columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
  expect(rows.map(({ figure }) => figure)).toEqual(REPORT_FIGURES.map(({ name }) => name));
  const asa = rows.find(({ figure }) => figure === 'asa');
  expect(asa).toMatchObject({ value: '10000', unit: 'ms', key: `'${EVIL}` });
  expect(asa?.['from']).toMatch(/T\d\d:00:00\+0[12]:00$/);
  for (const { definition } of rows) expect(definition).not.toBe('');
  expect(text.split('\r\n').some((line) => line.startsWith('='))).toBe(false);
});

it('the page has each figure beside its definition, and shows names as they are', () => {
  for (const by of ['queue', null] as const) {
    const page = reportPage({ from: T0, to: null, zone: 'UTC', by, journalBegins: null, ...told(by) });
    for (const figure of REPORT_FIGURES) expect(page).toContain(`<td>${figure.title}</td>`);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('NaN');
    expect(page).toContain('<svg');
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
