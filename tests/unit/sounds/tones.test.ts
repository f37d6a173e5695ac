import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wavOf } from '../../support/fake-sound.ts';
import { hasTone, TONES, tonesIn } from '../../support/tones.ts';

const [CUSTOMER, AGENT, BOSS, CARD] = TONES;
const [WHOLE, FRAME_MS] = [{ from: 0, to: 2_000 }, 20];
const said = (...voices: readonly number[]) => voices.map((hz) => ({ ...WHOLE, hz }));
const lostFrames = (...at: readonly number[]) => at.map((from) => ({ from, to: from + FRAME_MS }));

describe('the ear of the tests', () => {
  it('hears a voice whose parts would cancel each other: five turns of 72°, as frames of 20 ms are lost', () => {
    const wav = wavOf(WHOLE, said(CUSTOMER, AGENT), lostFrames(380, 780, 1_180, 1_580));
    expect(tonesIn(wav)).toEqual([CUSTOMER, AGENT]);
  });

  it('hears who speaks, and nobody else, whichever frames are lost', () => {
    const voices = fc.subarray([...TONES], { minLength: 0 });
    const lost = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 30 });
    fc.assert(
      fc.property(voices, lost, (speaking, frames) => {
        const wav = wavOf(WHOLE, said(...speaking), lostFrames(...frames.map((frame) => frame * FRAME_MS)));
        expect(tonesIn(wav)).toEqual(speaking);
        for (const hz of TONES) expect(hasTone(wav, [hz])).toBe(speaking.includes(hz));
      }),
    );
  });

  it('hears a word of a tenth of a second in two, and tells where it was', () => {
    const wav = wavOf(WHOLE, [...said(BOSS), { from: 1_500, to: 1_600, hz: CARD }]);
    expect(tonesIn(wav)).toEqual([BOSS, CARD]);
    expect(tonesIn(wav, 0, 1_450)).toEqual([BOSS]);
    expect(hasTone(wav, [CARD])).toBe(true);
  });
});
