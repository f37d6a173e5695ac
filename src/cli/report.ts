import { Command, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { DIMENSIONS, INTERVALS } from '../engine/ports/figures.ts';
import { EXIT, ending } from './ending.ts';
import { textOfServer } from './flow/server.ts';
import { overSpan, type SpanOptions, spanOf } from './moments.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Options extends SpanOptions {
  readonly by?: string;
  readonly interval?: string;
  readonly zone: string;
  readonly format: 'csv' | 'html' | 'json';
  readonly out?: string;
}

const HELP = `
Examples:
  callwright report --interval 1h --out today.html         a page to be printed, with plots
  callwright report --from 2026-11-01 --to 2026-12-01 --by agent --interval 1d --format csv --out november.csv

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager or admin). See docs/kpis.md.`;

/** `callwright report` */
export const reportCommand = (env: Env): Command =>
  overSpan(new Command('report'))
    .description('key figures told apart and by interval, as a page, CSV or JSON')
    .addOption(new Option('--by <what>', 'told apart by').choices(DIMENSIONS))
    .addOption(new Option('--interval <length>', 'and by interval').choices(INTERVALS))
    .option('--zone <name>', 'whose hours, days and weeks', Intl.DateTimeFormat().resolvedOptions().timeZone)
    .addOption(new Option('--format <format>', 'what to write').choices(['html', 'csv', 'json']).default('html'))
    .option('--out <file>', 'write it there; without it, to the screen')
    .addHelpText('after', HELP)
    .action((options: Options) => ending(report(options, env)));

async function report({ by, interval, zone, format, out, ...options }: Options, env: Env): Promise<number> {
  const { query } = spanOf(options);
  const asked = new URLSearchParams({ zone, ...(by && { by }), ...(interval && { interval }) }).toString();
  const path = format === 'json' ? `/v1/kpis?${query}&${asked}` : `/v1/kpis/report?${query}&${asked}&format=${format}`;
  const reply = await textOfServer(env, path);
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  if (out === undefined) process.stdout.write(reply.value);
  else {
    writeFileSync(out, reply.value);
    console.error(`Written to ${out}.`);
  }
  return EXIT.fine;
}
