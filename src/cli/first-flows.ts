import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { LoadedSite } from '../config/site/load.ts';
import type { Finding } from '../engine/ports/releases.ts';
import { lockData } from '../local/lock.ts';
import { startSql } from '../local/sql.ts';
import { createSqlStores } from '../store/sql/stores.ts';
import { Explained } from './ending.ts';
import { type LoadedDraft, readDraft, siteFrom } from './flow/draft.ts';
import { linesOf } from './flow/findings.ts';
import { realPath, shownHere } from './flow/places.ts';

interface FirstFlows {
  readonly draft: LoadedDraft;
  /** Where agents and trunks come from. */
  readonly site: LoadedSite;
}

const foldersOf = ({ CALLWRIGHT_FLOWS: flows, CALLWRIGHT_SOUNDS: sounds }: Settings) => ({ flows, sounds });

/** @throws Explained with every fault of the flow and site files, each with its place and its cure */
export async function goodDraft(settings: Settings): Promise<Extract<LoadedDraft, { ok: true }>> {
  const draft = await readDraft(foldersOf(settings));
  if (draft.ok) return draft;
  throw new Explained(told(draft.findings, settings));
}

/**
 * The flows that a start begins with: those of the folder or, when it has faults, the release that ran last; the faults are
 * said aloud then.
 *
 * @throws Explained with all faults when nothing has ever run.
 */
export async function firstFlows(settings: Settings): Promise<FirstFlows> {
  const draft = await readDraft(foldersOf(settings));
  if (draft.ok) return { draft, site: draft.site };
  const site = await lastSite(settings);
  if (!site) throw new Explained(told(draft.findings, settings));
  console.error(`${told(draft.findings, settings)}\nThe flows have faults: callers get the release that ran last.`);
  return { draft, site };
}

/** Faults as one would look for them here. */
function told(findings: readonly Finding[], settings: Settings): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return linesOf(errors.map((one) => ({ ...one, file: shownHere(realPath(foldersOf(settings), one.file)) }))).join(
    '\n',
  );
}

/** The site of the release that ran last, from the SQL store alone: the private servers need to know their phones to start. */
async function lastSite(settings: Settings): Promise<LoadedSite | null> {
  if (settings.DATABASE_URL) return lastIn(settings.DATABASE_URL);
  const folder = resolve(settings.CALLWRIGHT_DATA);
  if (!existsSync(join(folder, 'sql'))) return null;
  const unlock = await lockData(folder);
  try {
    const sql = await startSql({ folder: join(folder, 'sql') });
    try {
      return await lastIn(sql.url, 1);
    } finally {
      await sql.stop();
    }
  } finally {
    unlock();
  }
}

const nothing = () => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

async function lastIn(databaseUrl: string, poolMax = 2): Promise<LoadedSite | null> {
  const { flows, history } = await createSqlStores({ databaseUrl, log: SILENT, poolMax });
  try {
    const [last] = await flows.activations(1);
    const release = last ? await flows.release(last.release) : null;
    return release ? siteFrom(release.files) : null;
  } finally {
    await history.close();
  }
}
