import type { EpochMs, Language } from '../call/ids.ts';
import type { Media } from '../call/media.ts';
import { say as sayIn } from '../call/say/index.ts';
import { waitRange } from './estimate.ts';
import type { WaitState } from './wait-state.ts';

export interface Announcement {
  /** The place that is said, if one is. */
  readonly position: number | null;
  /** That he may be called back is in it. */
  readonly offers: boolean;
  readonly media: readonly Media[];
}

export const NOTHING = { position: null, offers: false } as const;

export const fileIn = ({ language }: WaitState, name: string): Media => ({ kind: 'file', path: `${language}/${name}` });

/** Who heard the offer and waits on is not asked again and again. */
const OFFER_AGAIN_MS = 3 * 60_000;

function offerNow({ callback, estimateMs }: WaitState, now: EpochMs): string | null {
  if (!callback) return null;
  const { overMs, saidAt, prompt } = callback;
  const long = overMs <= 0 || (estimateMs !== null && estimateMs > overMs);
  return long && (saidAt === null || now >= saidAt + OFFER_AGAIN_MS) ? prompt : null;
}

/** What there is to say now; null when that is nothing. */
export function announcementOf(state: WaitState, now: EpochMs): Announcement | null {
  if (state.everyMs === null) return null;
  const position = placeToSay(state);
  const place = position === null ? null : placeIn(state.language, position);
  const estimate = state.estimates && state.estimateMs !== null ? estimateIn(state.language, state.estimateMs) : null;
  const offer = offerNow(state, now);
  const names = [...(place ?? []), ...(estimate ?? []), ...(offer === null ? [] : [offer])];
  if (names.length === 0) return null;
  return { position: place && position, offers: offer !== null, media: names.map((name) => fileIn(state, name)) };
}

function placeToSay({ positions, position, announced }: WaitState): number | null {
  if (positions === 'never' || position === null) return null;
  const improved = announced === null || position < announced;
  return positions === 'always' || improved ? position : null;
}

/** Prompts and pieces, in order; null when the language cannot say it. */
function placeIn(language: Language, position: number): readonly string[] | null {
  const ordinal = sayIn(language, { kind: 'ordinal', value: position });
  return ordinal && ['queue.position', ...ordinal];
}

function estimateIn(language: Language, estimateMs: number): readonly string[] | null {
  const { from, to } = waitRange(estimateMs);
  const least = sayIn(language, { kind: 'number', value: from });
  const most = sayIn(language, { kind: 'minutes', value: to });
  return least && most && ['queue.estimate.between', ...least, 'queue.estimate.and', ...most];
}
