import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnsureOptions } from './debian.ts';
import { LocalFault } from './fault.ts';
import { type Finished, run } from './run.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };
type Plan =
  | { readonly ok: true; readonly packages: Record<string, string> }
  | { readonly ok: false; readonly reason: string };

/** Points a private apt state at one suite of one mirror and reads its lists. */
export async function updateLists(
  state: string,
  source: { readonly mirror: string; readonly suite: string },
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync(KEYRING)) {
    throw new LocalFault(
      'no-apt',
      `This system has no apt-get or no Debian archive keys (${KEYRING}), so Asterisk and Redis cannot be fetched: ` +
        'set ASTERISK_URL and REDIS_URL to servers of your own, or use the compose file in docker/.',
    );
  }
  for (const folder of ['lists/partial', 'cache/archives/partial'])
    await mkdir(join(state, folder), { recursive: true });
  await writeFile(join(state, 'status'), '');
  await writeFile(join(state, 'sources.list'), `deb [signed-by=${KEYRING}] ${source.mirror} ${source.suite} main\n`);
  return outcome(await apt(state, ['update', '-qq'], signal));
}

/** What apt would install for these packages: name → version, dependencies included. */
export async function plan(state: string, packages: readonly string[], signal: AbortSignal | undefined): Promise<Plan> {
  const result = await apt(state, ['install', '--simulate', '-y', ...packages], signal);
  const done = outcome(result);
  return done.ok ? { ok: true, packages: parsePlan(result.stdout) } : done;
}

/** Reads the lines `Inst name (version origin [architecture])` of a simulation; the name may carry an architecture. */
export function parsePlan(simulation: string): Record<string, string> {
  const lines = [...simulation.matchAll(/^Inst ([^\s:]+)\S* (?:\[\S+\] )?\((\S+) /gm)];
  return Object.fromEntries(lines.map(([, name = '', version = '']) => [name, version]));
}

/** Fetches what `plan` named; what an interrupted run has already fetched is kept. */
export async function download(state: string, job: EnsureOptions): Promise<void> {
  const text = 'downloading Asterisk, Redis and what they need';
  const onStatus = (line: string): void => {
    const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
    if (percent) job.progress?.({ text: `${text} (percent)`, done: Math.floor(Number(percent)), total: 100 });
  };
  const args = ['install', '--download-only', '-qq', '-y', '-o', 'APT::Status-Fd=3', ...job.packages];
  const done = outcome(await apt(state, args, job.signal, onStatus));
  job.signal?.throwIfAborted();
  if (!done.ok) {
    throw new LocalFault(
      'mirror-failed',
      `The download of Debian packages broke off (${done.reason}). Start again: it goes on where it stopped.`,
    );
  }
}

const apt = (state: string, args: readonly string[], signal?: AbortSignal, onStatus?: (line: string) => void) =>
  run('/usr/bin/apt-get', [...settings(state), ...args], { signal, ...(onStatus && { onStatus }) });

function outcome(result: Finished): Outcome {
  if (result.code === 0) return { ok: true };
  const reason = /^E: .*/m.exec(result.stderr)?.[0] ?? result.stderr.trim().split('\n').at(-1) ?? '';
  return { ok: false, reason: reason || `apt-get ended with ${result.code}` };
}

/**
 * Moves every folder apt writes to. On the command line, since that alone outranks the machine's own apt settings, which
 * stay in force otherwise (proxies live there).
 */
const settings = (state: string): string[] =>
  [
    `Dir::State=${state}`,
    `Dir::State::lists=${state}/lists`,
    `Dir::State::status=${state}/status`,
    `Dir::Cache=${state}/cache`,
    `Dir::Cache::archives=archives`,
    `Dir::Etc::sourcelist=${state}/sources.list`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    'APT::Install-Recommends=false',
    'APT::Install-Suggests=false',
    'APT::Sandbox::User=',
    'APT::Update::Error-Mode=any',
    'Acquire::Languages=none',
  ].flatMap((setting) => ['-o', setting]);
