import { join } from 'node:path';
import type { Media } from '../../call/media.ts';

const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;
const KEY_SOUNDS: Readonly<Record<string, string>> = { '*': 'star', '#': 'pound' };

/**
 * Media as ARI names them, in order; null when one of them may not be played. Digits and small numbers become files one by one:
 * Asterisk cannot stop its own spoken `digits:` and `number:`, and a leg that cannot be silenced cannot be bridged.
 */
export function mediaUris(media: readonly Media[], soundsDir: string): readonly string[] | null {
  const uris = media.map((item) => urisOf(item, soundsDir));
  return uris.every((uri) => uri !== null) ? uris.flat() : null;
}

function urisOf(item: Media, soundsDir: string): readonly string[] | null {
  switch (item.kind) {
    case 'file':
      return PATH.test(item.path) ? [`sound:${join(soundsDir, item.path)}`] : null;
    case 'builtin':
      return PATH.test(item.name) ? [`sound:${item.name}`] : null;
    case 'number':
      return numberUris(item.value);
    case 'digits':
      return Array.from(item.value.replace(/[^0-9*#]/g, ''), (key) => `sound:digits/${KEY_SOUNDS[key] ?? key}`);
    case 'tone':
      return [item.name === 'beep' ? 'sound:beep' : `tone:${item.name}`];
  }
}

/** One word up to 20 in every language that Asterisk speaks; beyond, grammar differs and Asterisk knows it. */
function numberUris(value: number): readonly string[] | null {
  if (!Number.isSafeInteger(value)) return null;
  return [value >= 0 && value <= 20 ? `sound:digits/${value}` : `number:${value}`];
}
