import type { Language, LegId } from '../../call/ids.ts';

/**
 * Recognises what a caller says. `listen` never rejects and settles at most a second after `timeoutMs`; it ends by itself
 * when the leg does. What was said is personal data: it is returned and kept nowhere.
 */
export interface SpeechPort {
  listen(request: {
    readonly legId: LegId;
    readonly language: Language;
    /** Words that are likely, best first. */
    readonly hints: readonly string[];
    readonly timeoutMs: number;
  }): Promise<SpeechAnswer>;
}

type SpeechAnswer =
  | { readonly outcome: 'ok'; readonly text: string }
  | { readonly outcome: 'noMatch' | 'noInput' | 'unavailable' | 'error' };
