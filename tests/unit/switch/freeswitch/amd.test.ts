import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SwitchDetection } from '../../../../src/call/detection.ts';
import { AMD_BEGIN, amdStep, type Finding } from '../../../../src/switch/freeswitch/amd.ts';

const settings: SwitchDetection = {
  initialSilenceMs: 2_500,
  greetingMs: 1_500,
  afterGreetingSilenceMs: 800,
  totalMs: 5_000,
  shortestWordMs: 100,
  betweenWordsMs: 50,
  mostWords: 3,
  loudness: 256,
  longestWordMs: 5_000,
};
const MS = 20;
const LOUD = 2_000;
const HUSH = 10;

/** Sound and silence in turn, ms, beginning with silence; what was found, and when. */
function listen(spans: readonly number[], by: SwitchDetection = settings): (Finding & { readonly at: number }) | null {
  let state = AMD_BEGIN;
  let at = 0;
  for (const [index, span] of spans.entries()) {
    for (let ms = 0; ms < span; ms += MS) {
      at += MS;
      const step = amdStep(state, { ms: MS, loudness: index % 2 === 1 ? LOUD : HUSH }, by);
      if (step.finding) return { ...step.finding, at };
      state = step.state;
    }
  }
  return null;
}

describe('who picks up', () => {
  it.each<[string, readonly number[], Partial<SwitchDetection>, object]>([
    ['"Hello?" and a wait', [300, 400, 2_000], {}, { result: 'human', cause: 'pause-after-greeting', at: 1_500 }],
    ['"This is Anna." in two words', [300, 300, 100, 500, 2_000], {}, { result: 'human', at: 2_000 }],
    ['nothing at all', [6_000], {}, { result: 'machine', cause: 'initial-silence', at: 2_500 }],
    ['a click, and nothing', [500, 40, 6_000], {}, { result: 'machine', cause: 'initial-silence', at: 3_040 }],
    ['words without end', [200, 4_000], {}, { result: 'machine', cause: 'long-greeting', at: 1_700 }],
    ['many short words', [100, 200, 100, 200, 100, 200, 100, 200, 100, 200], {}, { cause: 'many-words', at: 1_100 }],
    ['one long word', [100, 4_000], { longestWordMs: 1_000 }, { cause: 'long-word', at: 1_100 }],
    [
      'words with long pauses',
      [100, 200, 700, 200, 700, 200, 700],
      { totalMs: 2_000 },
      { cause: 'out-of-time', at: 2_000 },
    ],
  ])('%s', (_, spans, changed, expected) => {
    expect(listen(spans, { ...settings, ...changed })).toMatchObject(expected);
  });

  it('counts no word that is under way at the pick-up', () => {
    expect(listen([0, 200, 60, 200, 60, 200, 60, 200, 900])).toMatchObject({ result: 'human' });
    expect(listen([60, 200, 60, 200, 60, 200, 60, 200, 900])).toMatchObject({ result: 'machine', cause: 'many-words' });
  });

  it('always finds something, and never later than it has to', () => {
    const spans = fc.array(
      fc.integer({ min: 1, max: 100 }).map((pieces) => pieces * MS),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(spans, (some) => {
        const found = listen([...some, settings.totalMs, settings.totalMs]);
        expect(found?.at).toBeLessThanOrEqual(settings.totalMs);
      }),
    );
  });

  it('takes nobody for a person who never fell silent, and nobody for a machine who said one short word and waits', () => {
    const word = fc.integer({ min: 5, max: 70 }).map((pieces) => pieces * MS);
    const before = fc.integer({ min: 0, max: 100 }).map((pieces) => pieces * MS);
    fc.assert(
      fc.property(before, word, (silence, sound) => {
        expect(listen([silence, sound, 1_000])).toMatchObject({ result: 'human', at: silence + sound + 800 });
        expect(listen([silence, 6_000])?.result).not.toBe('human');
      }),
    );
  });
});
