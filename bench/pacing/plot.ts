import { frame, GREY, page, PLOT_WIDTH, round } from '../plots/svg.ts';
import { COLOURS } from '../../src/cli/pacing-plot.ts';
import { ALL, NAMES, type Name } from './contestants.ts';

/** A contest's outcome by name: shares from 0 to 1. */
export interface Outcome {
  readonly scenario: string;
  readonly by: Readonly<Partial<Record<Name, { readonly utilisation: number; readonly abandonment: number }>>>;
}

const ROW = 22;
const TOP = 90;
const LEFT = { utilisation: 140, abandonment: 610 } as const;
const SHAPES = [
  'M-5,0A5,5 0 1,0 5,0A5,5 0 1,0 -5,0',
  'M-4,-4H4V4H-4Z',
  'M0,-5L5,4H-5Z',
  'M-5,0L0,-5L5,0L0,5Z',
] as const;

export const colourOf = (name: Name): string => COLOURS[ALL.indexOf(name) % COLOURS.length] ?? GREY;

/** Two pictures side by side as SVG: a row for each contest, a mark for each policy. */
export function contestPlot(outcomes: readonly Outcome[], cap: number): string {
  const bottom = TOP + ROW * outcomes.length;
  const names = ALL.filter((name) => outcomes.some(({ by }) => by[name]));
  const most = 2 * cap;
  const scales = {
    utilisation: (share: number) => LEFT.utilisation + PLOT_WIDTH * Math.max(0, (share - 0.2) / 0.8),
    abandonment: (share: number) => LEFT.abandonment + PLOT_WIDTH * Math.min(1, share / most),
  };
  const parts = [
    ...frame(LEFT.utilisation, bottom, 'Utilisation, 20 to 100 %', rowTicks(outcomes)),
    ...frame(LEFT.abandonment, bottom, 'Abandonment; the cap dashed', rowTicks(outcomes, false)),
    ...(['utilisation', 'abandonment'] as const).flatMap((figure) => marks(outcomes, names, figure, scales[figure])),
    cross(scales.abandonment(cap), bottom),
    ...[0.2, 0.4, 0.6, 0.8, 1].map((share) => below(scales.utilisation(share), bottom, `${Math.round(100 * share)} %`)),
    ...[0, cap, most].map((share) => below(scales.abandonment(share), bottom, `${+(100 * share).toFixed(1)} %`)),
    ...legend(names),
  ];
  return page(
    bottom + 80,
    LEFT.utilisation,
    'Rows: agents · answered by persons · mean talk. Marks at the edge lie beyond it.',
    parts,
  );
}

const rowTicks = (outcomes: readonly Outcome[], named = true) =>
  outcomes.map(({ scenario }, n) => ({ at: TOP + ROW * (n + 0.5), text: named ? scenario : '' }));

function marks(
  outcomes: readonly Outcome[],
  names: readonly Name[],
  figure: 'utilisation' | 'abandonment',
  x: (share: number) => number,
): readonly string[] {
  return outcomes.flatMap(({ by }, n) =>
    names.toReversed().flatMap((name) => {
      const seen = by[name];
      return seen ? mark(name, x(seen[figure]), TOP + ROW * (n + 0.5)) : [];
    }),
  );
}

const mark = (name: Name, x: number, y: number) =>
  `<path d="${SHAPES[ALL.indexOf(name) % SHAPES.length]}" transform="translate(${round(x)} ${round(y)})" fill="${colourOf(name)}" fill-opacity="0.85"/>`;

const cross = (x: number, bottom: number) =>
  `<line x1="${round(x)}" x2="${round(x)}" y1="${TOP}" y2="${bottom}" stroke="#dc2626" stroke-dasharray="6 4"/>`;

const below = (x: number, bottom: number, text: string) =>
  `<text x="${round(x)}" y="${bottom + 18}" text-anchor="middle">${text}</text>`;

function legend(names: readonly Name[]): readonly string[] {
  let x = LEFT.utilisation;
  return names.flatMap((name) => {
    const at = x;
    x += 34 + 6.6 * NAMES[name].length;
    return [mark(name, at + 6, 62), `<text x="${round(at + 18)}" y="66">${NAMES[name]}</text>`];
  });
}
