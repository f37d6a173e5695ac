import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { type AptSource, debianMirrors, parseSourceLines, parseSourceStanzas } from './apt-sources.ts';
import { download, plan, updateLists } from './apt.ts';
import { LocalFault } from './fault.ts';
import { lock } from './lock.ts';
import { atLeast, packageVersion } from './package-version.ts';
import { run } from './run.ts';

/** Told about everything that takes more than a second; `done` and `total` are in the unit that `text` names. */
export type Progress = (step: { readonly text: string; readonly done?: number; readonly total?: number }) => void;

/** Debian packages, unpacked into a private folder from which their programs run. */
export interface Tree {
  readonly root: string;
  /** Package name → version, as unpacked. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface EnsureOptions {
  readonly packages: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** Two ARI privilege holes were closed in this one. */
const OLDEST_ASTERISK = '22.10.1';

/** Debian 12 and 13 carry no Asterisk; its testing and unstable suites do. */
const SUITES = ['forky', 'sid'];

/** Downloads, unpacked tree and apt's own lists, with room to spare. */
const ROOM_BYTES = 900_000_000;

/** Where downloads live: `CALLWRIGHT_CACHE`, else the user's cache folder. Removing it is always safe. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return (
    env['CALLWRIGHT_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache'), 'callwright')
  );
}

/**
 * The tree that holds these packages and all they depend on: the cached one, else fetched from the mirror the machine
 * itself uses, by its own apt, with its own proxy settings and Debian's archive keys, in a private state that leaves
 * the system untouched. Needs no root. A tree appears in one rename, so a broken unpack is never taken for a good one.
 *
 * @throws LocalFault with the cure.
 */
export async function ensure(options: EnsureOptions): Promise<Tree> {
  const env = options.env ?? process.env;
  const folder = join(cacheFolder(env), 'debian');
  const wanted = [...new Set(options.packages)].toSorted();
  const tree = join(folder, createHash('sha256').update(wanted.join(' ')).digest('hex').slice(0, 16));
  const cached = readTree(tree, env);
  if (cached) return cached;

  const progress = options.progress ?? (() => {});
  await mkdir(folder, { recursive: true });
  const release = await lock(folder, () => progress({ text: 'waiting for another Callwright that is fetching' }));
  try {
    const meanwhile = readTree(tree, env);
    return meanwhile ?? (await fetchTree({ ...options, packages: wanted, env, progress }, folder, tree));
  } finally {
    release();
  }
}

interface Job extends EnsureOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
}

async function fetchTree(job: Job, folder: string, tree: string): Promise<Tree> {
  await checkRoom(folder);
  const state = join(folder, 'apt');
  const packages = await choose(job, state);
  await download(state, job);

  for (const leftover of await readdir(folder)) {
    if (leftover.startsWith('unpacking-')) await rm(join(folder, leftover), { recursive: true });
  }
  const fresh = await mkdtemp(join(folder, 'unpacking-'));
  await unpack(await archives(join(state, 'cache/archives'), packages), join(fresh, 'root'), job);
  await writeFile(join(fresh, 'packages.json'), JSON.stringify(packages, null, 1));
  await rename(fresh, tree);
  await rm(state, { recursive: true });
  return { root: join(tree, 'root'), packages };
}

/** Tries each suite on each mirror until one offers the packages in a version that may run. */
async function choose(job: Job, state: string): Promise<Record<string, string>> {
  const failures: string[] = [];
  for (const suite of SUITES) {
    for (const mirror of await mirrors(job.env)) {
      job.progress({ text: `reading the package lists of Debian ${suite}` });
      const updated = await updateLists(state, { mirror, suite }, job.signal);
      if (!updated.ok) {
        failures.push(`${mirror} ${suite}: ${updated.reason}`);
        continue;
      }
      const planned = await plan(state, job.packages, job.signal);
      const fault = planned.ok ? ageFault(planned.packages, job.env) : planned.reason;
      if (planned.ok && fault === undefined) return planned.packages;
      failures.push(`${mirror} ${suite}: ${fault}`);
    }
  }
  throw new LocalFault(
    'mirror-failed',
    `No Debian mirror gave the packages ${job.packages.join(', ')} (${failures.join('; ')}). ` +
      'Check the network and the proxy settings of apt, or set CALLWRIGHT_DEBIAN_MIRROR to a mirror that answers.',
  );
}

