import { describe, expect, it } from 'vitest';
import type { ComplianceProfile } from '../../src/engine/site.ts';
import { PLAIN_TERMS } from '../../src/engine/ports/leads.ts';
import { AUTUMN } from '../support/campaign.ts';
import { answers, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile } from '../support/site.ts';
import { optsOut } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const HOUR = 3_600_000;
const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });

/** Offices' hours, two dials a day, consent, and three days of rest after an abandoned call. */
function strict(): ComplianceProfile {
  const lab = labProfile();
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: 9 * 60, to: 18 * 60 }] : []));
  return {
    ...lab,
    hours: { week: cited(week), holidays: cited('closed'), holidayDates: cited(['2027-03-30']) },
    attempts: { caps: cited([{ most: 2, withinMs: 24 * HOUR }]) },
    lockOut: { ...lab.lockOut, afterAbandonedMs: cited(72 * HOUR) },
    consent: { toAgent: cited('express'), mobileToAgent: cited('express'), agentless: cited('express') },
  };
}

const houseOf = (profile: ComplianceProfile, agents = ['a1', 'a2', 'a3']) =>
  new WalkHouse({ profiles: testProfiles(profile), agents: agents.map((id) => agentProfile(id)) });

async function* rows(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(['number,name,consent', ...lines].join('\n'));
}

/** The column `consent` is said to be one. */
const READ = {
  ...PLAIN_TERMS,
  map: { numbers: [{ column: 'number', kind: '' }], name: 'name', consent: 'consent' },
};

