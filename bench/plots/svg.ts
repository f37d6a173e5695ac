/** What the pictures of the benches have in common: two plots side by side on one page, and a colour for each process. */
const WIDTH = 1_040;
export const PLOT_WIDTH = 400;

const INK = '#1f2937';
const FAINT = '#e5e7eb';
export const GREY = '#6b7280';

export const COLOUR = {
  callwright: '#2563eb',
  asterisk: '#f59e0b',
  redis: '#dc2626',
  sql: '#059669',
} as const;

export const TITLE = {
  callwright: 'Callwright',
  asterisk: 'Asterisk',
  redis: 'Redis',
  sql: 'SQL store',
} as const;

/** Tenths of a pixel are finer than anybody sees. */
export const round = (value: number): string => value.toFixed(1);

/** A line across the plot: `at` so many px from the top of the page. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** The picture, with a line of small print below. */
export function page(height: number, left: number, smallPrint: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    ...parts,
    `<text x="${left}" y="${height - 18}" fill="${GREY}">${smallPrint}</text>`,
    '</svg>\n',
  ].join('\n');
}

/** Title, a line for each tick, and the base line of one of the two plots. */
export function frame(left: number, bottom: number, title: string, ticks: readonly Tick[]): readonly string[] {
  const right = left + PLOT_WIDTH;
  return [
    `<text x="${left}" y="34" font-size="16" font-weight="bold">${title}</text>`,
    ...ticks.map(
      ({ at, text }) =>
        `<line x1="${left}" x2="${right}" y1="${round(at)}" y2="${round(at)}" stroke="${FAINT}"/>` +
        `<text x="${left - 8}" y="${round(at + 4)}" text-anchor="end">${text}</text>`,
    ),
    `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${INK}"/>`,
  ];
}

/** A piece of a bar. */
export const piece = (x: number, top: number, width: number, bottom: number, colour: string): string =>
  `<rect x="${round(x)}" y="${round(top)}" width="${round(width)}" height="${round(bottom - top)}" fill="${colour}"/>`;
