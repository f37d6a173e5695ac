import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';

const NODES = callbackNodes('2h');
const TALK_MS = 4_000;

interface Arrival {
  /** After the one before. */
  readonly afterMs: number;
  /** Takes the callback so long after the offer; null: waits on the line. */
  readonly leavesAfterMs: number | null;
  /** Is back on the line so long after that; null: waits for the callback. */
  readonly backAfterMs: number | null;
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  afterMs: fc.integer({ min: 500, max: 20_000 }),
  leavesAfterMs: fc.option(fc.integer({ min: 0, max: 15_000 })),
  backAfterMs: fc.option(fc.integer({ min: 2_000, max: 30_000 }), { freq: 3 }),
});

const numberOf = (n: number) => `+35850111222${n}`;

/** A caller who does as the arrival says, whatever the house does meanwhile. */
async function comes(house: FlowHouse, n: number, { leavesAfterMs, backAfterMs }: Arrival): Promise<void> {
  const { clock } = house;
  const from = numberOf(n);
  house.fake.number(from, answers(1_000, TALK_MS));
  const caller = house.caller(from);
  const talks = (legId: string) => {
    const waitsOn = () => {
      const state = house.callOf(legId);
      if (state?.phase === 'talking') clock.at(clock.now() + TALK_MS, () => house.service.hangupCall(state.id));
      else if (state) clock.at(clock.now() + 500, waitsOn);
    };
    clock.at(clock.now() + 500, waitsOn);
  };
  talks(caller.legId);
  if (leavesAfterMs === null) return;
  const press = (afterMs: number) => clock.at(clock.now() + afterMs, () => caller.press('1'));
  // The offer is heard within seconds of the wait, the number read back takes twenty.
  press(4_000 + leavesAfterMs);
  press(34_000 + leavesAfterMs);
  if (backAfterMs === null) return;
  clock.at(clock.now() + 45_000 + leavesAfterMs + backAfterMs, () => talks(house.caller(from).legId));
}

it('is the order of arrival, for those on the line, those to be called back and those who are back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { minLength: 2, maxLength: 7 }), async (arrivals) => {
      const callbacks = { tries: 3, retryAfterMs: 60_000, ringMs: 15_000, trunk: null };
      const queues = new Map([
        ['billing', queueProfile('billing', { callbacks, wrapUpMs: 1_000, maxWaitMs: 3_600_000 })],
      ]);
      const house = await new FlowHouse(NODES, {
        agents: [agentProfile('alice', { queues: ['billing'] })],
        queues,
      }).start();
      house.fake.phone('alice', answers(500));
      for (const [n, each] of arrivals.entries()) {
        await house.clock.advance(each.afterMs);
        await comes(house, n, each);
      }
      await house.clock.advance(120_000); // everybody has decided
      await house.ready('alice');
      await house.clock.advance(arrivals.length * 20_000);
      await house.expectNoLeaks();
      const numbers = new Map(
        house
          .eventsOf('call.arrived')
          .map(({ subject, data }) => [subject, data.direction === 'inbound' ? data.ani : data.dnis] as const),
      );
      const served = house.eventsOf('call.connected').map(({ subject }) => numbers.get(subject));
      expect(served).toEqual(arrivals.map((_, n) => numberOf(n)));
    }),
    { numRuns: 40 },
  );
}, 120_000);
