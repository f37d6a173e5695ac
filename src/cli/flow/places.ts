import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Settings } from '../../config/settings.ts';

/** A site, and what of it is asked about. */
export interface Place {
  readonly flows: string;
  readonly sounds: string;
  /** Absolute paths of files and folders in it; null asks about all of it. */
  readonly asked: readonly string[] | null;
  /** Absolute paths of files and folders from elsewhere, which are looked at as if they were in it. */
  readonly guests: readonly string[];
}

/**
 * The sites that paths belong to: each to the one around it (the nearest folder above with `site/` in it), or as a guest to
 * that of the settings. Without paths all of the latter.
 *
 * @throws the file system's own error for a path that is not there.
 */
export async function placesOf(paths: readonly string[], settings: Settings): Promise<readonly Place[]> {
  const house = { flows: settings.CALLWRIGHT_FLOWS, sounds: settings.CALLWRIGHT_SOUNDS };
  if (paths.length === 0) return [{ ...house, asked: null, guests: [] }];
  const absolute = paths.map((path) => resolve(path));
  for (const path of absolute) await stat(path);
  const homes = Map.groupBy(absolute, siteAround);
  return [...homes].map(([home, inside]) => {
    if (home === null) return { ...house, asked: [], guests: inside };
    const sounds = soundsOf(home, settings);
    return { flows: home, sounds, asked: inside.includes(home) ? null : inside, guests: [] };
  });
}

function siteAround(path: string): string | null {
  if (existsSync(join(path, 'site'))) return path;
  const above = dirname(path);
  return above === path ? null : siteAround(above);
}

/** The sounds that lie beside a site, or those of the settings. */
function soundsOf(flows: string, { CALLWRIGHT_FLOWS, CALLWRIGHT_SOUNDS }: Settings): string {
  const beside = join(dirname(flows), 'sounds');
  return flows !== CALLWRIGHT_FLOWS && existsSync(beside) ? beside : CALLWRIGHT_SOUNDS;
}

/** The absolute path of what a site calls by a path of its own. */
export function realPath({ flows, sounds }: Pick<Place, 'flows' | 'sounds'>, file: string): string {
  if (isAbsolute(file)) return file;
  return file.startsWith('sounds/') ? join(sounds, file.slice('sounds/'.length)) : join(flows, file);
}

/** Is a finding in that file asked for? */
export const isAsked = ({ asked, guests }: Place, file: string): boolean =>
  asked === null || [...asked, ...guests].some((path) => file === path || file.startsWith(path + sep));

/** As one would type it here. */
export const shownHere = (path: string): string => relative('.', path) || '.';
