import { z } from 'zod';
import type { DetectionResult } from '../call/detection.ts';
import type { EpochMs } from '../call/ids.ts';
import { type AmdInput, heard } from './amd-hearing.ts';

/**
 * Person or machine, by when the far end speaks and when it is silent, and by nothing else: a person says a word or two and
 * waits, a machine speaks on. The answer is log-odds, the sum of what each feature speaks for, so that every judgement can be
 * shown and added up by hand.
 *
 *     listening ──log-odds high enough──▶ found (machine)
 *         ├───────low enough──────────▶ found (human)
 *         └───────out of time─────────▶ found (unsure: connect)
 */
export interface AmdSettings {
  /** From the first sound on, or from the pick-up where there is none: undecided is `unsure` then. */
  readonly maxMs: number;
  /** From the pick-up on, whenever the first sound came. */
  readonly lastMs: number;
  /** The silence after which the switch says that a sound is over: shorter ones are inside a word. */
  readonly quietMs: number;
  /** Share of the answered calls that machines answer, as far as is known; 0.5 says nothing. */
  readonly machineShare: number;
  /** How sure it has to be of a machine, 0.5–1: a person who is hung up on is the worse mistake. */
  readonly sureOfMachine: number;
  /** How sure it has to be of a person, 0.5–1. */
  readonly sureOfHuman: number;
}

export const AMD_DEFAULTS: AmdSettings = {
  maxMs: 3_500,
  lastMs: 6_000,
  quietMs: 160,
  machineShare: 0.5,
  sureOfMachine: 0.95,
  sureOfHuman: 0.9,
};

const at = z.number();
export const amdStateSchema = z.object({
  pickedUpAt: at,
  sounds: z.number(),
  /** All sounds that are over, together, and the longest of them. */
  voicedMs: z.number(),
  longestMs: z.number(),
  /** The longest silence between two sounds. */
  pauseMs: z.number(),
  firstAt: at.nullable(),
  soundSince: at.nullable(),
  silentSince: at.nullable(),
});
/** What was heard since the pick-up. */
export type AmdState = z.output<typeof amdStateSchema>;

export const amdBegin = (pickedUpAt: EpochMs): AmdState => ({
  pickedUpAt,
  sounds: 0,
  voicedMs: 0,
  longestMs: 0,
  pauseMs: 0,
  firstAt: null,
  soundSince: null,
  silentSince: null,
});

/** Seconds, but for `sounds`; each is cut off where more of it says nothing more. `pause` is the longest between sounds, `silence` the one since. */
export const AMD_FEATURES = ['voiced', 'longest', 'sounds', 'pause', 'silence', 'initial'] as const;
export type AmdFeature = (typeof AMD_FEATURES)[number];

/**
 * What a second (or a sound) speaks for, in natural log-odds of a machine; `bias` where nothing was heard yet. Fitted by
 * logistic regression on generated greetings of persons and machines (`node bench/amd.ts --fit`), looked at every 100 ms, and held to
 * its sign: speech only ever speaks for a machine, silence only ever for a person.
 */
export const AMD_WEIGHTS: Readonly<Record<AmdFeature | 'bias', number>> = {
  bias: -1.03,
  voiced: 0.89,
  longest: 0.31,
  sounds: 0.79,
  pause: -2.57,
  silence: -5.87,
  initial: 0,
};
const CUT: Readonly<Record<AmdFeature, number>> = {
  voiced: 6,
  longest: 4,
  sounds: 8,
  pause: 2,
  silence: 2,
  initial: 2,
};

export type AmdVerdict =
  /** Nothing to decide before `until`, unless something is heard. */
  | { readonly kind: 'wait'; readonly until: EpochMs; readonly logOdds: number }
  | {
      readonly kind: 'found';
      readonly result: DetectionResult;
      /** Nobody said anything at all. */
      readonly silent: boolean;
      /** 0.5–1: how likely it is what it leans to, `unsure` as well. */
      readonly confidence: number;
      /** Natural log-odds of a machine, the prior of `machineShare` included. */
      readonly logOdds: number;
      /** What each feature added to them. */
      readonly parts: Readonly<Record<AmdFeature, number>>;
      readonly tookMs: number;
    };

/** What is known of who picked up, with this. Total: news that comes late, twice or out of order does no harm. */
export function amdStep(
  state: AmdState,
  input: AmdInput,
  settings: AmdSettings,
  now: EpochMs,
): { readonly state: AmdState; readonly verdict: AmdVerdict } {
  const next = hear(state, input);
  return { state: next, verdict: verdictAt(next, settings, now) };
}

