import { describe, expect, it } from 'vitest';
import type { AmdCounts } from '../../../src/dialer/amd-rates.ts';
import { CampaignAmd } from '../../../src/engine/campaign-amd.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { labProfile } from '../../support/lab-profile.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const COUNTS: AmdCounts = {
  machines: 400,
  sampledPersons: 6,
  sampledMachines: 144,
  passedPersons: 90,
  passedMachines: 10,
};
const NONE: AmdCounts = {
  machines: 0,
  sampledPersons: 0,
  sampledMachines: 0,
  passedPersons: 0,
  passedMachines: 0,
};
const campaign: Campaign = { ...AUTUMN, id: 'c', status: 'running', createdAt: 0 };

function house(counts: AmdCounts) {
  const clock = new SimulatedClock();
  const book = { counts, reads: 0, away: false };
  const amdCounts = async () => {
    book.reads += 1;
    if (book.away) throw new Error('the database is away');
    return book.counts;
  };
  const amd = new CampaignAmd({ clock, log: silent, history: { amdCounts } });
  return { amd, book, clock };
}

describe('how often the detection of a campaign is wrong', () => {
  it('is shown with its interval, with what is charged and by which rule', async () => {
    const view = await house(COUNTS).amd.view(campaign, labProfile());
    expect(view).toMatchObject({
      machines: 400,
      sampled: { persons: 6, machines: 144 },
      passed: { persons: 90, machines: 10 },
      missed: { share: 0.1 },
      charged: { share: 0.04, calls: 16, from: 'measured' },
    });
    expect(view?.falsePositive?.share).toBeCloseTo(0.04);
    expect(view?.falsePositive?.low).toBeLessThan(0.04);
    expect(view?.definition).toMatch(/Profile lab charges 4 % of the machines, as was measured.*as Ofcom has it\.$/u);
  });

  it('is not shown where nobody ever listened', async () => {
    const { amd } = house(NONE);
    expect(await amd.view(campaign, labProfile())).toBeNull();
    expect(await amd.view({ ...campaign, detect: null }, labProfile())).toBeNull();
  });

  it('costs one look at the database in half a minute, also while that is away', async () => {
    const { amd, book, clock } = house(COUNTS);
    expect(amd.heardOf('c')).toEqual({ heard: 0, persons: 0 });
    await clock.advance(0);
    for (let times = 0; times < 100; times += 1) expect(amd.heardOf('c')).toEqual({ heard: 150, persons: 6 });
    expect(book.reads).toBe(1);
    [book.away, book.counts] = [true, NONE];
    await clock.advance(30_000);
    for (let times = 0; times < 100; times += 1) amd.heardOf('c');
    await clock.advance(10_000);
    expect(amd.heardOf('c')).toEqual({ heard: 150, persons: 6 });
    expect(book.reads).toBe(2);
  });
});
