import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PinRow, pinTry, UNTRIED } from '../../../src/ivr/pin-guard.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = 1_790_000_000_000;

/** Tries one after the other, each `[when after the start, right?]`; what was answered and what is left. */
function tries(attempts: readonly (readonly [number, boolean])[], from: PinRow = UNTRIED) {
  const verdicts: string[] = [];
  let row = from;
  for (const [after, correct] of attempts) {
    const tried = pinTry(row, correct, START + after);
    verdicts.push(tried.verdict);
    row = tried.row;
  }
  return { verdicts, row };
}

const wrong = (times: readonly number[]) => times.map((at) => [at, false] as const);
const FIVE = wrong([0, 1, 2, 3, 4]);

describe('the PIN guard', () => {
  it('locks at the fifth wrong try, and says so to the right PIN as well', () => {
    const { verdicts } = tries([...FIVE, [5, true], [5, false], [4 + 15 * MINUTE - 1, true], [4 + 15 * MINUTE, true]]);
    expect(verdicts).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'locked', 'locked', 'locked', 'locked', 'ok']);
  });

  it('counts the tries of any 15 minutes, not of a quarter on the clock', () => {
    const { verdicts, row } = tries(wrong([0, 14 * MINUTE, 14 * MINUTE, 14 * MINUTE, 15 * MINUTE]));
    expect(verdicts).toEqual(Array(5).fill('wrong'));
    expect(pinTry(row, false, START + 28 * MINUTE).verdict).toBe('locked');
    expect(pinTry(row, false, START + 29 * MINUTE).verdict).toBe('wrong');
  });

  it('starts anew after a right PIN', () => {
    const { verdicts, row } = tries([...FIVE.slice(0, 4), [10, true], ...FIVE.slice(0, 4)]);
    expect(verdicts).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'ok', 'wrong', 'wrong', 'wrong', 'wrong']);
    expect(pinTry(row, true, START + 20).row).toEqual(UNTRIED);
  });

  it('makes each further lock twice as long, at most a day', () => {
    let row = UNTRIED;
    let now = 0;
    const lasted = Array.from({ length: 9 }, () => {
      ({ row } = tries(wrong([now, now, now, now, now]), row));
      const length = row.lockedUntil - START - now;
      now += length;
      return length / MINUTE;
    });
    expect(lasted).toEqual([15, 30, 60, 120, 240, 480, 960, 1_440, 1_440]);
  });

  it('is not worn out by a thousand locks', () => {
    const worn = { ...UNTRIED, locks: 5_000, forgetAt: START + DAY };
    expect(tries(FIVE, worn).row.lockedUntil).toBe(START + 4 + DAY);
  });

  it('forgets the locks of a month ago', () => {
    const { row } = tries(FIVE);
    const month = row.lockedUntil + 30 * DAY - START;
    const soon = tries(wrong(Array(5).fill(month - 1)), row).row;
    const later = tries(wrong(Array(5).fill(month)), row).row;
    expect([soon.lockedUntil - START - month + 1, later.lockedUntil - START - month]).toEqual([
      30 * MINUTE,
      15 * MINUTE,
    ]);
  });

  it('changes nothing while locked, so that a guesser cannot keep the owner out for ever', () => {
    const { row } = tries(FIVE);
    expect(pinTry(row, false, START + MINUTE).row).toBe(row);
  });

  it('never lets a guesser have more than five tries in any quarter of an hour, whatever the pattern', () => {
    const pattern = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 * MINUTE }), fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(pattern, (gaps) => {
        let [now, row] = [START, UNTRIED];
        let counted: number[] = [];
        for (const [gap, correct] of gaps) {
          now += gap;
          const tried = pinTry(row, correct, now);
          const judged = tried.row !== row && tried.verdict !== 'ok';
          counted =
            tried.verdict === 'ok' ? [] : [...counted.filter((at) => now - at < 15 * MINUTE), ...(judged ? [now] : [])];
          expect(counted.length).toBeLessThanOrEqual(5);
          expect(tried.row.tries.length).toBeLessThan(5);
          if (tried.row !== UNTRIED) expect(tried.row.forgetAt).toBeGreaterThan(now);
          row = tried.row;
        }
      }),
    );
  });
});
