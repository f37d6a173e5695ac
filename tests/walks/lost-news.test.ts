import { expect, it } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { WalkHouse } from './house.ts';

const CALL_LIMIT_MS = 4 * 3_600_000;

/** Asterisk has done so: what it was told to play to a leg on its way out of a bridge it dropped without a word. */
it('a switch that plays nothing and never says so keeps no caller for ever', async () => {
  const house = await new WalkHouse().start();
  const { fake } = house;
  const honest = fake.do.bind(fake);
  fake.do = async (command) => {
    const isGoodbye = command.type === 'play' && JSON.stringify(command.media).includes('goodbye');
    return isGoodbye ? { ok: true } : honest(command);
  };
  fake.phone('alice', answers(1_000, 5_000));
  await house.ready('alice');
  const caller = await house.callerIn('1');
  await caller.until('bridged');
  const since = house.clock.now();
  await caller.until('ended');
  expect(house.clock.now() - since).toBeLessThanOrEqual(CALL_LIMIT_MS);
  await house.expectNoLeaks();
});
