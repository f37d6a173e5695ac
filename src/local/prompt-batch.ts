import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LocalFault } from './fault.ts';
import { convert, type Speaker, SpeechFault, speak } from './prompt-speech.ts';
import type { Part, Prompt } from './prompt-words.ts';
import { SAMPLE_RATE, wavOf } from './wav.ts';

const silence = (ms: number) => new Int16Array((SAMPLE_RATE / 1000) * ms);

/** A breath around a prompt; next to none around a piece of a number, or it would sound like a list. */
const BREATH = { before: silence(80), between: silence(300), after: silence(150) };
const JOINED = { before: silence(10), between: silence(10), after: silence(10) };

/**
 * The audio files of some prompts: of words all at once, of a recording alone.
 *
 * @throws LocalFault naming the prompt and the cure.
 */
export async function makeBatch(speaker: Speaker, batch: readonly Prompt[], outDir: string): Promise<void> {
  try {
    const recorded = batch.flatMap(({ path, recording }) => (recording === null ? [] : [{ path, recording }]));
    for (const { path, recording } of recorded) await place(await convert(speaker, recording), join(outDir, path));
    const spoken = batch.filter(({ recording }) => recording === null);
    const sounds = await soundsOf(
      speaker,
      spoken.flatMap(({ parts }) => parts),
    );
    for (const prompt of spoken) {
      const fresh = `${speaker.scratch}.wav`;
      await writeFile(fresh, wavOf(piecesOf(prompt, sounds)));
      await place(fresh, join(outDir, prompt.path));
    }
  } catch (error) {
    throw error instanceof SpeechFault ? faultOf(error, batch) : error;
  }
}

/** Each voice says its parts in one go. */
async function soundsOf(speaker: Speaker, parts: readonly Part[]): Promise<ReadonlyMap<Part, Int16Array>> {
  const sounds = new Map<Part, Int16Array>();
  for (const [language, group] of Map.groupBy(parts, (part) => part.language)) {
    const spoken = await speak(
      speaker,
      language,
      group.map(({ words }) => words),
    );
    for (const [i, part] of group.entries()) sounds.set(part, spoken[i] ?? silence(0));
  }
  return sounds;
}

function piecesOf({ parts, joined }: Prompt, sounds: ReadonlyMap<Part, Int16Array>): Int16Array[] {
  const { before, between, after } = joined ? JOINED : BREATH;
  const pieces = parts.flatMap((part, i) => [i === 0 ? before : between, sounds.get(part) ?? silence(0)]);
  return [...pieces, after];
}

async function place(file: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rename(file, `${path}.wav`);
}

function faultOf({ source, message }: SpeechFault, batch: readonly Prompt[]): LocalFault {
  const faulty = batch.find(
    ({ parts, recording }) => recording === source || parts.some(({ words }) => words === source),
  );
  const path = faulty?.path ?? '';
  return new LocalFault(
    'start-failed',
    `The prompt ${path} could not be spoken (${message}). Record it as ${path}.wav in the sounds folder, or mend espeak-ng and sox.`,
  );
}
