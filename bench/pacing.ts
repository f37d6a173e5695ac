/**
 * `npm run bench:pacing`: how busy Callwright's policy keeps agents, and how many callers it abandons, beside others on the
 * same simulated days; and what a decision costs. No switch, no store. README.md beside this file tells how to read it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { dayPlot } from '../src/cli/pacing-plot.ts';
import { type DayResult, PLAIN_DAY } from '../src/dialer/lab/index.ts';
import { machine, type Rooms, runBench, Unclear, whole } from './calls/run.ts';
import { short } from './calls/statistics.ts';
import { aligned, bold, fixed } from './calls/table.ts';
import { ALL, type Name, NAMES, play } from './pacing/contestants.ts';
import { type Cost, costOfDecision } from './pacing/cost.ts';
import { costOfMany } from './pacing/many.ts';
import { linesOfMany } from './pacing/many-lines.ts';
import { colourOf, contestPlot } from './pacing/plot.ts';
import { type Contest, contests } from './pacing/scenarios.ts';

const USAGE = `npm run bench:pacing [-- options]

  --quick              a few scenarios, shorter: under a minute
  --only TEXT          scenarios whose name contains this, e.g. --only "20 ·"
  --policies a,b       some of ${ALL.join(', ')}
  --seed 1             of the first run; each scenario is played on so many seeds:
  --seeds 1
  --many 60            instead: what twenty campaigns of 300 agents with 1,000 calls in flight cost one process, so many seconds
  --out FOLDER         where pacing.svg and pacing-day.svg go (bench/results)`;

interface Wish {
  readonly quick: boolean;
  readonly only: string;
  readonly policies: readonly Name[];
  readonly seed: number;
  readonly seeds: number;
  /** Seconds; 0: not asked for. */
  readonly many: number;
  readonly out: string;
}

/** A scenario and how each did on it, by seed. */
interface Row {
  readonly contest: Contest;
  readonly by: Partial<Record<Name, readonly DayResult[]>>;
}

function wishOf(args: readonly string[]): Wish {
  const options = {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    policies: { type: 'string', default: ALL.join(',') },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    many: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dirname, 'results') },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const policies = values.policies.split(',').map(nameOf);
  const numbers = { seed: whole(values.seed, 'seed', 1_000_000), seeds: whole(values.seeds, 'seeds', 100) };
  const many = values.many === undefined ? 0 : whole(values.many, 'many', 3_600);
  return { ...values, ...numbers, many, policies };
}

function nameOf(text: string): Name {
  const name = ALL.find((known) => known === text.trim());
  if (name) return name;
  throw new Unclear(`There is no policy "${text}"; there are ${ALL.join(', ')}.`);
}

async function measure(wish: Wish, rooms: Rooms): Promise<() => void> {
  if (wish.many > 0) return measureMany(wish.many, rooms);
  const started = performance.now();
  const chosen = contests(wish.quick).filter(({ day }) => day.name.includes(wish.only));
  if (chosen.length === 0) throw new Unclear(`No scenario's name contains "${wish.only}".`);
  const rows: Row[] = [];
  for (const [n, contest] of chosen.entries()) {
    const by: Row['by'] = {};
    for (const name of wish.policies) {
      rooms.progress({ text: `${contest.day.name}: ${NAMES[name]}`, done: n, total: chosen.length });
      await breath();
      rooms.signal.throwIfAborted();
      by[name] = Array.from({ length: wish.seeds }, (_, k) =>
        play(name, { ...contest.day, seed: wish.seed + k }),
      ).filter((result) => result !== null);
    }
    rows.push({ contest, by });
  }
  rooms.progress({ text: 'cost of a decision' });
  const cost = costOfDecision();
  writePlots(wish, rows);
  const tookSec = (performance.now() - started) / 1_000;
  return () => tell(wish, rows, cost, tookSec);
}

async function measureMany(seconds: number, { progress, signal }: Rooms): Promise<() => void> {
  progress({ text: 'twenty campaigns in one process' });
  const cost = await costOfMany(seconds, () => signal.throwIfAborted());
  return () =>
    console.log(
      `${linesOfMany(cost).join('\n')}\n\n${JSON.stringify({ bench: 'pacing-many', ...machine(), ...cost }, short)}`,
    );
}

const mean = (results: readonly DayResult[], of: (result: DayResult) => number) =>
  results.reduce((sum, result) => sum + of(result), 0) / results.length;

const figuresOf = (results: readonly DayResult[] | undefined) =>
  results && results.length > 0
    ? {
        utilisation: mean(results, ({ utilisation }) => utilisation ?? 0),
        abandonment: mean(results, ({ abandonment }) => abandonment),
        worst: Math.max(...results.map(({ worst }) => worst ?? 0)),
        lowestBank: Math.min(...results.map(({ lowestBank }) => lowestBank)),
        persons: mean(results, ({ persons }) => persons),
      }
    : null;

