/** Voices that are told from each other, Hz: no multiple of another, and none of them on the keys of a telephone. */
export const TONES = [440, 620, 1_050, 1_750] as const;

const [HEADER_BYTES, RATE] = [44, 8_000];
/** A voice is as loud as this, of the whole, at least; what leaks into the window from others is less. */
const HEARD = 0.01;
/** So short a piece tells a tone from its neighbours less well. */
const LOUD_PIECE = 0.05;

/** Which of the tones sound in a WAV of 16 bit and 8 kHz, from `fromMs` to `toMs` of it. */
export function tonesIn(wav: Uint8Array, fromMs = 0, toMs = Infinity): readonly number[] {
  const samples = samplesOf(wav).slice((fromMs * RATE) / 1_000, (toMs * RATE) / 1_000);
  return TONES.filter((hz) => loudness(samples, hz) > HEARD);
}

/** Whether one of these frequencies sounds anywhere in it, in pieces of 50 ms: a key lasts no longer. */
export function hasTone(wav: Uint8Array, frequencies: readonly number[]): boolean {
  const [samples, piece] = [samplesOf(wav), RATE / 20];
  for (let at = 0; at + piece <= samples.length; at += piece) {
    const part = samples.subarray(at, at + piece);
    if (frequencies.some((hz) => loudness(part, hz) > LOUD_PIECE)) return true;
  }
  return false;
}

/** Whether there is more than a line's noise in it. */
export const isLoud = (wav: Uint8Array): boolean => samplesOf(wav).some((sample) => Math.abs(sample) > 0.01 * 32_768);

export function samplesOf(wav: Uint8Array): Int16Array {
  // A copy of its own: numbers of two bytes must begin at an even place.
  const bytes = Uint8Array.from(wav.subarray(HEADER_BYTES));
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
}

/** How loud a tone is, 1 at most (Goertzel's filter). */
export function loudness(samples: Int16Array, hz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / RATE);
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample / 32_768 + turn * one - two, one];
  const power = one * one + two * two - turn * one * two;
  return samples.length === 0 ? 0 : (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}
