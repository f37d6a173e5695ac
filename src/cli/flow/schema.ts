import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readSite } from '../../config/site/read.ts';
import { knownNames } from '../../engine/known-names.ts';
import { isError } from '../../ivr/problem.ts';
import { flowSchema, NO_NAMES } from '../../ivr/tools/schema.ts';
import { settingsOf } from '../check.ts';
import { EXIT, ending } from '../ending.ts';
import { shownHere } from './places.ts';
import { type Env, readText, refused } from './read-flow.ts';

interface SchemaOptions {
  readonly out?: string;
  readonly check?: true;
  readonly bare?: true;
  readonly json?: true;
}

/** Beside the flows, where their first line refers to it. */
const PLACE = join('schema', 'ivr-flow.v1.json');

/** `callwright flow schema` */
export const schemaCommand = (env: Env): Command =>
  new Command('schema')
    .description('write the JSON Schema of flow files, from which editors complete fields and the names of this site')
    .option('--out <file>', `where to write it; - to the terminal; ${PLACE} in the flows folder when not given`)
    .option('--check', 'write nothing, and end with 1 when the file is not up to date')
    .option('--bare', 'without the names of this site')
    .option('--json', 'print one object for programs')
    .action((options: SchemaOptions) => ending(schema(options, env)));

/** @throws Explained when the file that is to be checked is not there */
async function schema({ out, check, bare, json }: SchemaOptions, env: Env): Promise<number> {
  const { CALLWRIGHT_FLOWS: flows, CALLWRIGHT_SOUNDS: sounds } = settingsOf(env);
  const site = bare ? null : await readSite(flows, sounds);
  if (site && !site.ok) return refused(site.problems.filter(isError));
  const text = `${JSON.stringify(flowSchema(site ? knownNames(site.site) : NO_NAMES), null, 2)}\n`;
  if (out === '-') {
    console.log(text.trimEnd());
    return EXIT.fine;
  }
  const file = resolve(out ?? join(flows, PLACE));
  const current = check === true && (await readText(file)).text === text;
  if (!check) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const isFine = check !== true || current;
  const said = isFine ? (check ? 'is up to date' : 'written') : 'is not up to date: run npx callwright flow schema';
  console.log(json ? JSON.stringify({ file: shownHere(file), upToDate: isFine }) : `${shownHere(file)} ${said}`);
  return isFine ? EXIT.fine : EXIT.findings;
}
