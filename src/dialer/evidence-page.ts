import type { Cell } from './evidence-csv.ts';
import type { ComplianceProfile } from './compliance/profile.ts';
import { daysOf, type DayRate, lowestCap, type ProfileCount, RATE_COLUMNS } from './evidence-rates.ts';
import { ABANDONED_COLUMNS, CHANGE_COLUMNS } from './evidence-tables.ts';

type Rows = readonly (readonly Cell[])[];

export interface Agreement {
  /** Outcome, attempts by the journal's facts, attempts by their table. */
  readonly rows: readonly (readonly [string, number, number])[];
  readonly agrees: boolean;
}

interface Page {
  readonly about: {
    readonly campaign: { readonly id: string; readonly name: string };
    readonly from: string;
    readonly until: string;
    readonly madeAt: string;
    readonly madeBy: string;
    readonly numbers: string;
  };
  readonly own: ComplianceProfile;
  readonly counts: readonly ProfileCount[];
  readonly rateRows: Rows;
  readonly abandoned: Rows;
  readonly changes: Rows;
  readonly refused: Rows;
  readonly agreement: Agreement;
}

const STYLE = `@page{size:A4;margin:16mm 14mm}body{font:10pt/1.4 system-ui,sans-serif;color:#111;max-width:182mm;margin:0 auto}
h1{font-size:17pt;margin:0 0 2mm}h2{font-size:12pt;margin:7mm 0 2mm;break-after:avoid}p{margin:1mm 0}
table{border-collapse:collapse;width:100%;font-size:7.5pt}th,td{border-bottom:.2mm solid #bbb;padding:.8mm 1.2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;border-bottom-color:#333}tr{break-inside:avoid}thead{display:table-header-group}.n{text-align:right;white-space:nowrap}.p{white-space:nowrap}
.small{font-size:7.5pt;color:#444}.over{color:#a00;font-weight:600}svg{width:100%;height:auto}`;

/** More than this is for the CSV. */
const MOST_ROWS = 200;

