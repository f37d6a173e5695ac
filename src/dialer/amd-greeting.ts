import { z } from 'zod';
import type { EpochMs } from '../call/ids.ts';
import { type AmdInput, heard } from './amd-hearing.ts';

/**
 * The end of a machine's greeting, after which a message is recorded whole.
 *
 *     listening ── a short sound after a pause, then silence ──▶ end (beep)
 *         ├── a long silence ──▶ end (silence)
 *         └── too late ──▶ end (timeout)
 *
 * A beep is known by its length and the pause before it, since talk events tell nothing of its pitch. A last word that stands
 * alone passes for one; then the true beep sounds into the message, and `playAgain` says to begin anew.
 */
export interface GreetingSettings {
  /** Silence after what may be a beep. */
  readonly afterBeepMs: number;
  /** Silence after any other sound, also from the beginning on. */
  readonly silenceMs: number;
  /** From the verdict on. Machines that talk longer are left alone with the message. */
  readonly maxMs: number;
}

export const GREETING_DEFAULTS: GreetingSettings = { afterBeepMs: 500, silenceMs: 2_000, maxMs: 30_000 };

const BEEP_MS = { shortest: 80, longest: 1_000, pauseBefore: 250 } as const;

const at = z.number();
export const greetingStateSchema = z.object({
  since: at,
  soundSince: at.nullable(),
  /** When the last sound ended, and whether that may have been a beep. */
  silentSince: at.nullable(),
  beep: z.boolean(),
});
export type GreetingState = z.output<typeof greetingStateSchema>;

export type GreetingVerdict =
  | { readonly kind: 'wait'; readonly until: EpochMs }
  | { readonly kind: 'end'; readonly by: 'beep' | 'silence' | 'timeout' };

/** @param soundSince when the sound began that is heard at the verdict; null: it is silent. */
export const greetingBegin = (now: EpochMs, soundSince: EpochMs | null): GreetingState => ({
  since: now,
  soundSince,
  silentSince: null,
  beep: false,
});

/** What is known of the greeting's end, with this. */
export function greetingStep(
  state: GreetingState,
  input: AmdInput,
  settings: GreetingSettings,
  now: EpochMs,
): { readonly state: GreetingState; readonly verdict: GreetingVerdict } {
  const next = hear(state, input);
  return { state: next, verdict: verdictAt(next, settings, now) };
}

function hear(state: GreetingState, input: AmdInput): GreetingState {
  const news = heard(state, input, state.since);
  if (!news) return state;
  if (news.kind === 'began') return { ...state, soundSince: news.at, beep: news.pauseMs >= BEEP_MS.pauseBefore };
  const { shortest, longest } = BEEP_MS;
  return {
    ...state,
    ...news.hearing,
    beep: state.beep && news.lastedMs >= shortest && news.lastedMs <= longest,
  };
}

function verdictAt(state: GreetingState, settings: GreetingSettings, now: EpochMs): GreetingVerdict {
  const { since, soundSince, silentSince, beep } = state;
  const last = since + settings.maxMs;
  if (now >= last) return { kind: 'end', by: 'timeout' };
  if (soundSince !== null) return { kind: 'wait', until: last };
  const isBeep = beep && silentSince !== null;
  const end = (silentSince ?? since) + (isBeep ? settings.afterBeepMs : settings.silenceMs);
  if (now >= end) return { kind: 'end', by: isBeep ? 'beep' : 'silence' };
  return { kind: 'wait', until: Math.min(end, last) };
}

/** A sound so soon after the message began was the beep: what was said before it is not on the tape. */
const BEEP_LATE_MS = 5_000;

/** Whether the message has to begin anew after this sound. @param times how often it was begun, at most twice. */
export function playAgain(begunAt: EpochMs, times: number, input: AmdInput): boolean {
  if (input.type !== 'stopped' || times >= 2) return false;
  const from = input.at - input.durationMs;
  return from >= begunAt && from - begunAt <= BEEP_LATE_MS && input.durationMs >= BEEP_MS.shortest;
}