function tell(wish: Wish, rows: readonly Row[], cost: Cost, tookSec: number): void {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  console.log(`${model}, ${cpus().length} processors, Node ${process.version}`);
  console.log(
    `Wrap-up 15 s, ringing about 10 s, no answer at ${PLAIN_DAY.maxRingSec} s, limit ${PLAIN_DAY.connectDeadlineSec} s, cap ${100 * PLAIN_DAY.cap} %, ` +
      `talk lognormal with cv 0.9; seeds ${wish.seed} to ${wish.seed + wish.seeds - 1}${wish.quick ? '; quick: shorter days' : ''}`,
  );
  console.log(bold('Utilisation % @ abandonment %'));
  const heads = ['scenario', 'hours', 'goal', ...wish.policies.map((name) => NAMES[name])];
  console.log(aligned([heads, ...rows.map((row) => lineOf(row, wish.policies))]).join('\n'));
  console.log(
    'Scenarios are agents · answered by persons · mean talk. "goal" is what the method the bench is held to reaches. Tuned policies\n' +
      'are tuned on the very day they are shown on; "knows …" look into the future and are no policies. "!" is over the cap.',
  );
  console.log(bold('\nCallwright: the cap, and its cost'));
  console.log(aligned([CAP_HEADS, ...rows.map(capLine)]).join('\n'));
  console.log(
    `A decision at 300 agents and 1,000 calls in flight: p50 ${fixed(cost.p50, 3)} ms, p99 ${fixed(cost.p99, 3)} ms, ` +
      `longest ${fixed(cost.most, 1)} ms by the wall clock, CPU mean ${fixed(cost.cpu, 3)} ms, p99 of batches of 20 ${fixed(cost.cpuP99, 3)} ms, of ${cost.decisions}. ` +
      `Told of all and deciding after each event, 20 such campaigns take ${fixed(20 * cost.share, 2)} of a core.`,
  );
  const figures = rows.map(({ contest, by }) => ({
    scenario: contest.day.name,
    goal: contest.goal,
    ...Object.fromEntries(wish.policies.map((name) => [name, figuresOf(by[name])])),
  }));
  console.log(
    `\n${JSON.stringify({ bench: 'pacing', ...machine(), model, tookSec: Math.round(tookSec), ...wish, cost, rows: figures }, short)}`,
  );
}

function lineOf({ contest, by }: Row, policies: readonly Name[]): readonly string[] {
  const { day, goal } = contest;
  return [day.name, String(day.hours), fixed(goal ?? undefined, 1), ...policies.map((name) => cell(by[name], day.cap))];
}

function cell(results: readonly DayResult[] | undefined, cap: number): string {
  const figures = figuresOf(results);
  if (!figures) return '–';
  const over = figures.abandonment > cap ? '!' : '';
  return `${fixed(100 * figures.utilisation, 1)} @ ${fixed(100 * figures.abandonment, 2)}${over}`;
}

const CAP_HEADS = ['scenario', 'persons', 'abandoned %', 'worst % after 2,000', 'lowest bank'];

function capLine({ contest, by }: Row): readonly string[] {
  const figures = figuresOf(by.callwright);
  if (!figures) return [contest.day.name, '–', '–', '–', '–'];
  const { persons, abandonment, worst, lowestBank } = figures;
  const highest = worst === 0 ? '–' : fixed(100 * worst, 2);
  return [contest.day.name, fixed(persons, 0), fixed(100 * abandonment, 2), highest, fixed(lowestBank, 1)];
}

function writePlots({ out, policies }: Wish, rows: readonly Row[]): void {
  mkdirSync(out, { recursive: true });
  const outcomes = rows
    .filter(({ contest }) => contest.goal !== null)
    .map(({ contest, by }) => ({
      scenario: contest.day.name,
      by: Object.fromEntries(policies.flatMap((name) => (figuresOf(by[name]) ? [[name, figuresOf(by[name])]] : []))),
    }));
  if (outcomes.length > 0) writeFileSync(join(out, 'pacing.svg'), contestPlot(outcomes, PLAIN_DAY.cap));
  const row = rows.find(({ contest }) => contest.day.name.startsWith('20 · 25')) ?? rows[0];
  if (!row) return;
  const curves = (['callwright', 'progressive', 'vicidial', 'ratio', 'ends'] as const).flatMap((name) => {
    const samples = row.by[name]?.[0]?.samples;
    return samples ? [{ name: NAMES[name], colour: colourOf(name), samples }] : [];
  });
  const title = `${row.contest.day.name}: one simulated day`;
  writeFileSync(join(out, 'pacing-day.svg'), dayPlot(title, row.contest.day.cap, curves, 'npm run bench:pacing'));
}

await runBench({ usage: USAGE, wishOf, measure });
