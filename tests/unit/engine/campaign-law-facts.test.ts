import { describe, expect, it } from 'vitest';
import type { DidRoute } from '../../../src/call/did.ts';
import { CampaignLaw } from '../../../src/engine/campaign-law.ts';
import { leadFacts, zonesOf } from '../../../src/engine/campaign-law-facts.ts';
import type { Campaign, Lead } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { testProfiles } from '../../support/lab-profile.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { ALL_PROMPTS } from '../../support/site.ts';

const OURS = '+442079460018';
const message = { prompt: 'autumn.sorry', says: ['name', 'number'], marketing: false } as const;
const STRICT: Campaign = {
  ...AUTUMN,
  id: 'campaign-1',
  status: 'running',
  createdAt: 0,
  profile: 'uk-ofcom',
  callerId: OURS,
  message,
};

function lawOf(routes: readonly DidRoute[] = [{ number: OURS, flow: 'support' }]): CampaignLaw {
  const clock = new SimulatedClock();
  const register = { id: '1', name: 'National register', campaignId: null, since: clock.now(), numbers: null };
  return new CampaignLaw({
    clock,
    history: { pastDials: async () => [] },
    dnc: { hits: () => [], book: { lists: [register] } },
    profiles: testProfiles,
    prompts: () => ALL_PROMPTS,
    routes: () => routes,
  });
}

describe('what forbids every dial of a campaign', () => {
  it('is nothing, where all is as the profile asks', () => {
    expect(lawOf().hindrance(STRICT)).toBeNull();
  });

  it.each<[string, Partial<Campaign>, string]>([
    ['its message sells', { message: { ...message, marketing: true } }, 'advertises, and it must not'],
    ['its message does not say the number', { message: { ...message, says: ['name'] } }, 'lacks the number'],
    ['its caller id costs extra', { callerId: '+449098790000' }, 'costs more to call than usual'],
    ['its caller id is no number', { callerId: '+4420' }, 'is no number'],
    ['its caller id reaches nobody', { callerId: '+442079460019' }, 'reaches nobody'],
    ['it rings for a moment too short', { ringMs: 14_999 }, 'asks for a ring of at least 15 s'],
    ['it looks for agents for too long', { connectDeadlineMs: 2_001 }, 'asks for an agent within 2 s'],
    ['it would abandon more', { abandonCap: 0.031 }, 'lets 3 % be abandoned, and the campaign says 3.1 %'],
  ])('is told when %s', (_name, change, words) => {
    expect(lawOf().hindrance({ ...STRICT, ...change })).toContain(words);
  });

  it('is told when nobody answers at its caller id any more', () => {
    expect(lawOf([]).hindrance(STRICT)).toContain('reaches nobody');
  });
});

describe('where a person may be', () => {
  it.each<[string, string, Pick<Lead, 'zones' | 'address'>, readonly string[]]>([
    ['by the number', '+12125550123', {}, ['America/New_York']],
    [
      'by the number and the address',
      '+12125550123',
      { address: { country: 'US', region: 'CA', postalCode: '' } },
      ['America/New_York', 'America/Los_Angeles'],
    ],
    [
      'by the number and what the list says',
      '+12125550123',
      { zones: ['Europe/Paris', 'America/New_York'] },
      ['America/New_York', 'Europe/Paris'],
    ],
  ])('is told %s', (_name, number, lead, zones) => {
    expect(zonesOf(number, lead)).toEqual(zones);
  });
});

describe('how a lead stands', () => {
  const LEAD: Lead = {
    id: 'lead-1',
    campaignId: STRICT.id,
    number: '+442079460020',
    name: '',
    status: 'pending',
    attempts: 0,
    notBefore: 5,
    outcome: null,
    fields: {},
  };

  it.each<[string, Partial<Lead>, boolean, string]>([
    ['waits', {}, false, 'pending'],
    ['is ours to dial', { status: 'leased' }, true, 'pending'],
    ['is dialled by somebody', { status: 'leased' }, false, 'in-dial'],
    ['is done', { status: 'done' }, true, 'done'],
    ['is held by a filter', { hold: 'filter' }, false, 'held'],
    ['is held by a filter, and was promised a call', { hold: 'filter', callbackAt: 9 }, false, 'pending'],
    ['is stopped, whatever was promised', { hold: 'stopped', callbackAt: 9 }, false, 'held'],
  ])('%s', (_name, change, isOurs, status) => {
    expect(leadFacts({ ...LEAD, ...change }, isOurs).status).toBe(status);
  });

  it('is due at the later of its retry and its callback, with the consent of its list', () => {
    expect(leadFacts({ ...LEAD, callbackAt: 9, consent: ' Written ' }, false)).toMatchObject({
      notBefore: 9,
      consent: 'written',
    });
    expect(leadFacts({ ...LEAD, callbackAt: 3, consent: 'signed' }, false)).toMatchObject({
      notBefore: 5,
      consent: 'none',
    });
  });
});
