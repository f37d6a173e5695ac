import { describe, expect, it } from 'vitest';
import type { AbandonmentLimit } from '../../src/dialer/compliance/profile.ts';
import type { Campaign } from '../../src/engine/ports/history.ts';
import { answers, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const agents = Array.from({ length: 6 }, (_, index) => agentProfile(`a${index}`));
const everybody = agents.map(({ id }) => id);

/** The laboratory's profile with these limits; two seconds to an agent, as nearly everywhere. */
function limited(...limits: readonly AbandonmentLimit[]) {
  const { abandonment, ...lab } = labProfile();
  const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });
  return testProfiles({
    ...lab,
    abandonment: { ...abandonment, connectWithinMs: cited(2_000), limits: cited(limits) },
  });
}

/** A room whose campaign has far more numbers than it can dial; every third is answered. */
async function room(...limits: readonly AbandonmentLimit[]) {
  return new WalkHouse({ agents, profiles: limited(...limits) }).start();
}

let lists = 0;

async function begun(house: WalkHouse, change: Partial<Campaign> = {}): Promise<string> {
  lists += 1;
  const list = Array.from({ length: 1_500 }, (_, index) => `+35840${1_000_000 * lists + index}`);
  for (const [index, each] of list.entries()) {
    house.fake.number(each, index % 3 === 0 ? answers(4_000 + (index % 5) * 900, 20_000 + (index % 7) * 5_000) : rings);
  }
  const id = await campaignIn(house, list, { mode: 'predictive', maxLines: 30, cps: 20, ...change });
  await house.service.commandCampaign(id, 'start', 'Maria');
  return id;
}

/** All agents walk away while numbers ring, again and again. */
async function badMorning(house: WalkHouse, rounds = 8): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await house.ready(...everybody);
    await house.clock.advance(3_500);
    for (const id of everybody) await house.service.setAgentStatus(id, 'not-ready', 'lunch');
    await house.clock.advance(60_000);
  }
}

/** For how many of these seconds more was out than there were free agents. */
async function risky(
  house: WalkHouse,
  id: string,
  seconds: number,
): Promise<{ readonly over: number; readonly made: number }> {
  const made = () => house.eventsOf('attempt.started').filter(({ data }) => data.campaignId === id).length;
  const before = made();
  let over = 0;
  for (let second = 0; second < seconds; second += 1) {
    await house.clock.advance(1_000);
    const out = house.engine.house.board
      .all()
      .filter(({ state }) => state.attempt?.campaignId === id && state.phase === 'dialing').length;
    const free = house.service.agents().filter(({ state, status }) => state === 'idle' && status === 'ready').length;
    if (out > free) over += 1;
  }
  return { over, made: made() - before };
}

const gateOf = async (house: WalkHouse, id: string) =>
  (await house.service.dialer.why(id))?.gates.find(({ gate }) => gate === 'abandonment');

const limitsOf = async (house: WalkHouse, id: string) => (await house.service.campaign(id))?.abandonment?.limits ?? [];

