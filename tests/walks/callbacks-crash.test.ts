import { describe, expect, it } from 'vitest';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const NODES = callbackNodes('2h');
const MINUTE_MS = 60_000;
const callbacks = { tries: 5, retryAfterMs: MINUTE_MS, ringMs: 15_000, trunk: null };

async function open(): Promise<FlowHouse> {
  const queues = new Map([['billing', queueProfile('billing', { callbacks })]]);
  const agents = [agentProfile('alice', { queues: ['billing'] })];
  const house = await new FlowHouse(NODES, { agents, queues }).start();
  house.fake.phone('alice', answers(1_000, 40_000));
  house.fake.number(CALLER, answers(2_000, 5_000));
  return house;
}

/** The process dies before its `point`-th word to a store or the switch; false when the story was over before. */
async function story(point: number): Promise<boolean> {
  const house = await open();
  house.diesIn = point;
  const caller = house.caller(CALLER);
  for (let turn = 0; turn < 700 && !house.dead; turn += 1) {
    if (turn === 40 || turn === 160) caller.press('1');
    if (turn === 250) await Promise.race([house.ready('alice'), house.clock.advance(10)]);
    await house.clock.advance(100);
  }
  const died = house.dead;
  house.diesIn = 0;
  if (died) {
    house.kill();
    await house.restart();
  }
  await house.clock.advance(1_000);
  if (house.agent('alice').status !== 'ready') await house.ready('alice');
  await house.clock.advance(8 * MINUTE_MS);
  if (caller.cause === null) caller.hangUp();
  await house.clock.advance(3 * MINUTE_MS);
  await house.expectNoLeaks();
  const rows = await house.flows.callbacks({ limit: 9 });
  const line = house.fake.number(CALLER);
  const talks = house.eventsOf('callback.answered').length;
  expect(rows.length).toBeLessThanOrEqual(1);
  for (const row of rows) expect(row.state).toBe('done');
  // The number is never rung more often than was written down before, and nobody is called back twice.
  if (rows[0]) expect(line.parties.length).toBeLessThanOrEqual(rows[0].tries);
  expect(talks).toBeLessThanOrEqual(1);
  if (!died) expect([rows.length, talks, line.parties.length]).toEqual([1, 1, 1]);
  return died;
}

describe('a callback outlives its process', () => {
  it('wherever it dies: it is kept once, and nobody is rung twice at once', async () => {
    const failures: string[] = [];
    let point = 1;
    for (let died = true; died && point < 500; point += 1) {
      try {
        died = await story(point);
      } catch (error) {
        failures.push(`dead at ${point}: ${String(error).slice(0, 600)}`);
      }
    }
    expect(failures).toEqual([]);
    expect(point).toBeGreaterThan(40);
  }, 120_000);

  it('when its call is lost with the live store, another takes it after its hold', async () => {
    const house = await open();
    const caller = house.caller(CALLER);
    await caller.until('hearing', 'callback.offer');
    caller.press('1');
    await caller.until('hearing', 'callback.choice');
    caller.press('1');
    await caller.until('ended');
    house.kill();
    const live = house.live.connect();
    for (const { id } of await live.loadCalls()) await live.saveCall(id, null, []);
    await house.restart();
    await house.ready('alice');
    const line = house.fake.number(CALLER, rings);
    await house.clock.advance(80_000);
    expect(line.parties).toHaveLength(0);
    line.behaviour = answers(1_000, 5_000);
    await line.rung();
    await house.expectNoLeaks();
    expect(await house.flows.callbacks({ limit: 9 })).toMatchObject([{ state: 'done', tries: 1 }]);
  });
});
