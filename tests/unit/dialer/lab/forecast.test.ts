import { describe, expect, it } from 'vitest';
import {
  type Counted,
  fixed,
  type Forecast,
  forecast,
  type Known,
  lognormal,
} from '../../../../src/dialer/lab/index.ts';
import { progressive } from '../../../../src/dialer/pacing/progressive.ts';

const KNOWN: Known = {
  agents: 10,
  dials: () => ({ likely: 3_000, sd: 0 }),
  hours: 8,
  seen: { dials: 2_000, persons: 500, machines: 0, busy: 0 },
};

function end(steps: Generator<number, Forecast>) {
  const shares: number[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done) return { forecast: step.value, shares };
    shares.push(step.value);
  }
}

const make = () => progressive;

describe('the forecast of a campaign', () => {
  it('is the same for the same seed, and gives ranges in order around what a progressive day comes to', () => {
    const { forecast: one } = end(forecast(KNOWN, { make }));
    expect(end(forecast(KNOWN, { make })).forecast).toEqual(one);
    const { utilisation, abandonment, answerRate } = one;
    for (const { low, middle, high } of [utilisation, abandonment, answerRate]) {
      expect(low).toBeLessThanOrEqual(middle);
      expect(middle).toBeLessThanOrEqual(high);
    }
    expect(abandonment.high).toBe(0);
    // Three dials in vain of 20 s each before the fourth is answered after 10 s: 75 ÷ 145 s.
    expect(utilisation.middle).toBeGreaterThan(0.45);
    expect(utilisation.middle).toBeLessThan(0.57);
    expect(answerRate.middle).toBeCloseTo(0.25, 1);
  });

  it('finishes the list in the time its dials take, and never when the hours do not suffice', () => {
    const { finish } = end(forecast(KNOWN, { make })).forecast;
    // 10 agents start a dial every 36 s each.
    expect(finish.middle).toBeGreaterThan(3_000 * 3);
    expect(finish.middle).toBeLessThan(3_000 * 4.5);
    const { finish: never } = end(forecast({ ...KNOWN, dials: () => ({ likely: 100_000, sd: 0 }) }, { make })).forecast;
    expect(never).toEqual({ low: null, middle: null, high: null });
  });

  it('knows less of a list that nobody has dialled', () => {
    const width = ({ answerRate: { low, high } }: Forecast) => high - low;
    const known = end(forecast(KNOWN, { make })).forecast;
    const unknown = end(forecast({ ...KNOWN, seen: null }, { make })).forecast;
    expect(width(unknown)).toBeGreaterThan(3 * width(known));
  });

  it('knows less where talks are guessed, and dials more often where fewer answer', () => {
    const asked: number[] = [];
    const dials = ({ person }: { readonly person: number }) => {
      asked.push(person);
      return { likely: 500 / person, sd: 0 };
    };
    const width = ({ utilisation: { low, high } }: Forecast) => high - low;
    const known = end(forecast({ ...KNOWN, dials }, { make })).forecast;
    const guessed = end(forecast({ ...KNOWN, dials, doubt: { talk: 0.4 } }, { make })).forecast;
    expect(width(guessed)).toBeGreaterThan(1.5 * width(known));
    expect(new Set(asked).size).toBe(7);
  });

  it('goes by the rate of abandonment that it is given, of all that was counted', () => {
    const amd = { took: lognormal(2, 0.3), personAsMachine: 0.1, machineAsPerson: 0.2 };
    const seen = { dials: 2_000, persons: 400, machines: 800, busy: 0 };
    const rate = ({ takenForMachine, connected }: Counted) => (0.05 * takenForMachine) / (connected + 1);
    const { abandonment } = end(forecast({ ...KNOWN, seen, amd }, { make, rate })).forecast;
    // Of 0.4 dials machines four of five are found, and 0.02 persons; 0.18 persons and 0.08 machines are connected.
    expect(abandonment.middle).toBeCloseTo((0.05 * 0.34) / 0.26, 2);
  });

  it('has agents look at each lead where they do', () => {
    const reading = { took: fixed(20), passedOver: 0 };
    const { utilisation, finish } = end(forecast({ ...KNOWN, reading })).forecast;
    expect(utilisation.middle).toBeCloseTo(75 / 225, 1);
    expect(finish.middle).toBeCloseTo((3_000 * 225) / 40, -3.3);
  });

  it('works in slices that end, whatever the campaign', () => {
    for (const agents of [0, 1, 400]) {
      const counted = { decisions: 0 };
      const counting = () => ({
        ...progressive,
        decide: (state: Parameters<typeof progressive.decide>[0]) => {
          counted.decisions += 1;
          return progressive.decide(state);
        },
        decideOn: 'tick' as const,
      });
      const { shares, forecast: told } = end(
        forecast({ ...KNOWN, agents, dials: () => ({ likely: 1e9, sd: 0 }), hours: 24 }, { make: counting }),
      );
      expect(counted.decisions).toBeLessThanOrEqual(21_000);
      expect(shares.length).toBeGreaterThan(10);
      expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
      if (agents === 0) expect(told.utilisation.high).toBe(0);
    }
  });
});
