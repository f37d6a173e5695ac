import { readSettings, type Settings } from '../config/settings.ts';
import { Explained } from './ending.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** @throws Explained with every fault of the settings */
export function settingsOf(env: Env): Settings {
  const read = readSettings(env);
  if (!read.ok) throw new Explained(read.problems.join('\n'));
  return read.settings;
}
