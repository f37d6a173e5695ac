import { expect, it } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import { leadWhyLines } from '../../src/cli/lead-why.ts';
import { PLAIN_TERMS } from '../../src/engine/ports/leads.ts';
import { AUTUMN } from '../support/campaign.ts';
import { answers, busy } from '../support/fake-party.ts';
import type { ComplianceProfile } from '../../src/engine/site.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, number, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });
const HOUR = 3_600_000;

const agents = [agentProfile('a1'), agentProfile('a2')];

async function whyOf(house: WalkHouse, id: string, lead: string) {
  const why = await house.service.dialer.whyLead(id, lead);
  if (!why.ok) throw new Error(why.sentence);
  const { gates, headline } = why.value;
  const failed = gates.filter(({ pass }) => !pass).map(({ gate }) => gate);
  return { ...why.value, failed, first: failed[0] ?? null, headline };
}

it('a lead tells at each step of its life why it is not dialled', async () => {
  const house = await new WalkHouse({ agents }).start();
  const id = await campaignIn(house, numbers(3), { maxAttempts: 2, retryAfterMs: 60_000 });
  house.fake.number(number(0), busy);
  house.fake.number(number(1), answers(2_000, 60_000));
  house.fake.number(number(2), answers(2_000, 60_000));
  expect(await whyOf(house, id, number(0))).toMatchObject({
    first: 'status',
    headline: 'The campaign has not been started: start it.',
  });
  await house.service.commandCampaign(id, 'start');
  expect(await whyOf(house, id, number(2))).toMatchObject({ first: 'turn', headline: /^2 leads go before it: / });
  expect(await whyOf(house, id, number(0))).toMatchObject({ first: 'agents-ready' });
  await house.ready('a1');
  await house.clock.runUntil(() => house.eventsOf('call.connected').length > 0);
  expect(await whyOf(house, id, number(1))).toMatchObject({ headline: 'It is being dialled or talked with now.' });
  const busyOnce = await whyOf(house, id, number(0));
  expect(busyOnce.failed).toContain('lead-due');
  expect(busyOnce.gates.find(({ gate }) => gate === 'lead-due')?.until).toBeGreaterThan(house.clock.now());
  await house.clock.advance(180_000);
  const over = await whyOf(house, id, number(0));
  expect(over.headline).toBe("The lead is done. Dialled: 2. The last dial came to 'busy'.");
});

it('tells what the law says of each number, and that one of them is enough', async () => {
  const lab = labProfile();
  const profile = {
    ...lab,
    attempts: { caps: cited([{ most: 1, withinMs: 24 * HOUR }]) },
    consent: { ...lab.consent, toAgent: cited('none' as const), mobileToAgent: cited('none' as const) },
  };
  const house = await new WalkHouse({ agents, profiles: testProfiles(profile) }).start();
  const made = await house.service.createCampaign({ ...AUTUMN, maxAttempts: 5, retryAfterMs: 1_000 });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  const [home, mobile] = ['+35891234567', number(1)];
  const map = {
    numbers: [
      { column: 'home', kind: 'home' },
      { column: 'mobile', kind: 'mobile' },
    ],
    externalId: 'id',
  };
  async function* rows() {
    yield new TextEncoder().encode(`id,home,mobile\ncrm-1,${home},${mobile}\n`);
  }
  expect(await house.service.importLeads(id, rows(), { ...PLAIN_TERMS, map })).toMatchObject({ value: { added: 1 } });
  house.fake.number(home, busy);
  house.fake.number(mobile, busy);
  const before = await whyOf(house, id, 'crm-1');
  expect(before.numbers.map((each) => each.number)).toEqual([home, mobile]);
  expect(await whyOf(house, id, mobile)).toMatchObject({ lead: { id: before.lead.id } });
  expect(await whyOf(house, id, before.lead.id)).toMatchObject({ lead: { externalId: 'crm-1' } });
  expect(before.gates.find(({ gate }) => gate === 'numbers')).toMatchObject({ pass: true });
  await house.service.commandCampaign(id, 'start');
  await house.ready('a1');
  await house.clock.runUntil(() => house.eventsOf('attempt.ended').length >= 2);
  const after = await whyOf(house, id, 'crm-1');
  const capped = after.numbers.map(({ gates }) => gates.find(({ gate }) => gate === 'attempts-cap')?.pass);
  expect(capped).toEqual([false, false]);
  const numbersGate = after.gates.find(({ gate }) => gate === 'numbers');
  expect(numbersGate?.text).toMatch(/^None of its 2 numbers may be dialled\. The number may be dialled 1 times/);
  expect(numbersGate?.until).toBeGreaterThan(house.clock.now() + 23 * HOUR);
  const said = leadWhyLines(after, 80).map((line) => stripVTControlCharacters(line));
  expect(said.every((line) => line.length <= 80)).toBe(true);
  expect(said.join('\n')).toContain(`${mobile} (mobile):`);
});

