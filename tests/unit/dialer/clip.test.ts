import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, giveBack, type Limit, type Starts } from '../../../src/dialer/clip.ts';

const limit = (title: string, change: Partial<Limit> = {}): Limit => ({
  title,
  lines: 100,
  linesInUse: 0,
  cps: 100,
  starts: [],
  ...change,
});
const both = (campaign: Partial<Limit>, trunk: Partial<Limit> = {}) => ({
  campaign: limit('The campaign', campaign),
  trunk: limit('Trunk north', trunk),
});
const total = (starts: Starts) => starts.reduce((sum, start) => sum + start.count, 0);

describe('clip', () => {
  it.each([
    ['nothing in the way', both({}), 5, null],
    ['lines of the campaign', both({ lines: 3, linesInUse: 1 }), 2, 'The campaign has 1 of its 3 lines in use.'],
    ['lines of the trunk', both({}, { lines: 9, linesInUse: 9 }), 0, 'Trunk north has 9 of its 9 lines in use.'],
    ['more lines held than allowed', both({ lines: 1, linesInUse: 4 }), 0, 'The campaign has 4 of its 1 lines in use.'],
    ['starts of the campaign', both({ cps: 2 }), 2, 'The campaign may start 2 calls per second.'],
    ['starts of the trunk', both({ cps: 4 }, { cps: 3 }), 3, 'Trunk north may start 3 calls per second.'],
    ['no starts at all', both({ cps: 0 }), 0, 'The campaign may start 0 calls per second.'],
  ])('%s', (_, limits, launch, because) => {
    expect(clip(5, limits, 1_000)).toMatchObject({ launch, because });
  });

  it('gives each token back one second after it was taken', () => {
    const starts: Starts = [
      { at: 0, count: 1 },
      { at: 500, count: 2 },
    ];
    const at = (now: number) => clip(9, both({ cps: 3, starts }), now).launch;
    expect([at(999), at(1_000), at(1_499), at(1_500)]).toEqual([0, 1, 1, 3]);
  });

  it('stretches the second below one call per second', () => {
    const at = (now: number) => clip(9, both({ cps: 0.5, starts: [{ at: 0, count: 1 }] }), now).launch;
    expect([at(1_999), at(2_000)]).toEqual([0, 1]);
  });

  it('is not held up when the clock was set back', () => {
    const { campaign } = clip(0, both({ cps: 1, starts: [{ at: 3_600_000, count: 1 }] }), 10);
    expect(clip(1, both({ cps: 1, starts: campaign }), 1_010).launch).toBe(1);
  });

  it('never lets more than the caps through in any second, whatever is asked and given back', () => {
    const asks = fc.array(fc.record({ gap: fc.nat(700), wanted: fc.nat(15), unused: fc.nat(5) }), { maxLength: 60 });
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (steps, cps, trunkCps) => {
        let now = 0;
        let kept: { campaign: Starts; trunk: Starts } = { campaign: [], trunk: [] };
        const dials: number[] = [];
        for (const { gap, wanted, unused } of steps) {
          now += gap;
          const clipped = clip(
            wanted,
            both({ cps, starts: kept.campaign }, { cps: trunkCps, starts: kept.trunk }),
            now,
          );
          const back = Math.min(unused, clipped.launch);
          kept = { campaign: giveBack(clipped.campaign, back), trunk: giveBack(clipped.trunk, back) };
          for (let dial = back; dial < clipped.launch; dial += 1) dials.push(now);
        }
        for (const from of dials) {
          const inSecond = dials.filter((at) => at >= from && at < from + 1_000).length;
          expect(inSecond).toBeLessThanOrEqual(Math.min(cps, trunkCps));
        }
      }),
    );
  });

  it('allows the full rate, second after second', () => {
    let starts: Starts = [];
    let dialled = 0;
    for (let now = 0; now < 10_000; now += 250) {
      const clipped = clip(9, both({ cps: 7, starts }), now);
      starts = clipped.campaign;
      dialled += clipped.launch;
    }
    expect(dialled).toBe(70);
  });

  it('gives back no more than was taken', () => {
    const starts: Starts = [
      { at: 0, count: 2 },
      { at: 5, count: 2 },
    ];
    expect(giveBack(starts, 3)).toEqual([{ at: 0, count: 1 }]);
    expect(total(giveBack(starts, 9))).toBe(0);
    expect(giveBack(starts, 0)).toEqual(starts);
  });
});
