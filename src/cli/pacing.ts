import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { daySchema } from '../acd/replay/day.ts';
import { type DayResult, PLAIN_DAY, type Scenario, simulate } from '../dialer/lab/index.ts';
import { EXIT, ending, Explained } from './ending.ts';
import { askServer } from './flow/server.ts';
import { notBefore, overSpan, type SpanOptions, spanOf } from './moments.ts';
import { measuredDay } from './pacing-day.ts';
import { labTable } from './pacing-lines.ts';
import { changed, type LabOptions, withLabOptions } from './pacing-options.ts';
import { COLOURS, dayPlot } from './pacing-plot.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Options extends LabOptions, SpanOptions {
  readonly real?: true;
  readonly campaign?: string;
}

const HELP = `
Examples:
  callwright pacing lab --agents 12 --answer-rate 20 --talk 90
                                           8 hours of 12 agents, as the predictive policy would pace them
  callwright pacing lab --policy predictive,progressive,power:2 --out ./plots
                                           the same day by three policies, and a picture of it
  callwright pacing lab --real --from 2026-11-02 --to 2026-11-03 --agents 30
                                           a real day's calls, with 30 agents

Nobody is dialled: the policies that pace campaigns are played on a virtual clock against seeded chance, so the same command prints
the same figures. --real asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager or admin) for the day.
See docs/pacing-lab.md.`;

/** `callwright pacing` */
export const pacingCommand = (env: Env): Command =>
  new Command('pacing').description('try how campaigns are paced').addCommand(labCommand(env));

const labCommand = (env: Env): Command =>
  overSpan(withLabOptions(new Command('lab')))
    .description('play a synthetic or a real day by a pacing policy and other settings')
    .option('--real', 'ringing, answers, talks, wrap-ups and shifts as on a real day (--from, --to)')
    .option('--campaign <id>', 'of the real day, this campaign only')
    .addHelpText('after', HELP)
    .action((options: Options) => ending(lab(options, env)));

async function lab(options: Options, env: Env): Promise<number> {
  const { day: begun, words } = options.real
    ? await realDay(options, env)
    : { day: PLAIN_DAY, words: synthetic(options) };
  const day = changed(begun, options);
  const days = options.policy.map(({ name, make }) => ({ name, result: simulate(day, make) }));
  const plot = options.out === undefined ? null : drawn(options.out, day, days);
  if (options.json) console.log(JSON.stringify(figures(day, days, words), null, 2));
  else for (const line of [...words, setting(day), '', ...labTable(days)]) console.log(line);
  if (plot !== null && !options.json) console.log(`\nUtilisation, abandonment and dial level over the day: ${plot}`);
  return EXIT.fine;
}

/** @throws Explained when an option only means something on a real day */
function synthetic({ from, to, campaign }: Options): readonly string[] {
  if (from === undefined && to === undefined && campaign === undefined)
    return ['A synthetic day: no real call is in it.'];
  throw new Explained(
    '--from, --to and --campaign choose a real day: add --real, or leave them out for a synthetic one.',
  );
}

const answer = z.object({ journalBegins: z.number().nullable(), day: daySchema });

async function realDay(options: Options, env: Env): Promise<{ day: Scenario; words: readonly string[] }> {
  if (options.hours !== undefined)
    throw new Explained('--hours is for a synthetic day: a real one is as long as --from and --to say.');
  const { query, words } = spanOf(options);
  const reply = await askServer(env, { method: 'GET', path: `/v1/replay-day?${query}`, answer });
  if (!reply.ok) throw new Explained(reply.sentence);
  const measured = measuredDay(reply.value.day, options.campaign);
  if (!measured.ok) throw new Explained(measured.why);
  return {
    day: measured.day,
    words: [`The day ${words}.`, ...notBefore(reply.value.journalBegins), ...measured.words],
  };
}

function setting({ agents, hours, cap, connectDeadlineSec, lines, cps, seed }: Scenario): string {
  const rounded = +hours.toFixed(2);
  return (
    `${agents} ${agents === 1 ? 'agent' : 'agents'}, ${rounded} ${rounded === 1 ? 'hour' : 'hours'}, cap ${+(100 * cap).toFixed(2)} %, ` +
    `abandoned after ${connectDeadlineSec} s, ${lines} lines, ${cps} call starts/s, seed ${seed}.`
  );
}

type Played = readonly { readonly name: string; readonly result: DayResult }[];

function drawn(folder: string, day: Scenario, days: Played): string {
  const curves = days.map(({ name, result: { samples } }, n) => ({
    name,
    colour: COLOURS[n % COLOURS.length] ?? COLOURS[0],
    samples,
  }));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'pacing.svg');
  writeFileSync(path, dayPlot(`Pacing lab: ${day.name}`, day.cap, curves, setting(day)));
  return path;
}

function figures(day: Scenario, days: Played, words: readonly string[]) {
  const { agents, hours, cap, lines, cps, seed } = day;
  const results = days.map(({ name, result: { samples: _samples, name: _name, ...result } }) => ({
    policy: name,
    ...result,
  }));
  return { about: words, agents, hours, cap, lines, cps, seed, results };
}
