import { join } from 'node:path';
import type { Media } from '../../call/media.ts';

const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

/** Media as ARI names them, in order; null when one of them may not be played. */
export function mediaUris(media: readonly Media[], soundsDir: string): readonly string[] | null {
  const uris = media.map((item) => uriOf(item, soundsDir));
  return uris.every((uri) => uri !== null) ? uris : null;
}

function uriOf(item: Media, soundsDir: string): string | null {
  switch (item.kind) {
    case 'file':
      return PATH.test(item.path) ? `sound:${join(soundsDir, item.path)}` : null;
    case 'builtin':
      return PATH.test(item.name) ? `sound:${item.name}` : null;
    case 'tone':
      return item.name === 'beep' ? 'sound:beep' : `tone:${item.name}`;
  }
}
