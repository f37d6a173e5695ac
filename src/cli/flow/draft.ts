import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as breathe } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CUSTOMERS } from '../../config/site/kinds.ts';
import { type CustomerRow, loadInSteps, type LoadedSite, type SiteReading } from '../../config/site/load.ts';
import { dateNow } from '../../config/site/read.ts';
import type { ReleaseFile } from '../../engine/ports/flow-store.ts';
import type { Draft, Finding } from '../../engine/ports/releases.ts';
import { findingOf } from './findings.ts';
import { type Folders, type Judgement, withoutTests } from './judge.ts';
import type { Order, Verdict } from './judge-process.ts';

/** A draft whose site carries what only the switch door reads. */
export type LoadedDraft =
  | (Extract<Draft, { ok: true }> & { readonly site: LoadedSite })
  | Extract<Draft, { ok: false }>;

/** Many times what hundreds of tests take. */
const WITHIN_MS = 60_000;

const MOST_MEMORY_MB = 512;

/** Reads, checks and tests the folders in a process of its own; whatever goes wrong there is a finding, too. */
export async function readDraft(folders: Folders): Promise<LoadedDraft> {
  try {
    const verdict = await judgedApart({ folders });
    return 'judgement' in verdict ? await draftOf(verdict.judgement) : refused(sentenceOf(verdict, folders));
  } catch (error) {
    return refused(error instanceof Error && error.name === 'AbortError' ? TOO_LONG : String(error));
  }
}

/** @throws an AbortError when it takes too long */
async function judgedApart(order: Order): Promise<Verdict> {
  const judge = fork(fileURLToPath(new URL('judge-process.ts', import.meta.url)), [], {
    execArgv: [`--max-old-space-size=${MOST_MEMORY_MB}`],
    env: {}, // it needs no secret of ours
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    judge.send(order);
    return await verdictOf(judge);
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

async function draftOf({ files, findings, customers }: Judgement): Promise<LoadedDraft> {
  if (findings.some(({ severity }) => severity === 'error')) return { ok: false, findings };
  const reading = await readInTurn(withoutTests(files), customers);
  if (reading.ok) return { ok: true, files, site: reading.site, warnings: findings };
  return { ok: false, findings: reading.problems.map((problem) => findingOf(problem)) };
}

/** A list of customers that is longer is read apart: beside a short one, another process would only take longer. */
const SHORT_CHARACTERS = 8 * 1024;

/** The site that files made once, if they still do. Never rejects. */
export async function siteFrom(files: readonly ReleaseFile[]): Promise<LoadedSite | null> {
  const list = files.find(({ path }) => path === CUSTOMERS)?.text ?? '';
  const customers = list.length > SHORT_CHARACTERS ? await customersApart(files) : undefined;
  if (customers === null) return null;
  const reading = await readInTurn(withoutTests(files), customers);
  return reading.ok ? reading.site : null;
}

async function customersApart(kept: readonly ReleaseFile[]): Promise<readonly CustomerRow[] | null> {
  const verdict = await judgedApart({ kept }).catch(() => null);
  const judgement = verdict && 'judgement' in verdict ? verdict.judgement : null;
  return judgement?.findings.some(({ severity }) => severity === 'error') ? null : (judgement?.customers ?? null);
}

/** Reads file by file, so that calls in progress wait for one at most, and for no list of customers that is read already. */
async function readInTurn(
  files: readonly ReleaseFile[],
  customers: readonly CustomerRow[] | undefined,
): Promise<SiteReading> {
  const steps = loadInSteps(files, dateNow(), customers && { customers });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await breathe();
  }
}

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
