import { Command } from 'commander';
import { styleText } from 'node:util';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';
import { midnight, minuteOf, moment, notBefore } from './moments.ts';
import { figuresOf, type KpiAnswer, kpiAnswer, settingsOf, tableOf } from './kpi-lines.ts';
import { screenWidth, wrapped } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Options {
  readonly from?: number;
  readonly to?: number;
  readonly queue?: string;
  readonly json?: true;
}

const HELP = `
Examples:
  callwright kpis                                    today
  callwright kpis --from 2026-11-02 --to 2026-11-03  a day
  callwright kpis --queue support --json

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager or admin). It counts from the journal,
as far back as that is kept. Times and prices: site/kpis.yaml. See docs/kpis.md.`;

/** `callwright kpis` */
export const kpisCommand = (env: Env): Command =>
  new Command('kpis')
    .description('key figures of a span of time, each with its definition')
    .option('--from <time>', 'date or ISO 8601 time; without it, midnight', moment)
    .option('--to <time>', 'up to then; without it, up to now', moment)
    .option('--queue <name>', 'of this queue alone')
    .option('--json', 'print the answer of the server')
    .addHelpText('after', HELP)
    .action((options: Options) => ending(kpis(options, env)));

async function kpis({ from = midnight(), to, queue, json }: Options, env: Env): Promise<number> {
  const query = new URLSearchParams({ from: String(from), ...(to !== undefined && { to: String(to) }) });
  const reply = await askServer(env, { method: 'GET', path: `/v1/kpis?${query.toString()}`, answer: kpiAnswer });
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else
    return print(
      reply.value,
      `from ${minuteOf(from)} to ${to === undefined ? 'now' : minuteOf(to)}`,
      queue,
      screenWidth(env),
    );
  return EXIT.fine;
}

function print(answer: KpiAnswer, span: string, queue: string | undefined, width: number): number {
  const lines = figuresOf(answer, queue);
  if (!lines) {
    const known = Object.keys(answer.report.queues).join(', ') || 'none';
    console.error(`No call came to a queue '${queue}' in that time; calls came to: ${known}.`);
    return EXIT.findings;
  }
  const faint = (text: string) => styleText('dim', text);
  console.log(styleText('bold', `${queue === undefined ? 'All calls' : `Queue ${queue}`}, ${span}`));
  for (const line of tableOf(lines, width, faint)) console.log(line);
  const notes = [settingsOf(answer, queue), ...notBefore(answer.journalBegins)];
  for (const line of notes.flatMap((note) => wrapped(note, width))) console.log(line);
  return EXIT.fine;
}
