import { Command } from 'commander';
import { styleText } from 'node:util';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';
import { notBefore, overSpan, type SpanOptions, spanOf } from './moments.ts';
import { kpisImportCommand } from './kpi-import.ts';
import { figuresOf, type KpiAnswer, kpiAnswer, settingsOf, tableOf } from './kpi-lines.ts';
import { screenWidth, wrapped } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Options extends SpanOptions {
  readonly queue?: string;
  readonly json?: true;
}

const HELP = `
Examples:
  callwright kpis                                    today
  callwright kpis --from 2026-11-02 --to 2026-11-03  a day
  callwright kpis --queue support --json
  callwright kpis import turnover.csv --source 'Staff office'

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager or admin). It counts from the journal,
as far back as that is kept. Times and prices: site/kpis.yaml. See docs/kpis.md.`;

/** `callwright kpis` */
export const kpisCommand = (env: Env): Command =>
  overSpan(new Command('kpis'))
    .description('key figures of a span of time, each with its definition')
    .option('--queue <name>', 'of this queue alone')
    .option('--json', 'print the answer of the server')
    .addHelpText('after', HELP)
    .action((options: Options) => ending(kpis(options, env)))
    .addCommand(kpisImportCommand(env));

async function kpis({ queue, json, ...options }: Options, env: Env): Promise<number> {
  const { query, words } = spanOf(options);
  const reply = await askServer(env, { method: 'GET', path: `/v1/kpis?${query}`, answer: kpiAnswer });
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else return print(reply.value, words, queue, screenWidth(env));
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
