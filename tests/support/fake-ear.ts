import type { DetectionCause, DetectionResult, SwitchDetection } from '../../src/call/detection.ts';
import type { Clock } from '../../src/engine/ports/time.ts';
import type { FakeLeg, News } from './fake-leg.ts';

/** A packet of sound. */
const LOOK_MS = 20;

/** What the fake switch hears of one leg: talk, and who may be speaking. It looks every 20 ms, as sound comes. */
export class FakeEar {
  readonly #leg: FakeLeg;
  readonly #clock: Clock;
  readonly #tell: (news: News) => void;
  #cancel: () => void = () => {};
  #quietMs: number | null = null;
  #talksSince: number | null = null;
  #heardAt = 0;

  constructor(leg: FakeLeg, clock: Clock, tell: (news: News) => void) {
    [this.#leg, this.#clock, this.#tell] = [leg, clock, tell];
  }

  /** @param quietMs null: no more. */
  watch(quietMs: number | null): void {
    this.#cancel();
    [this.#quietMs, this.#talksSince] = [quietMs, null];
    if (quietMs !== null) this.#look();
  }

  #look(): void {
    if (this.#quietMs === null || this.#leg.phase === 'ended') return;
    const now = this.#clock.now();
    const legId = this.#leg.id;
    if (this.#leg.voice !== null) {
      this.#heardAt = now;
      if (this.#talksSince === null) this.#tell({ type: 'talk.started', legId });
      this.#talksSince ??= now;
    } else if (this.#talksSince !== null && now - this.#heardAt >= this.#quietMs) {
      const durationMs = this.#heardAt - this.#talksSince;
      this.#talksSince = null;
      this.#tell({ type: 'talk.stopped', legId, durationMs });
    }
    this.#cancel = this.#clock.at(now + LOOK_MS, () => this.#look());
  }

  /** Listens as AMD() does, and says once what it found. */
  detect(settings: SwitchDetection, found: (finding: Finding) => void): void {
    const from = this.#clock.now();
    const heard = { voicedMs: 0, silentMs: 0, wordMs: 0, words: 0 };
    const look = () => {
      if (this.#leg.phase === 'ended') return;
      const tookMs = this.#clock.now() - from;
      const finding = findingIn(heard, settings, tookMs);
      if (finding) return found({ ...finding, tookMs });
      hear(heard, this.#leg.voice !== null, settings.betweenWordsMs);
      this.#clock.at(this.#clock.now() + LOOK_MS, look);
    };
    look();
  }
}

interface Finding {
  readonly result: DetectionResult;
  readonly cause: DetectionCause;
  readonly tookMs: number;
}

interface Heard {
  voicedMs: number;
  silentMs: number;
  wordMs: number;
  words: number;
}

function hear(heard: Heard, isVoice: boolean, betweenWordsMs: number): void {
  if (!isVoice) {
    heard.silentMs += LOOK_MS;
    if (heard.silentMs >= betweenWordsMs) heard.wordMs = 0;
    return;
  }
  if (heard.wordMs === 0) heard.words++;
  heard.voicedMs += LOOK_MS;
  heard.wordMs += LOOK_MS;
  heard.silentMs = 0;
}

function findingIn(heard: Heard, settings: SwitchDetection, tookMs: number): Omit<Finding, 'tookMs'> | null {
  const { voicedMs, silentMs, wordMs, words } = heard;
  if (voicedMs === 0 && silentMs >= settings.initialSilenceMs) return { result: 'machine', cause: 'initial-silence' };
  if (wordMs > settings.longestWordMs) return { result: 'machine', cause: 'long-word' };
  if (words > settings.mostWords) return { result: 'machine', cause: 'many-words' };
  if (voicedMs >= settings.greetingMs) return { result: 'machine', cause: 'long-greeting' };
  if (voicedMs > 0 && silentMs >= settings.afterGreetingSilenceMs)
    return { result: 'human', cause: 'pause-after-greeting' };
  return tookMs >= settings.totalMs ? { result: 'unsure', cause: 'out-of-time' } : null;
}
