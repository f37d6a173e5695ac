import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SAMPLE_RATE, wavOf } from '../../src/local/wav.ts';
import { soundOf } from '../../tests/live/support/rtp.ts';

/** The tones that stand for prompts: told apart in a single packet, as no two voices could be. */
const TONES = { 'tone.long': { hertz: 250, ms: 15_000 }, 'tone.short': { hertz: 1_000, ms: 400 } } as const;
const AMPLITUDE = 12_000;

export type Tone = 'silence' | 'long' | 'short';

/** A packet of 20 ms: how often its wave crosses zero tells the tone. µ-law has the sign in its first bit. */
export function toneOf(packet: Buffer): Tone {
  if (soundOf(packet) === 'silence') return 'silence';
  const wave = packet.subarray(12);
  let crossings = 0;
  for (let at = 1; at < wave.length; at += 1) if (((wave[at] ?? 0) ^ (wave[at - 1] ?? 0)) & 0x80) crossings += 1;
  return crossings <= 14 ? 'long' : 'short';
}

/** Lays out the words of the bench with the tones as their recordings, and answers the folder; always the same one. */
export function layOutSounds(): string {
  const folder = resolve(import.meta.dirname, '../results/sounds');
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, 'sounds'), folder, { recursive: true });
  for (const [name, { hertz, ms }] of Object.entries(TONES)) {
    const wave = Int16Array.from({ length: (ms * SAMPLE_RATE) / 1_000 }, (_, at) =>
      Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hertz * at) / SAMPLE_RATE)),
    );
    writeFileSync(join(folder, `en/${name}.wav`), wavOf([wave]));
  }
  return folder;
}

/** The same two menus in Asterisk alone, with the same sound files: the least that a menu can take. */
export const dialplanOf = (sounds: string): string => `[from-trunk]
exten => plain,1,Answer()
 same => n,Goto(plain-long,s,1)

[plain-long]
exten => s,1,Background(${sounds}/tone.long)
 same => n,WaitExten(10)
exten => 1,1,Goto(plain-short,s,1)

[plain-short]
exten => s,1,Background(${sounds}/tone.short)
 same => n,WaitExten(10)
exten => 1,1,Goto(plain-long,s,1)
`;
