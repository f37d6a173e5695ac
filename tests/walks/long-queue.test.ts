import { describe, expect, it } from 'vitest';
import { WalkHouse } from './house.ts';

describe('a long queue', () => {
  it('is not stepped through when somebody leaves it: each hears his new place when it is said', async () => {
    const house = await new WalkHouse().start();
    const callers = [];
    for (let nth = 0; nth < 20; nth += 1) callers.push(await house.callerIn('1', `+3585011122${nth + 10}`));
    const [first, ...others] = callers;
    await others.at(-1)?.until('hearing', 'music:default');
    const states = () => others.map(({ legId }) => house.callOf(legId));
    const before = states();
    first?.hangUp();
    await house.clock.runUntil(() => house.service.calls().length === others.length);
    expect(states().filter((state, index) => state !== before[index])).toEqual([]);
    const alreadySaid = house.eventsOf('call.position.announced').length;
    await house.clock.advance(60_000);
    const said = house.eventsOf('call.position.announced').slice(alreadySaid);
    expect(said.map(({ data }) => data.position).sort((a, b) => a - b)).toEqual(others.map((_, index) => index + 1));
    for (const caller of others) caller.hangUp();
    await house.expectNoLeaks();
  });
});
