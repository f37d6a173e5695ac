import { describe, expect, it } from 'vitest';
import type { Whom } from '../../src/engine/ports/talk.ts';
import { answers, busy, congested, rings } from '../support/fake-party.ts';
import { Carriers, linesOf, northAndSouth } from './carriers.ts';
import { FlowHouse } from './flow-house.ts';
import { TalkHouse } from './talk-house.ts';

const OUTSIDE = '+358409999999';
const CALLER = '+358501112223';
const DEADLY = { backOffAfter: 3, backOffMs: 2_000, backOffMostMs: 300_000, deadAfter: 1, probeEveryMs: 600_000 };

/** All who call are put through to that number, by that trunk or group. */
async function putThrough(via: string, change: Parameters<typeof northAndSouth>[0] = {}) {
  const nodes = `
  first:
    type: transfer
    to: "${OUTSIDE}"
    trunk: ${via}
    outcomes: { answeredEnd: bye, busy: bye, noAnswer: bye, failed: bye }`;
  const house = await new FlowHouse(nodes, northAndSouth(change)).start();
  return { house, carriers: new Carriers(house), line: house.fake.number(OUTSIDE, answers(2_000)) };
}

describe('a transfer', () => {
  it('goes on by the next trunk when one answers 503, with the number of the caller', async () => {
    const { house, carriers, line } = await putThrough('outside');
    carriers.down.add('north');
    const caller = house.caller(CALLER);
    await caller.until('bridged');
    expect(carriers.dialled).toEqual([
      { trunk: 'north', number: OUTSIDE, shown: CALLER },
      { trunk: 'south', number: OUTSIDE, shown: CALLER },
    ]);
    expect(linesOf(house)).toEqual({ north: 0, south: 1 });
    line.party.hangUp();
    await caller.until('ended');
    expect(house.left('first')).toEqual(['answeredEnd']);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
    await house.expectNoLeaks();
  });

  it('ends as ever when its one trunk answers 503, and as busy when the far end is', async () => {
    const { house, line } = await putThrough('north');
    line.behaviour = congested;
    await house.caller().until('ended');
    line.behaviour = busy;
    await house.caller().until('ended');
    expect(house.left('first')).toEqual(['failed', 'busy']);
    expect(line.parties).toHaveLength(2);
    expect(house.eventsOf('leg.rerouted')).toEqual([]);
    await house.expectNoLeaks();
  });

  it('takes the line of another trunk when the first has none, and fails at once when none is left', async () => {
    const { house, carriers } = await putThrough('outside', { lines: 1 });
    const callers = [CALLER, `${CALLER}1`, `${CALLER}2`].map((from) => house.caller(from));
    const [last] = callers.slice(-1);
    await last?.until('ended');
    expect(house.left('first')).toEqual(['failed']);
    expect(carriers.dialled.map(({ trunk }) => trunk)).toEqual(['north', 'south']);
    await callers[0]?.until('bridged');
    expect(linesOf(house)).toEqual({ north: 1, south: 1 });
    for (const caller of callers.slice(0, 2)) caller.hangUp();
    await house.expectNoLeaks();
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });

  it('does not wait for the pace of a trunk, nor for one that is dead when there is no other', async () => {
    const { house, carriers } = await putThrough('north', { cps: 1, care: DEADLY });
    const callers = [CALLER, `${CALLER}1`].map((from) => house.caller(from));
    for (const caller of callers) await caller.until('bridged');
    for (const caller of callers) caller.hangUp();
    await house.clock.advance(5_000);
    carriers.down.add('north');
    await house.caller(CALLER).until('ended');
    expect(house.eventsOf('trunk.down')).toHaveLength(1);
    carriers.down.clear();
    await house.clock.advance(1_000);
    const caller = house.caller(CALLER);
    await caller.until('bridged');
    expect(house.eventsOf('trunk.up')).toHaveLength(1);
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('is not made by a trunk that does not lead there', async () => {
    const { house, carriers } = await putThrough('outside', { routes: [{ prefix: '+46', perMinute: 1 }] });
    await house.caller(CALLER).until('ended');
    expect([carriers.dialled.length, house.left('first')]).toEqual([0, ['failed']]);
    await house.expectNoLeaks();
  });
});

describe('who is reached at a number outside', () => {
  const outside = { kind: 'number', number: OUTSIDE, trunk: 'outside' } as const satisfies Whom;

  async function talkHouse(change: Parameters<typeof northAndSouth>[0] = {}) {
    const house = new TalkHouse(northAndSouth(change));
    const carriers = new Carriers(house);
    carriers.down.add('north');
    return { house, carriers };
  }

  it('comes into a talk by the second trunk when the first answers 503', async () => {
    const { house, carriers } = await talkHouse();
    const caller = await house.talking();
    await house.act('alice', { type: 'consult', to: outside });
    await house.clock.runUntil(() => house.eventsOf('call.consulted').length === 1, 'he is there');
    expect(house.eventsOf('call.consulted')[0]?.data).toMatchObject({ outcome: 'answered', to: OUTSIDE });
    expect(carriers.dialled.map(({ trunk }) => trunk)).toEqual(['north', 'south']);
    expect(house.only.guests).toMatchObject([{ role: 'consult', phase: 'in' }]);
    expect(house.hears(house.fake.number(OUTSIDE).party)).toHaveLength(1);
    await house.goHome(caller);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });

  it('as an agent has his call by the second trunk, and no offer is lost', async () => {
    const { house, carriers } = await talkHouse();
    await house.start();
    const seat = { kind: 'number', number: OUTSIDE, trunk: 'outside' } as const;
    expect(await house.service.floor.logIn('alice', { seat, status: 'ready', reason: null })).toMatchObject({
      ok: true,
    });
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    expect(carriers.dialled.map(({ trunk }) => trunk)).toEqual(['north', 'south']);
    expect(house.agent('alice')).toMatchObject({ state: 'talking', missed: 0 });
    expect(house.eventsOf('call.offer.failed')).toEqual([]);
    await house.goHome(caller);
  });

  it('as an agent on a line has it by the second trunk, and holds its line until he logs out, a restart between', async () => {
    const { house, carriers } = await talkHouse();
    await house.start();
    const seat = { kind: 'line', to: { kind: 'number', number: OUTSIDE, trunk: 'outside' } } as const;
    expect(await house.service.floor.logIn('alice', { seat, status: 'ready', reason: null })).toMatchObject({
      ok: true,
    });
    await house.clock.runUntil(() => house.agent('alice').status === 'ready', 'alice on her line');
    expect(carriers.dialled.map(({ trunk }) => trunk)).toEqual(['north', 'south']);
    expect(linesOf(house)).toEqual({ north: 0, south: 1 });
    house.kill();
    await house.restart();
    await house.clock.advance(1_000);
    expect(linesOf(house)).toEqual({ north: 0, south: 1 });
    await house.service.setAgentStatus('alice', 'logged-out', null);
    await house.clock.advance(1_000);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });

  it('as an agent on a line is refused it when no trunk takes it', async () => {
    const { house, carriers } = await talkHouse({ lines: 1 });
    carriers.down.add('south');
    await house.start();
    const seat = { kind: 'line', to: { kind: 'number', number: OUTSIDE, trunk: 'outside' } } as const;
    await house.service.floor.logIn('alice', { seat, status: 'ready', reason: null });
    await house.clock.advance(1_000);
    expect(house.agent('alice').lineRefused).toMatchObject({ at: OUTSIDE, verdict: 'congestion' });
    expect(carriers.dialled.map(({ trunk }) => trunk)).toEqual(['north', 'south']);
    expect(linesOf(house)).toEqual({ north: 0, south: 0 });
  });

  it('is not dialled again when his phone has rung', async () => {
    const { house, carriers } = await talkHouse();
    carriers.down.clear();
    const line = house.fake.number(OUTSIDE, rings);
    const caller = await house.talking();
    await house.act('alice', { type: 'consult', to: outside });
    (await line.rung()).hangUp({ q850: 34, sip: 503 });
    await house.clock.runUntil(() => house.eventsOf('call.consulted').length === 1, 'it is over');
    expect(carriers.dialled).toHaveLength(1);
    await house.goHome(caller);
  });
});
