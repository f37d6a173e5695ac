import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/engine/ports/history.ts';
import type { DialsSeen } from '../../src/engine/ports/law.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, number, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';
import { twoHouses } from './two-houses.ts';

const agents = Array.from({ length: 8 }, (_, index) => agentProfile(`a${index}`));
const ids = agents.map(({ id }) => id);

async function running(list: readonly string[], change = {}, prepare: (house: WalkHouse) => void = () => undefined) {
  const house = new WalkHouse({ agents });
  prepare(house);
  await house.start();
  await house.ready(...ids);
  const id = await campaignIn(house, list, change);
  return { house, id };
}

/** No lead may be left leased by a batch that was broken off: what is leased is out. */
async function leasedOf(house: WalkHouse, id: string): Promise<number> {
  return (await house.history.leadCounts(id)).leased;
}

describe('the kill switch', () => {
  it('says what still rings, its number masked, and lets it ring', async () => {
    const { house, id } = await running(numbers(20), { maxLines: 5 });
    for (const each of numbers(20)) house.fake.number(each, answers(9_000, 2_000));
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 5);
    await house.clock.advance(3_000);
    const answer = await house.service.dialer.kill(id, 'mary');
    if (!answer.ok) throw new Error(answer.sentence);
    const { campaigns, stillOut } = answer.value;
    expect(campaigns).toEqual([{ id, name: 'Autumn' }]);
    expect(stillOut).toHaveLength(5);
    expect(stillOut[0]).toMatchObject({ campaignId: id, state: 'ringing', number: '··········500' });
    expect(stillOut.every(({ ageMs }) => ageMs >= 3_000 && ageMs < 5_000)).toBe(true);
    const why = (await house.service.dialer.why(id))?.gates.map(({ text }) => text);
    expect(why).toContain('The campaign has 5 of its 5 lines in use.');
    expect(why).toContainEqual(expect.stringMatching(/^Trunk .+ has 5 of its \d\d+ lines in use\.$/u));
    await house.expectNoLeaks();
    expect(house.eventsOf('attempt.started')).toHaveLength(5);
    expect(house.eventsOf('attempt.ended').every(({ data }) => data.outcome === 'connected')).toBe(true);
    expect((await house.service.campaign(id))?.campaign.status).toBe('paused');
    expect(house.eventsOf('campaign.changed').at(-1)?.data).toMatchObject({ by: 'mary', status: 'paused' });
  });

  it('stops in the middle of a batch, and gives back what was leased', async () => {
    const { house, id } = await running(numbers(20), { maxLines: 8, cps: 100 });
    house.claimMs = 700;
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(300); // the leads are being claimed
    await house.service.dialer.kill(id, 'mary');
    await house.clock.advance(60_000);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    expect(await house.history.leadCounts(id)).toEqual({ pending: 20, leased: 0, done: 0 });
    expect((await house.service.leads(id, { limit: 50, before: null })).every(({ attempts }) => attempts === 0)).toBe(
      true,
    );
    await house.service.commandCampaign(id, 'start');
    house.claimMs = 0;
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 8);
  });

  it.each([['kill'], ['stop'], ['pause']] as const)(
    'a %s while an attempt is being written dials nobody',
    async (how) => {
      const slow = (house: WalkHouse) => {
        const startAttempt = house.history.startAttempt.bind(house.history);
        let calls = 0;
        Object.assign(house.history, {
          startAttempt: async (attempt: Attempt, seen: DialsSeen) => {
            const done = await startAttempt(attempt, seen);
            calls += 1;
            if (calls !== 3) return done;
            if (how === 'kill') void house.service.dialer.kill(attempt.campaignId, 'mary');
            else void house.service.commandCampaign(attempt.campaignId, how);
            await new Promise<void>((resolve) => void house.clock.at(house.clock.now() + 500, resolve));
            return done;
          },
        });
      };
      const { house, id } = await running(numbers(20), { maxLines: 8, cps: 100 }, slow);
      for (const each of numbers(20)) house.fake.number(each, rings);
      await house.service.commandCampaign(id, 'start');
      await house.clock.advance(2_000);
      expect(house.eventsOf('attempt.started')).toHaveLength(2);
      expect(await leasedOf(house, id)).toBe(2);
      await house.expectNoLeaks();
      expect(house.eventsOf('attempt.started')).toHaveLength(2);
    },
  );

  it('of all campaigns stops those of another process too, at once', async () => {
    const { first, second, houses, clock } = await twoHouses({ agents });
    await first.ready(...ids);
    const a = await campaignIn(first, numbers(20));
    const b = await campaignIn(first, numbers(20), { name: 'Winter' });
    for (const house of houses) for (const each of numbers(20)) house.fake.number(each, answers(5_000, 3_000));
    await first.service.commandCampaign(a, 'start');
    await first.service.commandCampaign(b, 'start');
    const started = () => houses.flatMap((house) => house.eventsOf('attempt.started')).length;
    await clock.runUntil(() => started() >= 6);
    await clock.advance(1_000);
    const before = started();
    // Whoever dials them, the other one pulls the switch.
    const puller = first.engine.house.fleet.runner(a) ? second : first;
    const killed = await puller.service.dialer.killAll('mary');
    expect(killed.campaigns.map(({ name }) => name)).toEqual(['Autumn', 'Winter']);
    expect(killed.stillOut.length).toBeGreaterThan(0);
    await clock.advance(60_000);
    expect(started()).toBe(before);
    for (const id of [a, b]) expect(await leasedOf(first, id)).toBe(0);
  });

  it('holds in another process though no message reaches it', async () => {
    const { first, second, houses, clock } = await twoHouses({ agents });
    await first.ready(...ids);
    const id = await campaignIn(first, numbers(20), { maxLines: 2 });
    for (const house of houses) for (const each of numbers(20)) house.fake.number(each, answers(2_000, 1_000));
    await first.service.commandCampaign(id, 'start');
    const started = () => houses.flatMap((house) => house.eventsOf('attempt.started')).length;
    await clock.runUntil(() => started() >= 2);
    await second.history.updateCampaign(id, { status: 'paused' });
    const before = started();
    await clock.advance(60_000);
    expect(started()).toBe(before);
    expect(await leasedOf(first, id)).toBe(0);
    for (const house of houses) expect(house.warnings).toEqual([]);
  });

  it('of a campaign that does not run answers what is out all the same', async () => {
    const { house, id } = await running([number(0)]);
    expect(await house.service.dialer.kill(id, 'mary')).toMatchObject({
      ok: true,
      value: { campaigns: [], stillOut: [] },
    });
    expect(await house.service.dialer.kill('campaign-none', 'mary')).toMatchObject({ ok: false, why: 'not-found' });
    expect((await house.service.campaign(id))?.campaign.status).toBe('draft');
  });
});
