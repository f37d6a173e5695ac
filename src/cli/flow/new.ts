import { Command } from 'commander';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readSite } from '../../config/site/read.ts';
import { starterOf } from '../../ivr/tools/starter.ts';
import { name } from '../../ivr/words.ts';
import { settingsOf } from '../check.ts';
import { EXIT, Explained, ending } from '../ending.ts';
import { shownHere } from './places.ts';
import type { Env } from './read-flow.ts';

interface NewOptions {
  readonly title?: string;
  readonly owner: string;
  readonly out?: string;
  readonly json?: true;
}

/** `callwright flow new` */
export const newCommand = (env: Env): Command =>
  new Command('new')
    .description('begin a flow: a commented file and its test, which pass check and test as they stand')
    .argument('<id>', 'name of the flow, like night-line')
    .option('--title <text>', 'what people call it')
    .option('--owner <address>', 'who answers for it', 'telephony@example.org')
    .option('--out <folder>', 'where to put it; the flows folder when not given')
    .option('--json', 'print one object for programs')
    .action((id: string, options: NewOptions) => ending(begin(id, options, env)));

/** @throws Explained when the name cannot be, or a file of that name is there already */
async function begin(id: string, { title, owner, out, json }: NewOptions, env: Env): Promise<number> {
  const { CALLWRIGHT_FLOWS: flows, CALLWRIGHT_SOUNDS: sounds } = settingsOf(env);
  const named = name.safeParse(id);
  if (!named.success)
    throw new Explained(named.error.issues.map(({ message }) => message.replace('\n', ' ')).join(' '));
  const folder = resolve(out ?? flows);
  const files = [join(folder, `${id}.yaml`), join(folder, `${id}.test.yaml`)] as const;
  for (const file of files) if (await isThere(file)) throw new Explained(`${shownHere(file)} is there already.`);
  const reviewBy = Temporal.Now.plainDateISO().add({ years: 1 }).toString();
  const [queue = null] = await queuesIn(flows, sounds);
  const written = title?.trim() || titleFrom(id);
  const starter = starterOf({ id, title: written, owner, reviewBy, queue });
  await mkdir(folder, { recursive: true });
  // Whoever makes the same file meanwhile keeps it.
  await writeFile(files[0], starter.flow, { flag: 'wx' });
  await writeFile(files[1], starter.test, { flag: 'wx' });
  const shown = files.map(shownHere);
  if (json) console.log(JSON.stringify({ id, files: shown }, null, 2));
  else console.log([...shown.map((file) => `wrote ${file}`), `try it: npx callwright flow sim ${shown[0]}`].join('\n'));
  return EXIT.fine;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const titleFrom = (id: string) => `${id.charAt(0).toUpperCase()}${id.slice(1)}`.replaceAll('-', ' ');

/** The site's queues; none when it has none, or cannot be read yet. */
async function queuesIn(flows: string, sounds: string): Promise<readonly string[]> {
  const site = await readSite(flows, sounds).catch(() => null);
  return site?.ok ? [...site.site.queues.keys()] : [];
}
