import { Command } from 'commander';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../../config/site/folder.ts';
import type { Problem } from '../../ivr/problem.ts';
import { formatYaml } from '../../ivr/tools/format.ts';
import { settingsOf } from '../check.ts';
import { EXIT, ending } from '../ending.ts';
import { findingOf, linesOf } from './findings.ts';
import { type Env, readText } from './read-flow.ts';

interface FmtOptions {
  readonly check?: true;
  readonly json?: true;
}

/** `callwright flow fmt` */
export const fmtCommand = (env: Env): Command =>
  new Command('fmt')
    .description('bring flow, test and site files into their canonical form; comments stay')
    .argument('[path...]', 'files, or folders with some; all of the flows folder when none is named')
    .option('--check', 'change nothing, and end with 1 when a file is not in its canonical form')
    .option('--json', 'print one object for programs')
    .action((paths: readonly string[], options: FmtOptions) => ending(fmt(paths, options, env)));

/** Far above any folder of flows. */
const MOST_FILES = 5_000;

async function fmt(paths: readonly string[], { check, json }: FmtOptions, env: Env): Promise<number> {
  const changed: string[] = [];
  const problems: Problem[] = [];
  for (const path of await filesIn(paths.length > 0 ? paths : [settingsOf(env).CALLWRIGHT_FLOWS])) {
    const file = await readText(path);
    const formatted = formatYaml(file.text, file.path);
    if (!formatted.ok) problems.push(...formatted.problems);
    else if (formatted.text !== file.text) {
      changed.push(file.path);
      if (!check) await writeFile(path, formatted.text);
    }
  }
  const findings = problems.map((problem) => findingOf(problem));
  if (json) console.log(JSON.stringify({ changed, findings }, null, 2));
  else for (const line of report(changed, check === true)) console.log(line);
  if (!json && findings.length > 0) for (const line of linesOf(findings)) console.error(line);
  return findings.length > 0 || (check && changed.length > 0) ? EXIT.findings : EXIT.fine;
}

const report = (changed: readonly string[], isCheck: boolean): readonly string[] =>
  changed.map((file) =>
    isCheck ? `${file} is not in its canonical form: run npx callwright flow fmt` : `formatted ${file}`,
  );

async function filesIn(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path)).isDirectory();
    const below = isFolder ? await filesBelow(path, (name) => /\.ya?ml$/.test(name), MOST_FILES) : [];
    files.push(...(isFolder ? below.map((entry) => join(path, entry.path)) : [path]));
  }
  return [...new Set(files)];
}
