import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { parse } from 'yaml';
import { promptsFile } from '../config/site/files.ts';
import type { ReleaseFile } from '../engine/ports/flow-store.ts';
import type { ReleaseMaker } from '../engine/ports/releases.ts';
import type { ExtraPrompt } from '../local/prompt-words.ts';
import { readDraft, siteFrom } from './flow/draft.ts';
import type { Folders } from './flow/judge.ts';

/** Releases from the folders of the installation; `speak` makes sounds of words that stand in no list of the sounds folder. */
export function releaseMaker(
  folders: Folders,
  speak: (words: readonly ExtraPrompt[]) => Promise<unknown>,
): ReleaseMaker {
  return {
    read: () => readDraft(folders),
    build: siteFrom,
    prepare: async (inUse) => {
      const said = new Map<string, ExtraPrompt>();
      // A person's recording is heard whatever the words are.
      const recorded = (path: string) => existsSync(join(folders.sounds, `${path}.wav`));
      const names: ReadonlyMap<string, string>[] = [];
      for (const release of inUse) names.push(namesOf(await wordsOf(release), said, recorded));
      await speak([...said.values()]);
      return names;
    },
  };
}

/** Adds what one release says to what is said already; answers the names of what it says otherwise. */
function namesOf(
  words: readonly ExtraPrompt[],
  said: Map<string, ExtraPrompt>,
  recorded: (path: string) => boolean,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const prompt of words) {
    const other = said.get(prompt.path);
    if (!other) said.set(prompt.path, prompt);
    if (!other || other.words === prompt.words || recorded(prompt.path)) continue;
    const path = `${prompt.path}.${createHash('sha256').update(prompt.words).digest('hex').slice(0, 8)}`;
    said.set(path, { ...prompt, path });
    names.set(prompt.path, path);
  }
  return names;
}

/** Reads list by list: calls in progress wait for one at most. */
async function wordsOf({ site, files }: Parameters<ReleaseMaker['prepare']>[0][number]) {
  const words: ExtraPrompt[] = [];
  for (const file of files) {
    words.push(...listed(file));
    await breathe();
  }
  for (const { id, prompts } of site.flows.values()) words.push(...[...prompts].flatMap((prompt) => own(id, prompt)));
  return words;
}

const own = (flow: string, [prompt, words]: readonly [string, Readonly<Record<string, string>>]) =>
  Object.entries(words).map(([language, said]) => ({ path: `${language}/${flow}.${prompt}`, language, words: said }));

/** Of a prompt list as it was, what is said in one language; what changes language within is taken from the folder's list. */
function listed({ path, text }: ReleaseFile): readonly ExtraPrompt[] {
  const language = /^sounds\/([^/]+)\/prompts\.yaml$/.exec(path)?.[1];
  const list = language === undefined ? undefined : promptsFile.safeParse(parse(text)).data;
  if (language === undefined || !list) return [];
  return Object.entries(list).flatMap(([name, words]) =>
    typeof words === 'string' ? [{ path: `${language}/${name}`, language, words }] : [],
  );
}
