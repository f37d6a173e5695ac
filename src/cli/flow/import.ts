import { Command, Option } from 'commander';
import { mkdir, open, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseFlow } from '../../ivr/load.ts';
import { isError } from '../../ivr/problem.ts';
import { importAsterisk } from '../../ivr/tools/import/asterisk.ts';
import { importFreeswitch } from '../../ivr/tools/import/freeswitch.ts';
import type { ImportResult } from '../../ivr/tools/import/write.ts';
import { EXIT, Explained, ending } from '../ending.ts';
import { shownHere } from './places.ts';
import { refused } from './read-flow.ts';

type System = 'freeswitch' | 'asterisk';

interface ImportOptions {
  readonly from?: System;
  readonly out?: string;
  readonly json?: true;
}

/** `callwright flow import` */
export const importCommand = (): Command =>
  new Command('import')
    .description('make flows of the menus of another system, and tell what could not be carried over')
    .argument('<file>', 'ivr_menus XML of FreeSWITCH, or extensions.conf of Asterisk or FreePBX')
    .addOption(new Option('--from <system>', 'what the file is of').choices(['freeswitch', 'asterisk']))
    .option('--out <folder>', 'write the flows there; to the terminal when not given')
    .option('--json', 'print one object for programs')
    .action((file: string, options: ImportOptions) => ending(importFile(file, options)));

/** Ends with 1 when something could not be carried over. */
async function importFile(file: string, options: ImportOptions): Promise<number> {
  const text = await textOf(file);
  const system = options.from ?? (/^\s*</.test(text) ? 'freeswitch' : 'asterisk');
  const read = system === 'freeswitch' ? importFreeswitch : importAsterisk;
  const result = read(text, `${basename(file)} of ${system === 'freeswitch' ? 'FreeSWITCH' : 'Asterisk'}`);
  if (!result.ok) throw new Explained(`${file}:${result.line} ${result.why}.`);
  const files = await write(result.flows, options);
  if (options.json) console.log(JSON.stringify(jsonOf(result, files), null, 2));
  else for (const line of [...told(result, file), ...files.map((path) => `wrote ${path}`)]) console.error(line);
  const problems = result.flows.flatMap(({ id, text: flow }) => parseFlow(flow, `${id}.yaml`).problems).filter(isError);
  if (problems.length > 0 && !options.json) refused(problems);
  return result.lost.length > 0 || problems.length > 0 ? EXIT.findings : EXIT.fine;
}

const MOST_BYTES = 1024 * 1024;

async function textOf(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw new Explained(`${path} is longer than ${MOST_BYTES / 1024} KiB: import it in parts.`);
  await using file = await open(path);
  return file.readFile('utf8');
}

type Done = Extract<ImportResult, { ok: true }>;

/** Never over a file that is there. */
async function write(flows: Done['flows'], { out, json }: ImportOptions): Promise<readonly string[]> {
  if (out === undefined) {
    if (!json) console.log(flows.map(({ text }) => text.trimEnd()).join('\n---\n'));
    return [];
  }
  await mkdir(out, { recursive: true });
  const files = flows.map(({ id }) => join(out, `${id}.yaml`));
  for (const path of files) {
    const there = await stat(path).catch(() => null);
    if (there) throw new Explained(`${shownHere(path)} is there already.`);
  }
  for (const [i, { text }] of flows.entries()) await writeFile(files[i] ?? '', text, { flag: 'wx' });
  return files.map(shownHere);
}

function told({ lost, sounds, needs, flows }: Done, file: string): readonly string[] {
  return [
    ...lost.map(({ line, what, why }) => `${file}:${line} ${what}: ${why}`),
    ...[...sounds].map(([prompt, sound]) => `record the prompt ${prompt} (was ${sound})`),
    ...needs.map(({ need, name, why }) => `define the ${need} ${name}: ${why}`),
    `${flows.length} ${flows.length === 1 ? 'flow' : 'flows'}, ${lost.length} not carried over`,
  ];
}

const jsonOf = ({ flows, lost, sounds, needs }: Done, files: readonly string[]) => ({
  flows: flows.map(({ id, text }, i) => ({ id, file: files[i] ?? null, text })),
  lost,
  sounds: [...sounds].map(([prompt, sound]) => ({ prompt, sound })),
  needs,
});
