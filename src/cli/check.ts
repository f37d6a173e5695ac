import { join, relative } from 'node:path';
import { readSettings, type Settings } from '../config/settings.ts';
import type { LoadedSite } from '../config/site/load.ts';
import { readSite } from '../config/site/read.ts';
import { EXIT, Explained } from './ending.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** @throws Explained with every fault of the settings */
export function settingsOf(env: Env): Settings {
  const read = readSettings(env);
  if (!read.ok) throw new Explained(read.problems.join('\n'));
  return read.settings;
}

/** @throws Explained with every fault of the flow and site files, each with its place and its cure */
export async function siteOf({ CALLWRIGHT_FLOWS, CALLWRIGHT_SOUNDS }: Settings): Promise<LoadedSite> {
  const read = await readSite(CALLWRIGHT_FLOWS, CALLWRIGHT_SOUNDS);
  if (read.ok) return read.site;
  const shown = (file: string) => (file.startsWith('sounds/') ? file : join(relative('.', CALLWRIGHT_FLOWS), file));
  const lines = read.problems.map(
    ({ file, line, column, message, cure }) => `${shown(file)}:${line}:${column} ${message} ${cure}`,
  );
  throw new Explained(
    [...lines, `${lines.length === 1 ? '1 fault' : `${lines.length} faults`} in the flow and site files.`].join('\n'),
  );
}

/** `callwright check` */
export async function check(env: Env): Promise<number> {
  try {
    const site = await siteOf(settingsOf(env));
    const { flows, queues, agents, trunks } = site;
    console.log(`fine: ${flows.size} flows, ${queues.size} queues, ${agents.length} agents, ${trunks.size} trunks`);
    return EXIT.fine;
  } catch (error) {
    if (!(error instanceof Explained)) throw error;
    console.error(error.message);
    return EXIT.findings;
  }
}
