import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { campaignId } from './campaign-answer.ts';
import { EXIT, Explained } from './ending.ts';
import { askServer } from './flow/server.ts';
import { uploadOf } from './upload.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  readonly map?: string;
  readonly list?: string;
  readonly country?: string;
  readonly update?: true;
}

const imported = z.object({
  rows: z.number(),
  added: z.number(),
  updated: z.number(),
  duplicates: z.number(),
  rejected: z.number(),
  errors: z.array(z.object({ line: z.number(), column: z.string().nullable(), problem: z.string() })),
});

const PROBLEMS_SHOWN = 20;

/**
 * `callwright campaign load CAMPAIGN FILE`: sends a list as it is read, and tells what became of its rows. Ends with 1 when a
 * row was refused.
 */
export async function loadLeads(asked: string, file: string, options: LoadOptions, env: Env): Promise<number> {
  const query = queryOf(options);
  const id = await campaignId(asked, env);
  const { stream, done } = uploadOf(file, 'taking in what was sent');
  const upload = { stream, type: 'text/csv' };
  const path = `/v1/campaigns/${encodeURIComponent(id)}/leads?${query.toString()}`;
  const reply = await askServer(env, { method: 'POST', path, upload, answer: imported }).finally(done);
  if (!reply.ok) throw new Explained(reply.sentence);
  for (const line of loadLines(reply.value, options)) console.log(line);
  return reply.value.rejected === 0 ? EXIT.fine : EXIT.findings;
}

/** @throws Explained when the map is no JSON */
function queryOf({ map, list, country, update }: LoadOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (map !== undefined) query.set('map', mapOf(map));
  if (list !== undefined) query.set('list', list);
  if (country !== undefined) query.set('country', country);
  if (update) query.set('duplicates', 'update');
  return query;
}

function mapOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (error) {
    throw new Explained(`${file} is no JSON (${String(error)}): write the map as docs/leads.md shows it.`);
  }
}

function loadLines(said: z.output<typeof imported>, { update }: LoadOptions): readonly string[] {
  const { rows, added, updated, duplicates, rejected, errors } = said;
  const shown = errors.slice(0, PROBLEMS_SHOWN);
  const there = duplicates === 0 || update ? '' : ' What was there is as it was; --update takes what the file says.';
  return [
    ...shown.map(({ line, column, problem }) => `  line ${line}${column === null ? '' : `, ${column}`}: ${problem}`),
    ...(errors.length > shown.length ? [`  and ${n(errors.length - shown.length)} more problems`] : []),
    `${n(rows)} rows: ${n(added)} added, ${n(updated)} changed, ${n(duplicates)} there already, ${n(rejected)} refused.${there}`,
  ];
}

const n = (count: number): string => count.toLocaleString('en');
