import type { Path } from '../problem.ts';
import type { Source } from '../source.ts';
import { CoverageTally, type FlowCoverage, percentOf } from './coverage.ts';
import { disappointments } from './expectation.ts';
import { entriesOf, pathIn } from './log.ts';
import { type FlowTests, scenarioOf } from './read-tests.ts';
import { SimulatedCall } from './simulated-call.ts';
import { ScriptedCaller } from './steps.ts';
import type { WrittenTest } from './test-file.ts';
import type { SimWorld } from './world.ts';

/** What a test expected and did not get, at the line that expects it. */
export interface Failure {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface TestResult {
  readonly file: string;
  readonly line: number;
  readonly flow: string;
  readonly name: string;
  readonly ok: boolean;
  readonly failures: readonly Failure[];
  readonly path: readonly string[];
  /** On the call's clock, ms. */
  readonly lastedMs: number;
  readonly longestSilenceMs: number;
}

export interface TestRun {
  readonly results: readonly TestResult[];
  /** Of each flow that has tests, and of those they call. */
  readonly coverage: readonly FlowCoverage[];
  /** Thresholds that were not kept. */
  readonly uncovered: readonly Failure[];
}

/** Runs every test whose name passes; coverage is held against its threshold only when all have run. */
export function runTests(world: SimWorld, files: readonly FlowTests[], only?: (name: string) => boolean): TestRun {
  const tally = new CoverageTally();
  const results = files.flatMap((tests) =>
    tests.file.tests.flatMap((test, i) => (only?.(test.name) === false ? [] : [runTest(world, tests, i, test, tally)])),
  );
  const tested = new Set(files.map(({ file }) => file.flow));
  const coverage = [...world.flows.values()].map((flow) => tally.of(flow));
  return {
    results,
    coverage: coverage.filter(({ flow, nodes }) => tested.has(flow) || nodes.reached > 0),
    uncovered: only ? [] : files.flatMap((tests) => uncoveredBy(tests, coverage)),
  };
}

function runTest(
  world: SimWorld,
  tests: FlowTests,
  index: number,
  test: WrittenTest,
  tally: CoverageTally,
): TestResult {
  const { file, source } = tests;
  const at: Path = ['tests', index];
  const call = new SimulatedCall(world, scenarioOf(file, test, world));
  const caller = new ScriptedCaller(call);
  const stopped = firstOf(test.steps, (step, i) => {
    const fault = caller.does(step);
    return fault === null ? null : { path: [...at, 'steps', i], message: `${fault}.` };
  });
  caller.waitsForTheEnd();
  tally.add(call.log);
  const path = pathIn(call.log, file.flow);
  const missed = disappointments(call, test.expect).map(({ path: where, message }) => ({
    path: [...at, 'expect', ...where],
    message: expected(test, where, message),
  }));
  const failures = [...(stopped ? [stopped] : []), ...unknownAnswers(call, at), ...missed];
  const { line } = source.problem('test-file', at, '', '');
  return {
    file: source.file,
    line,
    flow: file.flow,
    name: test.name,
    ok: failures.length === 0,
    failures: failures.map((failure) => placed(source, failure.path, failure.message)).sort(inFileOrder),
    path,
    lastedMs: call.now - call.scenario.at,
    longestSilenceMs: call.longestSilenceMs,
  };
}

function firstOf<T, R>(all: readonly T[], of: (one: T, index: number) => R | null): R | null {
  for (const [i, one] of all.entries()) {
    const found = of(one, i);
    if (found !== null) return found;
  }
  return null;
}

/** What was expected, as it is written, and what happened. */
function expected({ expect }: WrittenTest, where: Path, message: string): string {
  const words = where.filter((step) => typeof step === 'string');
  const wanted = where.reduce<unknown>(within, expect);
  return `expected ${words.join(' ')} ${short(wanted)}, but ${message}.`;
}

const within = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string | number, unknown>>)[key] : undefined;

function short(value: unknown): string {
  if (Array.isArray(value)) return value.map(short).join(', ');
  if (typeof value === 'object' && value !== null && 'name' in value) return short(value.name);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A test says itself what other systems answer, so that it means the same tomorrow. */
function unknownAnswers(call: SimulatedCall, path: Path) {
  const unknown = entriesOf(call.log, 'requested').filter(({ isKnown }) => !isKnown);
  return [...new Set(unknown.map(({ node }) => node))].map((node) => ({
    path,
    message: `Nothing says what \`${node}\` is answered; add it to \`mocks\`, like \`${node}: timeout\`.`,
  }));
}

/** The whole list is in the coverage itself. */
const MOST_LISTED = 8;

function uncoveredBy({ file, source }: FlowTests, coverage: readonly FlowCoverage[]): readonly Failure[] {
  const found = coverage.find(({ flow }) => flow === file.flow);
  if (!found || !file.coverage) return [];
  const thresholds = file.coverage;
  return (['nodes', 'edges'] as const).flatMap((what) => {
    const percent = percentOf(found[what]);
    if (percent >= thresholds[what]) return [];
    const { missing } = found[what];
    const rest = missing.length > MOST_LISTED ? ` and ${missing.length - MOST_LISTED} more` : '';
    const message = `The tests reach ${percent}% of the ${what} of ${file.flow}, not ${thresholds[what]}%; missing: ${missing.slice(0, MOST_LISTED).join(', ')}${rest}.`;
    return [placed(source, ['coverage', what], message)];
  });
}

const inFileOrder = (a: Failure, b: Failure) => a.line - b.line || a.column - b.column;

function placed(source: Source, path: Path, message: string): Failure {
  const { file, line, column } = source.problem('test-file', path, '', '');
  return { file, line, column, message };
}
