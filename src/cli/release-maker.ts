import { parse } from 'yaml';
import { promptsFile } from '../config/site/files.ts';
import type { ReleaseFile } from '../engine/ports/flow-store.ts';
import type { ReleaseMaker } from '../engine/ports/releases.ts';
import type { Site } from '../engine/site.ts';
import type { ExtraPrompt } from '../local/prompt-words.ts';
import { readDraft, siteFrom } from './flow/draft.ts';
import type { Folders } from './flow/judge.ts';

/** Releases from the folders of the installation; `speak` makes the sounds of words that stand in no list of the sounds folder. */
export function releaseMaker(
  folders: Folders,
  speak: (words: readonly ExtraPrompt[]) => Promise<unknown>,
): ReleaseMaker {
  return {
    read: () => readDraft(folders),
    build: async (files) => siteFrom(files),
    // Of two by one name the last is said, so the first release comes last.
    prepare: async (inUse) => void (await speak(inUse.toReversed().flatMap(wordsOf))),
  };
}

const wordsOf = ({ site, files }: { readonly site: Site; readonly files: readonly ReleaseFile[] }) => [
  ...files.flatMap(listed),
  ...[...site.flows.values()].flatMap(({ id, prompts }) =>
    [...prompts].flatMap(([prompt, words]) =>
      Object.entries(words).map(([language, said]) => ({ path: `${language}/${id}.${prompt}`, language, words: said })),
    ),
  ),
];

/** Of a prompt list as it was, what is said in one language; what changes language within is taken from the folder's list. */
function listed({ path, text }: ReleaseFile): readonly ExtraPrompt[] {
  const language = /^sounds\/([^/]+)\/prompts\.yaml$/.exec(path)?.[1];
  const list = language === undefined ? undefined : promptsFile.safeParse(parse(text)).data;
  if (language === undefined || !list) return [];
  return Object.entries(list).flatMap(([name, words]) =>
    typeof words === 'string' ? [{ path: `${language}/${name}`, language, words }] : [],
  );
}
