import { expect, it } from 'vitest';
import { CampaignLaw } from '../../../src/engine/campaign-law.ts';
import type { Campaign, Lead } from '../../../src/engine/ports/history.ts';
import type { ComplianceProfile } from '../../../src/engine/site.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { labProfile } from '../../support/lab-profile.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const CAMPAIGN: Campaign = { ...AUTUMN, id: 'campaign-1', status: 'running', createdAt: 0 };
const LEAD: Lead = {
  id: 'lead-1',
  campaignId: CAMPAIGN.id,
  number: '+358401234567',
  name: '',
  status: 'leased',
  attempts: 0,
  notBefore: 0,
  outcome: null,
  fields: {},
};

/** Open so many hours of each day, in a profile of one name and version. */
const openFor = (hours: number): ComplianceProfile => {
  const lab = labProfile();
  const week = Array.from({ length: 7 }, () => [{ from: 0, to: hours * 60 }]);
  return { ...lab, hours: { ...lab.hours, week: { value: week, cite: 'a test' } } };
};

it('asks the hours that are in force, also when a profile was read anew under the same version', async () => {
  let profile = openFor(24);
  const law = new CampaignLaw({
    clock: new SimulatedClock(),
    history: { pastDials: async () => [] },
    dnc: { hits: () => [], book: { lists: [] } },
    profiles: () => new Map([[profile.name, profile]]),
    prompts: () => new Map(),
    routes: () => [],
  });
  const ask = () => law.ask(CAMPAIGN, LEAD, async () => 'dialled');
  expect(await ask()).toEqual({ allowed: true, value: 'dialled' });
  profile = openFor(1);
  expect(await ask()).toMatchObject({ allowed: false, refusal: { rule: 'calling-hours' } });
});
