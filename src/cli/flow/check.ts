import { Command, InvalidArgumentError, Option } from 'commander';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isBeside } from '../../config/site/kinds.ts';
import { loadSite, type SiteFile } from '../../config/site/load.ts';
import { dateNow, readFlowFiles, readSiteFile, readSiteFiles } from '../../config/site/read.ts';
import { date } from '../../ivr/words.ts';
import { settingsOf } from '../check.ts';
import { EXIT, ending } from '../ending.ts';
import { type Finding, findingOf, linesOf } from './findings.ts';
import { isAsked, type Place, placesOf, realPath, shownHere } from './places.ts';
import { sarifOf } from './sarif.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface CheckOptions {
  readonly json?: true;
  readonly sarif?: true;
  readonly strict?: true;
  readonly today?: string;
}

/** `callwright flow check`, and `callwright check` for short. */
export const checkCommand = (env: Env, version: string): Command =>
  new Command('check')
    .description('check settings, flows and site files: every fault at once, with its place, its code and its cure')
    .argument('[path...]', 'flow files, or folders with some; all of the flows folder when none is named')
    .option('--json', 'print one array of findings for programs')
    .addOption(new Option('--sarif', 'print SARIF 2.1.0 for code hosts').conflicts('json'))
    .option('--strict', 'let warnings count as faults')
    .option('--today <date>', 'judge dates as of this day, like 2026-12-25', day)
    .action((paths: readonly string[], options: CheckOptions) => ending(check(paths, options, env, version)));

function day(text: string): string {
  if (date.safeParse(text).success) return text;
  throw new InvalidArgumentError('write it like 2026-12-25');
}

async function check(paths: readonly string[], options: CheckOptions, env: Env, version: string): Promise<number> {
  const findings: Finding[] = [];
  for (const place of await placesOf(paths, settingsOf(env))) {
    findings.push(...(await findingsIn(place, options.today ?? dateNow())));
  }
  if (options.json) console.log(JSON.stringify(findings, null, 2));
  else if (options.sarif) console.log(JSON.stringify(sarifOf(findings, version), null, 2));
  else for (const line of linesOf(findings)) console.log(line);
  return findings.some(({ severity }) => severity === 'error' || options.strict) ? EXIT.findings : EXIT.fine;
}

async function findingsIn(place: Place, today: string): Promise<readonly Finding[]> {
  const own = await readSiteFiles(place.flows, place.sounds);
  const named = await namedFiles(place, own);
  const guests = await guestsOf(place);
  const ids = new Set(guests.map(idOf));
  // A draft from elsewhere stands in for the flow that it is a draft of.
  const others = own.filter((file) => isBeside(file.path) || !ids.has(idOf(file)) || idOf(file) === null);
  const { problems } = loadSite([...others, ...named, ...guests], today);
  const wanted = problems.filter(({ file }) => isAsked(place, realPath(place, file)));
  return wanted.map((problem) => findingOf(problem, (file) => shownHere(realPath(place, file))));
}

const idOf = (file: SiteFile): string | null =>
  ('text' in file ? /^id:\s*["']?([a-z0-9-]+)/m.exec(file.text)?.[1] : null) ?? null;

/** Files that were named outright, though their names are not those of flows. */
async function namedFiles({ flows, asked }: Place, own: readonly SiteFile[]): Promise<readonly SiteFile[]> {
  const known = new Set(own.map(({ path }) => join(flows, path)));
  const strange: SiteFile[] = [];
  for (const path of asked ?? []) {
    if (known.has(path) || (await stat(path)).isDirectory()) continue;
    strange.push(await readSiteFile(flows, relative(flows, path)));
  }
  return strange;
}

async function guestsOf({ guests }: Place): Promise<readonly SiteFile[]> {
  const files: SiteFile[] = [];
  for (const guest of guests) {
    const isFolder = (await stat(guest)).isDirectory();
    const folder = isFolder ? guest : dirname(guest);
    const found = isFolder ? await readFlowFiles(guest) : [await readSiteFile(folder, basename(guest))];
    files.push(...found.map((file) => locate(file, join(folder, file.path))));
  }
  return files;
}

const locate = (file: SiteFile, path: string): SiteFile =>
  'text' in file ? { path, text: file.text } : { path, fault: { ...file.fault, file: path } };
