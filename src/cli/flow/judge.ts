import { bytesOf, filesBelow } from '../../config/site/folder.ts';
import { type CustomerRow, loadSite, type LoadedSite } from '../../config/site/load.ts';
import { dateNow, readSiteFiles } from '../../config/site/read.ts';
import type { ReleaseFile } from '../../engine/ports/flow-store.ts';
import type { Finding } from '../../engine/ports/releases.ts';
import { isError, type Problem } from '../../ivr/problem.ts';
import { type FlowTests, parseTests } from '../../ivr/sim/read-tests.ts';
import { type Failure, runTests } from '../../ivr/sim/run-tests.ts';
import type { SimWorld } from '../../ivr/sim/world.ts';
import { findingOf } from './findings.ts';
import { withWords } from './sim-world.ts';

/** Where flows and prompts lie. */
export interface Folders {
  readonly flows: string;
  readonly sounds: string;
}

/** All that was read, to be kept as a release, and what was found in it. */
export interface Judgement {
  readonly files: readonly ReleaseFile[];
  readonly findings: readonly Finding[];
  /** Of files that are good: up to ten thousand rows, which take half a second to read once more. */
  readonly customers: readonly CustomerRow[];
}

const isTest = (path: string): boolean => /\.test\.ya?ml$/.test(path);

/**
 * Checks the folders as `callwright flow check` does; when that finds no error, runs the flows' own tests. Files are named
 * by their path in their folder.
 *
 * @throws the file system's own error when one of the folders cannot be read.
 */
export async function judge({ flows, sounds }: Folders): Promise<Judgement> {
  const found = await readSiteFiles(flows, sounds);
  const tests = await testsIn(flows);
  const files = [...found, ...tests].flatMap((file) => ('text' in file ? [file] : []));
  const reading = loadSite(found, dateNow());
  const problems = [...reading.problems, ...tests.flatMap((file) => ('fault' in file ? [file.fault] : []))];
  const findings = problems.map((problem) => findingOf(problem));
  if (!reading.ok || problems.some(isError)) return { files, findings, customers: [] };
  const customers = [...(reading.site.customers ?? [])];
  return { files, findings: [...findings, ...(await tested(reading.site, sounds, files))], customers };
}

/** Checks the files of a release, which was tested in its time. */
export function judgeKept(files: readonly ReleaseFile[]): Judgement {
  const reading = loadSite(withoutTests(files), dateNow());
  const findings = reading.problems.map((problem) => findingOf(problem));
  return { files: [], findings, customers: reading.ok ? [...(reading.site.customers ?? [])] : [] };
}

export const withoutTests = (files: readonly ReleaseFile[]): readonly ReleaseFile[] =>
  files.filter(({ path }) => !isTest(path));

/** Far above any test file that people write. */
const LONGEST_TEST = 1024 * 1024;

/** More than a house has flows. */
const MOST_TESTS = 2_000;

type TestFile = ReleaseFile | { readonly path: string; readonly fault: Problem };

async function testsIn(folder: string): Promise<readonly TestFile[]> {
  const files: TestFile[] = [];
  for (const { path, fault } of await filesBelow(folder, isTest, MOST_TESTS)) {
    const read = fault ?? (await bytesOf(folder, path, LONGEST_TEST));
    files.push(read instanceof Uint8Array ? { path, text: Buffer.from(read).toString('utf8') } : { path, fault: read });
  }
  return files;
}

async function tested(site: LoadedSite, sounds: string, files: readonly ReleaseFile[]): Promise<readonly Finding[]> {
  const tests = files.filter(({ path }) => isTest(path));
  if (tests.length === 0) return [];
  const world: SimWorld = await withWords(site, sounds);
  const readings = tests.map(({ path, text }) => parseTests(text, path, world));
  const faults = readings.flatMap((reading) => (reading.ok ? [] : reading.problems));
  if (faults.length > 0) return faults.map((problem) => findingOf(problem));
  const good = readings.filter((reading): reading is { readonly ok: true } & FlowTests => reading.ok);
  const { results, uncovered } = runTests(world, good);
  return [
    ...results.flatMap(({ name, failures }) => failures.map((failure) => failed('test-failed', `${name}: `, failure))),
    ...uncovered.map((failure) => failed('test-coverage', '', failure)),
  ];
}

const failed = (code: string, of: string, { file, line, column, message }: Failure): Finding => ({
  file,
  line,
  column,
  severity: 'error',
  code,
  message: `${of}${message}`,
  hint: 'See how the call went with `callwright flow test`.',
});
