import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/call/routing.ts';
import { came, connected, dialled, type Line, over, queued, ready, report, state, talked } from './kpi-lines.ts';

/** Alice goes from one state to the next with this call, each told with how long it had lasted. */
function spells(callId: string, from: number, steps: readonly (readonly [AgentState, number])[]): Line[] {
  let [at, before, lasted]: [number, AgentState, number] = [from, 'idle', 0];
  return steps.map(([next, seconds]) => {
    const line = state(at, before, next, lasted, before === 'wrap-up' ? null : callId);
    [at, before, lasted] = [at + seconds, next, seconds];
    return line;
  });
}

const served = (id: string, from: number, talk: number, wrapUp: number, rang = 3): Line[] =>
  spells(id, from - rang, [
    ['reserved', 1],
    ['ringing', rang - 1],
    ['talking', talk],
    ['wrap-up', wrapUp],
    ['idle', 0],
  ]);

/** A caller waits for 5 s, speaks for a minute and costs 10 s of wrap-up. */
const inbound = (id: string, at: number): Line[] => [
  came(id, at),
  queued(id, at),
  connected(id, at + 5, 5),
  talked(id, at + 65, 60),
  over(id, at + 65, 65),
  ...served(id, at + 5, 60, 10),
];

/** A person of a campaign speaks for 100 s and costs a minute of wrap-up. */
const campaign = (id: string, at: number): Line[] => [
  dialled(id, at),
  queued(id, at + 10, 'campaign:x'),
  connected(id, at + 12, 2, 'campaign:x'),
  talked(id, at + 112, 100),
  over(id, at + 112, 112),
  ...served(id, at + 12, 100, 60, 2),
];

/** Somebody is rung back: the agent is reserved before anything is told of the call. */
const callback = (id: string, at: number): Line[] => [
  ...served(id, at + 20, 80, 30, 18),
  dialled(id, at + 3),
  connected(id, at + 20, 600),
  talked(id, at + 100, 80),
  over(id, at + 100, 100),
];

const inOrder = (lines: readonly Line[]): Line[] => lines.toSorted((a, b) => a[1] - b[1]);

describe('in a house that calls and is called', () => {
  const rates = { perMinute: 0.6, perAgentSecond: 0.01 };
  const alone = report(inOrder([ready(0), ...inbound('a', 0)]), rates);
  const blended = report(
    inOrder([ready(0), ...inbound('a', 0), ...campaign('b', 100), ...campaign('c', 300), ...callback('d', 600)]),
    rates,
  );

  it('the handle time is that of calls that came in', () => {
    expect(alone.all).toMatchObject({ handled: 1, aht: 70_000 });
    expect(blended.all).toMatchObject({ handled: 1, aht: 70_000 });
    expect(blended.queues).toEqual(alone.queues);
    expect(blended.queues['support']).toMatchObject({ handled: 1, aht: 70_000 });
  });

  it('the price is that of calls that came in: 65 s of a call, 73 s of an agent', () => {
    expect(alone.all.cost).toBeCloseTo((65 / 60) * 0.6 + 73 * 0.01, 10);
    expect(blended.all.cost).toBe(alone.all.cost);
  });

  it('all other figures of callers stand as they were, and occupancy knows of all work', () => {
    const { occupancy: busyAlone, cost: _a, outbound: none, ...inboundAlone } = alone.all;
    const { occupancy: busyBlended, cost: _b, outbound, ...inboundBlended } = blended.all;
    expect([none.connected, outbound.connected, outbound.talkMs]).toEqual([0, 3, 280_000]);
    expect(inboundBlended).toEqual(inboundAlone);
    // 2 s idle till she is reserved.
    expect(busyAlone).toBeCloseTo(73 / 75, 10);
    // 73 s with the caller, 162 s with each of the campaign, 128 s for the callback.
    expect(busyBlended).toBeCloseTo((73 + 2 * 162 + 128) / 730, 10);
  });

  it('the calls of an agent are told apart', () => {
    expect(blended.agents['alice']).toMatchObject({ handled: 1, outbound: 3 });
  });
});

it('wrap-up is work of the queue of the talk, not of one where the agent was before', () => {
  const { queues } = report(
    inOrder([
      ready(0),
      ...inbound('a', 0),
      // Handed over to alice by bob, so that she was connected to nobody in this queue.
      came('b', 100),
      queued('b', 100, 'tech'),
      connected('b', 110, 10, 'tech', 'bob'),
      ...served('b', 150, 40, 25),
      over('b', 190, 90),
    ]),
  );
  expect(queues['support']).toMatchObject({ aht: 70_000 });
  expect(queues['tech']).toMatchObject({ handled: 1, aht: 25_000 });
});
