import { Command } from 'commander';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { readFlowFiles, readSiteFiles } from '../../config/site/read.ts';
import { diffSites, type Part, type TextFile } from '../../ivr/tools/diff-site.ts';
import { EXIT, Explained, ending } from '../ending.ts';
import { readText, refused } from './read-flow.ts';

/** `callwright flow diff` */
export const diffCommand = (): Command =>
  new Command('diff')
    .description('what changes for callers from one version of flows to another, in sentences')
    .argument('<a>', 'a flow file, a folder, or git:<revision>:<path>')
    .argument('<b>', 'the same, as it is to be')
    .option('--json', 'print one array for programs')
    .action((a: string, b: string, options: { json?: true }) => ending(diff(a, b, options)));

/** 0: callers notice nothing; 1: they do. A file that cannot be read is told, and ends with 2. */
async function diff(a: string, b: string, { json }: { readonly json?: true }): Promise<number> {
  const done = diffSites(await filesAt(a), await filesAt(b));
  if (!done.ok) {
    refused(done.problems);
    return EXIT.cannotRun;
  }
  if (json) console.log(JSON.stringify(done.parts, null, 2));
  else for (const line of linesOf(done.parts)) console.log(line);
  return done.parts.length > 0 ? EXIT.findings : EXIT.fine;
}

function linesOf(parts: readonly Part[]): readonly string[] {
  if (parts.length === 0) return ['callers notice no difference'];
  return parts.flatMap(({ part, changes }) => [
    part,
    ...changes.map(({ where, text }) => `  ${where === '' ? '' : `${where}: `}${text}`),
  ]);
}

/** A folder of a project is its flows and its sounds. */
async function filesAt(place: string): Promise<readonly TextFile[]> {
  if (place.startsWith('git:')) return committedAt(place);
  if (!existsSync(place)) throw new Explained(`There is no file or folder ${place}.`);
  if (!(await stat(place)).isDirectory()) return [await readText(place)];
  const isProject = existsSync(join(place, 'ivr-flows')) && existsSync(join(place, 'sounds'));
  const files = await (isProject
    ? readSiteFiles(join(place, 'ivr-flows'), join(place, 'sounds'))
    : readFlowFiles(place));
  return files.flatMap((file) => {
    if ('text' in file) return [file];
    if (file.fault.code === 'audio-format') return [];
    throw new Explained(`${file.path}: ${file.fault.message} ${file.fault.cure}`);
  });
}

/** Of the names below a folder of a project those of its flows and its lists of prompts; of any other folder all. */
function ofProject(folder: string, names: readonly string[]): readonly string[] {
  const [flows, sounds] = ['ivr-flows/', 'sounds/'].map((sub) => {
    const start = posix.join(folder, sub);
    return names.filter((name) => name.startsWith(start));
  });
  if (!flows?.length || !sounds?.length) return names;
  return [...flows, ...sounds.filter((name) => name.endsWith('/prompts.yaml'))];
}

const run = promisify(execFile);
const GIT = { maxBuffer: 64 * 1024 * 1024 };

/** What git has under a revision: one file, or all flow and site files below a folder. */
async function committedAt(place: string): Promise<readonly TextFile[]> {
  const [, revision = '', path = ''] = /^git:([A-Za-z0-9_][A-Za-z0-9_./~^@{}-]*):(.+)$/.exec(place) ?? [];
  if (revision === '') throw new Explained(`${place} is not understood: write it like git:main:ivr-flows.`);
  try {
    const { stdout } = await run('git', ['ls-tree', '-r', '-z', '--name-only', revision, '--', path], GIT);
    const paths = ofProject(posix.join(path, '/'), stdout.split('\0')).filter(
      (name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name),
    );
    if (paths.length === 0) throw new Explained(`git has no flow at ${place}.`);
    const texts = paths.map(async (name) => {
      const shown = await run('git', ['show', `${revision}:./${name}`], GIT);
      return { path: name, text: shown.stdout };
    });
    return await Promise.all(texts);
  } catch (error) {
    if (error instanceof Explained) throw error;
    throw new Explained(`git cannot show ${place}: is there such a revision, and is this a repository?`);
  }
}
