import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isBeside } from '../../config/site/kinds.ts';
import type { SiteFile } from '../../config/site/load.ts';
import { readFlowFiles, readSiteFile } from '../../config/site/read.ts';
import { type LoadedFlow, parseFlow } from '../../ivr/load.ts';
import { isError, type Problem, suggest } from '../../ivr/problem.ts';
import { settingsOf } from '../check.ts';
import { EXIT, Explained } from '../ending.ts';
import { findingOf, linesOf } from './findings.ts';
import { shownHere } from './places.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** A file of flows as text, by the path that one would type here. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** @throws Explained when it cannot be read, or is far too long for a file that people write. */
export async function readText(path: string): Promise<TextFile> {
  const shown = shownHere(path);
  if (!existsSync(path)) throw new Explained(`There is no file ${shown}.`);
  return textOf(await readSiteFile(dirname(path), basename(path)), shown);
}

function textOf(file: SiteFile, path: string): TextFile {
  if ('text' in file) return { path, text: file.text };
  throw new Explained(`${path}: ${file.fault.message} ${file.fault.cure}`);
}

/** Faults of a file, printed as `flow check` does; the exit code. */
export function refused(problems: readonly Problem[]): number {
  const findings = problems.map((problem) => findingOf(problem));
  for (const line of linesOf(findings)) console.error(line);
  return EXIT.findings;
}

export type NamedFlow =
  | { readonly ok: true; readonly loaded: LoadedFlow }
  | { readonly ok: false; readonly exit: number };

/**
 * The flow of that id in the folder of the settings, or of that file. One with faults is refused, and they are printed.
 *
 * @throws Explained when there is none
 */
export async function readFlow(named: string, env: Env): Promise<NamedFlow> {
  const file = await (/[/.]/.test(named) ? readText(named) : findFlow(named, settingsOf(env).CALLWRIGHT_FLOWS));
  const reading = parseFlow(file.text, file.path);
  if (reading.ok) return { ok: true, loaded: reading };
  return { ok: false, exit: refused(reading.problems.filter(isError)) };
}

async function findFlow(id: string, folder: string): Promise<TextFile> {
  const files = (await readFlowFiles(folder)).filter(({ path }) => !isBeside(path));
  const ids = new Map(files.flatMap((file) => ('text' in file ? [[idIn(file.text), file] as const] : [])));
  const found = ids.get(id);
  if (found) return textOf(found, shownHere(join(folder, found.path)));
  const known = [...ids.keys()].filter((known) => known !== null);
  throw new Explained(`There is no flow \`${id}\` in ${shownHere(folder)}. ${suggest(id, known)}`);
}

const idIn = (text: string): string | null => /^id:\s*["']?([a-z0-9-]+)/m.exec(text)?.[1] ?? null;
