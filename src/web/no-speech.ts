import type { SpeechPort } from '../engine/ports/speech.ts';

/** Speech without a provider: flows take their `unavailable` edge, at once. */
export const noSpeech: SpeechPort = { listen: async () => ({ outcome: 'unavailable' }) };