describe('the law before each dial', () => {
  it('tells why a lead waits or is done, and counts no attempt', async () => {
    const house = await houseOf(strict()).start();
    const made = await house.service.createCampaign({ ...AUTUMN, maxAttempts: 3 });
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    await house.service.importLeads(id, rows(['+358401234567,Somebody,none', '+61412345678,Somebody,express']), READ);
    await house.ready('a1');
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(2_000);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    const leads = await house.service.leads(id, { limit: 10, before: null });
    expect(leads).toContainEqual(expect.objectContaining({ status: 'done', refused: 'consent', attempts: 0 }));
    expect(leads).toContainEqual(expect.objectContaining({ status: 'pending', refused: 'calling-hours', attempts: 0 }));
    const why = await house.service.dialer.whyLead(id, '+358401234567');
    const lacks =
      'no express consent, which a call by an agent needs (`consent` in its list), by rule consent of profile lab@1';
    expect(why).toMatchObject({ value: { headline: `The lead is done, and will not be dialled: ${lacks}.` } });
    const told = house.eventsOf('attempt.refused').map(({ data }) => data.rule);
    expect(told.toSorted()).toEqual(['calling-hours', 'consent']);
    await house.engine.stop();
  });

  it('never dials a premium-rate number, though its lead was loaded before uploads refused such', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('a1')] }).start();
    const made = await house.service.createCampaign(AUTUMN);
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    const [premium, beyond, other, good] = [
      '+35860012345',
      '+190055512345678',
      '+449098790000',
      '+358401234501',
    ] as const;
    const lead = { name: null, fields: {} };
    const both = [other, good].map((number) => ({ number, kind: '', attempts: 0, status: 'open' as const }));
    await house.history.addLeads(id, [
      { ...lead, id: 'lead-1', number: premium },
      { ...lead, id: 'lead-2', number: beyond },
      { ...lead, id: 'lead-3', number: other, numbers: both },
    ]);
    house.fake.number(good, answers(1_000, 60_000));
    await house.ready('a1');
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(2_000);
    for (const each of ['lead-1', 'lead-2'])
      expect(await house.history.lead(each)).toMatchObject({ status: 'done', refused: 'premium-rate', attempts: 0 });
    expect(house.eventsOf('attempt.started').map(({ data }) => data.leadId)).toEqual(['lead-3']);
    expect(await house.history.lead('lead-3')).toMatchObject({ status: 'leased', number: good });
    const why = await house.service.dialer.whyLead(id, 'lead-1');
    expect(why).toMatchObject({
      value: { headline: 'The lead is done, and will not be dialled: a premium-rate number, which is never dialled.' },
    });
  });

  it('refuses settings that are laxer than the profile, with the rule, and profiles that nobody knows', async () => {
    const house = await new WalkHouse().start();
    const create = (change: object) => house.service.createCampaign({ ...AUTUMN, ...change });
    expect(await create({ profile: 'eu-defualt' })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("There is no compliance profile 'eu-defualt'; the site has us-ftc"),
    });
    expect(await create({ profile: 'us-ftc', ringMs: 10_000 })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('16 CFR 310.4(b)(4)(ii)'),
    });
    expect(await create({ profile: 'us-ftc', connectDeadlineMs: 2_500 })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('16 CFR 310.4(b)(1)(iv)'),
    });
    expect(await create({ profile: 'us-ftc' })).toMatchObject({ ok: true });
    await house.engine.stop();
  });

  it('dials nobody while the campaign itself lacks something, touches no lead, and says what', async () => {
    const house = await new WalkHouse().start();
    const made = await house.service.createCampaign({ ...AUTUMN, profile: 'eu-default', callerId: '+358401234567' });
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    await house.service.importLeads(id, rows(['+358401234599,Somebody,express']), READ);
    await house.ready('alice');
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(2_000);
    const message = 'The campaign has no message for people who get no agent.';
    expect((await house.service.campaign(id))?.because).toBe(message);
    expect((await house.service.dialer.why(id))?.headline).toBe(message);
    expect(await house.service.leads(id, { limit: 1, before: null })).toMatchObject([
      { status: 'pending', attempts: 0 },
    ]);
    const own = { prompt: 'autumn.sorry', says: ['name', 'number', 'purpose'], marketing: false } as const;
    await house.service.commandCampaign(id, 'pause');
    expect(await house.service.changeCampaign(id, { message: own })).toMatchObject({ ok: true });
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(2_000);
    expect(house.eventsOf('attempt.started')).toHaveLength(1);
    await house.engine.stop();
  });

  it('the message begins within the time of the profile, however long the campaign would look for an agent', async () => {
    const lab = labProfile();
    const profile = labProfile({ message: { ...lab.message, startsWithinMs: cited(2_000) } });
    const house = await houseOf(profile, ['a1']).start();
    const number = '+358401234599';
    house.fake.number(number, answers(3_000));
    house.fake.phone('a1', rings);
    await house.ready('a1');
    const made = await house.service.createCampaign({ ...AUTUMN, connectDeadlineMs: 10_000 });
    if (!made.ok) throw new Error(made.sentence);
    await house.service.importLeads(made.value.campaign.id, rows([`${number},Somebody,express`]), READ);
    await house.service.commandCampaign(made.value.campaign.id, 'start');
    await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
    const [answered] = house.eventsOf('call.answered');
    await house.clock.runUntil(() => house.fake.number(number).party.hearing?.includes('campaign.abandoned') === true);
    expect(house.clock.now() - (answered?.at ?? 0)).toBeLessThan(2_000);
    await house.engine.stop();
  });

  it('an abandoned person hears the campaign’s words, opts out by a key, and is not dialled again by anybody', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    const number = '+358401234599';
    house.fake.number(number, answers(3_000));
    house.fake.phone('alice', rings);
    await house.ready('alice');
    const message = { prompt: 'autumn.sorry', says: ['name'], marketing: false } as const;
    const make = async () => {
      const made = await house.service.createCampaign({ ...AUTUMN, message, maxAttempts: 5, retryAfterMs: 0 });
      if (!made.ok) throw new Error(made.sentence);
      await house.service.importLeads(made.value.campaign.id, rows([`${number},Somebody,express`]), READ);
      await house.service.commandCampaign(made.value.campaign.id, 'start');
    };
    await make();
    await house.clock.runUntil(() => house.eventsOf('call.abandoned').length === 1);
    const { party } = house.fake.number(number);
    await house.clock.advance(1);
    expect(party.hearing).toContain('autumn.sorry');
    party.press('9');
    await house.clock.runUntil(() => house.eventsOf('attempt.opted-out').length === 1);
    await house.clock.advance(1);
    expect(party.hearing).toContain('campaign.opted-out');
    await house.clock.advance(10_000);
    expect(party.phase).toBe('ended');
    expect(house.engine.house.dnc.keeper.hits(number, null)).toMatchObject([{ kind: 'number', source: 'caller' }]);
    await make();
    await house.clock.advance(60_000);
    expect(house.eventsOf('attempt.started')).toHaveLength(1);
    await house.engine.stop();
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'where the profile hangs up on the key he hears no more, also if we die %i words after it',
    async (diesIn) => {
      const lab = labProfile();
      const { afterOptOut } = testProfiles().get('us-fcc')?.message ?? lab.message;
      const house = await houseOf(labProfile({ message: { ...lab.message, afterOptOut } }), ['a1']).start();
      const number = '+358401234599';
      house.fake.number(number, answers(3_000));
      house.fake.phone('a1', rings);
      await house.ready('a1');
      const made = await house.service.createCampaign(AUTUMN);
      if (!made.ok) throw new Error(made.sentence);
      await house.service.importLeads(made.value.campaign.id, rows([`${number},Somebody,express`]), READ);
      await house.service.commandCampaign(made.value.campaign.id, 'start');
      await house.clock.runUntil(() => house.eventsOf('call.abandoned').length === 1);
      const { party } = house.fake.number(number);
      await house.clock.advance(1);
      expect(party.hearing).toContain('campaign.abandoned');
      await optsOut(house, party, diesIn);
      expect(party.phase).toBe('ended');
      expect(party.heard.join(' ')).not.toContain('campaign.opted-out');
      expect(house.engine.house.dnc.keeper.hits(number, null)).toMatchObject([{ kind: 'number', source: 'caller' }]);
      await house.engine.stop();
    },
  );
});
