import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Progress } from './debian.ts';
import { LocalFault } from './fault.ts';
import { run } from './run.ts';
import { type Command, programOf } from './unpacked.ts';

/** Debian packages that bring the programs. */
export const SPEECH_PACKAGES = ['espeak-ng', 'sox'] as const;

export interface SpeechPrograms {
  readonly espeak: Command;
  readonly sox: Command;
}

export interface PromptOptions extends SpeechPrograms {
  /** Words: `<language>/prompts.yaml`, and recordings `<language>/<prompt>.wav` that go before them. */
  readonly soundsDir: string;
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

/** One part of a prompt and the language it is said in. */
interface Part {
  readonly language: string;
  readonly words: string;
}

interface Job {
  /** `<language>/<prompt>` */
  readonly path: string;
  readonly parts: readonly Part[];
  readonly recording: string | null;
  /** Changes whenever the audio would. */
  readonly hash: string;
}

/**
 * Makes the audio of every prompt whose words, voice or recording changed, and removes what has no words any more. A file
 * appears whole, in one rename, so that a running switch never plays half of one.
 *
 * @throws LocalFault with the cure.
 */
export async function makePrompts(options: PromptOptions): Promise<PromptsMade> {
  const { outDir, progress, signal } = options;
  const jobs = await jobsIn(options.soundsDir);
  await mkdir(outDir, { recursive: true });
  const before = await readLedger(outDir);
  const due = jobs.filter(({ path, hash }) => before[path] !== hash || !existsSync(join(outDir, `${path}.wav`)));
  const waiting = due.values();
  let made = 0;
  const worker = async (): Promise<void> => {
    for (const job of waiting) {
      signal?.throwIfAborted();
      await make(job, options);
      made += 1;
      progress?.({ text: 'speaking prompts', done: made, total: due.length });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const ledger = Object.fromEntries(jobs.map(({ path, hash }) => [path, hash]));
  for (const path of Object.keys(before)) if (!(path in ledger)) await rm(join(outDir, `${path}.wav`), { force: true });
  await writeFile(join(outDir, LEDGER), JSON.stringify(ledger, null, 1));
  return { made, kept: jobs.length - made };
}

const LEDGER = 'made.json';
const ledgerFile = z.record(z.string().regex(/^[A-Za-z0-9-]+\/[a-z0-9.-]+$/), z.string());

/** What the last run made; an unreadable ledger means making everything again. */
async function readLedger(outDir: string): Promise<Readonly<Record<string, string>>> {
  try {
    return ledgerFile.parse(JSON.parse(await readFile(join(outDir, LEDGER), 'utf8')));
  } catch {
    return {};
  }
}

const words = z.string().min(1);
const promptsFile = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/),
  z.union([words, z.array(z.record(z.string(), words))]),
);

async function jobsIn(soundsDir: string): Promise<readonly Job[]> {
  const folders = await readdir(soundsDir, { withFileTypes: true });
  const languages = folders.filter(
    (folder) => /^[a-z]{2,3}(-[A-Za-z0-9]+)?$/.test(folder.name) && folder.isDirectory(),
  );
  const jobs = await Promise.all(languages.map(({ name }) => jobsOf(soundsDir, name)));
  return jobs.flat();
}

async function jobsOf(soundsDir: string, language: string): Promise<readonly Job[]> {
  const file = join(soundsDir, language, 'prompts.yaml');
  if (!existsSync(file)) return [];
  const read = promptsFile.safeParse(parse(await readFile(file, 'utf8')));
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? '';
    throw new LocalFault('bad-setting', `${file} is not a list of prompts and their words: look at ${where}.`);
  }
  return Promise.all(
    Object.entries(read.data).map(async ([name, said]): Promise<Job> => {
      const path = `${language}/${name}`;
      const recording = join(soundsDir, `${path}.wav`);
      const parts = typeof said === 'string' ? [{ language, words: said }] : said.flatMap(partsOf);
      const source = existsSync(recording) ? await readFile(recording) : JSON.stringify(parts.map(voiced));
      const hash = createHash('sha256').update(RECIPE).update(source).digest('hex').slice(0, 16);
      return { path, parts, recording: existsSync(recording) ? recording : null, hash };
    }),
  );
}

const partsOf = (said: Readonly<Record<string, string>>): Part[] =>
  Object.entries(said).map(([language, words]) => ({ language, words }));
const voiced = ({ language, words }: Part) => [voiceOf(language), words];

/** espeak-ng names some voices otherwise than BCP 47 does. */
const voiceOf = (language: string) => ({ en: 'en-us', zh: 'cmn' })[language] ?? language;

/** Words a minute; telephone prompts are said slower than one reads. */
const PACE = '150';
const TELEPHONE = ['-r', '8000', '-c', '1', '-b', '16'];
/** Cut the rumble below the telephone band and the silence at both ends, bring the peak to −3 dB, leave a breath. */
const POLISH =
  'highpass 200 rate 8000 silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse norm -3 pad 0.08 0.15'.split(' ');
/** Part of every hash: a change here makes all audio anew. */
const RECIPE = [PACE, ...TELEPHONE, ...POLISH].join(' ');

async function make(job: Job, { espeak, sox, outDir, signal }: PromptOptions): Promise<void> {
  const target = join(outDir, `${job.path}.wav`);
  const fresh = join(outDir, `.fresh-${job.path.replace('/', '-')}`);
  await mkdir(dirname(target), { recursive: true });
  const spoken = job.parts.map((_, i) => `${fresh}-${i}.wav`);
  try {
    if (job.recording) {
      await perform(sox, [job.recording, ...TELEPHONE, `${fresh}.wav`], job, signal);
    } else {
      for (const [i, { language, words }] of job.parts.entries()) {
        const args = ['-b', '1', '-v', voiceOf(language), '-s', PACE, '-w', spoken[i] ?? '', '--', words];
        await perform(espeak, args, job, signal);
      }
      await perform(sox, [...spoken, ...TELEPHONE, `${fresh}.wav`, ...POLISH], job, signal);
    }
    await rename(`${fresh}.wav`, target);
  } finally {
    await Promise.all([...spoken, `${fresh}.wav`].map((file) => rm(file, { force: true })));
  }
}

async function perform(command: Command, args: readonly string[], job: Job, signal?: AbortSignal): Promise<void> {
  const done = await run(command.program, [...command.args, ...args], { signal });
  if (done.code === 0) return;
  const reason = done.stderr.trim().split('\n').at(-1) ?? '';
  throw new LocalFault(
    'start-failed',
    `The prompt ${job.path} could not be spoken (${reason}). Record it as ${job.path}.wav in the sounds folder, or mend espeak-ng and sox.`,
  );
}
