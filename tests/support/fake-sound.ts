import type { EpochMs } from '../../src/call/ids.ts';

const [RATE, PER_MS] = [8_000, 8];
const LOUD = 8_000;
/** Whatever is played sounds like this: one of `TONES`, and no telephone's. */
export const PLAYED_HZ = 1_750;

/** Somebody's voice on a leg, from `from` until `to`: a tone, so that it can be told from others. */
export interface Speech {
  readonly from: EpochMs;
  to: EpochMs;
  readonly hz: number;
}

export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** WAV of what was said within a span, without the pauses in it: nothing is written in these. */
export function wavOf(span: Span, speech: readonly Speech[], pauses: readonly Span[] = []): Uint8Array {
  const samples = new Int16Array(Math.round((span.to - span.from) * PER_MS));
  for (const { from, to, hz } of speech) {
    const [first, last] = [Math.max(0, from - span.from) * PER_MS, Math.min(span.to, to) - span.from];
    for (let at = first; at < last * PER_MS; at += 1) {
      samples[at] = (samples[at] ?? 0) + LOUD * Math.sin((2 * Math.PI * hz * at) / RATE);
    }
  }
  const isPaused = (at: number) =>
    pauses.some(({ from, to }) => at >= (from - span.from) * PER_MS && at < (to - span.from) * PER_MS);
  return withHeader(pauses.length === 0 ? samples : samples.filter((_, at) => !isPaused(at)));
}

export const lengthMs = (span: Span, pauses: readonly Span[]): number =>
  pauses.reduce((ms, { from, to }) => ms - (Math.min(to, span.to) - from), span.to - span.from);

function withHeader(samples: Int16Array): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(2 * RATE, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, new Uint8Array(samples.buffer, 0, samples.byteLength)]);
}
