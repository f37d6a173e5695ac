import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { answers, type Behaviour, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, number, numbers } from './campaign-house.ts';
import { Carriers, linesOf, northAndSouth } from './carriers.ts';
import { WalkHouse } from './house.ts';

const agents = ['alice', 'bob'].map((id) => agentProfile(id));
const slow = (afterMs: number): Behaviour => ({ does: 'refuse', afterMs, silent: true, cause: { q850: 34, sip: 503 } });

/** North, which is down, before south. */
async function open(leads: number, change: Partial<CampaignSettings> = {}, trunk: object = {}, profile = labProfile()) {
  const site = { agents, profiles: testProfiles(profile), ...northAndSouth(trunk) };
  const house = await new WalkHouse(site).start();
  const carriers = new Carriers(house);
  carriers.down.add('north');
  for (const each of numbers(leads)) house.fake.number(each, answers(2_000, 5_000));
  await house.ready('alice');
  const id = await campaignIn(house, numbers(leads), { trunk: 'outside', ...change });
  const start = async () => expect(await house.service.commandCampaign(id, 'start')).toMatchObject({ ok: true });
  return { house, carriers, id, start };
}

const dials = ({ dialled }: Carriers) => dialled.map(({ trunk, number: to }) => [trunk, to]);
const BOTH = [
  ['north', number(0)],
  ['south', number(0)],
];

describe('a lead with whom the first trunk fails', () => {
  it('is dialled by the second in the same attempt, and the books say by which', async () => {
    const { house, carriers, id, start } = await open(1);
    await start();
    await house.clock.runUntil(() => house.eventsOf('call.connected').length === 1, 'they talk');
    expect(linesOf(house)).toEqual({ north: 0, south: 1 });
    await house.expectNoLeaks();
    expect(dials(carriers)).toEqual(BOTH);
    expect(carriers.dialled.map(({ shown }) => shown)).toEqual(['+358400000009', '+358400000009']);
    const [started] = house.eventsOf('attempt.started');
    expect(house.eventsOf('attempt.started')).toMatchObject([{ data: { trunk: 'north' } }]);
    expect(house.eventsOf('leg.rerouted')).toMatchObject([
      { data: { from: 'north', trunk: 'south', attemptId: started?.data.attemptId } },
    ]);
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'connected' } }]);
    const page = { limit: 9, before: null };
    expect(await house.history.attempts(id, page)).toMatchObject([{ trunk: 'south', outcome: 'connected' }]);
    expect(await house.service.leads(id, page)).toMatchObject([{ status: 'done', attempts: 1, outcome: 'connected' }]);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });

  it('ends as one attempt when all of them fail, and is due again by the retry rule', async () => {
    const { house, carriers, start } = await open(1, { maxAttempts: 2, retryAfterMs: 60_000 });
    carriers.down.add('south');
    await start();
    await house.clock.advance(30_000);
    expect(dials(carriers)).toEqual(BOTH);
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'congestion', sip: 503 } }]);
    carriers.down.clear();
    await house.clock.runUntil(() => house.eventsOf('call.connected').length === 1, 'the next attempt');
    expect(house.eventsOf('attempt.started')).toHaveLength(2);
    await house.expectNoLeaks();
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });

  it('rings as long as the campaign asks, whatever the first trunk took of it', async () => {
    const { house, carriers, start } = await open(1, { ringMs: 15_000 });
    carriers.refusal = slow(4_000);
    house.fake.number(number(0), rings);
    await start();
    await house.clock.runUntil(() => carriers.by('south') === 1, 'the second dial');
    await house.clock.advance(14_500);
    expect(house.eventsOf('attempt.ended')).toEqual([]);
    await house.clock.advance(1_000);
    const [ended] = house.eventsOf('attempt.ended');
    expect(ended?.data.outcome).toBe('no-answer');
    expect(ended?.data.rangMs).toBeGreaterThanOrEqual(15_000);
    await house.expectNoLeaks();
  });

  it('is dialled by the second while the agent who saw him sits on the line', async () => {
    const { house, carriers, start } = await open(1, { mode: 'preview' });
    await start();
    await house.clock.runUntil(() => house.service.previews.of('alice') !== null, 'alice is shown a lead');
    expect(await house.service.previews.dial('alice')).toMatchObject({ ok: true });
    await house.clock.runUntil(() => house.eventsOf('call.connected').length === 1, 'they talk');
    expect(dials(carriers)).toEqual(BOTH);
    expect(linesOf(house)).toEqual({ north: 0, south: 1 });
    await house.expectNoLeaks();
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });
});

