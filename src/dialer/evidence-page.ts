import type { ComplianceProfile } from './compliance/profile.ts';
import {
  abandonedTable,
  changesTable,
  figure,
  parted,
  refusedTable,
  sentence,
  type Rows,
  text,
  timed,
} from './evidence-page-tables.ts';
import { daysOf, type DayRate, lowestCap, type ProfileCount, RATE_COLUMNS } from './evidence-rates.ts';

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

const STYLE = `@page{size:A4;margin:16mm 14mm}body{font:10pt/1.4 system-ui,sans-serif;color:#111;max-width:182mm;margin:0 auto;overflow-wrap:break-word}
@media screen{body{margin:12mm auto;padding:0 4mm}}
h1{font-size:17pt;margin:0 0 2mm}h2{font-size:12pt;margin:7mm 0 2mm;break-after:avoid}p{margin:1mm 0}
table{border-collapse:collapse;width:100%;font-size:7.5pt;font-variant-numeric:tabular-nums}.f{table-layout:fixed}.a{width:auto}
th,td{padding:.8mm 1.2mm;text-align:left;vertical-align:top}td,th{overflow-wrap:break-word}
th{font-weight:600;border-bottom:.2mm solid #333}tbody{border-bottom:.2mm solid #bbb;break-inside:avoid}tr{break-inside:avoid}
thead{display:table-header-group}.r,.n{text-align:right}.n,.p{white-space:nowrap}
.small{font-size:7.5pt;color:#444}.small td{padding-top:0}.over{color:#a00;font-weight:600}svg{width:100%;height:auto}`;

/** The page that is printed: no script, nothing from elsewhere. */
export function evidencePage({ about, own, counts, rateRows, abandoned, changes, refused, agreement }: Page): string {
  const { campaign, from, until, madeAt, madeBy, numbers } = about;
  const mine = counts.find(({ profile }) => profile.id === own.id);
  const parts = [
    `<h1>${text(campaign.name)}: evidence of dialling</h1>`,
    `<p>Campaign ${text(campaign.id)}, calls dialled from ${minute(from)} to before ${minute(until)}. Made ${minute(madeAt)} for ${text(madeBy || 'nobody by name')}; telephone numbers ${text(numbers)}; all times in UTC.</p>`,
    `<p>Profile of the campaign: ${text(own.title)} (${text(own.id)}), of ${timed(own.checkedOn)}. The other profiles count the same calls, for comparison.</p>`,
    `<p>${agreementWords(agreement)}</p>`,
    '<h2>Abandonment by each profile</h2>',
    ratesTable(rateRows.toSorted((a, b) => Number(b[0] === own.id) - Number(a[0] === own.id))),
    `<h2>Rate by day, ${text(own.id)}</h2>`,
    mine ? chart(daysOf(mine), lowestCap(own)) : '',
    `<h2>Abandoned calls (${abandoned.length})</h2>`,
    abandonedTable(abandoned),
    `<h2>Changes of settings (${changes.length})</h2>`,
    changesTable(changes),
    '<h2>Dials that a rule refused</h2>',
    refusedTable(refused),
    '<p class="small">Every file of this pack stands with its SHA-256 in manifest.json, which is signed (Ed25519) in manifest.sig. `callwright campaign evidence verify FOLDER` says whether anything was changed.</p>',
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Evidence: ${text(campaign.name)}</title><style>${STYLE}</style></head><body>${parts.join('\n')}</body></html>\n`;
}

const minute = (iso: string): string => `<span class="p">${iso.slice(0, 16).replace('T', ' ')} UTC</span>`;

function agreementWords({ rows, agrees }: Agreement): string {
  const total = rows.reduce((sum, [, journal]) => sum + journal, 0);
  if (agrees)
    return `The journal and the table of attempts were kept apart from each other and agree: ${figure(total)} dials, outcome by outcome.`;
  const wrong = rows.filter(([, journal, sql]) => journal !== sql);
  const words = wrong.map(([outcome, journal, sql]) => `${outcome} ${journal} and ${sql}`).join(', ');
  return `<span class="over">The journal and the table of attempts do not agree: ${text(words)}.</span> See agreement.csv.`;
}

const RATE_WIDTHS = `<colgroup>${[28, 28, 16, 16].map((mm) => `<col style="width:${mm}mm">`).join('')}<col></colgroup>`;

function ratesTable(rows: Rows): string {
  const head =
    '<th>profile</th><th class="r">abandoned ÷ of</th><th class="n">rate</th><th class="n">cap</th><th>what it means, and the rules</th>';
  const lines = rows.map((row) => {
    const of = (name: string) => row[RATE_COLUMNS.indexOf(name)] ?? null;
    const [rate, cap] = [Number(of('rate')), Number(of('cap'))];
    const mark = rate > cap ? ' over' : '';
    const cells = [
      `<td>${parted(of('profile'))}<br><span class="small">${figure(of('calls dialled under it'))} dials</span></td>`,
      `<td class="r">${figure(of('numerator'))} ÷ ${figure(of('denominator'))}</td>`,
      `<td class="n${mark}">${percent(rate)}</td><td class="n">${percent(cap)}</td>`,
      `<td>${sentence(of('definition'))}<br><span class="small">${sentence(of('rules'))}</span></td>`,
    ];
    return `<tbody><tr>${cells.join('')}</tr></tbody>`;
  });
  return `<table class="f">${RATE_WIDTHS}<thead><tr>${head}</tr></thead>${lines.join('')}</table>`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

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
