import { describe, expect, it } from 'vitest';
import { answers, type Party, rings } from '../support/fake-party.ts';
import { agentProfile, ENTRY } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const TALKERS = ['a1', 'a2', 'a3', 'a4', 'a5'];

/** Five who talk, ten who wait. */
async function busyHouse() {
  const house = await new WalkHouse({ agents: TALKERS.map((id) => agentProfile(id)) }).start();
  await house.ready(...TALKERS);
  const talking: Party[] = [];
  for (const _ of TALKERS) {
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    talking.push(caller);
  }
  const waiting: Party[] = [];
  for (let n = 0; n < 10; n += 1) waiting.push(await house.callerIn('1', `+3585000000${n}`));
  await house.clock.advance(5_000);
  return { house, talking, waiting };
}

describe('the process dies', () => {
  it('15 calls stay, are adopted, and are served in the order in which they came', async () => {
    const { house, talking, waiting } = await busyHouse();
    house.kill();
    expect([...talking, ...waiting].map((caller) => caller.phase)).toEqual(Array.from({ length: 15 }, () => 'up'));
    await house.restart();
    expect(house.eventsOf('switch.reconciled').at(-1)?.data).toMatchObject({
      adopted: 15,
      closed: 0,
      unknown: 0,
      freedAgents: 0,
    });
    expect(talking.every((caller) => caller.talkingWith.length === 1)).toBe(true);
    for (const [index, next] of waiting.entries()) {
      const talker = [...talking, ...waiting][index];
      talker?.hangUp();
      await next.until('bridged');
      expect(waiting.slice(index + 1).every((caller) => caller.talkingWith.length === 0)).toBe(true);
    }
    for (const caller of waiting.slice(5)) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('who hung up meanwhile is closed in the records, and his agent is free', async () => {
    const { house, talking, waiting } = await busyHouse();
    house.kill();
    talking[0]?.hangUp();
    waiting[3]?.hangUp();
    await house.restart();
    await house.clock.advance(1);
    const records = await house.history.callRecords({ limit: 50, before: null });
    expect(records.map(({ outcome, detected }) => ({ outcome, detected }))).toEqual([
      { outcome: 'abandoned', detected: 'reconcile' },
      { outcome: 'handled', detected: 'reconcile' },
    ]);
    await waiting[0]?.until('bridged');
    for (const caller of [...talking, ...waiting]) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('while an agent rings: the answer that nobody heard still joins the two', async () => {
    const house = await new WalkHouse().start();
    const phone = house.fake.phone('alice', answers(3_000));
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await phone.rung();
    await house.clock.advance(1_000);
    house.kill();
    await house.restart();
    await caller.until('bridged');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('in the middle of a menu: the caller can go on where he was', async () => {
    const house = await new WalkHouse().start();
    const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
    await caller.until('hearing', 'language.choose');
    caller.press('2');
    await caller.until('hearing', 'menu.main');
    house.kill();
    await house.restart();
    caller.press('1');
    await caller.until('hearing', 'queue.wait');
    expect(house.callOf(caller.legId)).toMatchObject({ language: 'sv', visit: { request: { queue: 'billing' } } });
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('a caller who came meanwhile is served by the next process', async () => {
    const house = await new WalkHouse().start();
    house.kill();
    const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
    await house.restart();
    await caller.until('hearing', 'language.choose');
    caller.hangUp();
    await house.expectNoLeaks();
  });
});

describe('the connection to the switch breaks', () => {
  it('calls go on, and what ended unseen is closed', async () => {
    const { house, talking, waiting } = await busyHouse();
    house.fake.disconnect();
    talking[1]?.hangUp();
    await house.clock.advance(3_000);
    house.fake.reconnect();
    await house.clock.advance(1);
    expect(house.eventsOf('switch.disconnected')).toHaveLength(1);
    await waiting[0]?.until('bridged');
    for (const caller of [...talking, ...waiting]) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('a switch that restarted has lost all calls: all are closed, all agents idle', async () => {
    const { house } = await busyHouse();
    house.fake.disconnect(true);
    await house.clock.advance(3_000);
    house.fake.reconnect(true);
    await house.expectNoLeaks();
    const records = await house.history.callRecords({ limit: 50, before: null });
    expect(records).toHaveLength(15);
    expect(records.every(({ detected }) => detected === 'reconcile')).toBe(true);
  });

  it('agents stay ready when it was the switch that failed their ring', async () => {
    const house = await new WalkHouse().start();
    const phone = house.fake.phone('alice', rings);
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await phone.rung();
    house.fake.disconnect(true);
    await house.clock.advance(2_000);
    house.fake.reconnect(true);
    await house.clock.advance(1);
    expect(caller.phase).toBe('ended');
    expect(house.agent('alice')).toMatchObject({ status: 'ready', state: 'idle' });
    await house.expectNoLeaks();
  });

  it('a hang-up that could not be sent is made good afterwards', async () => {
    const house = await new WalkHouse().start();
    const caller = await house.callerIn('1');
    house.fake.disconnect();
    for (const { id } of house.service.calls()) house.service.hangupCall(id);
    await house.clock.advance(1_000);
    house.fake.reconnect();
    await caller.until('ended');
    await house.clock.runUntil(() => house.service.calls().length === 0, 'the call over');
  });

  it('another process takes over: this one stops acting', async () => {
    const { house, talking } = await busyHouse();
    house.fake.fence();
    await house.clock.advance(60_000);
    expect(house.fenced).toHaveLength(1);
    expect(talking.every((caller) => caller.talkingWith.length === 1)).toBe(true);
  });
});

describe('the live store is away', () => {
  it('callers are served on; what happened is written when it is back', async () => {
    const house = await new WalkHouse().start();
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    house.live.away = true;
    await house.clock.advance(2_000);
    caller.hangUp();
    await house.clock.runUntil(() => house.service.calls().length === 0);
    house.live.away = false;
    const next = await house.callerIn('1');
    await next.until('bridged');
    next.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'idle');
    expect(house.fake.leaks()).toEqual([]);
    const live = house.live.connect();
    await house.clock.advance(60_000);
    expect(await live.loadCalls()).toEqual([]);
  });
});
