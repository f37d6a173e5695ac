// What npm runs, on whatever Node the machine has (20 or newer): installs the pinned dependencies when they are missing
// or out of date, then hands over to the pinned Node among them, which runs TypeScript directly.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOUSE = join(dirname(fileURLToPath(import.meta.url)), '../..');
const NODE = join(HOUSE, 'node_modules/.bin/node');
/**
 * Small young generation, one malloc arena, types stripped once instead of at every start: a third less memory. And few full
 * collections, with one helper thread each: with four they took Asterisk and Redis the processors for 150 ms every few seconds.
 */
const LEAN = ['--max-semi-space-size=4', '--v8-pool-size=1', '--heap-growing-percent=75'];
const COMPILED = {
  MALLOC_ARENA_MAX: '1',
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(HOUSE, 'node_modules/.cache/compiled'),
};
const ENTRIES = {
  start: ['src/cli/main.ts', 'start'],
  demo: ['src/cli/main.ts', 'demo'],
  test: ['tests/run.ts'],
  'bench-calls': ['bench/calls.ts'],
  'bench-acd': ['bench/acd.ts'],
  'bench-ivr': ['bench/ivr.ts'],
  'bench-app-queue': ['bench/app-queue.ts'],
  'bench-dnc': ['bench/dnc.ts'],
  'bench-pacing': ['bench/pacing.ts'],
  'bench-leads': ['bench/leads.ts'],
  'bench-webhooks': ['bench/webhooks.ts'],
};

/** npm keeps a copy of the lock file it installed from; whatever is wanted and not in that copy is out of date. */
function isInstalled() {
  const installedLock = join(HOUSE, 'node_modules/.package-lock.json');
  if (!existsSync(NODE) || !existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(join(HOUSE, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || found[path]?.integrity === entry.integrity,
  );
}

/** Runs a child to its end and passes on the signals that only this process got. Answers its exit code. */
function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: HOUSE, stdio: 'inherit', ...options });
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      // A Ctrl-C in a terminal reaches the child by itself; twice would mean "at once".
      process.on(name, () => (name === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(name)));
    }
    // npm dies of a signal without passing it on, as its shell stands between: its end is the signal then.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM') && clearInterval(watch), 300);
    watch.unref();
    child.on('error', (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

async function install() {
  console.log('Installing the dependencies (npm ci), about a minute the first time …');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code === 0 && isInstalled()) return true;
  console.error(
    `The dependencies could not be installed in ${HOUSE} (npm ci ended with ${code}; its words are above). ` +
      'Check that the npm registry is reachable (npm ping) and that the folder is writable, then start again.',
  );
  return false;
}

const [command = '', ...rest] = process.argv.slice(2);
const entry = ENTRIES[command];
if (!entry) {
  console.error(
    `Unknown command "${command}": use npm start, npm run demo, npm test, npm run bench:calls, bench:ivr, bench:acd, bench:dnc, bench:app-queue, bench:pacing, bench:leads or bench:webhooks.`,
  );
  process.exit(2);
}
if (!isInstalled() && !(await install())) process.exit(1);
const env = { ...process.env, ...COMPILED };
// The first server would strip the types itself, and keep the memory that takes for as long as it runs.
if (command === 'start' && !existsSync(env.NODE_COMPILE_CACHE)) {
  await run(NODE, [...LEAN, 'src/cli/main.ts', '--version'], { env, stdio: 'ignore' });
}
process.exit(await run(NODE, [...LEAN, ...entry, ...rest], { env }));
