import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Progress } from './debian.ts';
import { makeBatch } from './prompt-batch.ts';
import type { SpeechPrograms } from './prompt-speech.ts';
import { type ExtraPrompt, type Prompt, promptPath, promptsIn } from './prompt-words.ts';
import { programOf } from './unpacked.ts';

/** Debian packages that bring the programs. */
export const SPEECH_PACKAGES = ['espeak-ng', 'sox'] as const;

export interface PromptOptions extends SpeechPrograms {
  /**
   * Words: `<language>/prompts.yaml`, and `<language>/say.yaml` for the pieces of numbers and dates; recordings
   * `<language>/<prompt>.wav` go before them.
   */
  readonly soundsDir: string;
  /** Words that stand elsewhere. */
  readonly extra?: readonly ExtraPrompt[];
  /** Audio: `<language>/<prompt>.wav`, 8 kHz, 16 bit, mono. */
  readonly outDir: string;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface PromptsMade {
  readonly made: number;
  /** Made by an earlier run from the same words. */
  readonly kept: number;
}

/** The programs in an unpacked tree. espeak-ng is told where its data are, as they are not where it was built for. */
export function speechPrograms(root: string): SpeechPrograms {
  const espeak = programOf(root, 'espeak-ng');
  const data = globSync('usr/{lib/*,share}/espeak-ng-data', { cwd: root })[0] ?? 'usr/share/espeak-ng-data';
  return {
    espeak: { ...espeak, args: [...espeak.args, `--path=${join(root, dirname(data))}`] },
    sox: programOf(root, 'sox'),
  };
}

/**
 * Makes the audio of every prompt whose words, voice or recording changed, and removes what has no words any more. A file
 * appears whole, in one rename, so that a running switch never plays half of one.
 *
 * @throws LocalFault with the cure.
 */
export async function makePrompts(options: PromptOptions): Promise<PromptsMade> {
  const { soundsDir, extra = [], outDir, progress } = options;
  const prompts = await promptsIn(soundsDir, extra);
  await mkdir(outDir, { recursive: true });
  const before = await readLedger(outDir);
  const due = prompts.filter(({ path, hash }) => before[path] !== hash || !existsSync(join(outDir, `${path}.wav`)));
  let made = 0;
  await makeAll(batchesOf(due), options, (count) => {
    made += count;
    progress?.({ text: 'speaking prompts', done: made, total: due.length });
  });
  const ledger = Object.fromEntries(prompts.map(({ path, hash }) => [path, hash]));
  for (const path of Object.keys(before)) if (!(path in ledger)) await rm(join(outDir, `${path}.wav`), { force: true });
  await writeFile(join(outDir, LEDGER), JSON.stringify(ledger, null, 1));
  return { made, kept: prompts.length - made };
}

const LEDGER = 'made.json';
const ledgerFile = z.record(promptPath, z.string());

/** What the last run made; an unreadable ledger means making everything again. */
async function readLedger(outDir: string): Promise<Readonly<Record<string, string>>> {
  try {
    return ledgerFile.parse(JSON.parse(await readFile(join(outDir, LEDGER), 'utf8')));
  } catch {
    return {};
  }
}

/** Few enough that progress is seen and memory stays small. */
const BATCH = 50;

/** Recordings one by one; words by folder, as most of a folder are of one voice. */
function batchesOf(due: readonly Prompt[]): readonly (readonly Prompt[])[] {
  const recorded = due.filter(({ recording }) => recording !== null).map((prompt) => [prompt]);
  const spoken = due.filter(({ recording }) => recording === null);
  const folders = [...Map.groupBy(spoken, ({ path }) => dirname(path)).values()];
  return [...folders.flatMap(batched), ...recorded];
}

const batched = (prompts: readonly Prompt[]) =>
  Array.from({ length: Math.ceil(prompts.length / BATCH) }, (_, i) => prompts.slice(i * BATCH, (i + 1) * BATCH));

/** As many at a time as there are processors; the first fault stops all. */
async function makeAll(
  batches: readonly (readonly Prompt[])[],
  { espeak, sox, outDir, signal }: PromptOptions,
  onMade: (count: number) => void,
): Promise<void> {
  const workshop = await mkdtemp(join(outDir, '.fresh-'));
  const stop = new AbortController();
  const either = AbortSignal.any(signal ? [signal, stop.signal] : [stop.signal]);
  const waiting = batches.values();
  const worker = async (_: unknown, i: number): Promise<void> => {
    const speaker = { espeak, sox, scratch: join(workshop, `${i}`), signal: either };
    for (const batch of waiting) {
      either.throwIfAborted();
      await makeBatch(speaker, batch, outDir);
      onMade(batch.length);
    }
  };
  const workers = Array.from({ length: availableParallelism() }, worker);
  await Promise.all(workers.map((work) => work.catch((fault: unknown) => stop.abort(fault))));
  await rm(workshop, { recursive: true });
  stop.signal.throwIfAborted();
}
