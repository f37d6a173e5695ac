import { describe, expect, it } from 'vitest';
import type { Destinations } from '../../src/call/destinations.ts';
import { answers, rings } from '../support/fake-party.ts';
import { testSite } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';

const OUTSIDE = '+358409999999';
const NODES = `
  first: { type: transfer, to: "${OUTSIDE}", trunk: public, ring: 20s, outcomes: { answeredEnd: bye, busy: bye, noAnswer: bye, failed: no } }
  no: { type: play, prompt: no, next: bye }`;
const MANY = { concurrent: 100, perHour: 100, minutesPerDay: 1_000 };

const allowing = (caps: Destinations['caps'], change: Partial<Destinations> = {}) => ({
  destinations: { numbers: ['+358*'], deny: [], hosts: [], ...(caps && { caps }), ...change },
});

async function open(caps: Destinations['caps'], change?: Partial<Destinations>) {
  const house = await new FlowHouse(NODES, allowing(caps, change)).start();
  house.fake.number(OUTSIDE, answers(1_000, 10 * 60_000));
  return house;
}

const refusals = (house: FlowHouse) => house.eventsOf('transfer.refused').map(({ data }) => data.why);

async function refused(house: FlowHouse) {
  const caller = house.caller();
  await caller.until('hearing', 'en/no');
  caller.hangUp();
}

async function talked(house: FlowHouse) {
  const caller = house.caller();
  await caller.until('bridged');
  await caller.until('ended');
}

describe('a transfer outside', () => {
  it.each([
    ['denied', { deny: [OUTSIDE] }],
    ['not-allowed', { numbers: ['+46*'] }],
  ] as const)('to a number that is %s by now is refused, though its flow was loaded', async (why, change) => {
    const house = await open(MANY, change);
    await refused(house);
    expect(house.eventsOf('transfer.refused')).toMatchObject([
      { data: { flow: 'support', node: 'first', to: OUTSIDE, why } },
    ]);
    expect(house.left('first')).toEqual(['failed']);
    await house.expectNoLeaks();
  });

  it('beyond so many at once is refused, and allowed when one is over', async () => {
    const house = await open({ ...MANY, concurrent: 2 });
    const talking = [house.caller(), house.caller()];
    await refused(house);
    for (const caller of talking) await caller.until('bridged');
    await refused(house);
    expect(refusals(house)).toEqual(['concurrent', 'concurrent']);
    talking[0]?.hangUp();
    await house.clock.advance(1_000);
    await house.caller().until('bridged');
    await house.expectNoLeaks();
  });

  it('beyond so many an hour is refused, those that nobody answered among them', async () => {
    const house = await open({ ...MANY, perHour: 2 });
    house.fake.number(OUTSIDE, rings);
    for (let call = 0; call < 2; call += 1) {
      await house.caller().until('ended');
      await house.clock.advance(1_000);
    }
    expect(house.left('first')).toEqual(['noAnswer', 'noAnswer']);
    await refused(house);
    expect(refusals(house)).toEqual(['per-hour']);
    await house.clock.advance(3_600_000);
    house.fake.number(OUTSIDE, answers(1_000, 1_000));
    await talked(house);
    await house.expectNoLeaks();
  });

  it('beyond so many minutes a day is refused, also after a restart', async () => {
    const house = await open({ ...MANY, minutesPerDay: 15 });
    await talked(house);
    await talked(house);
    await refused(house);
    house.kill();
    await house.restart();
    await refused(house);
    expect(refusals(house)).toEqual(['minutes-per-day', 'minutes-per-day']);
    await house.clock.advance(25 * 3_600_000);
    await talked(house);
    expect(refusals(house)).toHaveLength(2);
  });

  it('counts while it lasts: a talk that uses the day up lets nobody after it', async () => {
    const house = await open({ ...MANY, minutesPerDay: 3 });
    const caller = house.caller();
    await caller.until('bridged');
    await house.clock.advance(4 * 60_000);
    await refused(house);
    expect(house.callOf(caller.legId)?.phase).toBe('transferred');
    expect(refusals(house)).toEqual(['minutes-per-day']);
  });

  it('has caps though nobody set any', async () => {
    const house = await open(undefined);
    const callers = Array.from({ length: 20 }, () => house.caller());
    await house.clock.advance(2_000);
    await refused(house);
    expect(callers).toHaveLength(20);
    expect(refusals(house)).toEqual(['concurrent']);
  });

  it('that is refused and tried again and again ends with the steps of its flow', async () => {
    const loop = `
  first: { type: transfer, to: "${OUTSIDE}", trunk: public, outcomes: { answeredEnd: bye, busy: bye, noAnswer: bye, failed: first } }`;
    const house = await new FlowHouse(loop, allowing({ ...MANY, concurrent: 0 })).start();
    const caller = house.caller();
    await caller.until('ended');
    expect(refusals(house).length).toBeLessThan(250);
    await house.expectNoLeaks();
  });

  it('to a phone of the house costs nothing', async () => {
    const inside = NODES.replace(`"${OUTSIDE}", trunk: public`, '"1001"');
    const house = await new FlowHouse(inside, {
      ...allowing({ concurrent: 0, perHour: 0, minutesPerDay: 0 }),
      agents: testSite().agents,
    }).start();
    house.fake.phone('1001', answers(1_000));
    await house.caller().until('bridged');
    expect(refusals(house)).toEqual([]);
  });
});
