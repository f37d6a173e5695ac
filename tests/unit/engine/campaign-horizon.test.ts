import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import { runPassed } from '../../../src/dialer/run-left.ts';
import { CampaignHorizon } from '../../../src/engine/campaign-horizon.ts';
import { NO_TOTALS } from '../../../src/engine/dialer-feed.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const totals = { ...NO_TOTALS, launched: 400, answered: 100, connected: 97, abandoned: 3 };
const run = { totals, leads: { left: 400, done: 200 }, maxAttempts: 3, perMs: null, openMs: Infinity };

describe('how much of a run is over', () => {
  it('is told by the live answers that are still to come', () => {
    // 400 leads take two dials each, and a quarter of the dials is answered.
    expect(runPassed(run)).toBeCloseTo(100 / 300);
    expect(runPassed({ ...run, leads: { left: 0, done: 600 } })).toBe(1);
    expect(runPassed({ ...run, maxAttempts: 1 })).toBeCloseTo(100 / 200);
    expect(runPassed({ ...run, totals: NO_TOTALS })).toBe(0);
  });

  it('ends with the window, where that ends before the leads do', () => {
    // 100 dials more before the window ends: 25 answers.
    expect(runPassed({ ...run, perMs: 1 / 36_000, openMs: 3_600_000 })).toBeCloseTo(100 / 125);
    expect(runPassed({ ...run, perMs: 1, openMs: 3_600_000 })).toBeCloseTo(100 / 300);
  });
});

describe('the length of a run', () => {
  const uk = builtInProfiles().get('uk-ofcom')?.profile ?? null;
  // A Monday in London, where the profile calls from 8 to 21.
  const NOON = Date.parse('2026-11-23T12:00:00Z');
  const campaign: Campaign = { ...AUTUMN, maxAttempts: 3, id: 'c', status: 'running', createdAt: NOON };
  const pace = [{ ms: 60_000, dials: 10 }];
  const day = { limit: { window: 'day' }, endsAt: Date.parse('2026-11-24T00:00:00Z') } as const;

  async function horizon(leads: { pending: number; leased: number; done: number }) {
    const clock = new SimulatedClock(NOON);
    const asked = { times: 0, away: false };
    const leadCounts = async () => {
      asked.times += 1;
      if (asked.away) throw new Error('the database is away');
      return leads;
    };
    const seen = new CampaignHorizon({ clock, log: silent, history: { leadCounts } });
    const look = (window: typeof day | null, profile = uk) => seen.look({ campaign, profile, totals, window, pace });
    look(null);
    await clock.advance(0);
    return { seen, look, clock, asked };
  }

  it('is a working day from now on while nothing is known', () => {
    const seen = new CampaignHorizon({
      clock: new SimulatedClock(NOON),
      log: silent,
      history: { leadCounts: async () => ({ pending: 1, leased: 0, done: 0 }) },
    });
    expect(seen.hours(48 * 3_600_000)).toBe(56);
  });

  it('follows from the leads that are left', async () => {
    const { seen, look } = await horizon({ pending: 390, leased: 10, done: 200 });
    look(null);
    expect(seen.hours(3_600_000)).toBeCloseTo(3);
  });

  it('ends with the calling hours of the day, where the law counts by the day', async () => {
    const { seen, look, clock } = await horizon({ pending: 1_000_000, leased: 0, done: 200 });
    look(day);
    // Nine hours until 21 o'clock, 600 dials in each, a quarter answered.
    expect(seen.hours(3_600_000)).toBeCloseTo((100 + 9 * 150) / 100);
    await clock.advance(8.5 * 3_600_000);
    look(day);
    expect(seen.hours(3_600_000)).toBeCloseTo((100 + 75) / 100);
  });

  it('asks the books once a minute, and goes by the last count while they are away', async () => {
    const { seen, look, clock, asked } = await horizon({ pending: 400, leased: 0, done: 200 });
    for (let times = 0; times < 100; times += 1) look(null);
    expect(asked.times).toBe(1);
    asked.away = true;
    await clock.advance(60_000);
    for (let times = 0; times < 100; times += 1) look(null);
    await clock.advance(1);
    look(null);
    expect(asked.times).toBe(2);
    expect(seen.hours(3_600_000)).toBeCloseTo(3);
  });
});
