import { assert, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AmdInput } from '../../../src/dialer/amd-hearing.ts';
import { GREETING_DEFAULTS, greetingBegin, greetingStep, playAgain } from '../../../src/dialer/amd-greeting.ts';
import { afterDetection, afterDetectionSchema, lotOf } from '../../../src/dialer/amd-policy.ts';
import { amdRates, chargeOf, wilson } from '../../../src/dialer/amd-rates.ts';
import { labProfile } from '../../support/lab-profile.ts';

const QUIET_MS = 160;
const said = (from: number, to: number): readonly AmdInput[] => [
  { type: 'started', at: from },
  { type: 'stopped', at: to + QUIET_MS, durationMs: to - from },
];

/** When the greeting is over and by what, with the clock run as the engine runs it. */
function end(inputs: readonly AmdInput[]): readonly [string, number] {
  const left = [...inputs];
  let { state, verdict } = greetingStep(greetingBegin(0, null), { type: 'time' }, GREETING_DEFAULTS, 0);
  let now = 0;
  while (verdict.kind === 'wait') {
    const [next] = left;
    const isHeard = next !== undefined && 'at' in next && next.at <= verdict.until;
    now = isHeard && 'at' in next ? next.at : verdict.until;
    ({ state, verdict } = greetingStep(state, isHeard ? next : { type: 'time' }, GREETING_DEFAULTS, now));
    if (isHeard) left.shift();
  }
  return [verdict.by, now];
}

describe('the end of a greeting', () => {
  it.each([
    ['a beep after a pause', [...said(100, 4_000), ...said(4_600, 5_000)], 'beep', 5_500],
    ['silence where there is no beep', said(100, 4_000), 'silence', 6_000],
    ['silence from the beginning', [], 'silence', 2_000],
    ['a long last phrase, which is no beep', [...said(100, 2_000), ...said(2_500, 4_500)], 'silence', 6_500],
    ['a greeting without end', [{ type: 'started', at: 100 } as const], 'timeout', 30_000],
  ])('is %s', (_what, inputs, by, at) => {
    expect(end(inputs)).toEqual([by, at]);
  });

  it('begins the message anew after a beep that came late, once', () => {
    const beep: AmdInput = { type: 'stopped', at: 2_000, durationMs: 400 };
    expect(playAgain(1_000, 1, beep)).toBe(true);
    expect(playAgain(1_000, 2, beep)).toBe(false);
    expect(playAgain(1_800, 1, beep)).toBe(false);
    expect(playAgain(1_000, 1, { type: 'stopped', at: 9_000, durationMs: 400 })).toBe(false);
    expect(playAgain(1_000, 1, { type: 'started', at: 2_000 })).toBe(false);
  });
});

describe('what is done after a detection', () => {
  const settings = afterDetectionSchema.parse({});

  it.each([
    ['human', {}, 0, { do: 'connect', sampled: false }],
    ['machine', {}, 0.5, { do: 'hang-up' }],
    ['machine', {}, 0.01, { do: 'connect', sampled: true }],
    ['machine', { sampleShare: 0 }, 0, { do: 'hang-up' }],
    ['machine', { machine: 'message' }, 0.5, { do: 'message' }],
    ['machine', { machine: 'connect' }, 0.9, { do: 'connect', sampled: true }],
    ['unsure', {}, 0, { do: 'connect', sampled: false }],
    ['unsure', { unsure: 'hang-up' }, 0.5, { do: 'hang-up' }],
    ['unsure', { unsure: 'hang-up' }, 0.01, { do: 'connect', sampled: true }],
    ['unsure', { unsure: 'message' }, 0.9, { do: 'message' }],
  ] as const)('%s, with %j and the lot %d', (result, change, lot, deed) => {
    expect(afterDetection({ ...settings, ...change }, result, lot)).toEqual(deed);
  });

  it('hangs up on no person that was known for one', () => {
    const any = record({
      machine: constantFrom('hang-up', 'message', 'connect'),
      unsure: constantFrom('connect', 'hang-up', 'message'),
      sampleShare: double({ min: 0, max: 1, noNaN: true }),
    });
    const lot = double({ min: 0, max: 1, noNaN: true });
    assert(
      property(any, lot, (given, drawn) => {
        expect(afterDetection(afterDetectionSchema.parse(given), 'human', drawn).do).toBe('connect');
      }),
    );
  });

  it('draws lots evenly, and the same for the same attempt', () => {
    const lots = Array.from({ length: 20_000 }, (_, nth) => lotOf(`attempt-${nth}`));
    for (const share of [0.02, 0.1, 0.5]) {
      const drawn = lots.filter((lot) => lot < share).length / lots.length;
      expect(Math.abs(drawn - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / lots.length));
    }
    expect(lotOf('attempt-1')).toBe(lots[1]);
  });
});

describe('how often a detection is wrong', () => {
  const counts = { machines: 1_000, sampledPersons: 5, sampledMachines: 95, passedPersons: 900, passedMachines: 100 };

  it('is measured by what agents said, with how sure that is', () => {
    const { falsePositive, missed } = amdRates(counts);
    // Wilson's interval of 5 of 100, as R's prop.test(5, 100, correct = FALSE) gives it.
    expect(falsePositive?.low).toBeCloseTo(0.021_54, 4);
    expect(falsePositive?.high).toBeCloseTo(0.111_75, 4);
    expect(missed?.share).toBeCloseTo(0.1);
  });

  it('is not known where nobody looked', () => {
    expect(amdRates({ ...counts, sampledPersons: 0, sampledMachines: 0 })).toMatchObject({ falsePositive: null });
  });

  it('holds what was seen in its interval', () => {
    assert(
      property(integer({ min: 1, max: 2_000 }), double({ min: 0, max: 1, noNaN: true }), (seen, part) => {
        const hits = Math.round(part * seen);
        const one = wilson(hits, seen);
        expect(one?.low).toBeLessThanOrEqual(hits / seen + 1e-12);
        expect(one?.high).toBeGreaterThanOrEqual(hits / seen - 1e-12);
      }),
    );
  });

  it('charges what the profile assumes until enough were sampled, and never less than was seen', () => {
    const rules = labProfile().abandonment;
    const assumed = { ...rules, assumedFalsePositives: { value: 0.1, cite: 'House: a test' } };
    const few = { ...counts, sampledPersons: 4, sampledMachines: 6 };
    expect(chargeOf(few, assumed)).toEqual({ share: 0.4, calls: 400, from: 'measured' });
    expect(chargeOf({ ...few, sampledPersons: 0 }, assumed)).toEqual({ share: 0.1, calls: 100, from: 'assumed' });
    expect(chargeOf(counts, assumed)).toEqual({ share: 0.05, calls: 50, from: 'measured' });
    const none = { ...assumed, falsePositives: { value: 'none', cite: 'House: a test' } } as const;
    expect(chargeOf(counts, none)).toEqual({ share: 0, calls: 0, from: 'not-charged' });
  });
});