async function unpack(files: readonly string[], root: string, job: Job): Promise<void> {
  await mkdir(root);
  let done = 0;
  const waiting = files.values();
  const worker = async (): Promise<void> => {
    for (const file of waiting) {
      const result = await run('dpkg-deb', ['-x', file, root], { signal: job.signal });
      job.signal?.throwIfAborted();
      if (result.code !== 0) throw unpackFault(file, result.stderr);
      job.progress({ text: 'unpacking packages', done: ++done, total: files.length });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** The packages of the plan, and no leftovers of an earlier one. apt writes the `:` of a version as `%3a` in file names. */
async function archives(folder: string, packages: Readonly<Record<string, string>>): Promise<string[]> {
  const files = await readdir(folder);
  return Object.entries(packages).map(([name, version]) => {
    const start = `${name}_${version.replaceAll(':', '%3a')}_`;
    const file = files.find((candidate) => candidate.startsWith(start) && candidate.endsWith('.deb'));
    if (file !== undefined) return join(folder, file);
    throw new LocalFault('mirror-failed', `The download of ${name} ${version} is not there. Start again to fetch it.`);
  });
}

function unpackFault(file: string, stderr: string): LocalFault {
  if (/no space left/i.test(stderr)) return diskFault('');
  return new LocalFault(
    'unpack-failed',
    `The package ${file} could not be unpacked (${stderr.trim()}). Remove the cache folder and start again.`,
  );
}

function readTree(tree: string, env: Job['env']): Tree | undefined {
  if (!existsSync(join(tree, 'packages.json'))) return undefined;
  const packages = JSON.parse(readFileSync(join(tree, 'packages.json'), 'utf8')) as Record<string, string>;
  return ageFault(packages, env) === undefined ? { root: join(tree, 'root'), packages } : undefined;
}

/** Why this set may not run, or `undefined` when it may. */
function ageFault(packages: Readonly<Record<string, string>>, env: Job['env']): string | undefined {
  const asterisk = packages['asterisk'];
  if (asterisk === undefined || env['CALLWRIGHT_ALLOW_OLD_ASTERISK'] === '1') return undefined;
  if (atLeast(packageVersion(asterisk), OLDEST_ASTERISK)) return undefined;
  return `Asterisk ${asterisk} is older than ${OLDEST_ASTERISK}, which closed two security holes (CALLWRIGHT_ALLOW_OLD_ASTERISK=1 runs it all the same)`;
}

async function mirrors(env: Job['env']): Promise<string[]> {
  if (env['CALLWRIGHT_DEBIAN_MIRROR']) return [env['CALLWRIGHT_DEBIAN_MIRROR']];
  const found = debianMirrors(await machineSources('/etc/apt'));
  if (found.length > 0) return found;
  throw new LocalFault(
    'no-mirror',
    'This machine names no Debian mirror in /etc/apt/sources.list or sources.list.d: set CALLWRIGHT_DEBIAN_MIRROR to the ' +
      'address of one, or ASTERISK_URL and REDIS_URL to servers of your own.',
  );
}

async function machineSources(folder: string): Promise<AptSource[]> {
  const parts: string[] = await readdir(join(folder, 'sources.list.d')).catch(() => []);
  const files = [join(folder, 'sources.list'), ...parts.toSorted().map((name) => join(folder, 'sources.list.d', name))];
  const sources: AptSource[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (file.endsWith('.list')) sources.push(...parseSourceLines(text));
    if (file.endsWith('.sources')) sources.push(...parseSourceStanzas(text));
  }
  return sources;
}

async function checkRoom(folder: string): Promise<void> {
  const disk = await statfs(folder);
  if (disk.bavail * disk.bsize < ROOM_BYTES) throw diskFault(` (${folder})`);
}

const diskFault = (where: string): LocalFault =>
  new LocalFault(
    'disk-full',
    `The cache folder${where} needs ${ROOM_BYTES / 1e6} MB of free disk: make room, or set CALLWRIGHT_CACHE to a folder on another disk.`,
  );
