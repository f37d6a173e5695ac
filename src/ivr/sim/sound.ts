import type { Language } from '../../call/ids.ts';
import type { Media } from '../../call/media.ts';

/** What stands behind a prompt: its words, in the languages they are said in, and its length when a recording tells it. */
export interface Sound {
  readonly parts: readonly { readonly language: Language; readonly words: string }[];
  readonly lengthMs: number | null;
}

/** Sounds by `<language>/<prompt>`. */
export type Sounds = ReadonlyMap<string, Sound>;

/** One piece of a playback, as a caller hears it. */
export interface Piece {
  readonly prompt: string;
  readonly language: Language;
  readonly words: string;
  readonly lengthMs: number;
}

/** 150 words a minute, an unhurried announcer. */
const WORD_MS = 400;
/** 240 characters a minute: Chinese is written without spaces, and a character is a syllable. */
const CHARACTER_MS = 250;
/** Of a sound whose words nobody told us. */
const UNKNOWN_MS = 2_000;
const TONE_MS = 1_000;

export function pieceOf(media: Media, sounds: Sounds): Piece {
  if (media.kind !== 'file') return { prompt: media.kind, language: '', words: '', lengthMs: TONE_MS };
  const slash = media.path.indexOf('/');
  const sound = sounds.get(media.path);
  return {
    prompt: media.path.slice(slash + 1),
    language: media.path.slice(0, slash),
    words: (sound?.parts ?? []).map(({ words }) => words).join(' '),
    lengthMs: sound ? lengthOf(sound) : UNKNOWN_MS,
  };
}

const lengthOf = ({ parts, lengthMs }: Sound): number =>
  lengthMs ?? parts.reduce((sum, { language, words }) => sum + saidIn(language, words), 0);

function saidIn(language: Language, words: string): number {
  if (language === 'zh') return (words.match(/[\p{L}\p{N}]/gu) ?? []).length * CHARACTER_MS;
  return (words.match(/\S+/g) ?? []).length * WORD_MS;
}
