import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type LoadedSite, loadSite, type SiteFile } from '../../config/site/load.ts';
import { dateNow, readFlowFiles, readSiteFile, readSiteFiles } from '../../config/site/read.ts';
import { isError } from '../../ivr/problem.ts';
import type { Sound } from '../../ivr/sim/sound.ts';
import { type SimWorld, simWorld } from '../../ivr/sim/world.ts';
import { promptsIn } from '../../local/prompt-words.ts';
import { type Finding, findingOf } from './findings.ts';
import { type Place, realPath, shownHere } from './places.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export type WorldReading =
  | { readonly ok: true; readonly world: SimWorld }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * The site of a place for simulated calls, with the words of its prompts. A flow from elsewhere stands in for the one of the
 * same file name. Errors anywhere refuse all of it: a call may lead from any flow to any other.
 *
 * @throws LocalFault or the file system's own error when it cannot be read at all.
 */
export async function readWorld(place: Place): Promise<WorldReading> {
  const own = await readSiteFiles(place.flows, place.sounds);
  const guests = await guestsOf(place);
  const names = new Set(guests.map(({ path }) => basename(path)));
  const loaded = loadSite([...own.filter(({ path }) => !names.has(path)), ...guests], dateNow());
  if (loaded.ok) return { ok: true, world: await withWords(loaded.site, place.sounds) };
  const shown = (file: string) => shownHere(realPath(place, file));
  return { ok: false, findings: loaded.problems.filter(isError).map((problem) => findingOf(problem, shown)) };
}

/** Flows named outright, those below folders, and of a test file the flow beside it. */
async function guestsOf({ guests }: Place): Promise<readonly SiteFile[]> {
  const files: SiteFile[] = [];
  for (const guest of guests) {
    const isFolder = (await stat(guest)).isDirectory();
    const folder = isFolder ? guest : dirname(guest);
    const flow = basename(guest).replace(/\.test\.ya?ml$/, '.yaml');
    const beside = existsSync(join(folder, flow)) ? [await readSiteFile(folder, flow)] : [];
    const found = isFolder ? await readFlowFiles(folder) : beside;
    files.push(...found.map((file) => ({ ...file, path: join(folder, file.path) })));
  }
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** The world that calls in a site are simulated in. */
export async function withWords(site: LoadedSite, soundsFolder: string): Promise<SimWorld> {
  const prompts = await promptsIn(soundsFolder, []);
  const sounds = prompts.map(
    async ({ path, parts, recording }): Promise<[string, Sound]> => [
      path,
      { parts, lengthMs: recording === null ? null : await wavLengthMs(recording) },
    ],
  );
  return simWorld(site, new Map(await Promise.all(sounds)));
}

/** 8 kHz, 16 bit, mono, as has been checked: 16 bytes a millisecond after the header. */
const wavLengthMs = async (file: string): Promise<number> =>
  Math.max(0, Math.round(((await stat(file)).size - 44) / 16));
