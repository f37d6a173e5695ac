import { expect, it, vi } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile, ENTRY, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const NUMBERS = ['+358401234501', '+358401234502', '+358401234503'];

async function dialling(change: Partial<CampaignSettings>) {
  const agents = Array.from({ length: 8 }, (_, n) => agentProfile(`a${n}`, { campaigns: ['*'], skills: {} }));
  const gold = agentProfile('gina', { campaigns: ['*'], skills: { gold: 5 } });
  const house = await new WalkHouse({ agents: [...agents, gold] }).start();
  const made = await house.service.createCampaign({ ...AUTUMN, ...change });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  await house.service.importLeads(id, csv(NUMBERS));
  const start = async () => {
    expect(await house.service.commandCampaign(id, 'start')).toMatchObject({ ok: true });
    await house.clock.advance(1_000);
  };
  return { house, id, start, dials: () => house.eventsOf('attempt.started').length };
}

it('an agent who changes costs a look at him, not at everybody who serves or calls', async () => {
  const { house, id, start, dials } = await dialling({ maxLines: 2 });
  for (const number of NUMBERS) house.fake.number(number, rings);
  await house.ready('a0', 'a1');
  await start();
  expect(dials()).toBe(2);
  const others = Array.from({ length: 6 }, (_, n) => `a${n + 2}`);
  for (const other of others) await house.service.setAgentStatus(other, 'not-ready', 'lunch');
  const { desk, board, fleet } = house.engine.house;
  const looks = [vi.spyOn(desk, 'all'), vi.spyOn(board, 'all')];
  try {
    for (const other of others) {
      await house.service.setAgentStatus(other, 'ready', null);
      await fleet.idle();
    }
    expect(looks.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  } finally {
    for (const spy of looks) spy.mockRestore();
  }
  // It has seen them all the same; so many at once are decided on together.
  await house.clock.advance(50);
  expect(fleet.runner(id)?.because).toBe('8 agents are free and 2 dials are out, but only 0 of the lines are free.');
  await house.service.commandCampaign(id, 'stop');
  await house.expectNoLeaks();
});

it('a caller costs no look at everybody, where he is let in only when somebody could take him', async () => {
  const agents = [agentProfile('alice', { queues: ['billing'] }), agentProfile('bob', { queues: ['tech'] })];
  const queues = new Map([
    ['billing', queueProfile('billing', { refuseWhenNoAgents: true })],
    ['tech', queueProfile('tech')],
  ]);
  const house = await new WalkHouse({ agents, queues }).start();
  await house.ready('alice');
  const looks = vi.spyOn(house.engine.house.desk, 'all');
  try {
    const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
    await caller.until('hearing', 'language.choose');
    caller.press('11');
    await caller.until('bridged');
    expect(looks).not.toHaveBeenCalled();
    caller.hangUp();
  } finally {
    looks.mockRestore();
  }
  await house.expectNoLeaks();
});

it('nobody is dialled for an agent who has not the skills of the campaign', async () => {
  const { house, start, dials } = await dialling({ require: [{ skill: 'gold', level: 5 }] });
  for (const number of NUMBERS) house.fake.number(number, answers(2_000, 5_000));
  await house.ready('a0', 'a1');
  await start();
  await house.clock.advance(10_000);
  expect(dials()).toBe(0);
  await house.ready('gina');
  await house.clock.advance(60_000);
  expect(dials()).toBe(3);
  expect(house.eventsOf('call.connected').map(({ data }) => data.agentId)).toEqual(['gina', 'gina', 'gina']);
  await house.expectNoLeaks();
});
