import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, busy, congested, type Party, rejects, rings, unknownNumber } from '../support/fake-party.ts';
import { agentProfile, ENTRY } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const number = (index: number) => `+3584012345${String(index).padStart(2, '0')}`;

async function campaign(house: WalkHouse, numbers: readonly string[], change: Partial<CampaignSettings> = {}) {
  const made = await house.service.createCampaign({ ...AUTUMN, ...change });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  const added = await house.service.importLeads(id, csv(numbers));
  expect(added).toMatchObject({ ok: true, value: { added: numbers.length, rejected: 0 } });
  return id;
}

async function finished(house: WalkHouse, id: string): Promise<void> {
  let status = '';
  for (let turn = 0; turn < 10_000 && status !== 'finished'; turn += 1) {
    await house.clock.advance(250);
    status = (await house.history.campaign(id))?.status ?? '';
  }
  expect(status).toBe('finished');
}

/** The most dials that were out at once with no agent of their own, from the journal. */
function mostUncovered(house: WalkHouse): number {
  let [out, most] = [0, 0];
  for (const { type } of house.events) {
    if (type === 'attempt.started') out += 1;
    if (type === 'call.connected' || type === 'attempt.ended') out = Math.max(0, out - 1);
    most = Math.max(most, out);
  }
  return most;
}

