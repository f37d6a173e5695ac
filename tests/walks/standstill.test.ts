import { describe, expect, it } from 'vitest';
import { FlowHouse } from './flow-house.ts';

const NODES = `
  first:
    type: collect
    prompt: number.enter
    digits: { min: 3, max: 4, end: "#" }
    timeout: 4s
    interDigit: 2s
    retries: { invalid: 0, noInput: 0 }
    save: account
    outcomes: { ok: bye, noInput: bye, invalid: bye }`;

const keyed = (house: FlowHouse) => house.eventsOf('flow.input.received').map(({ data }) => data.digits);
const left = (house: FlowHouse) => house.eventsOf('flow.node.left').map(({ data }) => `${data.node} ${data.outcome}`);

/** A caller has keyed the first digit when everything stands still for longer than he may wait between two. */
async function stoodStill() {
  const house = await new FlowHouse(NODES).start();
  const caller = house.caller();
  await caller.until('hearing', 'number.enter');
  caller.press('1');
  await house.clock.advance(500);
  await house.clock.standStill(3_000);
  return { house, caller };
}

describe('Callwright or its machine stands still while a caller keys a number', () => {
  it('all he keyed meanwhile counts, though the time between two keys is over when it is read', async () => {
    const { house, caller } = await stoodStill();
    caller.press('23#');
    await house.clock.advance(200);
    expect(keyed(house)).toEqual(['123']);
    await caller.until('ended');
    expect(left(house)[0]).toBe('first ok');
    await house.expectNoLeaks();
  });

  it('who keyed nothing more is told so a quarter of a second later than else', async () => {
    const { house, caller } = await stoodStill();
    await house.clock.advance(249);
    expect(keyed(house)).toEqual([]);
    await house.clock.advance(1);
    expect(keyed(house)).toEqual(['1']);
    await caller.until('ended');
    expect(left(house)[0]).toBe('first invalid');
    await house.expectNoLeaks();
  });
});
