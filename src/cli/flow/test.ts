import { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { filesBelow } from '../../config/site/folder.ts';
import { readSiteFile } from '../../config/site/read.ts';
import { type FlowTests, parseTests } from '../../ivr/sim/read-tests.ts';
import { runTests, type TestRun } from '../../ivr/sim/run-tests.ts';
import type { SimWorld } from '../../ivr/sim/world.ts';
import { settingsOf } from '../check.ts';
import { EXIT, Explained, ending } from '../ending.ts';
import { type Finding, findingOf, linesOf } from './findings.ts';
import { type Place, placesOf, shownHere } from './places.ts';
import { type Env, readWorld } from './sim-world.ts';
import { jsonOf, reportOf } from './test-report.ts';

interface TestOptions {
  readonly json?: true;
  readonly coverage?: true;
  readonly only?: string;
}

/** `callwright flow test` */
export const testCommand = (env: Env): Command =>
  new Command('test')
    .description('run the tests beside the flows on a virtual clock, without a switch')
    .argument('[path...]', 'test files, or folders with some; all of the flows folder when none is named')
    .option('--json', 'print one object for programs')
    .option('--coverage', 'list what no test reaches')
    .option('--only <text>', 'run only the tests whose name holds this text; coverage is not judged then')
    .action((paths: readonly string[], options: TestOptions) => ending(test(paths, options, env)));

/** What came of the tests of one site. */
interface Outcome {
  readonly run: TestRun;
  readonly tookMs: number;
  /** Faults that kept its tests from running. */
  readonly findings: readonly Finding[];
}

/** @throws Explained when there is nothing to run. */
async function test(paths: readonly string[], options: TestOptions, env: Env): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const place of await placesOf(paths, settingsOf(env))) outcomes.push(await testPlace(place, options));
  const run: TestRun = {
    results: outcomes.flatMap(({ run }) => run.results),
    coverage: outcomes.flatMap(({ run }) => run.coverage),
    uncovered: outcomes.flatMap(({ run }) => run.uncovered),
  };
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  if (findings.length === 0 && run.results.length === 0) throw new Explained(nothingRan(paths, options));
  const tookMs = outcomes.reduce((sum, outcome) => sum + outcome.tookMs, 0);
  print(run, findings, { tookMs, coverage: options.coverage === true, json: options.json === true });
  const isFine = findings.length + run.uncovered.length === 0 && run.results.every(({ ok }) => ok);
  return isFine ? EXIT.fine : EXIT.findings;
}

const nothingRan = (paths: readonly string[], { only }: TestOptions) =>
  only === undefined
    ? `There are no tests in ${paths.join(', ') || 'the flows folder'}: they are files *.test.yaml.`
    : `No test has "${only}" in its name.`;

async function testPlace(place: Place, { only }: TestOptions): Promise<Outcome> {
  const none = { results: [], coverage: [], uncovered: [] };
  const reading = await readWorld(place);
  if (!reading.ok) return { run: none, tookMs: 0, findings: reading.findings };
  const parsed = await Promise.all((await testFilesOf(place)).map((file) => parsedFile(file, reading.world)));
  const findings = parsed.flatMap((one) => ('findings' in one ? one.findings : []));
  if (findings.length > 0) return { run: none, tookMs: 0, findings };
  const files = parsed.flatMap((one) => ('file' in one ? [one] : []));
  const began = performance.now();
  const run = runTests(reading.world, files, only === undefined ? undefined : (name) => name.includes(only));
  return { run, tookMs: performance.now() - began, findings };
}

/** More than a house has flows. */
const MOST_FILES = 2_000;

/** Files that were asked for are taken by any name; of a flow's own file, the test file beside it. */
async function testFilesOf({ flows, asked, guests }: Place): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of asked === null ? [flows] : [...asked, ...guests]) {
    if (!(await stat(path)).isDirectory()) found.push(path.replace(/(?<!\.test)\.yaml$/, '.test.yaml'));
    else {
      const entries = await filesBelow(path, (name) => /\.test\.ya?ml$/.test(name), MOST_FILES);
      found.push(...entries.map((entry) => join(path, entry.path)));
    }
  }
  return [...new Set(found)];
}

async function parsedFile(
  path: string,
  world: SimWorld,
): Promise<FlowTests | { readonly findings: readonly Finding[] }> {
  const file = await readSiteFile(dirname(path), basename(path));
  if (!('text' in file)) return { findings: [findingOf(file.fault, () => shownHere(path))] };
  const read = parseTests(file.text, shownHere(path), world);
  return read.ok ? read : { findings: read.problems.map((problem) => findingOf(problem)) };
}

interface PrintOptions {
  readonly tookMs: number;
  readonly coverage: boolean;
  readonly json: boolean;
}

/** No test of a site runs while a file of it has faults. */
function print(run: TestRun, findings: readonly Finding[], { tookMs, coverage, json }: PrintOptions): void {
  if (json) return console.log(JSON.stringify(jsonOf(run, findings, tookMs), null, 2));
  if (run.results.length > 0) for (const line of reportOf(run, { tookMs, coverage })) console.log(line);
  if (findings.length === 0) return;
  for (const line of linesOf(findings)) console.log(line);
  console.log('No test was run where files have faults: mend them first.');
}
