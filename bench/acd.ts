/**
 * `npm run bench:acd`: what one decision of the matcher costs on a small floor and on a large one, and how many it makes a
 * second. No switch, no store. README.md beside this file tells how to read it.
 */
import { cpus } from 'node:os';
import { setImmediate as breath } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Floor, type Regime } from './acd/floor.ts';
import { makeWorld } from './acd/world.ts';
import { machine, type Rooms, runBench, whole } from './calls/run.ts';
import { quantile, short } from './calls/statistics.ts';
import { aligned, bold, fixed } from './calls/table.ts';

const USAGE = `npm run bench:acd [-- options]

  --small 100     agents, and waiting calls, of the small floor
  --large 10000   of the large one
  --sets 200      requirement sets, the same on both
  --teams 500     agents of one team can do the same; as many as agents: nobody is like another
  --slices 60     slices of 4000 decisions each that are timed, for each floor and regime
  --seed 1`;

/** Long enough that a collection of young garbage or two falls into each, short enough to fit between what else runs. */
const SLICE = 4_000;
/** What runs for the first time is slow; and every call of the large floor has been replaced by then. */
const WARM_UP = 20_000;
/** Of the slices, the share that is quicker than what is told: neighbours only ever make slices slower. */
const QUIET = 0.25;

const REGIMES = [
  { name: 'backlog', regime: 'backlog', relaxes: false },
  { name: 'idle', regime: 'idle', relaxes: false },
  { name: 'backlog, relaxing', regime: 'backlog', relaxes: true },
  { name: 'idle, may relax', regime: 'idle', relaxes: true },
] as const satisfies readonly { readonly name: string; readonly regime: Regime; readonly relaxes: boolean }[];

interface Wish {
  readonly small: number;
  readonly large: number;
  readonly sets: number;
  readonly teams: number;
  readonly slices: number;
  readonly seed: number;
}

/** CPU per decision, µs: the quiet slices, and half of them. */
interface Cost {
  readonly quiet: number;
  readonly median: number;
}

interface Row {
  readonly name: string;
  readonly small: Cost;
  readonly large: Cost;
}

function wishOf(args: readonly string[]): Wish {
  const options = {
    small: { type: 'string', default: '100' },
    large: { type: 'string', default: '10000' },
    sets: { type: 'string', default: '200' },
    teams: { type: 'string', default: '500' },
    slices: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  return {
    small: whole(values.small, 'small', 100_000),
    large: whole(values.large, 'large', 100_000),
    sets: whole(values.sets, 'sets', 2_000),
    teams: whole(values.teams, 'teams', 100_000),
    slices: whole(values.slices, 'slices', 1_000),
    seed: whole(values.seed, 'seed', 1_000_000),
  };
}

async function measure(wish: Wish, rooms: Rooms): Promise<() => void> {
  const rows: Row[] = [];
  for (const regime of REGIMES) rows.push(await timed(regime, wish, rooms));
  return () => tell(wish, rows);
}

/** Both floors by turns, so that they meet the same neighbours. */
async function timed({ name, regime, relaxes }: (typeof REGIMES)[number], wish: Wish, rooms: Rooms): Promise<Row> {
  const floorOf = (size: number) => {
    const world = makeWorld({ sets: wish.sets, teams: wish.teams, seed: wish.seed, relaxes });
    return new Floor(world, { agents: size, calls: size }, regime);
  };
  const floors = [floorOf(wish.small), floorOf(wish.large)] as const;
  for (const floor of floors) floor.run(WARM_UP);
  const took: [number[], number[]] = [[], []];
  for (let done = 0; done < wish.slices; done += 1) {
    rooms.progress({ text: `pairing: ${name}`, done, total: wish.slices });
    took[0].push(costOf(floors[0]));
    took[1].push(costOf(floors[1]));
    await breath();
    rooms.signal.throwIfAborted();
  }
  return { name, small: summary(took[0]), large: summary(took[1]) };
}

function costOf(floor: Floor): number {
  const before = process.threadCpuUsage();
  floor.run(SLICE);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / SLICE;
}

function summary(slices: readonly number[]): Cost {
  const sorted = slices.toSorted((a, b) => a - b);
  return { quiet: quantile(sorted, QUIET) ?? 0, median: quantile(sorted, 0.5) ?? 0 };
}

function tell(wish: Wish, rows: readonly Row[]): void {
  const { small, large, sets, teams, slices, seed } = wish;
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  console.log(`${model}, ${cpus().length} processors, Node ${process.version}`);
  console.log(
    `${small} × ${small} and ${large} × ${large} (agents × waiting calls) over the same ${sets} requirement sets; ten queues of ` +
      `every strategy; ${teams} teams; ${slices} slices of ${SLICE} decisions each; seed ${seed}`,
  );
  console.log(bold('CPU per decision, µs'));
  const heads = ['floor', `${small}`, `${large}`, '÷', `median ${small}`, `${large}`, '÷', `decisions/s at ${large}`];
  const line = ({ name, small: a, large: b }: Row) => [
    name,
    ...[a.quiet, b.quiet].map((us) => fixed(us, 2)),
    `${fixed(b.quiet / a.quiet, 2)} ×`,
    ...[a.median, b.median].map((us) => fixed(us, 2)),
    `${fixed(b.median / a.median, 2)} ×`,
    fixed(1e6 / b.quiet, 0),
  ];
  const all = { name: 'all, equal numbers', small: meanCost(rows, 'small'), large: meanCost(rows, 'large') };
  console.log(aligned([heads, ...[...rows, all].map(line)]).join('\n'));
  console.log(
    'A decision is a pairing with its reasons, and all that belongs to it: the call that came for it, the agent who became\n' +
      'free, the steps that fell due meanwhile, and the looks at which there was none. The small floor on the left.',
  );
  const figures = {
    decisionsPerSecond: Math.round(1e6 / all.large.quiet),
    costRatio: all.large.quiet / all.small.quiet,
    slowest: Math.round(1e6 / Math.max(...rows.map(({ large }) => large.quiet))),
    worstRatio: Math.max(...rows.map(({ small, large }) => large.quiet / small.quiet)),
  };
  console.log(`\n${JSON.stringify({ bench: 'acd', ...machine(), model, ...wish, ...figures, rows }, short)}`);
}

/** Over all regimes in equal numbers. */
function meanCost(rows: readonly Row[], floor: 'small' | 'large'): Cost {
  const mean = (figure: keyof Cost) => rows.reduce((sum, row) => sum + row[floor][figure], 0) / rows.length;
  return { quiet: mean('quiet'), median: mean('median') };
}

await runBench({ usage: USAGE, wishOf, measure });