/** The page that is printed: no script, nothing from elsewhere. */
export function evidencePage({ about, own, counts, rateRows, abandoned, changes, refused, agreement }: Page): string {
  const { campaign, from, until, madeAt, madeBy, numbers } = about;
  const mine = counts.find(({ profile }) => profile.id === own.id);
  const parts = [
    `<h1>${text(campaign.name)}: evidence of dialling</h1>`,
    `<p>Campaign ${text(campaign.id)}, calls dialled from ${minute(from)} to before ${minute(until)} UTC. Made ${minute(madeAt)} UTC for ${text(madeBy || 'nobody by name')}; telephone numbers ${text(numbers)}.</p>`,
    `<p>Profile of the campaign: ${text(own.title)} (${text(own.id)}), of ${text(own.checkedOn)}. The other profiles count the same calls, for comparison.</p>`,
    `<p>${agreementWords(agreement)}</p>`,
    '<h2>Abandonment by each profile</h2>',
    ratesTable(rateRows.toSorted((a, b) => Number(b[0] === own.id) - Number(a[0] === own.id))),
    `<h2>Rate by day, ${text(own.id)}</h2>`,
    mine ? chart(daysOf(mine), lowestCap(own)) : '',
    `<h2>Abandoned calls (${abandoned.length})</h2>`,
    plainTable(pick(ABANDONED_COLUMNS), abandoned.map(pick)),
    `<h2>Changes of settings (${changes.length})</h2>`,
    plainTable(CHANGE_COLUMNS, changes),
    '<h2>Dials that a rule refused</h2>',
    plainTable(['rule', 'dials refused'], refused),
    '<p class="small">Every file of this pack stands with its SHA-256 in manifest.json, which is signed (Ed25519) in manifest.sig. `callwright campaign evidence verify FOLDER` says whether anything was changed.</p>',
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Evidence: ${text(campaign.name)}</title><style>${STYLE}</style></head><body>${parts.join('\n')}</body></html>\n`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (raw: Cell): string => String(raw ?? '–').replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

function agreementWords({ rows, agrees }: Agreement): string {
  const total = rows.reduce((sum, [, journal]) => sum + journal, 0);
  if (agrees)
    return `The journal and the table of attempts were kept apart from each other and agree: ${total} dials, outcome by outcome.`;
  const wrong = rows.filter(([, journal, sql]) => journal !== sql);
  const words = wrong.map(([outcome, journal, sql]) => `${outcome} ${journal} and ${sql}`).join(', ');
  return `<span class="over">The journal and the table of attempts do not agree: ${text(words)}.</span> See agreement.csv.`;
}

function ratesTable(rows: Rows): string {
  const head =
    '<th class="p">profile</th><th class="n">abandoned ÷ of</th><th class="n">rate</th><th class="n">cap</th><th>what it means, and the rules</th>';
  const lines = rows.map((row) => {
    const of = (name: string) => row[RATE_COLUMNS.indexOf(name)] ?? null;
    const [rate, cap] = [Number(of('rate')), Number(of('cap'))];
    const mark = rate > cap ? ' over' : '';
    const cells = [
      `<td class="p">${text(of('profile'))}<br><span class="small">${text(of('calls dialled under it'))} dials</span></td>`,
      `<td class="n">${text(of('numerator'))} ÷ ${text(of('denominator'))}</td>`,
      `<td class="n${mark}">${percent(rate)}</td><td class="n">${percent(cap)}</td>`,
      `<td>${text(of('definition'))}<br><span class="small">${text(of('rules'))}</span></td>`,
    ];
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** Of an abandoned call, what fits on a page. */
const ON_PAGE = [
  'call',
  'number',
  'answered',
  'message began',
  'message ended',
  'message',
  'opted out',
  'number rests until',
  'recording outcome',
];
const pick = <T>(row: readonly T[]): readonly T[] =>
  row.filter((_, index) => ON_PAGE.includes(ABANDONED_COLUMNS[index] ?? ''));

function plainTable(columns: readonly string[], rows: Rows): string {
  if (rows.length === 0) return '<p>None.</p>';
  const line = (cells: readonly Cell[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows
    .slice(0, MOST_ROWS)
    .map((row) => line(row, 'td'))
    .join('');
  const rest = rows.length > MOST_ROWS ? `<p>The first ${MOST_ROWS} of ${rows.length}; all are in the CSV.</p>` : '';
  return `<table><thead>${line(columns, 'th')}</thead><tbody>${body}</tbody></table>${rest}`;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [720, 200, 46, 26, 12];
/** So many days have their date written below. */
const DATES = 8;

/** A bar a day, and the cap as a line. */
function chart(days: readonly DayRate[], cap: number): string {
  if (days.length === 0) return '<p>Nobody has answered.</p>';
  const most = Math.max(cap * 1.5, ...days.map(({ rate }) => rate)) || 1;
  const y = (rate: number) => HEIGHT - BOTTOM - (rate / most) * (HEIGHT - BOTTOM - TOP);
  const step = (WIDTH - LEFT) / days.length;
  const wide = Math.min(step * 0.7, 40);
  const each = Math.ceil(days.length / DATES);
  const bars = days.map(({ day, rate, abandoned, of }, index) => {
    const x = LEFT + index * step + (step - wide) / 2;
    const bar = `<rect x="${x.toFixed(1)}" y="${y(rate).toFixed(1)}" width="${wide.toFixed(1)}" height="${(y(0) - y(rate)).toFixed(1)}" fill="${rate > cap ? '#a00' : '#456'}"><title>${day}: ${percent(rate)} (${abandoned} of ${of})</title></rect>`;
    const date =
      index % each === 0
        ? `<text x="${(x + wide / 2).toFixed(1)}" y="${HEIGHT - 9}" text-anchor="middle">${day.slice(5)}</text>`
        : '';
    return bar + date;
  });
  const line = (rate: number, colour: string, dash: string, label: string) =>
    `<line x1="${LEFT}" x2="${WIDTH}" y1="${y(rate).toFixed(1)}" y2="${y(rate).toFixed(1)}" stroke="${colour}"${dash}/><text x="${LEFT - 4}" y="${(y(rate) + 3).toFixed(1)}" text-anchor="end" fill="${colour}">${label}</text>`;
  const rules =
    line(0, '#333', '', '') + line(cap, '#a00', ' stroke-dasharray="5 3"', `${Number((cap * 100).toFixed(2))} %`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="10" role="img" aria-label="Abandonment rate by day against the cap">${bars.join('')}${rules}</svg><p class="small">Bars: abandoned ÷ of, by the day of the pick-up. Dashed: the lowest cap of the profile.</p>`;
}
