import { styleText } from 'node:util';
import { type FlowCoverage, percentOf } from '../../ivr/sim/coverage.ts';
import type { Finding } from './findings.ts';
import type { Failure, TestResult, TestRun } from '../../ivr/sim/run-tests.ts';

export interface ReportOptions {
  /** How long the run took, ms. */
  readonly tookMs: number;
  /** Lists what no test reaches, too. */
  readonly coverage: boolean;
}

/** A run as people read it: each test with its mark, what failed at its line, coverage, and the sum at the end. */
export function reportOf(run: TestRun, options: ReportOptions): readonly string[] {
  const byFile = Map.groupBy(run.results, ({ file }) => file);
  return [
    ...[...byFile].flatMap(([file, results]) => [file, ...results.flatMap(resultLines), '']),
    ...run.coverage.flatMap((coverage) => coverageLines(coverage, options.coverage)),
    ...(run.uncovered.length > 0 ? ['', ...run.uncovered.map((failure) => `${red('✗')} ${failureLine(failure)}`)] : []),
    '',
    sum(run, options),
  ];
}

/** Colours only where somebody looks at them. */
const styled = (style: 'red' | 'green' | 'dim', text: string): string =>
  styleText(style, text, { stream: process.stdout, validateStream: true });
const red = (text: string) => styled('red', text);
const dim = (text: string) => styled('dim', text);

function resultLines({ ok, name, failures, path, lastedMs }: TestResult): readonly string[] {
  if (ok) return [`  ${styled('green', '✓')} ${name} ${dim(time(lastedMs))}`];
  return [
    `  ${red('✗')} ${name}`,
    ...failures.map((failure) => `      ${failureLine(failure)}`),
    `      ${dim(`the call went ${path.join(' → ')}`)}`,
  ];
}

const failureLine = ({ file, line, column, message }: Failure) => `${file}:${line}:${column} ${message}`;

function coverageLines({ flow, nodes, edges }: FlowCoverage, isFull: boolean): readonly string[] {
  const line = `${flow.padEnd(24)} nodes ${bar(nodes)}  edges ${bar(edges)}`.trimEnd();
  if (!isFull) return [line];
  return [line, ...[...nodes.missing, ...edges.missing].map((missing) => dim(`  not reached: ${missing}`))];
}

const BAR = 10;

function bar(share: FlowCoverage['nodes']): string {
  const percent = percentOf(share);
  const full = Math.floor((percent * BAR) / 100);
  const count = `${share.reached}/${share.all}`;
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${`${percent}%`.padStart(4)} ${count.padEnd(7)}`;
}

function sum({ results }: TestRun, { tookMs }: ReportOptions): string {
  const passed = results.filter(({ ok }) => ok).length;
  const pace = Math.round((results.length * 1_000) / Math.max(1, tookMs));
  return `${passed} passed, ${results.length - passed} failed in ${Math.round(tookMs)} ms (${pace} tests/s)`;
}

/** Time on the call's clock, `1:32.5`. */
export function time(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const seconds = Math.floor(tenths / 10);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}.${tenths % 10}`;
}

/** One object for programs; `ok` as the exit code has it. */
export function jsonOf(run: TestRun, findings: readonly Finding[], tookMs: number): object {
  const failed = run.results.filter(({ ok }) => !ok).length;
  return {
    ok: failed + run.uncovered.length + findings.length === 0,
    passed: run.results.length - failed,
    failed,
    tookMs: Math.round(tookMs),
    findings,
    tests: run.results,
    coverage: run.coverage.map(({ flow, nodes, edges }) => ({
      flow,
      nodes: { percent: percentOf(nodes), ...nodes },
      edges: { percent: percentOf(edges), ...edges },
    })),
    uncovered: run.uncovered,
  };
}
