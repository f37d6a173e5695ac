import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { LocalFault } from './fault.ts';
import { RECIPE, voiceOf } from './prompt-speech.ts';

/** Words that stand elsewhere than in the sounds folder: those of one flow, in its file. */
export interface ExtraPrompt {
  /** `<language>/<name>` */
  readonly path: string;
  readonly language: string;
  readonly words: string;
}

/** One part of a prompt and the language it is said in. */
export interface Part {
  readonly language: string;
  readonly words: string;
}

export interface Prompt {
  /** `<language>/<name>` */
  readonly path: string;
  readonly parts: readonly Part[];
  /** A person's voice, which goes before the words. */
  readonly recording: string | null;
  /** Said in the middle of a sentence, so that no breath is left around it. */
  readonly joined: boolean;
  /** Changes whenever the audio would. */
  readonly hash: string;
}

const words = z.string().min(1);
const promptsFile = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/),
  z.union([words, z.array(z.record(z.string(), words))]),
);

/** `<language>/<name>`: a path that stays in the folder it is joined to. */
export const promptPath = z.string().regex(/^[A-Za-z0-9-]+\/[a-z0-9.-]+$/);

/**
 * Every prompt of a sounds folder, and the extra ones; where two have one name, the extra one is said.
 *
 * @throws LocalFault naming the file and the line's key.
 */
export async function promptsIn(soundsDir: string, extra: readonly ExtraPrompt[]): Promise<readonly Prompt[]> {
  const folders = await readdir(soundsDir, { withFileTypes: true });
  const languages = folders.filter(
    (folder) => /^[a-z]{2,3}(-[A-Za-z0-9]+)?$/.test(folder.name) && folder.isDirectory(),
  );
  const lists = await Promise.all(
    languages.flatMap(({ name }) => ['prompts.yaml', 'say.yaml'].map((file) => listOf(soundsDir, name, file))),
  );
  const prompts = [...lists.flat(), ...(await Promise.all(extra.map((prompt) => extraOf(soundsDir, prompt))))];
  return [...new Map(prompts.map((prompt) => [prompt.path, prompt])).values()];
}

async function listOf(soundsDir: string, language: string, list: string): Promise<readonly Prompt[]> {
  const file = join(soundsDir, language, list);
  if (!existsSync(file)) return [];
  const read = promptsFile.safeParse(parse(await readFile(file, 'utf8')));
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? '';
    throw new LocalFault('bad-setting', `${file} is not a list of prompts and their words: look at ${where}.`);
  }
  return Promise.all(
    Object.entries(read.data).map(([name, said]) => {
      const parts = typeof said === 'string' ? [{ language, words: said }] : said.flatMap(partsOf);
      return promptOf(soundsDir, `${language}/${name}`, parts, list === 'say.yaml');
    }),
  );
}

const extraOf = (soundsDir: string, { path, language, words }: ExtraPrompt) =>
  promptOf(soundsDir, promptPath.parse(path), [{ language, words }], false);

async function promptOf(soundsDir: string, path: string, parts: readonly Part[], joined: boolean): Promise<Prompt> {
  const recording = join(soundsDir, `${path}.wav`);
  const recorded = existsSync(recording);
  const voiced = parts.map(({ language, words }) => [voiceOf(language), words]);
  const source = recorded ? await readFile(recording) : JSON.stringify([voiced, joined]);
  const hash = createHash('sha256').update(RECIPE).update(source).digest('hex').slice(0, 16);
  return { path, parts, recording: recorded ? recording : null, joined, hash };
}

const partsOf = (said: Readonly<Record<string, string>>): Part[] =>
  Object.entries(said).map(([language, words]) => ({ language, words }));
