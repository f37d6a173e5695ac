import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type LoadedSite, loadSite } from '../../config/site/load.ts';
import { dateNow } from '../../config/site/read.ts';
import type { ReleaseFile } from '../../engine/ports/flow-store.ts';
import type { Draft, Finding } from '../../engine/ports/releases.ts';
import { findingOf } from './findings.ts';
import { type Folders, isTest, type Judgement } from './judge.ts';

/** A draft whose site carries what only the switch door reads. */
export type LoadedDraft =
  | (Extract<Draft, { ok: true }> & { readonly site: LoadedSite })
  | Extract<Draft, { ok: false }>;

/** Many times what hundreds of tests take. */
const WITHIN_MS = 60_000;

/** Files that eat up memory end the thread, and no calls. */
const LIMITS = { maxOldGenerationSizeMb: 512 };

/** Reads, checks and tests the folders in a thread of its own; whatever goes wrong there is a finding, too. */
export async function readDraft(folders: Folders): Promise<LoadedDraft> {
  const worker = new Worker(new URL('judge-worker.ts', import.meta.url), {
    workerData: folders,
    resourceLimits: LIMITS,
  });
  try {
    const [judgement] = (await once(worker, 'message', { signal: AbortSignal.timeout(WITHIN_MS) })) as [Judgement];
    return draftOf(judgement);
  } catch (error) {
    return { ok: false, findings: [whole(sentenceOf(error, folders))] };
  } finally {
    await worker.terminate();
  }
}

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

function sentenceOf(error: unknown, { flows, sounds }: Folders): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return `Checks and tests took longer than ${WITHIN_MS / 1_000} s and were given up.`;
  return 'code' in error && 'path' in error
    ? `${flows} or ${sounds} cannot be read (${String(error.code)}).`
    : error.message;
}

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
