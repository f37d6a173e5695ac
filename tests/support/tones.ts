/** Voices that are told from each other, Hz: no multiple of another, and none of them on the keys of a telephone. */
export const TONES = [440, 620, 1_050, 1_750] as const;

const [HEADER_BYTES, RATE] = [44, 8_000];
/** So much is listened to at a time, 50 ms: a key lasts no longer, and in so short a piece a gap breaks no tone. */
const PIECE = RATE / 20;
/** A voice is as loud as this, of the whole, at least; what leaks from the others is less. */
const HEARD = 0.02;
/** As loud as this it is in a piece of its own. */
const LOUD_PIECE = 0.05;

/**
 * Which of the tones sound in a WAV of 16 bit and 8 kHz, from `fromMs` to `toMs` of it. Each is measured piece by
 * piece and the powers are added, as Welch's method does: a tone that goes on after a gap with another phase, since a
 * frame was lost or a part was left out, would cancel itself in a sum over the whole.
 */
export function tonesIn(wav: Uint8Array, fromMs = 0, toMs = Infinity): readonly number[] {
  const pieces = piecesOf(samplesOf(wav).slice((fromMs * RATE) / 1_000, (toMs * RATE) / 1_000));
  return TONES.filter((hz) => meanOf(pieces.map((piece) => loudness(piece, hz) ** 2)) > HEARD ** 2);
}

/** Whether one of these frequencies sounds anywhere in it. */
export const hasTone = (wav: Uint8Array, frequencies: readonly number[]): boolean =>
  piecesOf(samplesOf(wav)).some((piece) => frequencies.some((hz) => loudness(piece, hz) > LOUD_PIECE));

const piecesOf = (samples: Int16Array): readonly Int16Array[] =>
  Array.from({ length: Math.floor(samples.length / PIECE) }, (_, at) => samples.subarray(at * PIECE, (at + 1) * PIECE));

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);

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
