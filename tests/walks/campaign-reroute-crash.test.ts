import { expect, it } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, numbers } from './campaign-house.ts';
import { Carriers, linesOf, northAndSouth } from './carriers.ts';
import { WalkHouse } from './house.ts';

const LEADS = 3;
const agents = ['alice', 'bob'].map((id) => agentProfile(id));

/** The process dies before its `point`-th word to a store or the switch; false when the story was over before. */
async function story(point: number): Promise<boolean> {
  const house = await new WalkHouse({ agents, ...northAndSouth() }).start();
  const carriers = new Carriers(house);
  carriers.down.add('north');
  for (const each of numbers(LEADS)) house.fake.number(each, answers(2_000, 3_000));
  await house.ready('alice', 'bob');
  const id = await campaignIn(house, numbers(LEADS), { trunk: 'outside', maxAttempts: 1 });
  await house.service.commandCampaign(id, 'start');
  house.diesIn = point;
  for (let turn = 0; turn < 300 && !house.dead; turn += 1) await house.clock.advance(100);
  const died = house.dead;
  house.diesIn = 0;
  if (died) {
    house.kill();
    await house.restart();
  }
  await house.clock.advance(1_000);
  for (const { id: agent } of agents) if (house.agent(agent).status !== 'ready') await house.ready(agent);
  await house.clock.advance(180_000);
  await house.expectNoLeaks();
  // Who may have been dialled by a trunk is not dialled by it again, and not by the first one after the second.
  for (const each of numbers(LEADS)) {
    const trunks = carriers.dialled.flatMap(({ trunk, number }) => (number === each ? [trunk] : []));
    expect([[], ['north'], ['north', 'south']]).toContainEqual(trunks);
  }
  const page = { limit: 50, before: null };
  expect(await house.history.openAttempts()).toEqual([]);
  for (const lead of await house.service.leads(id, page)) expect(lead).toMatchObject({ status: 'done', attempts: 1 });
  expect((await house.history.attempts(id, page)).length).toBe(LEADS);
  expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  if (!died) expect(house.eventsOf('leg.rerouted')).toHaveLength(LEADS);
  return died;
}

it('nobody is dialled twice by a trunk, wherever the process dies between two trunks of an attempt', async () => {
  const failures: string[] = [];
  let point = 1;
  for (let died = true; died && point < 600; point += 1) {
    try {
      died = await story(point);
    } catch (error) {
      failures.push(`dead at ${point}: ${String(error).slice(0, 900)}`);
    }
  }
  expect(failures).toEqual([]);
  expect(point).toBeGreaterThan(40);
}, 240_000);
