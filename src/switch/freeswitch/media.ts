import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Media } from '../../call/media.ts';

const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const CLASS = /^[A-Za-z0-9_-]{1,64}$/;

/** In this order: what needs no decoding first. */
const ENDINGS = ['wav', 'ulaw', 'alaw', 'gsm'] as const;

/** Milliseconds of sound and of silence, then Hz: by ITU-T E.180, in the tones that most of Europe uses. */
const TONES: Readonly<Record<Extract<Media, { kind: 'tone' }>['name'], string>> = {
  ring: 'tone_stream://%(1000,4000,425);loops=-1',
  busy: 'tone_stream://%(500,500,425);loops=-1',
  congestion: 'tone_stream://%(250,250,425);loops=-1',
  beep: 'tone_stream://%(400,0,1000)',
};

export const BEEP = TONES.beep;

/** Finds out how files end. It looks for each once, since whoever plays a prompt waits for it. */
export class SoundFiles {
  readonly #found = new Map<string, string>();

  /** What a prompt's file is called; `.wav` when the folder is not seen from here, or has no such prompt. */
  pathOf(stem: string): string {
    const known = this.#found.get(stem);
    if (known !== undefined) return known;
    const ending = ENDINGS.find((one) => existsSync(`${stem}.${one}`));
    if (ending !== undefined) this.#found.set(stem, `${stem}.${ending}`);
    return `${stem}.${ending ?? 'wav'}`;
  }

  isThere(stem: string): boolean {
    return existsSync(this.pathOf(stem));
  }

  /** For sure: its folder is seen from here, and it is not in it. */
  isMissing(path: string): boolean {
    return !path.includes('://') && !existsSync(path) && existsSync(dirname(path));
  }
}

export interface MediaFolders {
  readonly soundsDir: string;
  readonly recordingsDir: string | null;
  readonly files: SoundFiles;
}

interface Playable {
  /** One for all, so that no pause is between them. */
  readonly path: string;
  /** FreeSWITCH leaves out of a list what is not there, and says nothing of it. */
  readonly isWhole: boolean;
}

/** A list of media as FreeSWITCH names them; null when one of them may not be played, or there is none. */
export function playable(media: readonly Media[], folders: MediaFolders): Playable | null {
  const paths = media.flatMap((item) => pathOf(item, folders) ?? []);
  const [first] = paths;
  if (first === undefined || paths.length < media.length) return null;
  const isWhole = !paths.some((path) => folders.files.isMissing(path));
  return { path: paths.length === 1 ? first : `file_string://${paths.join('!')}`, isWhole };
}

/** A class that FreeSWITCH does not have is its `default` one. */
export const musicPath = (musicClass: string): string =>
  `local_stream://${CLASS.test(musicClass) ? musicClass : 'default'}`;

function pathOf(item: Media, { soundsDir, recordingsDir, files }: MediaFolders): string | null {
  switch (item.kind) {
    case 'file':
      return PATH.test(item.path) ? files.pathOf(join(soundsDir, item.path)) : null;
    case 'recording':
      return recordingsDir !== null && NAME.test(item.name) ? files.pathOf(join(recordingsDir, item.name)) : null;
    case 'builtin':
      return PATH.test(item.name) ? builtin(item.name, soundsDir, files) : null;
    case 'tone':
      return TONES[item.name];
  }
}

/** FreeSWITCH brings no words along: they are looked for among the prompts. A beep it can make. */
function builtin(name: string, soundsDir: string, files: SoundFiles): string {
  const stem = join(soundsDir, name);
  return name === 'beep' && !files.isThere(stem) ? TONES.beep : files.pathOf(stem);
}
