/** How a switch is asked to listen to whoever picks up. */
export type Detection =
  /** The switch listens by itself and tells its finding once. */
  | { readonly kind: 'switch'; readonly settings: SwitchDetection }
  /** The switch tells when the far end speaks and when it falls silent; what that means is decided in the dialer. */
  | { readonly kind: 'own'; readonly quietMs: number };

/** What the switch's own detection goes by. All in ms but for `mostWords` and `loudness`. */
export interface SwitchDetection {
  /** Silence from the pick-up on, after which it takes the far end for a machine. */
  readonly initialSilenceMs: number;
  /** A greeting longer than this is a machine's. */
  readonly greetingMs: number;
  /** So long a silence after a greeting is a person who waits for an answer. */
  readonly afterGreetingSilenceMs: number;
  /** When the finding has to be there; until then undecided is `unsure`. */
  readonly totalMs: number;
  /** A shorter sound is no word. */
  readonly shortestWordMs: number;
  /** So long a silence parts two words. */
  readonly betweenWordsMs: number;
  /** More words than this are a machine's. */
  readonly mostWords: number;
  /** Mean amplitude, of 32,767, below which it is silent. */
  readonly loudness: number;
  /** A longer word is a machine's. */
  readonly longestWordMs: number;
}

/** What a detection found. `unsure` is treated as a person unless a campaign says otherwise. */
export type DetectionResult = 'human' | 'machine' | 'unsure';

/** What the switch's detection went by; `not-run`: it could not listen, and knows nothing. */
export type DetectionCause =
  | 'pause-after-greeting'
  | 'initial-silence'
  | 'long-greeting'
  | 'many-words'
  | 'long-word'
  | 'out-of-time'
  | 'not-run';
