import { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EXIT, Explained, ending } from './ending.ts';
import { askServer } from './flow/server.ts';
import { moment } from './moments.ts';

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `
The file is CSV: figure,from,to,by,key,value. figure is turnover, retention or carrierBlocked; from and to are dates or ISO 8601
times, to being the first moment outside; by and key are empty for the house, or say of whom: by queue, agent, team, campaign,
flow, did or language. Shares are 0 to 1. An empty value takes away what was given before for the same.

Example:
  figure,from,to,by,key,value
  turnover,2026-10-01,2026-11-01,team,north,0.031

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a manager or admin). See docs/kpis.md.`;

/** `callwright kpis import` */
export const kpisImportCommand = (env: Env): Command =>
  new Command('import')
    .description('give figures that Callwright cannot count, to be shown in reports')
    .argument('<file>', 'CSV with figure,from,to,by,key,value')
    .requiredOption('--source <words>', 'where they come from, as reports are to say it')
    .addHelpText('after', HELP)
    .action((file: string, { source }: { source: string }) => ending(importFile(file, source, env)));

const row = z.object({
  figure: z.string(),
  from: z.string(),
  to: z.string(),
  by: z.string().default(''),
  key: z.string().default(''),
  value: z.string(),
});
const done = z.object({ kept: z.number(), gone: z.number() });

async function importFile(file: string, source: string, env: Env): Promise<number> {
  const values = valuesIn(readFileSync(file, 'utf8'), file);
  const request = { method: 'PUT', path: '/v1/kpis/imported', body: { source, values }, answer: done } as const;
  const reply = await askServer(env, request);
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  const { kept, gone } = reply.value;
  console.log(gone > 0 ? `${kept} values kept, ${gone} taken away.` : `${kept} values kept.`);
  return EXIT.fine;
}

/** @throws Explained with the line that cannot be read */
function valuesIn(text: string, file: string) {
  const rows = parsed(text, file);
  return rows.map((cells, index) => {
    const where = `${file}:${index + 2}`;
    const read = row.safeParse(cells);
    if (!read.success) throw new Explained(`${where}: the columns are figure,from,to,by,key,value.`);
    const { figure, from, to, by, key, value } = read.data;
    return {
      figure,
      from: at(from, where),
      to: at(to, where),
      by: by === '' ? null : by,
      key: key === '' ? null : key,
      value: value === '' ? null : numberIn(value, where),
    };
  });
}

function parsed(text: string, file: string): readonly unknown[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new Explained(`${file} is not CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function at(text: string, where: string): number {
  try {
    return moment(text);
  } catch {
    throw new Explained(`${where}: '${text}' is no time; write a date like 2026-11-01, or 2026-11-01T08:00:00+02:00.`);
  }
}

function numberIn(text: string, where: string): number {
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  throw new Explained(`${where}: '${text}' is no number; write a share as 0.031.`);
}
