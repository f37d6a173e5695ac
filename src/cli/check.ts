import { readSettings, type Settings } from '../config/settings.ts';
import type { LoadedSite } from '../config/site/load.ts';
import { readSite } from '../config/site/read.ts';
import { isError } from '../ivr/problem.ts';
import { Explained } from './ending.ts';
import { findingOf, linesOf } from './flow/findings.ts';
import { realPath, shownHere } from './flow/places.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** @throws Explained with every fault of the settings */
export function settingsOf(env: Env): Settings {
  const read = readSettings(env);
  if (!read.ok) throw new Explained(read.problems.join('\n'));
  return read.settings;
}

/** @throws Explained with every fault of the flow and site files, each with its place and its cure */
export async function siteOf({ CALLWRIGHT_FLOWS: flows, CALLWRIGHT_SOUNDS: sounds }: Settings): Promise<LoadedSite> {
  const read = await readSite(flows, sounds);
  if (read.ok) return read.site;
  const shown = (file: string) => shownHere(realPath({ flows, sounds }, file));
  throw new Explained(linesOf(read.problems.filter(isError).map((problem) => findingOf(problem, shown))).join('\n'));
}
