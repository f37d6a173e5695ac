import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type LoadedSite, loadSite } from '../../config/site/load.ts';
import { dateNow } from '../../config/site/read.ts';
import type { ReleaseFile } from '../../engine/ports/flow-store.ts';
import type { Draft, Finding } from '../../engine/ports/releases.ts';
import { findingOf } from './findings.ts';
import { type Folders, isTest, type Judgement } from './judge.ts';
import type { Verdict } from './judge-process.ts';

/** A draft whose site carries what only the switch door reads. */
export type LoadedDraft =
  | (Extract<Draft, { ok: true }> & { readonly site: LoadedSite })
  | Extract<Draft, { ok: false }>;

/** Many times what hundreds of tests take. */
const WITHIN_MS = 60_000;

const MOST_MEMORY_MB = 512;

/** Reads, checks and tests the folders in a process of its own; whatever goes wrong there is a finding, too. */
export async function readDraft(folders: Folders): Promise<LoadedDraft> {
  const judge = fork(fileURLToPath(new URL('judge-process.ts', import.meta.url)), [], {
    execArgv: [`--max-old-space-size=${MOST_MEMORY_MB}`],
    env: {}, // it needs no secret of ours
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    judge.send(folders);
    const verdict = await verdictOf(judge);
    return 'judgement' in verdict ? draftOf(verdict.judgement) : refused(sentenceOf(verdict, folders));
  } catch (error) {
    return refused(error instanceof Error && error.name === 'AbortError' ? TOO_LONG : String(error));
  } finally {
    judge.kill('SIGKILL');
  }
}

const TOO_LONG = `Checks and tests took longer than ${WITHIN_MS / 1_000} s and were given up.`;
const DIED = `Checks and tests ended early: files may need more than ${MOST_MEMORY_MB} MB.`;

/** @throws an AbortError when it takes too long */
async function verdictOf(judge: ChildProcess): Promise<Verdict> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const told = once(judge, 'message', { signal }).then(([verdict]) => verdict as Verdict);
  const died = once(judge, 'exit', { signal }).then((): Verdict => ({ fault: DIED, code: null }));
  return Promise.race([told, died]);
}

const refused = (message: string): LoadedDraft => ({ ok: false, findings: [whole(message)] });

function draftOf({ files, findings }: Judgement): LoadedDraft {
  if (findings.some(({ severity }) => severity === 'error')) return { ok: false, findings };
  const reading = loadSite(siteFiles(files), dateNow());
  if (reading.ok) return { ok: true, files, site: reading.site, warnings: findings };
  return { ok: false, findings: reading.problems.map((problem) => findingOf(problem)) };
}

/** The site that files made once, if they still do. */
export function siteFrom(files: readonly ReleaseFile[]): LoadedSite | null {
  const reading = loadSite(siteFiles(files), dateNow());
  return reading.ok ? reading.site : null;
}

const siteFiles = (files: readonly ReleaseFile[]) => files.filter(({ path }) => !isTest(path));

const sentenceOf = ({ fault, code }: Extract<Verdict, { fault: string }>, { flows, sounds }: Folders): string =>
  code === null ? fault : `${flows} or ${sounds} cannot be read (${code}).`;

/** What concerns no single file. */
const whole = (message: string): Finding => ({
  file: '.',
  line: 1,
  column: 1,
  severity: 'error',
  code: 'file-unreadable',
  message,
  hint: 'Mend it and load again.',
});