it('who is on a do-not-call list is told that, and not that he is dialled later', async () => {
  const house = await new WalkHouse({ agents }).start();
  const id = await campaignIn(house, numbers(1), { maxAttempts: 3, retryAfterMs: HOUR });
  house.fake.number(number(0), busy);
  await house.service.commandCampaign(id, 'start');
  await house.ready('a1');
  await house.clock.runUntil(() => house.eventsOf('attempt.ended').length > 0);
  const later = await whyOf(house, id, number(0));
  expect(later).toMatchObject({ first: 'lead-due', headline: /^It is to be tried again later/u });
  const asked = { reason: 'asked on the phone', source: 'agent', by: 'mia' } as const;
  await house.engine.house.dnc.add({ what: { number: number(0) }, campaignId: null, ...asked });
  const why = await whyOf(house, id, number(0));
  expect(why.failed).toEqual(expect.arrayContaining(['lead-due', 'numbers']));
  expect(why.headline).toBe('The number is not to be called: the do-not-call list of the house.');
});

/** Nobody is called but in the first hour of Sundays. */
function sundays(): ComplianceProfile {
  const week = Array.from({ length: 7 }, (_, day) => (day === 6 ? [{ from: 0, to: 60 }] : []));
  return { ...labProfile({ hours: { ...labProfile().hours, week: cited(week) } }), name: 'sundays', id: 'sundays@3' };
}

const twoProfiles = () => testProfiles().set('sundays', sundays());

it('who was put off by a profile is told by which rule of it and until when, and is asked anew by the next one', async () => {
  const house = await new WalkHouse({ agents, profiles: twoProfiles() }).start();
  const id = await campaignIn(house, numbers(2), { profile: 'sundays' });
  house.fake.number(number(0), answers(2_000, 60_000));
  house.fake.number(number(1), answers(2_000, 60_000));
  await house.ready('a1');
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(2_000);
  const before = await whyOf(house, id, number(0));
  const rule = 'It is put off: no hour to call where the person is, by rule calling-hours of profile sundays@3.';
  expect(before).toMatchObject({ first: 'lead-due', headline: rule });
  expect(before.gates.find(({ gate }) => gate === 'lead-due')?.until).toBeGreaterThan(house.clock.now() + HOUR);
  const [, headline = ''] = leadWhyLines(before, 300).map((line) => stripVTControlCharacters(line));
  expect(headline).toMatch(/^It is put off: .* Until \d{4}-\d\d-\d\d \d\d:\d\d\.$/u);
  await house.service.commandCampaign(id, 'pause');
  await house.service.changeCampaign(id, { profile: 'lab' });
  expect(await whyOf(house, id, number(0))).toMatchObject({
    headline: `${rule} Its campaign dials by lab@1 now, and asks that one when it dials.`,
  });
  expect(house.eventsOf('attempt.started')).toEqual([]);
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(2_000);
  expect(house.eventsOf('attempt.started')).toHaveLength(1);
});

it('a campaign tells of its leads’ refusals together, and no single one is its answer', async () => {
  const house = await new WalkHouse({ agents, profiles: twoProfiles() }).start();
  const id = await campaignIn(house, numbers(50), { profile: 'sundays' });
  const asked = { reason: 'asked on the phone', source: 'agent', by: 'mia' } as const;
  await house.engine.house.dnc.add({ what: { number: number(0) }, campaignId: null, ...asked });
  await house.ready('a1');
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(100);
  const first = await house.service.dialer.why(id);
  const failed = first?.gates.filter(({ pass }) => !pass).map(({ gate }) => gate);
  const some = 'no hour to call where the person is 19; on a do-not-call list 1.';
  expect(failed).toEqual(['leads-due']);
  expect(first?.headline).toBe(`No lead that is due may be dialled. Rules keep back 20 leads: ${some}`);
  expect((await house.service.campaign(id))?.because).toBe(`All 20 leads looked at were refused: ${some}`);
  await house.clock.advance(2_000);
  expect((await house.service.dialer.why(id))?.headline).toBe(
    'No lead is due yet: the next attempts are for later. Rules keep back 50 leads: no hour to call where the person is 49; on a do-not-call list 1.',
  );
});

