import type { Sample } from '../dialer/lab/index.ts';

/** One policy's day in the pictures. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly samples: readonly Sample[];
}

export const COLOURS = ['#2563eb', '#f59e0b', '#059669', '#dc2626', '#7c3aed', '#6b7280', '#111827'] as const;

const WIDTH = 1_040;
const LEFT = 70;
const RIGHT = 1_020;
const PANEL = { height: 150, gap: 70, first: 90 } as const;
const FAINT = '#e5e7eb';
const GREY = '#6b7280';
/** More points than this nobody tells apart. */
const POINTS = 160;

interface Panel {
  readonly title: string;
  readonly value: (sample: Sample) => number | null;
  readonly text: (value: number) => string;
  readonly most: number;
  /** A line that must not be crossed. */
  readonly limit?: number;
  /** A running figure is shown as it stood; others as their mean. */
  readonly running?: true;
}

/** Three pictures, one below the other, as SVG: utilisation, abandonment and dial level over the day. */
export function dayPlot(title: string, cap: number, curves: readonly Curve[], smallPrint: string): string {
  const hours = Math.max(1 / 60, ...curves.map(({ samples }) => (samples.at(-1)?.t ?? 0) / 3_600));
  const height = PANEL.first + 3 * (PANEL.height + PANEL.gap);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#1f2937">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    `<text x="${LEFT}" y="28" font-size="16" font-weight="bold">${escaped(title)}</text>`,
    ...legend(curves),
    ...panels(cap, curves).flatMap((panel, n) => drawn(panel, n, hours, curves)),
    `<text x="${LEFT}" y="${height - 14}" fill="${GREY}">${escaped(smallPrint)}</text>`,
    '</svg>\n',
  ].join('\n');
}

function panels(cap: number, curves: readonly Curve[]): readonly Panel[] {
  const percent = (value: number) => `${+(100 * value).toFixed(2)} %`;
  const highest = (value: Panel['value'], least: number) =>
    Math.max(least, ...curves.flatMap(({ samples }) => thinned(samples, value, false).map(({ value: seen }) => seen)));
  // The first few answers make shares of a quarter; they would flatten all the rest.
  const abandonment = Math.min(
    4 * cap,
    highest(({ abandonment: share }) => share, 1.5 * cap),
  );
  return [
    { title: 'Utilisation: talk and wrap-up ÷ logged in', value: (s) => s.utilisation, text: percent, most: 1 },
    {
      title: 'Abandonment so far: abandoned ÷ persons handed over; the cap dashed',
      value: (s) => s.abandonment,
      text: percent,
      most: abandonment,
      limit: cap,
      running: true,
    },
    {
      title: 'Dial level: lines in use ÷ agents logged in',
      value: (s) => s.level,
      text: (v) => String(+v.toFixed(2)),
      most: 1.1 * highest(({ level }) => level, 1),
    },
  ];
}

function legend(curves: readonly Curve[]): readonly string[] {
  let x = LEFT;
  return curves.flatMap(({ name, colour }) => {
    const at = x;
    x += 34 + 7 * name.length;
    return [
      `<line x1="${at}" x2="${at + 16}" y1="46" y2="46" stroke="${colour}" stroke-width="3"/>`,
      `<text x="${at + 22}" y="50">${escaped(name)}</text>`,
    ];
  });
}

function drawn(panel: Panel, n: number, hours: number, curves: readonly Curve[]): readonly string[] {
  const top = PANEL.first + n * (PANEL.height + PANEL.gap);
  const bottom = top + PANEL.height;
  const x = (t: number) => LEFT + ((RIGHT - LEFT) * t) / (3_600 * hours);
  const y = (value: number) => bottom - PANEL.height * Math.min(1, value / panel.most);
  const lines = curves.map(({ samples, colour }) => {
    const points = thinned(samples, panel.value, panel.running ?? false);
    const text = points.map(({ t, value }) => `${x(t).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline points="${text}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
  });
  return [
    `<text x="${LEFT}" y="${top - 12}" font-weight="bold">${panel.title}</text>`,
    ...marks(panel.most).map((value) => rule(y(value), panel.text(value))),
    ...hourMarks(hours, x, bottom),
    ...(panel.limit === undefined ? [] : [dashed(y(panel.limit))]),
    ...lines,
  ];
}

/** Round values from 0 on, three to six of them. */
function marks(most: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => most / each <= 5) ?? most;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, n) => n * step);
}

const rule = (at: number, text: string) =>
  `<line x1="${LEFT}" x2="${RIGHT}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}" stroke="${FAINT}"/>` +
  `<text x="${LEFT - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`;

const dashed = (at: number) =>
  `<line x1="${LEFT}" x2="${RIGHT}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}" stroke="#dc2626" stroke-dasharray="6 4"/>`;

function hourMarks(hours: number, x: (t: number) => number, bottom: number): readonly string[] {
  const step = [0.1, 0.25, 0.5, 1, 2, 4, 8, 24].find((each) => hours / each <= 12) ?? 48;
  const marks = Array.from({ length: Math.floor(hours / step + 1e-9) + 1 }, (_, n) => n * step);
  return marks.map(
    (at) =>
      `<text x="${x(3_600 * at).toFixed(1)}" y="${bottom + 18}" text-anchor="middle" fill="${GREY}">${+at.toFixed(2)} h</text>`,
  );
}

/** Neighbours put together, by their mean, or by the last of them where the figure is a running one. */
function thinned(samples: readonly Sample[], of: Panel['value'], running: boolean) {
  const each = Math.max(1, Math.ceil(samples.length / POINTS));
  const points: { readonly t: number; readonly value: number }[] = [];
  for (let from = 0; from < samples.length; from += each) {
    const some = samples.slice(from, from + each);
    const values = some.flatMap((sample) => of(sample) ?? []);
    const last = values.at(-1);
    if (last === undefined) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    points.push({ t: some.at(-1)?.t ?? 0, value: running ? last : mean });
  }
  return points;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
