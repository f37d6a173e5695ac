import type { EpochMs, Language } from '../call/ids.ts';
import type { Media } from '../call/media.ts';
import { say as sayIn } from '../call/say/index.ts';
import type { WaitRange } from './estimate.ts';
import type { WaitState } from './wait-state.ts';

export interface Announcement {
  /** The place that is said, if one is. */
  readonly position: number | null;
  /** The wait that is said, if one is. */
  readonly range: WaitRange | null;
  /** That he may be called back is in it. */
  readonly offers: boolean;
  readonly media: readonly Media[];
}

export const NOTHING = { position: null, range: null, offers: false } as const;

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
  const range = rangeToSay(state, now);
  const estimate = range && estimateIn(state.language, range);
  const offer = offerNow(state, now);
  const names = [...(place ?? []), ...(estimate ?? []), ...(offer === null ? [] : [offer])];
  if (names.length === 0) return null;
  const media = names.map((name) => fileIn(state, name));
  return { position: place && position, range: estimate && range, offers: offer !== null, media };
}

function placeToSay({ positions, position, announced }: WaitState): number | null {
  if (positions === 'never' || position === null) return null;
  const improved = announced === null || position < announced;
  return positions === 'always' || improved ? position : null;
}

/**
 * The wait never counts up: after a range neither of its ends is said higher. When the truth has become worse nothing is
 * said of time, nor is a range said again whose upper end has passed.
 */
function rangeToSay({ estimates, range, told }: WaitState, now: EpochMs): WaitRange | null {
  if (!estimates || range === null || told === null) return estimates ? range : null;
  if (range.fromMs > told.fromMs || range.toMs > told.toMs) return null;
  return isSame(range, told) && now >= told.at + told.toMs ? null : range;
}

const isSame = (a: WaitRange, b: WaitRange) => a.fromMs === b.fromMs && a.toMs === b.toMs;

/** What he was told of his wait, once this is said. */
export function toldBy(range: WaitRange | null, told: WaitState['told'], now: EpochMs): WaitState['told'] {
  if (range === null || (told && isSame(range, told))) return told;
  return { ...range, at: now };
}

/** Prompts and pieces, in order; null when the language cannot say it. */
function placeIn(language: Language, position: number): readonly string[] | null {
  const ordinal = sayIn(language, { kind: 'ordinal', value: position });
  return ordinal && ['queue.position', ...ordinal];
}

const MINUTE_MS = 60_000;

function estimateIn(language: Language, { fromMs, toMs }: WaitRange): readonly string[] | null {
  const most = sayIn(language, { kind: 'minutes', value: toMs / MINUTE_MS });
  if (fromMs === 0) return most && ['queue.estimate.most', ...most];
  const least = sayIn(language, { kind: 'number', value: fromMs / MINUTE_MS });
  return least && most && ['queue.estimate.between', ...least, 'queue.estimate.and', ...most];
}
