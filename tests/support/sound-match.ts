import { samplesOf } from './tones.ts';

const PER_MS = 8;

interface Match {
  /** Where the piece begins in the whole, ms. */
  readonly atMs: number;
  /** How alike the two are there, whatever their loudness: 1 is the same. */
  readonly likeness: number;
}

/**
 * Where a piece of a sound is in another, both WAV of 16 bit and 8 kHz.
 *
 * @param span of the piece, ms from its beginning: what is looked for.
 */
export function matchOf(
  piece: Uint8Array,
  whole: Uint8Array,
  span: { readonly fromMs: number; readonly toMs: number },
): Match {
  const wanted = samplesOf(piece).slice(span.fromMs * PER_MS, span.toMs * PER_MS);
  const sound = samplesOf(whole);
  const power = energyOf(wanted, 0, wanted.length);
  let best: Match = { atMs: -1, likeness: 0 };
  for (let at = 0; at + wanted.length <= sound.length; at += 1) {
    let product = 0;
    for (let index = 0; index < wanted.length; index += 1) product += (wanted[index] ?? 0) * (sound[at + index] ?? 0);
    if (product <= 0) continue;
    const likeness = product / Math.sqrt(power * energyOf(sound, at, wanted.length) || 1);
    if (likeness > best.likeness) best = { atMs: at / PER_MS, likeness };
  }
  return best;
}

function energyOf(samples: Int16Array, from: number, length: number): number {
  let sum = 0;
  for (let index = from; index < from + length; index += 1) sum += (samples[index] ?? 0) ** 2;
  return sum;
}
