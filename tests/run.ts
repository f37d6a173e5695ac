/**
 * `npm test`: the gates, what the tests need, then all tests. Arguments go to vitest, e.g. `npm test -- tests/unit/acd`;
 * with any, the gates are left out. The last line says how it went, alone, for machines to read.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { ensure } from '../src/local/debian.ts';
import { LocalFault } from '../src/local/fault.ts';
import { SPEECH_PACKAGES } from '../src/local/prompts.ts';
import { PACKAGES } from '../src/local/stack.ts';
import { PROMTOOL_PACKAGES } from './support/promtool.ts';
import { createProgress } from '../src/cli/progress.ts';

const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

const GATES = [
  ['types', 'tsc', '--noEmit'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'biome', 'format', '.'],
  ['unused', 'knip'],
] as const;

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function run(command: string, args: readonly string[]): Promise<number> {
  const path = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
  return new Promise((done) => {
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 1));
  });
}

async function gates(): Promise<number> {
  let failed = 0;
  for (const [name, command, ...args] of GATES) {
    const began = performance.now();
    const code = await run(join(bin, command), args);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`gate ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
    if (code !== 0) failed += 1;
  }
  return failed;
}

async function fetchPrograms(): Promise<void> {
  const progress = createProgress(process.stderr);
  await ensure({ packages: PACKAGES, env: process.env, progress: progress.step });
  // A Callwright with servers of its own, as the live tests run it, fetches these alone.
  await ensure({ packages: SPEECH_PACKAGES, env: process.env, progress: progress.step });
  await ensure({ packages: PROMTOOL_PACKAGES, env: process.env, progress: progress.step });
  progress.done();
}

async function tests(args: readonly string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-tests-'));
  const file = join(folder, 'result.json');
  const leftOut = join(root, 'tests/support/left-out-reporter.ts');
  const reporters = ['--reporter=default', '--reporter=json', `--reporter=${leftOut}`, `--outputFile.json=${file}`];
  const code = await run(process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...reporters,
    ...args,
  ]);
  try {
    return counted(JSON.parse(readFileSync(file, 'utf8')), code);
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that ended badly without a failed test (a file that does not load, an unhandled error) counts as one failure. */
function counted(result: Record<string, unknown>, code: number): Count {
  const number = (key: string) => Number(result[key] ?? 0);
  const failed = number('numFailedTests');
  const skipped = number('numPendingTests') + number('numTodoTests');
  return { passed: number('numPassedTests'), failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const failedGates = args.length === 0 ? await gates() : 0;
  await fetchPrograms();
  const count = await tests(args);
  const failed = count.failed + failedGates;
  console.log(`\n${count.passed} passed, ${failed} failed, ${count.skipped} skipped`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof LocalFault ? error.message : error);
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
