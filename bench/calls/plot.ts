import {
  COLOUR as COLOURS,
  frame,
  GREY,
  page,
  piece,
  PLOT_WIDTH,
  round,
  type Tick,
  TITLE as TITLES,
} from '../plots/svg.ts';
import type { Responder } from './house.ts';
import { NOISY_LOAD, type Part, type Setup, type Step, total } from './statistics.ts';

const HEIGHT = 470;
const PLOT = { top: 78, height: 300 } as const;
const LEFT = { setup: 80, cpu: 600 } as const;
const BOTTOM = PLOT.top + PLOT.height;

const COLOUR: Readonly<Record<Part, string>> = { ...COLOURS, bare: GREY };
const TITLE: Readonly<Record<Part, string>> = { ...TITLES, bare: 'bare ARI' };

/** Two pictures side by side as SVG: set-up times by rate, and where the CPU time of a call goes. */
export function plot(steps: readonly Step[]): string {
  const rates = [...new Set(steps.map(({ perSecond }) => perSecond))];
  return page(HEIGHT, LEFT.setup, footnote(steps), [...setupPicture(steps, rates), ...cpuPicture(steps, rates)]);
}

function footnote(steps: readonly Step[]): string {
  const noisy = steps.filter(({ otherLoad }) => otherLoad > NOISY_LOAD).length;
  const what =
    'The same calls at the same rates, answered by Callwright and by a bare ARI responder on the same Asterisk.';
  return noisy > 0 ? `${what} Hollow: beside more than ${NOISY_LOAD * 100} % of other load.` : what;
}

type Scale = (value: number) => number;

function setupPicture(steps: readonly Step[], rates: readonly number[]): readonly string[] {
  const times = steps.flatMap(({ setupMs }) => (setupMs ? [setupMs.p50, setupMs.p99] : []));
  const [low, high] = [Math.min(...times, 10), Math.max(...times, 20)];
  const ticks = logTicks(low, high);
  const [from, to] = [Math.log(ticks[0] ?? 1), Math.log(ticks.at(-1) ?? 10)];
  const y: Scale = (ms) => BOTTOM - ((Math.log(ms) - from) / (to - from)) * PLOT.height;
  const most = Math.max(...rates);
  const x: Scale = (rate) => LEFT.setup + (rate / (most * 1.05)) * PLOT_WIDTH;
  const line = (responder: Responder, which: keyof Setup, dashes: string): string => {
    const own = steps.filter((step) => step.responder === responder);
    const points = own.flatMap(({ perSecond, setupMs, otherLoad }) =>
      setupMs ? [{ at: [x(perSecond), y(setupMs[which])].map(round), isNoisy: otherLoad > NOISY_LOAD }] : [],
    );
    return [
      `<polyline points="${points.map(({ at }) => at.join(',')).join(' ')}" fill="none" stroke="${COLOUR[responder]}" stroke-width="2" stroke-dasharray="${dashes}"/>`,
      ...points.map(
        ({ at: [cx, cy], isNoisy }) =>
          `<circle cx="${cx}" cy="${cy}" r="3" fill="${isNoisy ? 'white' : COLOUR[responder]}" stroke="${COLOUR[responder]}"/>`,
      ),
    ].join('');
  };
  const entries = (['callwright', 'bare'] as const).flatMap((responder) => [
    { name: `${TITLE[responder]} p99`, mark: lineMark(COLOUR[responder], SOLID) },
    { name: 'p50', mark: lineMark(COLOUR[responder], DASHED) },
  ]);
  return [
    ...framed(
      LEFT.setup,
      'Set-up: INVITE to 200 OK, ms',
      ticks.map((ms) => ({ at: y(ms), text: String(ms) })),
    ),
    ...rates.map((rate) => below(x(rate), String(rate))),
    ...(['callwright', 'bare'] as const).flatMap((one) => [line(one, 'p99', SOLID), line(one, 'p50', DASHED)]),
    ...legend(LEFT.setup, entries),
  ];
}

