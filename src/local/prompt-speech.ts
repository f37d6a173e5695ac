import { readFile, writeFile } from 'node:fs/promises';
import { run } from './run.ts';
import type { Command } from './unpacked.ts';
import { SAMPLE_RATE } from './wav.ts';

export interface SpeechPrograms {
  readonly espeak: Command;
  readonly sox: Command;
}

/** espeak-ng names some voices otherwise than BCP 47 does. */
export const voiceOf = (language: string): string => ({ en: 'en-us', zh: 'cmn' })[language] ?? language;

/** Words a minute; telephone prompts are said slower than one reads. */
const PACE = '150';
/** Long enough not to be a pause of the words themselves. */
const BREAK = '<break time="1200ms"/>';
const BREAK_SAMPLES = SAMPLE_RATE;
/** Below this a sample is silence: −46 dB. */
const QUIET = 164;
const TELEPHONE = ['-r', `${SAMPLE_RATE}`, '-c', '1', '-b', '16'];
/** Make room for the filter's overshoot, cut the rumble below the telephone band. */
const POLISH = `gain -4 highpass 200 rate ${SAMPLE_RATE}`.split(' ');

/** Part of every hash: a change here makes all audio anew. */
export const RECIPE = [PACE, BREAK, QUIET, ...TELEPHONE, ...POLISH].join(' ');

/** Why some words or a recording could not be made into sound, as the program said it. */
export class SpeechFault extends Error {
  readonly source: string;

  constructor(source: string, message: string) {
    super(message);
    this.source = source;
  }
}

export interface Speaker extends SpeechPrograms {
  /** A path of its own for files in passing, to which endings are added. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The sound of each line, without silence at its ends. One process speaks many lines with long breaks between them, and the
 * sound is cut there, which is ten times as fast as a process for each. When the cuts do not fit the lines, each half is
 * spoken on its own; a single line is never cut.
 *
 * @throws SpeechFault when a single line cannot be spoken.
 */
export async function speak(speaker: Speaker, language: string, lines: readonly string[]): Promise<Int16Array[]> {
  speaker.signal?.throwIfAborted();
  const stretches = await stretchesOf(speaker, language, lines);
  if (stretches?.length === lines.length) return stretches;
  if (lines.length === 1) throw new SpeechFault(lines[0] ?? '', 'there was nothing to hear');
  const middle = Math.ceil(lines.length / 2);
  const first = await speak(speaker, language, lines.slice(0, middle));
  return [...first, ...(await speak(speaker, language, lines.slice(middle)))];
}

async function stretchesOf(speaker: Speaker, language: string, lines: readonly string[]): Promise<Int16Array[] | null> {
  const { espeak, sox, scratch, signal } = speaker;
  const source = lines[0] ?? '';
  const [text, spoken, polished] = [`${scratch}.txt`, `${scratch}.wav`, `${scratch}.raw`];
  await writeFile(text, lines.map((line) => `${markup(line)}${BREAK}\n`).join(''));
  try {
    await perform(
      espeak,
      ['-m', '-b', '1', '-v', voiceOf(language), '-s', PACE, '-f', text, '-w', spoken],
      source,
      signal,
    );
    await perform(sox, ['-D', spoken, ...TELEPHONE, polished, ...POLISH], source, signal);
  } catch (error) {
    if (lines.length > 1 && error instanceof SpeechFault) return null;
    throw error;
  }
  const sound = new Int16Array(new Uint8Array(await readFile(polished)).buffer);
  return cut(sound, lines.length > 1 ? BREAK_SAMPLES : Infinity);
}

/** A recording as the telephone network carries it, whatever it was recorded as. */
export async function convert({ sox, scratch, signal }: Speaker, recording: string): Promise<string> {
  const converted = `${scratch}.wav`;
  await perform(sox, [recording, ...TELEPHONE, converted], recording, signal);
  return converted;
}

/** The stretches of sound between silences of at least `gap` samples. */
function cut(sound: Int16Array, gap: number): Int16Array[] {
  const stretches: Int16Array[] = [];
  let start = -1;
  let end = -1;
  for (let i = 0; i < sound.length; i += 1) {
    if (Math.abs(sound[i] ?? 0) <= QUIET) continue;
    if (start >= 0 && i - end > gap) {
      stretches.push(sound.subarray(start, end + 1));
      start = i;
    }
    if (start < 0) start = i;
    end = i;
  }
  return start < 0 ? [] : [...stretches, sound.subarray(start, end + 1)];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Words as SSML, on one line. */
const markup = (words: string) => words.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? '').replace(/\s+/g, ' ');

async function perform(command: Command, args: readonly string[], source: string, signal?: AbortSignal): Promise<void> {
  const done = await run(command.program, [...command.args, ...args], { signal });
  signal?.throwIfAborted();
  if (done.code !== 0) throw new SpeechFault(source, done.stderr.trim().split('\n').at(-1) ?? '');
}