function hear(state: AmdState, input: AmdInput): AmdState {
  const news = heard(state, input, state.pickedUpAt);
  if (news?.kind === 'began') {
    // The silence before the first sound is no pause between two.
    const pauseMs = state.silentSince === null ? state.pauseMs : Math.max(state.pauseMs, news.pauseMs);
    return { ...state, sounds: state.sounds + 1, soundSince: news.at, firstAt: state.firstAt ?? news.at, pauseMs };
  }
  if (!news) return state;
  const longestMs = Math.max(state.longestMs, news.lastedMs);
  return { ...state, ...news.hearing, voicedMs: state.voicedMs + news.lastedMs, longestMs };
}

/** What the features are worth at a moment at which nothing more was heard. */
export function amdFeatures(state: AmdState, { quietMs }: AmdSettings, now: EpochMs): Record<AmdFeature, number> {
  const { soundSince, silentSince, firstAt, pickedUpAt } = state;
  // The end of a sound is told only after a silence: so much of it may be silence already.
  const sounding = soundSince === null ? 0 : Math.max(0, now - soundSince - quietMs);
  const silent = soundSince === null && silentSince !== null ? Math.max(0, now - silentSince) : 0;
  const cut = (feature: AmdFeature, value: number) => Math.min(CUT[feature], value);
  return {
    voiced: cut('voiced', (state.voicedMs + sounding) / 1_000),
    longest: cut('longest', Math.max(state.longestMs, sounding) / 1_000),
    sounds: cut('sounds', state.sounds),
    pause: cut('pause', state.pauseMs / 1_000),
    silence: cut('silence', silent / 1_000),
    initial: cut('initial', Math.max(0, (firstAt ?? now) - pickedUpAt) / 1_000),
  };
}

function partsAt(state: AmdState, settings: AmdSettings, now: EpochMs): Record<AmdFeature, number> {
  const { voiced, longest, sounds, pause, silence, initial } = amdFeatures(state, settings, now);
  return {
    voiced: AMD_WEIGHTS.voiced * voiced,
    longest: AMD_WEIGHTS.longest * longest,
    sounds: AMD_WEIGHTS.sounds * sounds,
    pause: AMD_WEIGHTS.pause * pause,
    silence: AMD_WEIGHTS.silence * silence,
    initial: AMD_WEIGHTS.initial * initial,
  };
}

const logit = (share: number) => Math.log(share / (1 - share));
const within = (share: number, low: number, high: number) => Math.min(high, Math.max(low, share));

function logOddsAt(state: AmdState, settings: AmdSettings, now: EpochMs): number {
  const parts = partsAt(state, settings, now);
  const sum = AMD_FEATURES.reduce((total, feature) => total + parts[feature], AMD_WEIGHTS.bias);
  return sum + logit(within(settings.machineShare, 0.01, 0.99));
}

/** What it leans to where it is sure enough; before a sound there is nothing to be sure of. */
function leaning(state: AmdState, settings: AmdSettings, now: EpochMs): DetectionResult {
  const logOdds = logOddsAt(state, settings, now);
  if (state.sounds === 0) return 'unsure';
  if (logOdds >= logit(within(settings.sureOfMachine, 0.5, 0.999))) return 'machine';
  const isOver = state.soundSince === null;
  return isOver && logOdds <= -logit(within(settings.sureOfHuman, 0.5, 0.999)) ? 'human' : 'unsure';
}

function verdictAt(state: AmdState, settings: AmdSettings, now: EpochMs): AmdVerdict {
  const logOdds = logOddsAt(state, settings, now);
  const result = leaning(state, settings, now);
  const { pickedUpAt, firstAt } = state;
  const end = Math.min(pickedUpAt + settings.lastMs, (firstAt ?? pickedUpAt) + settings.maxMs);
  if (result === 'unsure' && now < end) return { kind: 'wait', until: nextTurn(state, settings, now, end), logOdds };
  return {
    kind: 'found',
    result,
    silent: state.sounds === 0,
    confidence: 1 / (1 + Math.exp(-Math.abs(logOdds))),
    logOdds,
    parts: partsAt(state, settings, now),
    tookMs: Math.max(0, now - state.pickedUpAt),
  };
}

/** When it would be sure if all went on as it is: alone with time, the log-odds only ever go one way. */
function nextTurn(state: AmdState, settings: AmdSettings, now: EpochMs, end: EpochMs): EpochMs {
  if (leaning(state, settings, end) === 'unsure') return end;
  let [before, after] = [now, end];
  while (after - before > 1) {
    const middle = (before + after) / 2;
    if (leaning(state, settings, middle) === 'unsure') before = middle;
    else after = middle;
  }
  return Math.ceil(after);
}