it('so does one that shows its leads to agents, and one that has finished', async () => {
  const house = await new WalkHouse({ agents, profiles: twoProfiles() }).start();
  const id = await campaignIn(house, numbers(50), { mode: 'preview', profile: 'sundays' });
  const over = await campaignIn(house, [number(60)]);
  const asked = { reason: 'asked on the phone', source: 'agent', by: 'mia' } as const;
  await house.engine.house.dnc.add({ what: { number: number(60) }, campaignId: null, ...asked });
  await house.ready('a1');
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(100);
  expect((await house.service.dialer.why(id))?.headline).toBe(
    'No lead that is due may be dialled. Rules keep back 20 leads: no hour to call where the person is 20.',
  );
  await house.service.commandCampaign(over, 'start');
  await house.clock.advance(10_000);
  const why = await house.service.dialer.why(over);
  expect(why?.headline).toBe('The campaign has finished: add leads and start it again.');
  expect(why?.gates.find(({ gate }) => gate === 'leads')?.text).toBe(
    'Every lead is done or is being dialled: add leads. Rules keep back one lead: on a do-not-call list 1.',
  );
});

it('a profile that was read anew, under the same name, is asked too while its campaign runs', async () => {
  const profiles = twoProfiles();
  const house = await new WalkHouse({ agents, profiles }).start();
  const id = await campaignIn(house, numbers(1), { profile: 'sundays' });
  house.fake.number(number(0), answers(2_000, 60_000));
  await house.ready('a1');
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(2_000);
  profiles.set('sundays', { ...sundays(), hours: labProfile().hours });
  await house.clock.advance(2_000);
  expect(house.eventsOf('attempt.started')).toEqual([]);
  profiles.set('sundays', { ...labProfile(), name: 'sundays', id: 'sundays@4' });
  await house.clock.advance(2_000);
  expect(house.eventsOf('attempt.started')).toHaveLength(1);
});

it('asked for nobody it says so, in another campaign too', async () => {
  const house = await new WalkHouse({ agents }).start();
  const id = await campaignIn(house, numbers(1));
  const other = await campaignIn(house, [number(7)]);
  expect(await house.service.dialer.whyLead(id, number(7))).toMatchObject({ ok: false, why: 'not-found' });
  expect(await house.service.dialer.whyLead(id, '0401234567')).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('As a number “0401234567” does not say its country'),
  });
  expect(await house.service.dialer.whyLead('campaign-x', number(0))).toMatchObject({ ok: false, why: 'not-found' });
  expect(await whyOf(house, other, number(7))).toMatchObject({ first: 'status' });
});

it('names the filter, the list and the quota that keep it back', async () => {
  const house = await new WalkHouse({ agents }).start();
  const id = await campaignIn(house, numbers(1));
  const list = { name: 'East', priority: 0, share: 100, order: 'file', seed: 0, quotas: [] } as const;
  await house.service.lists.saveList(id, { ...list, id: '', active: false, filter: 'fields.city == "Turku"' });
  const why = await whyOf(house, id, number(0));
  expect(why.failed.slice(0, 2)).toEqual(['list', 'list-filter']);
  expect(why.headline).toBe("Its list 'East' is switched off: switch it on.");
  await house.service.lists.saveList(id, { ...list, id: '', active: true, filter: null });
  expect(await whyOf(house, id, number(0))).toMatchObject({ first: 'status' });
});

it('where the law lets nobody be dialled, leads are not told to be for later', async () => {
  const lab = labProfile();
  const profile = { ...lab, message: { ...lab.message, optOutKey: cited(true) } };
  const house = await new WalkHouse({ agents, profiles: testProfiles(profile) }).start();
  const id = await campaignIn(house, numbers(2));
  await house.service.commandCampaign(id, 'start');
  await house.ready('a1');
  await house.clock.advance(700);
  const why = await house.service.dialer.why(id);
  expect(why?.gates.filter(({ pass }) => !pass).map(({ gate }) => gate)).toEqual(['abandoned-message']);
});
