import { expect, it } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { Carriers, linesOf, northAndSouth } from './carriers.ts';
import { FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const OTHER = '+358504445556';
const OUTSIDE = '+358409999999';
const MINUTE_MS = 60_000;
const LINES = 2;
/** One caller waits for billing and takes a callback, all others are put through to a number outside. */
const NODES = `
  first:
    type: switch
    cases: [{ when: 'call.from == "${CALLER}"', go: wait }]
    else: through
  wait:
    type: queue
    queue: billing
    offerCallback: { key: "1", within: 2h }
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, callbackTaken: bye }
  through:
    type: transfer
    to: "${OUTSIDE}"
    trunk: outside
    outcomes: { answeredEnd: bye, busy: bye, noAnswer: bye, failed: bye }`;

async function open(): Promise<FlowHouse> {
  const callbacks = { tries: 5, retryAfterMs: MINUTE_MS, ringMs: 15_000, trunk: 'outside' };
  const queues = new Map([['billing', queueProfile('billing', { callbacks })]]);
  const agents = [agentProfile('alice', { queues: ['billing'] })];
  const house = await new FlowHouse(NODES, { agents, queues, ...northAndSouth({ lines: LINES }) }).start();
  house.fake.phone('alice', answers(1_000, 40_000));
  for (const number of [CALLER, OUTSIDE]) house.fake.number(number, answers(2_000, 5_000));
  return house;
}

const overfull = (house: FlowHouse) => Object.values(linesOf(house)).some((lines) => lines > LINES);

/** The process dies before its `point`-th word to a store or the switch; false when the story was over before. */
async function story(point: number): Promise<boolean> {
  const house = await open();
  const carriers = new Carriers(house);
  carriers.down.add('north');
  house.diesIn = point;
  const caller = house.caller(CALLER);
  const others = [];
  for (let turn = 0; turn < 500 && !house.dead; turn += 1) {
    if (turn === 40 || turn === 160) caller.press('1');
    if (turn === 250) await Promise.race([house.ready('alice'), house.clock.advance(10)]);
    if ([245, 268, 280].includes(turn)) others.push(house.caller(OTHER));
    await house.clock.advance(100);
    if (turn % 10 === 0) expect(overfull(house)).toBe(false);
  }
  const died = house.dead;
  house.diesIn = 0;
  if (died) {
    house.kill();
    await house.restart();
  }
  carriers.down.clear();
  await house.clock.advance(1_000);
  expect(overfull(house)).toBe(false);
  if (house.agent('alice').status !== 'ready') await house.ready('alice');
  await house.clock.advance(8 * MINUTE_MS);
  for (const each of [caller, ...others]) if (each.cause === null) each.hangUp();
  await house.clock.advance(3 * MINUTE_MS);
  await house.expectNoLeaks();
  expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  for (const row of await house.flows.callbacks({ limit: 9 })) expect(row.state).toBe('done');
  if (!died) expect(house.eventsOf('leg.rerouted').length).toBeGreaterThan(1);
  return died;
}

it('no line of a trunk is lost or lent twice, wherever the process dies between a callback and transfers', async () => {
  const failures: string[] = [];
  let point = 1;
  for (let died = true; died && point < 600; point += 4) {
    try {
      died = await story(point);
    } catch (error) {
      failures.push(`dead at ${point}: ${String(error).slice(0, 600)}`);
    }
  }
  expect(failures).toEqual([]);
  expect(point).toBeGreaterThan(60);
}, 120_000);
