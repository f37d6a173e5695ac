import type { DetectionCause, DetectionResult, SwitchDetection } from '../../call/detection.ts';

export interface Finding {
  readonly result: DetectionResult;
  readonly cause: DetectionCause;
}

/** What was heard since the pick-up, all in ms but for the words. */
export interface AmdState {
  readonly totalMs: number;
  /** Of the silence that goes on; 0 in sound. */
  readonly silenceMs: number;
  /** Of all sound together, and of the sound that goes on. */
  readonly voiceMs: number;
  readonly wordMs: number;
  readonly words: number;
  /** A word counts only after a silence: the first one, which may be under way at the pick-up, does not. */
  readonly isInWord: boolean;
  readonly isGreeting: boolean;
}

export const AMD_BEGIN: AmdState = {
  totalMs: 0,
  silenceMs: 0,
  voiceMs: 0,
  wordMs: 0,
  words: 0,
  isInWord: true,
  isGreeting: false,
};

/**
 * Who picked up, by how he greets: a person says a word and waits, a machine speaks on and on. The same rules, in the same order, as
 * Asterisk's AMD() (Asterisk 22, apps/app_amd.c), so that the same settings find the same on both.
 *
 * @param ms how long this piece of sound is, @param loudness its mean amplitude, of 32,767.
 * @returns what is known after it, and the finding once there is one.
 */
export function amdStep(
  state: AmdState,
  { ms, loudness }: { readonly ms: number; readonly loudness: number },
  settings: SwitchDetection,
): { readonly state: AmdState; readonly finding: Finding | null } {
  const totalMs = state.totalMs + ms;
  if (totalMs >= settings.totalMs) return { state, finding: { result: 'unsure', cause: 'out-of-time' } };
  const next =
    loudness < settings.loudness
      ? silent({ ...state, totalMs }, ms, settings)
      : loud({ ...state, totalMs }, ms, settings);
  return { state: next, finding: findingOf(next, settings) };
}

function silent(state: AmdState, ms: number, settings: SwitchDetection): AmdState {
  const silenceMs = state.silenceMs + ms;
  const isApart = silenceMs >= settings.betweenWordsMs;
  return { ...state, silenceMs, ...(isApart && { isInWord: false, wordMs: 0 }) };
}

function loud(state: AmdState, ms: number, settings: SwitchDetection): AmdState {
  const wordMs = state.wordMs + ms;
  const isWord = wordMs >= settings.shortestWordMs;
  const isNew = isWord && !state.isInWord;
  return {
    ...state,
    silenceMs: 0,
    wordMs,
    voiceMs: state.voiceMs + ms,
    words: state.words + (isNew ? 1 : 0),
    isInWord: state.isInWord || isNew,
    isGreeting: state.isGreeting || isWord,
  };
}

function findingOf(state: AmdState, settings: SwitchDetection): Finding | null {
  const { silenceMs, isGreeting } = state;
  const machine = (cause: DetectionCause): Finding => ({ result: 'machine', cause });
  if (silenceMs > 0) {
    if (!isGreeting) return silenceMs >= settings.initialSilenceMs ? machine('initial-silence') : null;
    return silenceMs >= settings.afterGreetingSilenceMs ? { result: 'human', cause: 'pause-after-greeting' } : null;
  }
  if (state.wordMs >= settings.longestWordMs) return machine('long-word');
  if (state.words > settings.mostWords) return machine('many-words');
  return isGreeting && state.voiceMs >= settings.greetingMs ? machine('long-greeting') : null;
}
