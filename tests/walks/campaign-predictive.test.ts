import { describe, expect, it } from 'vitest';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const agents = Array.from({ length: 10 }, (_, index) => agentProfile(`a${index}`));

/** Every fourth answers. */
async function room(change = {}) {
  const house = await new WalkHouse({ agents }).start();
  const list = Array.from({ length: 900 }, (_, index) => `+35840${2_000_000 + index}`);
  for (const [index, each] of list.entries()) {
    house.fake.number(each, index % 4 === 0 ? answers(5_000 + (index % 7) * 900, 40_000 + (index % 5) * 9_000) : rings);
  }
  await house.ready(...agents.map(({ id }) => id));
  const id = await campaignIn(house, list, { maxLines: 90, cps: 30, ...change });
  return { house, id };
}

/** Share of the agents' time in talk, after the first minutes. */
async function run(house: WalkHouse, id: string): Promise<number> {
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(120_000);
  let [busy, seen] = [0, 0];
  for (let second = 0; second < 480; second += 1) {
    await house.clock.advance(1_000);
    const live = (await house.service.campaign(id))?.live;
    if (!live) break;
    busy += live.agents.talk + live.agents.wrap;
    seen += agents.length;
  }
  return busy / seen;
}

function drops(house: WalkHouse): { readonly live: number; readonly abandoned: number } {
  const outcomes = house.eventsOf('attempt.ended').map(({ data }) => data.outcome);
  const abandoned = outcomes.filter((outcome) => outcome === 'abandoned').length;
  return { live: house.eventsOf('call.answered').length, abandoned };
}

describe('modes that dial more than there are free agents', () => {
  it('predictive keeps agents busier than progressive, and its cap', async () => {
    const one = await room();
    const progressive = await run(one.house, one.id);
    const two = await room({ mode: 'predictive' });
    const predictive = await run(two.house, two.id);
    expect(predictive).toBeGreaterThan(progressive + 0.05);
    const { live, abandoned } = drops(two.house);
    expect(live).toBeGreaterThan(40);
    expect(abandoned).toBeLessThanOrEqual(Math.max(1, 0.03 * live));
    expect(two.house.warnings).toEqual([]);
    const paced = two.house.eventsOf('campaign.paced').at(-1);
    expect(Object.keys(paced?.data.numbers ?? {})).toEqual(expect.arrayContaining(['theta', 'bank', 'pi', 'room']));
  });

  it('knows after a crash how many were abandoned, and learns again', async () => {
    const { house, id } = await room({ mode: 'predictive' });
    await run(house, id);
    house.kill();
    await house.restart();
    for (const { id: agentId } of agents) await house.service.setAgentStatus(agentId, 'ready', null);
    await house.clock.advance(2_000);
    const live = (await house.service.campaign(id))?.live;
    const made = house.eventsOf('attempt.started').length;
    expect(live?.callsMade).toBe(made);
    const { live: answered, abandoned } = drops(house);
    expect(live?.dropsPercent).toBeCloseTo((100 * abandoned) / answered, 0);
    // The first decision of the new process knows already how many answer.
    const first = (await house.service.dialer.decisions(id))?.at(-1);
    expect(first?.numbers['answerRate']).toBeGreaterThan(0.15);
    expect(first?.numbers['answerRate']).toBeLessThan(0.4);
  });

  it('power needs a ratio', async () => {
    const house = await new WalkHouse({ agents }).start();
    await campaignIn(house, numbers(1));
    await expect(campaignIn(house, numbers(1), { mode: 'power' })).rejects.toThrow(
      'A power campaign needs `ratio`, the dials for each free agent.',
    );
  });
});