/** Two bars a rate: Callwright and all that works for it, and the bare responder with its Asterisk. */
function cpuPicture(steps: readonly Step[], rates: readonly number[]): readonly string[] {
  const step = niceStep(Math.max(...steps.map(total)));
  const ticks = [0, 1, 2, 3, 4, 5].map((index) => index * step);
  const y: Scale = (ms) => BOTTOM - (ms / (5 * step)) * PLOT.height;
  const slot = PLOT_WIDTH / rates.length;
  const width = slot * 0.32;
  const bar = (of: Step): string => {
    const place = rates.indexOf(of.perSecond) * slot + (of.responder === 'bare' ? slot * 0.52 : slot * 0.16);
    let foot = 0;
    const pieces = Object.entries(of.cpuMsPerCall).map(([part, ms]) => {
      const [top, bottom] = [y(foot + ms), y(foot)];
      foot += ms;
      return piece(LEFT.cpu + place, top, width, bottom, COLOUR[part as Part]);
    });
    return pieces.join('');
  };
  const parts = ['callwright', 'bare', 'asterisk', 'redis', 'sql'] as const;
  return [
    ...framed(
      LEFT.cpu,
      'CPU per call, ms',
      ticks.map((ms) => ({ at: y(ms), text: String(Number(ms.toPrecision(3))) })),
    ),
    ...rates.map((rate, index) => below(LEFT.cpu + (index + 0.5) * slot, String(rate))),
    ...steps.map(bar),
    ...legend(
      LEFT.cpu,
      parts.map((part) => ({ name: TITLE[part], mark: squareMark(COLOUR[part]) })),
    ),
  ];
}

const SOLID = 'none';
const DASHED = '5 4';

/** Of rates, on the axis below. */
const framed = (left: number, title: string, ticks: readonly Tick[]): readonly string[] => [
  ...frame(left, BOTTOM, title, ticks),
  `<text x="${left + PLOT_WIDTH / 2}" y="${BOTTOM + 44}" text-anchor="middle">calls begun a second</text>`,
];

const below = (x: number, text: string): string =>
  `<text x="${round(x)}" y="${BOTTOM + 20}" text-anchor="middle">${text}</text>`;

interface Entry {
  readonly name: string;
  readonly mark: (x: number, y: number) => string;
}

/** Room for one letter, px; names are set in a font that we do not choose. */
const LETTER = 6.5;
const MARK = 24;

function legend(left: number, entries: readonly Entry[]): readonly string[] {
  let x = left;
  return entries.map(({ name, mark }) => {
    const at = x;
    x += MARK + name.length * LETTER + 8;
    return `${mark(at, 57)}<text x="${at + MARK}" y="61">${name}</text>`;
  });
}

const lineMark =
  (colour: string, dashes: string): Entry['mark'] =>
  (x, y) =>
    `<line x1="${x}" x2="${x + 18}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>`;

const squareMark =
  (colour: string): Entry['mark'] =>
  (x, y) =>
    `<rect x="${x + 4}" y="${y - 6}" width="12" height="12" fill="${colour}"/>`;

/** 1, 2, 5, 10, … from the last below the least value to the first above the greatest. */
function logTicks(low: number, high: number): readonly number[] {
  const all = [0.1, 1, 10, 100, 1_000, 10_000].flatMap((decade) => [decade, 2 * decade, 5 * decade]);
  const first = all.findLastIndex((tick) => tick <= low);
  const last = all.findIndex((tick) => tick >= high);
  return all.slice(Math.max(0, first), last + 1);
}

/** A fifth of an axis that reaches so far, in figures that people read with ease. */
function niceStep(high: number): number {
  const decade = 10 ** Math.floor(Math.log10(high / 5));
  return (([1, 2, 2.5, 5, 10] as const).find((nice) => nice * decade * 5 >= high) ?? 10) * decade;
}
