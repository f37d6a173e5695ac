import { join } from 'node:path';
import type { Media } from '../../call/media.ts';

const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;
const KEY_SOUNDS: Readonly<Record<string, string>> = { '*': 'star', '#': 'pound' };

/**
 * Media as ARI names them, in order; null when one of them may not be played. Digits and numbers become files one by one:
 * Asterisk cannot stop its own spoken `digits:` and `number:`, and a leg that cannot be silenced cannot be bridged.
 */
export function mediaUris(media: readonly Media[], language: string, soundsDir: string): readonly string[] | null {
  const uris = media.map((item) => urisOf(item, language, soundsDir));
  return uris.every((uri) => uri !== null) ? uris.flat() : null;
}

function urisOf(item: Media, language: string, soundsDir: string): readonly string[] | null {
  switch (item.kind) {
    case 'file':
      return PATH.test(item.path) ? [`sound:${join(soundsDir, item.path)}`] : null;
    case 'builtin':
      return PATH.test(item.name) ? [`sound:${item.name}`] : null;
    case 'number':
      return numberUris(item.value, language);
    case 'digits':
      return Array.from(item.value.replace(/[^0-9*#]/g, ''), (key) => `sound:digits/${KEY_SOUNDS[key] ?? key}`);
    case 'tone':
      return [item.name === 'beep' ? 'sound:beep' : `tone:${item.name}`];
  }
}

/** One word up to 20 in every language; beyond, grammars differ, and those other than English are left to Asterisk. */
function numberUris(value: number, language: string): readonly string[] | null {
  if (!Number.isSafeInteger(value)) return null;
  const isPlain = value >= 0 && (value <= 20 || (/^en\b/i.test(language) && value < 1_000_000_000));
  return isPlain ? englishWords(value).map((word) => `sound:digits/${word}`) : [`number:${value}`];
}

const SCALES = [
  [1_000_000, 'million'],
  [1_000, 'thousand'],
  [100, 'hundred'],
] as const;

function englishWords(value: number): readonly string[] {
  if (value <= 20) return [String(value)];
  const scale = SCALES.find(([size]) => value >= size);
  const [size, words] = scale
    ? [scale[0], [...englishWords(Math.floor(value / scale[0])), scale[1]]]
    : [10, [String(value - (value % 10))]];
  return value % size === 0 ? words : [...words, ...englishWords(value % size)];
}
