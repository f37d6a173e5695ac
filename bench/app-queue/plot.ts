import { NOISY_LOAD } from '../calls/statistics.ts';
import { cpuRatio, PARTS, type Run, SIDES, total } from './figures.ts';
import { COLOUR, frame, GREY, page, piece, PLOT_WIDTH, round, TITLE } from '../plots/svg.ts';
import { NAMES } from './table.ts';

const HEIGHT = 440;
const PLOT = { top: 80, height: 270 } as const;
const LEFT = { offer: 80, cpu: 600 } as const;
const BOTTOM = PLOT.top + PLOT.height;

/** Two pictures side by side as SVG: how long a free agent waits for a waiting call, and where the CPU time of a call goes. */
export function plot(runs: readonly Run[]): string {
  return page(HEIGHT, LEFT.offer, footnote(runs), [...offerPicture(runs), ...cpuPicture(runs)]);
}

function footnote(runs: readonly Run[]): string {
  const what = 'The same calls and phones, queued by Callwright and by app_queue on the same Asterisk.';
  const isNoisy = runs.some(({ otherLoad }) => otherLoad > NOISY_LOAD);
  return isNoisy ? `${what} Measured beside more than ${NOISY_LOAD * 100} % of other load.` : what;
}

const DECADES = [1, 10, 100, 1_000, 10_000] as const;
const LOWEST = Math.log(DECADES[0]);
const HIGHEST = Math.log(DECADES[4]);

/** A line from p50 to p99 for each run, on a logarithmic axis. */
function offerPicture(runs: readonly Run[]): readonly string[] {
  const y = (ms: number) => BOTTOM - ((Math.log(Math.max(1, ms)) - LOWEST) / (HIGHEST - LOWEST)) * PLOT.height;
  const marks = places(runs, LEFT.offer).flatMap(({ run, x, width }) => {
    if (!run.offerMs) return [];
    const [middle, top, foot] = [round(x + width / 2), y(run.offerMs.p99), y(run.offerMs.p50)];
    const colour = run.side === 'callwright' ? COLOUR.callwright : GREY;
    return [
      `<line x1="${middle}" x2="${middle}" y1="${round(top)}" y2="${round(foot)}" stroke="${colour}" stroke-width="6" stroke-linecap="round"/>`,
      `<text x="${middle}" y="${round(top - 8)}" text-anchor="middle">p99 ${run.offerMs.p99.toFixed(0)}</text>`,
      `<text x="${middle}" y="${round(foot + 18)}" text-anchor="middle">p50 ${run.offerMs.p50.toFixed(0)}</text>`,
    ];
  });
  const ticks = DECADES.map((ms) => ({ at: y(ms), text: String(ms) }));
  return [
    ...frame(LEFT.offer, BOTTOM, 'Agent free to INVITE on his phone, ms', ticks),
    ...names(runs, LEFT.offer),
    ...marks,
  ];
}

/** A bar for each run, a piece for each process. */
function cpuPicture(runs: readonly Run[]): readonly string[] {
  const most = Math.max(1, ...runs.map(total));
  const y = (ms: number) => BOTTOM - (ms / (most * 1.15)) * PLOT.height;
  const bars = places(runs, LEFT.cpu).flatMap(({ run, x, width }) => {
    let foot = 0;
    const pieces = PARTS.flatMap((part) => {
      const ms = run.cpuMsPerCall[part];
      if (ms === undefined) return [];
      const [top, bottom] = [y(foot + ms), y(foot)];
      foot += ms;
      return piece(x, top, width, bottom, COLOUR[part]);
    });
    const ratio = run.side === 'callwright' ? cpuRatio(runs, run.members) : null;
    const said = `${foot.toFixed(1)}${ratio === null ? '' : ` (${ratio.toFixed(2)} ×)`}`;
    const label = `<text x="${round(x + width / 2)}" y="${round(y(foot) - 6)}" text-anchor="middle">${said}</text>`;
    return [...pieces, label];
  });
  const ticks = [0, most / 2, most].map((ms) => ({ at: y(ms), text: ms.toFixed(ms < 10 ? 1 : 0) }));
  return [...frame(LEFT.cpu, BOTTOM, 'CPU per queued call, ms', ticks), ...names(runs, LEFT.cpu), ...bars, ...legend()];
}

interface Place {
  readonly run: Run;
  readonly x: number;
  readonly width: number;
}

const sizes = (runs: readonly Run[]): readonly number[] => [...new Set(runs.map(({ members }) => members))];

/** Where the bars stand: the sides of one number of agents side by side. */
function places(runs: readonly Run[], left: number): readonly Place[] {
  const members = sizes(runs);
  const slot = PLOT_WIDTH / members.length;
  return runs.map((run) => {
    const x = left + (members.indexOf(run.members) + 0.12 + SIDES.indexOf(run.side) * 0.4) * slot;
    return { run, x, width: slot * 0.34 };
  });
}

function names(runs: readonly Run[], left: number): readonly string[] {
  const slot = PLOT_WIDTH / sizes(runs).length;
  return [
    ...places(runs, left).map(({ run, x, width }) => below(x + width / 2, 18, NAMES[run.side])),
    ...sizes(runs).map((members, index) => below(left + (index + 0.5) * slot, 38, `${members} agents`)),
  ];
}

const below = (x: number, down: number, text: string): string =>
  `<text x="${round(x)}" y="${BOTTOM + down}" text-anchor="middle">${text}</text>`;

const LEGEND_STEP = 96;

const legend = (): readonly string[] =>
  PARTS.map((part, index) => {
    const x = LEFT.cpu + index * LEGEND_STEP;
    return `<rect x="${x}" y="51" width="12" height="12" fill="${COLOUR[part]}"/><text x="${x + 18}" y="61">${TITLE[part]}</text>`;
  });
