import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { CAUSE } from '../../../src/call/cause.ts';
import type { SwitchCommand, SwitchResult } from '../../../src/call/switch.ts';
import { asteriskWorld } from './asterisk-world.ts';
import { MARK } from '../../support/doors.ts';
import { secondSwitch, TURN_WITHIN_MS } from '../../support/second-switch.ts';
import { fakeWorld } from './fake-world.ts';
import { freeswitchWorld } from './freeswitch-world.ts';
import type { World } from './world.ts';

export const OK: SwitchResult = { ok: true };
export const because = (why: string): unknown => expect.objectContaining({ ok: false, why });

type Run = (command: SwitchCommand) => Promise<SwitchResult>;

/** The same suite on each switch there is, in a world that is started for it. */
export function onEachSwitch(what: string, suite: (world: World, run: Run) => void): void {
  const worlds = [
    { name: 'fake', start: fakeWorld, isThere: true },
    { name: 'asterisk', start: asteriskWorld, isThere: true },
    { name: `freeswitch, ${MARK.both}`, start: freeswitchWorld, isThere: secondSwitch() !== null },
  ];
  for (const { name, start, isThere } of worlds) {
    describe.skipIf(!isThere)(`${what}: ${name}`, () => aroundEach(start, suite));
  }
}

function aroundEach(start: () => Promise<World>, suite: (world: World, run: Run) => void): void {
  let started: World | null = null;
  // Tests and their helpers name it before it is there: it is filled once it has started.
  const world = {} as World;
  const run: Run = (command) => world.port.do(command);
  beforeAll(async () => {
    started = await start();
    Object.assign(world, started);
  }, TURN_WITHIN_MS);
  afterAll(() => started?.stop());
  afterEach(() => clear(world));
  suite(world, run);
}

/** Every test hangs up whom it rang; what is left then has leaked. */
async function clear(world: World): Promise<void> {
  const { port } = world;
  const { legs = [], bridges = [] } = (await port.snapshot()) ?? {};
  for (const { legId } of legs) await port.do({ type: 'hangup', legId, cause: CAUSE.normal });
  for (const { bridgeId } of bridges) await port.do({ type: 'unbridge', bridgeId });
  await world.until(async () => (await world.leaks()).length === 0, 'nothing left');
}
