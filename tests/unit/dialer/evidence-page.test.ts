import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/dialer/evidence-csv.ts';
import { evidencePage } from '../../../src/dialer/evidence-page.ts';
import { noCounts, rateRows } from '../../../src/dialer/evidence-rates.ts';
import { ABANDONED_COLUMNS, CHANGE_COLUMNS } from '../../../src/dialer/evidence-tables.ts';
import { labProfile } from '../../support/lab-profile.ts';

const T0 = Date.UTC(2026, 9, 2, 7);
const at = (sec: number) => new Date(T0 + sec * 1_000).toISOString();
const rowOf = (columns: readonly string[], cells: Readonly<Record<string, Cell>>) =>
  columns.map((name) => cells[name] ?? null);

const ABANDONED = rowOf(ABANDONED_COLUMNS, {
  call: 'call-0mhu6v3s4000a1b2c3d4e5f60718',
  number: '+358401234567',
  answered: at(0),
  'message began': at(1.85),
  'message ended': at(9.2),
  message: 'autumn-campaign.sorry-we-missed-you',
  'number rests until': at(72 * 3_600),
  'recording outcome': `erased ${at(86_400)} by retention; none: the switch made no recording`,
});
const change = (more: Readonly<Record<string, Cell>>) =>
  rowOf(CHANGE_COLUMNS, {
    at: at(0),
    by: 'maria@outbound.example',
    status: 'running',
    'status before': 'running',
    ...more,
  });

function pageOf(abandoned: readonly (readonly Cell[])[] = [ABANDONED]): string {
  const own = labProfile();
  const counts = noCounts(
    [own],
    { startedAt: T0, dialled: true },
    { others: new Map(), heard: { heard: 0, persons: 0 } },
  );
  return evidencePage({
    about: {
      campaign: { id: 'campaign-1', name: 'Autumn <b>' },
      from: at(0),
      until: at(86_400),
      madeAt: at(90_000),
      madeBy: 'Maria',
      numbers: 'whole',
    },
    own,
    counts,
    rateRows: rateRows(counts, T0 + 86_400_000),
    abandoned,
    changes: [
      change({ status: 'running', 'status before': 'draft' }),
      change({ setting: 'message', from: 'null', to: '{"prompt":"autumn.sorry","says":["name","number"]}' }),
    ],
    refused: [['calling-hours', 12_345]],
    agreement: { rows: [['connected', 12_000, 12_000]], agrees: true },
  });
}

/** What a browser may break where a line ends. */
const breakable = (page: string) =>
  page
    .slice(page.indexOf('<body>'))
    .replaceAll(/<svg.*?<\/svg>/gs, '')
    .replaceAll(/<(span|td|th) class="[np]">[^<]*<\/\1>/g, '');

describe('the page of an evidence pack', () => {
  const page = pageOf();

  it('breaks no date, no time and no telephone number, in whatever column or sentence it stands', () => {
    expect(page).toContain('.n,.p{white-space:nowrap}');
    expect(page).not.toContain('anywhere');
    expect(page).toContain('<span class="p">2026-10-02</span> <span class="p">07:00:01.850</span>');
    expect(page).toContain('erased <span class="p">2026-10-03</span> <span class="p">07:00:00.000</span> by retention');
    expect(breakable(page)).not.toMatch(/\d{4}-\d\d|\d\d:\d\d|\+358/u);
  });

  it('keeps a number with its unit in definitions and rules', () => {
    expect(page).toMatch(/within \d+&nbsp;s of/u);
    expect(breakable(page)).not.toMatch(/\d (?:s|h|%|CFR)(?![a-z])/u);
  });

  it('gives each column its width, and leaves the last one room on A4', () => {
    const tables = [...page.matchAll(/<colgroup>(.*?)<\/colgroup>/g)].map(([, cols = '']) =>
      [...cols.matchAll(/width:(\d+)mm/g)].map(([, mm]) => Number(mm)),
    );
    expect(tables).toHaveLength(3);
    for (const widths of tables) expect(182 - widths.reduce((sum, mm) => sum + mm, 0)).toBeGreaterThanOrEqual(34);
    expect(page).toContain('.f{table-layout:fixed}');
  });

  it('has of each abandoned call its times, and below them its id and what became of its recording', () => {
    expect(page).toContain(
      '<td colspan="7">call-0mhu6v3s4000a1b2c3d4e5f60718, recording: erased <span class="p">2026-10-03</span>',
    );
    const cells = ABANDONED.with(ABANDONED_COLUMNS.indexOf('recording outcome'), null);
    expect(pageOf([cells])).toContain('<td colspan="7">call-0mhu6v3s4000a1b2c3d4e5f60718</td>');
  });

  it('parts long names after a sign, and says from which status a campaign went', () => {
    expect(page).toContain('autumn-campaign.<wbr>sorry-we-missed-you');
    expect(page).toContain('maria@<wbr>outbound.<wbr>example');
    expect(page).toContain('<td>draft → running</td>');
    expect(page).toContain('<td>running</td>');
  });

  it('shows what people wrote as text, large counts with a comma, and says what it leaves out', () => {
    expect(page).toContain('<h1>Autumn &lt;b&gt;: evidence of dialling</h1>');
    expect(page).toContain('<td class="n">12,345</td>');
    expect(page).not.toContain('The first 200');
    expect(pageOf(Array.from({ length: 201 }, () => ABANDONED))).toContain(
      '<p>The first 200 of 201; all are in the CSV.</p>',
    );
    expect(pageOf([])).toContain('<h2>Abandoned calls (0)</h2>\n<p>None.</p>');
  });
});
