import { describe, expect, it } from 'vitest';
import { answers, busy } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { FlowHouse, messagesBut } from './flow-house.ts';

const CALLER = '+358501112223';
const OTHER = '+358504445556';
const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];
const callbacks = { tries: 2, retryAfterMs: 5 * MINUTE_MS, ringMs: 15_000, trunk: null };

async function open(change = {}, beside?: ConstructorParameters<typeof FlowHouse>[2]): Promise<FlowHouse> {
  const profile = queueProfile('billing', { box: 'support', callbacks, maxWaitMs: HOUR_MS, ...change });
  const agents = [agentProfile('alice', { queues: ['billing'] })];
  const house = await new FlowHouse(
    messagesBut(OTHER),
    { agents, queues: new Map([['billing', profile]]) },
    beside,
  ).start();
  house.fake.phone('alice', answers(1_000));
  return house;
}

const messages = (house: FlowHouse) => house.engine.house.flowDesk.voicemails({ limit: 9 });

/** Alice has answered and hears what it is about. */
async function heard(house: FlowHouse, times = 1) {
  const alice = await house.fake.phone('alice').rung(times);
  await alice.until('hearing', 'work.message');
  return alice;
}

describe('a message with a promised answer', () => {
  it('is heard by an agent, who says by key that it is done', async () => {
    const house = await open();
    await house.leaveMessage();
    await house.ready('alice');
    const alice = await heard(house);
    await alice.until('hearing', 'work.choice');
    expect(alice.heard.join()).toMatch(/work\.message,recording:\w+,file:en\/work\.choice/);
    alice.press('7');
    alice.press('2');
    await alice.until('ended');
    expect(await messages(house)).toMatchObject([{ state: 'done', by: 'alice' }]);
    expect(house.eventsOf('voicemail.done')).toMatchObject([{ data: { agentId: 'alice', box: 'support' } }]);
    await house.expectNoLeaks();
  });

  it('leads back to the caller by key 1', async () => {
    const house = await open();
    await house.leaveMessage();
    const line = house.fake.number(CALLER, answers(2_000));
    await house.ready('alice');
    const alice = await heard(house);
    alice.press('1');
    await (await line.rung()).until('bridged');
    expect(house.eventsOf('callback.answered')).toMatchObject([{ data: { of: 'voicemail', attempt: 1 } }]);
    alice.hangUp();
    await house.expectNoLeaks();
    expect(await messages(house)).toMatchObject([{ state: 'done', by: 'alice', tries: 1 }]);
  });

  it('is said again by key 3, goes back in line by a hang-up, and is not lost when nobody says anything', async () => {
    const house = await open();
    await house.leaveMessage();
    await house.ready('alice');
    const alice = await heard(house);
    await alice.until('hearing', 'work.choice');
    alice.press('3');
    await alice.until('hearing', 'work.message');
    alice.hangUp();
    await house.clock.runUntil(() => house.eventsOf('voicemail.returned').length === 1, 'back in line');
    const again = await heard(house, 2);
    await again.until('ended');
    expect(again.heard.filter((piece) => piece.includes('work.choice'))).toHaveLength(3);
    expect(await messages(house)).toMatchObject([{ state: 'heard', by: 'alice' }]);
    (await heard(house, 3)).press('2');
    await house.expectNoLeaks();
  });

  it('whose caller is not reached comes again, so many times, and then stays for people', async () => {
    const house = await open();
    await house.leaveMessage();
    const line = house.fake.number(CALLER, busy);
    await house.ready('alice');
    (await heard(house)).press('1');
    await line.rung();
    (await heard(house, 2)).press('1');
    await line.rung(2);
    await house.clock.advance(HOUR_MS);
    expect(house.fake.phone('alice').parties).toHaveLength(2);
    expect(await messages(house)).toMatchObject([{ state: 'heard', tries: 2 }]);
    await house.expectNoLeaks();
  });

  it('of who withholds his number cannot be answered, only done', async () => {
    const house = await open();
    await house.leaveMessage(null);
    await house.ready('alice');
    const alice = await heard(house);
    await alice.until('hearing', 'work.choice.nobody');
    alice.press('1');
    await house.clock.advance(100);
    expect(alice.cause).toBeNull();
    alice.press('2');
    await house.expectNoLeaks();
  });

  it('comes after callers who wait, until its time is near', async () => {
    for (const [waitedMs, first] of [
      [HOUR_MS, 'caller'],
      [3.5 * HOUR_MS, 'message'],
    ] as const) {
      const house = await open();
      await house.leaveMessage();
      await house.clock.advance(waitedMs);
      const caller = house.caller(OTHER);
      await house.clock.advance(MINUTE_MS);
      await house.ready('alice');
      const alice = await house.fake.phone('alice').rung();
      await house.clock.advance(2_000);
      expect(alice.heard.join().includes('work.message') ? 'message' : 'caller').toBe(first);
      if (first === 'message') alice.press('2');
      await caller.until('bridged');
      caller.hangUp();
      if (first === 'caller') (await heard(house, 2)).press('2');
      await house.expectNoLeaks();
    }
  });

  it('done over the API while it waits rings nobody', async () => {
    const house = await open();
    await house.leaveMessage();
    await house.clock.advance(10_000);
    expect(house.service.calls()).toHaveLength(1);
    const [message] = await messages(house);
    await house.engine.house.flowDesk.moveVoicemail(message?.id ?? '', 'done', 'olli');
    await house.clock.advance(40_000);
    expect(house.service.calls()).toEqual([]);
    await house.ready('alice');
    await house.clock.advance(10_000);
    expect(house.fake.phone('alice').parties).toHaveLength(0);
    await house.expectNoLeaks();
  });

  it('is not erased while an agent hears it, and is when he has put it back', async () => {
    const house = await open();
    await house.leaveMessage();
    const [message] = await messages(house);
    const erase = () => house.engine.house.flowDesk.eraseVoicemail(message?.id ?? '', 'olli');
    await house.ready('alice');
    const alice = await heard(house);
    expect(await erase()).toEqual({
      ok: false,
      why: 'conflict',
      sentence: 'alice has this message in hand; erase it when it is dealt with or back in line.',
    });
    expect(house.recordings.kept.size).toBe(1);
    await house.service.setAgentStatus('alice', 'not-ready', 'tea');
    alice.hangUp();
    await house.clock.advance(10_000);
    expect(await erase()).toMatchObject({ ok: true });
    expect([await messages(house), house.recordings.kept.size]).toEqual([[], 0]);
    await house.expectNoLeaks();
  });

  it('is not erased by another process either while an agent hears it', async () => {
    const house = await open();
    const other = await open({}, { house, node: 'fake-2' });
    await house.leaveMessage();
    const [message] = await messages(house);
    const erase = () => other.engine.house.flowDesk.eraseVoicemail(message?.id ?? '', 'olli');
    await house.ready('alice');
    const alice = await heard(house);
    expect(await erase()).toMatchObject({ ok: false, why: 'conflict', sentence: expect.stringContaining('alice') });
    await house.service.setAgentStatus('alice', 'not-ready', 'tea');
    alice.hangUp();
    await house.clock.advance(10_000);
    expect(await erase()).toMatchObject({ ok: true });
    await house.clock.advance(2 * MINUTE_MS);
    expect([await messages(house), house.service.calls(), other.service.calls()]).toEqual([[], [], []]);
  });

  it('erased while it waits or a phone rings for it is heard by nobody', async () => {
    for (const rings of [false, true]) {
      const house = await open();
      await house.leaveMessage();
      const [message] = await messages(house);
      if (rings) {
        await house.ready('alice');
        await house.fake.phone('alice').rung();
      } else {
        await house.clock.advance(10_000);
        expect(house.service.calls()).toHaveLength(1);
      }
      expect(await house.engine.house.flowDesk.eraseVoicemail(message?.id ?? '', 'olli')).toMatchObject({ ok: true });
      if (!rings) await house.ready('alice');
      await house.clock.advance(40_000);
      expect(house.service.calls()).toEqual([]);
      expect(house.fake.phone('alice').parties.flatMap(({ heard: words }) => words)).toEqual([]);
      await house.expectNoLeaks();
    }
  });

  it('outlives its process wherever that dies', async () => {
    for (let point = 1; point < 300; point += 1) {
      const house = await open();
      await house.leaveMessage();
      const line = house.fake.number(CALLER, answers(1_000, 3_000));
      house.fake.phone('alice', answers(1_000, 30_000));
      house.diesIn = point;
      await Promise.race([house.ready('alice'), house.clock.advance(10)]);
      for (let turn = 0; turn < 200 && !house.dead; turn += 1) {
        if (turn === 30) house.fake.phone('alice').parties.at(-1)?.press('1');
        await house.clock.advance(100);
      }
      const died = house.dead;
      house.diesIn = 0;
      if (died) {
        house.kill();
        await house.restart();
      }
      if (house.agent('alice').status !== 'ready') await house.ready('alice');
      for (let turn = 0; turn < 60 && (await messages(house))[0]?.state !== 'done'; turn += 1) {
        await house.clock.advance(10_000);
        house.fake.phone('alice').parties.at(-1)?.press('1');
      }
      const [message] = await messages(house);
      expect(message?.state, `dead at ${point}`).toBe('done');
      expect(line.parties.length, `dead at ${point}`).toBeLessThanOrEqual(message?.tries ?? 0);
      await house.expectNoLeaks();
      if (!died) return;
    }
    throw new Error('it never came to an end');
  }, 60_000);
});