describe('a progressive campaign', () => {
  it('every lead ends with one outcome, told apart', async () => {
    const house = await new WalkHouse().start();
    const lines = [answers(3_000, 5_000), busy, rings, rejects(), unknownNumber, congested, answers(4_000, 3_000)];
    for (const [index, behaviour] of lines.entries()) house.fake.number(number(index), behaviour);
    await house.ready('alice', 'bob');
    const id = await campaign(
      house,
      lines.map((_, index) => number(index)),
    );
    await house.service.commandCampaign(id, 'start');
    await finished(house, id);
    await house.expectNoLeaks();
    const leads = await house.service.leads(id, { limit: 50, before: null });
    expect(Object.fromEntries(leads.map((lead) => [lead.number, lead.outcome]))).toEqual({
      [number(0)]: 'connected',
      [number(1)]: 'busy',
      [number(2)]: 'no-answer',
      [number(3)]: 'rejected',
      [number(4)]: 'invalid-number',
      [number(5)]: 'congestion',
      [number(6)]: 'connected',
    });
    const view = await house.service.campaign(id);
    const journal = house
      .eventsOf('attempt.ended')
      .map(({ data }) => data.outcome)
      .toSorted();
    const counted = Object.entries(view?.outcomes ?? {}).flatMap(([outcome, count]) =>
      Array.from({ length: count }, () => outcome),
    );
    expect(journal).toEqual(counted.toSorted());
  });

  it('never dials more than there are free agents', async () => {
    const agents = ['a1', 'a2', 'a3'].map((id) => agentProfile(id));
    const house = await new WalkHouse({ agents }).start();
    for (let index = 0; index < 30; index += 1) house.fake.number(number(index), answers(2_000 + index * 100, 4_000));
    await house.ready('a1', 'a2', 'a3');
    const id = await campaign(
      house,
      Array.from({ length: 30 }, (_, index) => number(index)),
    );
    await house.service.commandCampaign(id, 'start');
    await finished(house, id);
    expect(mostUncovered(house)).toBe(3);
    expect(house.eventsOf('call.abandoned')).toEqual([]);
    await house.expectNoLeaks();
  });

  it('an inbound caller does not take the agent whom a ringing dial counts on', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    house.fake.number(number(0), answers(8_000, 5_000));
    await house.ready('alice');
    const id = await campaign(house, [number(0)]);
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 1);
    const caller = await house.callerIn('1');
    await finished(house, id);
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'connected' } }]);
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('keeps its lines and call starts per second', async () => {
    const agents = Array.from({ length: 8 }, (_, index) => agentProfile(`a${index}`));
    const house = await new WalkHouse({ agents }).start();
    for (let index = 0; index < 20; index += 1) house.fake.number(number(index), rings);
    await house.ready(...agents.map(({ id }) => id));
    const id = await campaign(
      house,
      Array.from({ length: 20 }, (_, index) => number(index)),
      { cps: 2, maxLines: 5 },
    );
    await house.service.commandCampaign(id, 'start');
    await finished(house, id);
    const starts = house.eventsOf('attempt.started').map(({ at }) => at);
    const inAnySecond = starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length);
    expect(Math.max(...inAnySecond)).toBe(2);
    const changes = house.events.flatMap(({ type }) =>
      type === 'attempt.started' ? [1] : type === 'attempt.ended' ? [-1] : [],
    );
    let held = 0;
    expect(Math.max(...changes.map((change) => (held += change)))).toBe(5);
    await house.expectNoLeaks();
  });

  it('a person for whom no agent comes in time hears the message and is abandoned', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    house.fake.number(number(0), answers(3_000));
    house.fake.phone('alice', rings);
    await house.ready('alice');
    const id = await campaign(house, [number(0)]);
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('call.abandoned').length === 1);
    const person = house.fake.number(number(0)).party;
    await house.clock.advance(1);
    expect(person.hearing).toContain('campaign.abandoned');
    await finished(house, id);
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'abandoned' } }]);
    expect(house.agent('alice')).toMatchObject({ status: 'ready', state: 'idle' });
    await house.expectNoLeaks();
  });

  it('a busy lead is dialled again after its time, at most as often as allowed', async () => {
    const house = await new WalkHouse().start();
    house.fake.number(number(0), busy);
    await house.ready('alice');
    const id = await campaign(house, [number(0)], { maxAttempts: 3, retryAfterMs: 30_000 });
    await house.service.commandCampaign(id, 'start');
    await finished(house, id);
    const starts = house.eventsOf('attempt.started').map(({ at }) => at);
    expect(starts).toHaveLength(3);
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(30_000);
    await house.expectNoLeaks();
  });

  it('pause stops new dials and lets what rings be; start goes on; stop is for good', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    for (let index = 0; index < 5; index += 1) house.fake.number(number(index), answers(3_000, 2_000));
    await house.ready('alice');
    const id = await campaign(
      house,
      Array.from({ length: 5 }, (_, index) => number(index)),
    );
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 1);
    await house.service.commandCampaign(id, 'pause');
    await house.clock.advance(60_000);
    expect(house.eventsOf('attempt.started')).toHaveLength(1);
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'connected' } }]);
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 2);
    await house.service.commandCampaign(id, 'stop');
    expect(await house.service.commandCampaign(id, 'start')).toMatchObject({ ok: false, why: 'conflict' });
    await house.expectNoLeaks();
  });

  it('the same list twice adds nothing, and bad rows are told by line', async () => {
    const house = await new WalkHouse().start();
    const id = await campaign(house, [number(0), number(1)]);
    expect(await house.service.importLeads(id, csv([number(0), number(1), 'nonsense']))).toMatchObject({
      ok: true,
      value: { rows: 3, added: 0, duplicates: 2, rejected: 1, errors: [{ line: 4 }] },
    });
  });

  it('an agent who serves no campaign is never called by one', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('alice', { campaigns: [] })] }).start();
    await house.ready('alice');
    const id = await campaign(house, [number(0)]);
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(60_000);
    expect(house.eventsOf('attempt.started')).toEqual([]);
    expect((await house.service.campaign(id))?.because).toBe('No agent is free.');
    expect(house.fake.leaks()).toEqual([]);
  });

  it('the process dies with dials out: each lead still ends with one outcome', async () => {
    const agents = ['a1', 'a2', 'a3'].map((id) => agentProfile(id));
    const house = await new WalkHouse({ agents }).start();
    for (let index = 0; index < 6; index += 1) house.fake.number(number(index), answers(4_000, 6_000));
    await house.ready('a1', 'a2', 'a3');
    const id = await campaign(
      house,
      Array.from({ length: 6 }, (_, index) => number(index)),
    );
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 3);
    await house.clock.advance(1_000);
    house.kill();
    await house.restart();
    await finished(house, id);
    await house.expectNoLeaks();
    const attempts = await house.service.attempts(id, { limit: 50, before: null });
    expect(attempts).toHaveLength(6);
    expect(attempts.every(({ outcome }) => outcome !== null)).toBe(true);
    expect(house.fake.call({ from: null, to: ENTRY }).phase).toBe('ringing');
  });

  it('a dial that rang when the process died counts on its agent still', async () => {
    const list = [0, 1].map(number);
    const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    for (const each of list) house.fake.number(each, rings);
    await house.ready('alice');
    const id = await campaign(house, list, { ringMs: 60_000 });
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('leg.ringing').length === 1, 'a phone rings');
    house.kill();
    await house.restart();
    await house.clock.advance(10_000);
    expect(house.eventsOf('attempt.started')).toHaveLength(1);
  });

  it('in a house that serves callers too, nobody who was rung meets nobody', async () => {
    const agents = ['a1', 'a2', 'a3'].map((id) => agentProfile(id));
    const house = await new WalkHouse({ agents }).start();
    house.claimMs = 400;
    for (const { phone } of agents) house.fake.phone(phone, answers(1_000, 7_000));
    for (let index = 0; index < 30; index += 1) house.fake.number(number(index), answers(3_000 + index * 130, 6_000));
    await house.ready('a1', 'a2', 'a3');
    const id = await campaign(
      house,
      Array.from({ length: 30 }, (_, index) => number(index)),
    );
    await house.service.commandCampaign(id, 'start');
    const callers: Party[] = [];
    for (let n = 0; n < 25; n += 1) {
      callers.push(await house.callerIn(n % 2 === 0 ? '1' : '2', `+35850000${100 + n}`));
      await house.clock.advance(1_700);
    }
    await finished(house, id);
    expect(house.eventsOf('attempt.ended').map(({ data }) => data.outcome)).toEqual(
      Array.from({ length: 30 }, () => 'connected'),
    );
    await house.expectNoLeaks();
  });
});
