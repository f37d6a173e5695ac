import { describe, expect, it } from 'vitest';
import { fixed, lognormal, PLAIN_DAY, PreviewSimulation, type Scenario } from '../../../../src/dialer/lab/index.ts';

/** Answered after 10 s in a quarter of the dials, else 20 s in vain; a minute of talk and 15 s after it. */
const DAY: Scenario = { ...PLAIN_DAY, agents: 10, hours: 200, ring: fixed(10), talk: fixed(60) };

function lived(change: Partial<Scenario>, reading = { took: lognormal(20, 0.5), passedOver: 0 }) {
  const day = new PreviewSimulation({ ...DAY, ...change }, reading);
  day.runUntil(Number.POSITIVE_INFINITY);
  return day.result();
}

describe('a day of agents who look before they dial', () => {
  it('is as busy as the cycle of one agent says, and abandons nobody', () => {
    const { utilisation, totals } = lived({});
    // Four leads read and dialled, three in vain, for one talk.
    expect(utilisation).toBeCloseTo(75 / (75 + 4 * 20 + 3 * 20 + 10), 2);
    expect(totals.abandoned).toBe(0);
    expect(totals.connected / totals.launched).toBeCloseTo(0.25, 1);
  });

  it('takes longer the more leads are passed over', () => {
    const { utilisation } = lived({}, { took: fixed(20), passedOver: 0.5 });
    expect(utilisation).toBeCloseTo(75 / (75 + 8 * 20 + 3 * 20 + 10), 2);
  });

  it('waits for a line, and for a call start', () => {
    const oneLine = lived({ lines: 1, hours: 20 }, { took: fixed(0.1), passedOver: 0 });
    // A line is held 60 + 10 s by one talk and 60 s by three dials in vain.
    expect(oneLine.totals.launched / (20 * 3_600)).toBeCloseTo(4 / 130, 2);
    const slow = lived({ cps: 0.05, hours: 20 }, { took: fixed(0.1), passedOver: 0 });
    expect(slow.totals.launched).toBe(Math.ceil(20 * 3_600 * 0.05));
  });

  it('dials each lead of the list once, and ends with the last talk', () => {
    const { totals, finishedAt, inFlight } = lived({ leads: 37 }, { took: fixed(5), passedOver: 0.3 });
    expect([totals.launched, inFlight]).toEqual([37, 0]);
    expect(finishedAt).toBeGreaterThan(0);
    expect(
      lived(
        { leads: 1, agents: 3, regimes: [{ fromSec: 0, person: 1, machine: 0, busy: 0 }] },
        {
          took: fixed(5),
          passedOver: 0,
        },
      ).finishedAt,
    ).toBe(75);
  });

  it('ends nothing where nobody is', () => {
    expect(lived({ agents: 0, hours: 1 })).toMatchObject({ utilisation: null, finishedAt: null });
  });
});