describe('the windows of the law while a campaign dials', () => {
  it('after a bad morning it goes on for free agents alone and says why; the next day it dials ahead again', async () => {
    const house = await room({ cap: 0.03, window: 'day', scope: 'campaign' });
    const id = await begun(house);
    await badMorning(house);
    const [spent] = await limitsOf(house, id);
    expect(spent?.rate).toBeGreaterThan(0.03);
    expect(spent).toMatchObject({ budget: 0, binds: true, from: '2026-11-23', to: '2026-11-23' });
    expect(spent?.endsAt).toBe(Date.parse('2026-11-24T00:00:00+01:00'));

    await house.ready(...everybody);
    await house.clock.advance(30_000);
    const today = await risky(house, id, 120);
    expect(today.over).toBe(0);
    expect(today.made).toBeGreaterThan(10);
    const view = await house.service.campaign(id);
    expect(view?.because).toContain('Nobody more may be abandoned');
    expect(view?.because).toContain('on the day (2026-11-23)');
    expect(view?.because).toContain('2026-11-24 00:00 (Europe/Brussels)');
    expect(view?.live?.dropsDefinition).toBe(spent?.definition);
    expect(await gateOf(house, id)).toMatchObject({ pass: false, text: expect.stringContaining('Nobody more may be') });

    await house.service.commandCampaign(id, 'pause', 'Maria');
    await house.clock.advance(DAY - HOUR);
    await house.service.commandCampaign(id, 'start', 'Maria');
    const [fresh] = await limitsOf(house, id);
    expect(fresh).toMatchObject({ abandoned: 0, of: 0, from: '2026-11-24' });
    await house.clock.advance(120_000);
    expect(await gateOf(house, id)).toMatchObject({ pass: true });
    expect((await risky(house, id, 240)).over).toBeGreaterThan(5);
    expect((await house.service.campaign(id))?.because).not.toContain('Nobody more');
    expect(house.warnings).toEqual([]);
  });

  it('begins a new window while it runs, at the midnight of the profile', async () => {
    const house = await room({ cap: 0.03, window: 'day', scope: 'campaign' });
    await house.clock.advance(Date.parse('2026-11-23T22:45:00Z') - house.clock.now());
    const id = await begun(house);
    await badMorning(house);
    await house.ready(...everybody);
    await house.clock.advance(20_000);
    expect(await gateOf(house, id)).toMatchObject({ pass: false });
    await house.clock.advance(Date.parse('2026-11-23T23:00:01Z') - house.clock.now());
    await house.clock.advance(1_000);
    expect((await house.service.campaign(id))?.because).not.toContain('Nobody more');
    expect((await house.service.dialer.decisions(id))?.[0]?.numbers['bank']).toBeGreaterThanOrEqual(0);
  });

  it.each(['power', 'predictive'] as const)(
    '%s keeps to free agents in a window that is spent, also after a crash',
    async (mode) => {
      const house = await room({ cap: 0.03, window: 'rolling-30-days', scope: 'campaign' });
      const id = await begun(house, mode === 'power' ? { mode, ratio: 3 } : { mode });
      await badMorning(house);
      const [before] = await limitsOf(house, id);
      expect(before?.budget).toBe(0);
      await house.service.commandCampaign(id, 'pause', 'Maria');
      house.kill();
      await house.clock.advance(5 * DAY);
      await house.restart();
      const [after] = await limitsOf(house, id);
      expect(after).toMatchObject({
        abandoned: before?.abandoned,
        of: before?.of,
        from: '2026-10-30',
        to: '2026-11-28',
      });
      await house.service.commandCampaign(id, 'start', 'Maria');
      await house.ready(...everybody);
      await house.clock.advance(30_000);
      const spent = await risky(house, id, 60);
      expect(spent.over).toBe(0);
      expect(spent.made).toBeGreaterThan(5);

      await house.service.commandCampaign(id, 'pause', 'Maria');
      house.kill();
      await house.clock.advance(30 * DAY);
      await house.restart();
      expect((await limitsOf(house, id))[0]).toMatchObject({ abandoned: 0, of: 0 });
      await house.service.commandCampaign(id, 'start', 'Maria');
      await house.ready(...everybody);
      await house.clock.advance(120_000);
      expect((await risky(house, id, 240)).over).toBeGreaterThan(5);
    },
  );

  it('what one campaign has spent, no other of the profile has left', async () => {
    const house = await room(
      { cap: 0.03, window: 'day', scope: 'campaign' },
      { cap: 0.03, window: 'calendar-month', scope: 'all' },
    );
    const bad = await begun(house);
    await badMorning(house);
    await house.service.commandCampaign(bad, 'pause', 'Maria');
    const good = await begun(house);
    await house.ready(...everybody);
    await house.clock.advance(30_000);
    const [own, pooled] = await limitsOf(house, good);
    const [other] = await limitsOf(house, bad);
    expect(own).toMatchObject({ abandoned: 0, scope: 'campaign', binds: false });
    expect(pooled).toMatchObject({ abandoned: other?.abandoned, budget: 0, binds: true, from: '2026-11-01' });
    expect(pooled?.of).toBe((own?.of ?? 0) + (other?.of ?? 0));
    expect(pooled?.definition).toContain('of all campaigns of this profile');
    expect(await risky(house, good, 90)).toMatchObject({ over: 0 });
    expect((await house.service.campaign(good))?.because).toContain('of all campaigns of the profile');
    expect(await gateOf(house, good)).toMatchObject({ pass: false });
  });

  it('a campaign without a spent window says how much is left, and which leads the law keeps back', async () => {
    const house = await room({ cap: 0.03, window: 'campaign', scope: 'campaign' });
    const id = await begun(house);
    await house.ready(...everybody);
    await house.clock.advance(300_000);
    expect(await gateOf(house, id)).toMatchObject({ pass: true, text: expect.stringContaining('more may be') });
    const view = await house.service.campaign(id);
    expect(view?.refused).toEqual({});
    expect(view?.live?.dropsPercent).toBeCloseTo(100 * (view?.abandonment?.limits[0]?.rate ?? Number.NaN), 9);
  });
});