describe('there is no second dial', () => {
  const once = async (
    refusal: Behaviour,
    meanwhile: (of: Awaited<ReturnType<typeof open>>) => unknown = () => undefined,
    outcome = 'congestion',
    opened?: Awaited<ReturnType<typeof open>>,
  ) => {
    const of = opened ?? (await open(1));
    of.carriers.refusal = refusal;
    await of.start();
    await of.house.clock.runUntil(() => of.carriers.dialled.length === 1, 'the first dial');
    await meanwhile(of);
    await of.house.clock.advance(30_000);
    await of.house.expectNoLeaks();
    expect(dials(of.carriers)).toEqual([BOTH[0]]);
    expect(of.house.eventsOf('leg.rerouted')).toEqual([]);
    expect(of.house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome } }]);
    expect(linesOf(of.house)).toEqual({ north: 0, south: 0 });
  };

  it('where his phone has rung', () => once({ does: 'refuse', afterMs: 1_000, cause: { q850: 34, sip: 503 } }));

  it('where the first trunk took so long that his phone may have rung', () => once(slow(6_000)));

  it('once the campaign is paused', () =>
    once(slow(2_000), ({ house, id }) => house.service.commandCampaign(id, 'pause')));

  it('once the kill switch is pulled', () => once(slow(2_000), ({ house }) => house.service.dialer.killAll('mary')));

  it('once he asked not to be called', () =>
    once(slow(2_000), ({ house }) => house.engine.house.dnc.optOut(number(0), null), 'cancelled'));

  it('once the lead is stopped', async () => {
    const of = await open(0);
    const { lists } = of.house.service;
    of.house.fake.number(number(0), answers(2_000, 5_000));
    const unsaid = { language: null, zone: null, country: null, region: null, postalCode: null, consent: null };
    const to = [{ number: number(0), kind: '' }];
    const lead = { ...unsaid, numbers: to, name: null, listId: '', priority: 0, fields: {} };
    expect(await lists.save(of.id, 'crm-1', lead)).toMatchObject({ ok: true });
    await once(
      slow(2_000),
      async () => expect(await lists.stop(of.id, 'crm-1')).toMatchObject({ ok: true }),
      'congestion',
      of,
    );
  });

  it('once calling hours are over', async () => {
    // The clock begins at eleven there.
    const week = Array.from({ length: 7 }, () => [{ from: 0, to: 11 * 60 + 1 }]);
    const { hours } = labProfile();
    const profile = labProfile({ hours: { ...hours, week: { value: week, cite: 'House: for the tests' } } });
    const of = await open(1, {}, {}, profile);
    await of.house.clock.advance(57_000 - (of.house.clock.now() % 60_000));
    await once(slow(4_000), () => undefined, 'congestion', of);
  });

  it('by a trunk without a free line', async () => {
    const { house, carriers, start } = await open(1, { maxAttempts: 1 }, { lines: 1 });
    const { book } = house.engine.house;
    carriers.refusal = slow(300);
    await start();
    await house.clock.runUntil(() => carriers.dialled.length === 1, 'the first dial');
    book.hold('another', { trunk: 'south', number: number(9), at: house.clock.now() });
    await house.clock.advance(400);
    expect(dials(carriers)).toEqual([BOTH[0]]);
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'congestion' } }]);
  });
});
