import { join } from 'node:path';
import type { Media } from '../../call/media.ts';

const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Media as ARI names them, in order; null when one of them may not be played. */
export function mediaUris(
  media: readonly Media[],
  soundsDir: string,
  recordingsDir: string | null = null,
): readonly string[] | null {
  const uris = media.map((item) => uriOf(item, soundsDir, recordingsDir));
  return uris.every((uri) => uri !== null) ? uris : null;
}

function uriOf(item: Media, soundsDir: string, recordingsDir: string | null): string | null {
  switch (item.kind) {
    case 'file':
      return PATH.test(item.path) ? `sound:${join(soundsDir, item.path)}` : null;
    case 'recording':
      return recordingsDir !== null && NAME.test(item.name) ? `sound:${join(recordingsDir, item.name)}` : null;
    case 'builtin':
      return PATH.test(item.name) ? `sound:${item.name}` : null;
    case 'tone':
      return item.name === 'beep' ? 'sound:beep' : `tone:${item.name}`;
  }
}
