import { samplesOf } from './tones.ts';

const PER_MS = 8;
/** What there is to know a sound by: short words of it, and not their first breath. */
const WORD_MS = 200;
const WORDS_FROM_MS = [300, 500, 700, 900] as const;
/** A word that is there is there to the sample; words of other prompts reach 0.91. */
const SAME = 0.95;

interface Place {
  /** Where the piece would begin in the whole, ms; below 0 when some of its beginning is missing. */
  readonly beginsMs: number;
  /** How alike the best word is there, whatever its loudness: 1 is the same. */
  readonly likeness: number;
  /**
   * Of its words, the share that is there. One is spoilt by a gap of one frame: a switch that had to wait for the
   * processor records 20 ms of silence in between, and all after it is later by as much.
   */
  readonly share: number;
}

/** Where a piece of a sound is in another, both WAV of 16 bit and 8 kHz. */
export function placeOf(piece: Uint8Array, whole: Uint8Array): Place {
  const sound = samplesOf(whole);
  const words = WORDS_FROM_MS.map((fromMs) => {
    const { at, likeness } = find(samplesOf(piece).slice(fromMs * PER_MS, (fromMs + WORD_MS) * PER_MS), sound);
    return { beginsMs: at / PER_MS - fromMs, likeness };
  });
  const [best = { beginsMs: 0, likeness: 0 }] = words.toSorted((left, right) => right.likeness - left.likeness);
  const there = words.filter(({ likeness }) => likeness > SAME);
  return { ...best, share: there.length / words.length };
}

function find(wanted: Int16Array, sound: Int16Array): { readonly at: number; readonly likeness: number } {
  const power = energyOf(wanted, 0, wanted.length);
  let best = { at: 0, likeness: 0 };
  for (let at = 0; at + wanted.length <= sound.length; at += 1) {
    let product = 0;
    for (let index = 0; index < wanted.length; index += 1) product += (wanted[index] ?? 0) * (sound[at + index] ?? 0);
    if (product <= 0) continue;
    const likeness = product / Math.sqrt(power * energyOf(sound, at, wanted.length) || 1);
    if (likeness > best.likeness) best = { at, likeness };
  }
  return best;
}

function energyOf(samples: Int16Array, from: number, length: number): number {
  let sum = 0;
  for (let index = from; index < from + length; index += 1) sum += (samples[index] ?? 0) ** 2;
  return sum;
}
