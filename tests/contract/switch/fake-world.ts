import type { SwitchEvent } from '../../../src/call/switch.ts';
import { answers, busy, congested, type Party, rejects, rings, unregistered } from '../../support/fake-party.ts';
import { FakeSwitch } from '../../support/fake-switch.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { type Far, NUMBERS, targetOf, type World } from './world.ts';

const STEP_MS = 50;
const PATIENCE_MS = 20_000;

export async function fakeWorld(): Promise<World> {
  const clock = new SimulatedClock();
  const port = new FakeSwitch({ clock, missing: new Set(['file:no/such/prompt']) });
  const lines = {
    answer: port.number(NUMBERS.answer, answers(0)),
    'answer-late': port.number(NUMBERS['answer-late'], answers(1_000)),
    ring: port.number(NUMBERS.ring, rings),
    busy: port.number(NUMBERS.busy, busy),
    reject: port.number(NUMBERS.reject, rejects(0)),
    congested: port.number(NUMBERS.congested, congested),
  };
  port.phone('nobody', unregistered);
  const events: SwitchEvent[] = [];
  await port.start((event) => events.push(event));

  const partyOf = (legId: string) =>
    Object.values(lines)
      .flatMap(({ parties }) => parties)
      .find((one) => one.legId === legId);
  const far = (party: Party): Far => ({
    legId: party.legId,
    press: async (keys) => party.press(keys),
    hangUp: async () => party.hangUp(),
    speak: async (hz) => party.say(Infinity, hz),
    hush: async () => party.hush(),
    hears: async () => party.hearing !== null || party.voices.length > 0,
    tones: async () => party.voices.toSorted((a, b) => a - b),
    keys: () => party.keys,
    ended: () => party.cause,
  });
  const world: World = {
    port,
    events,
    until: async (reached, what) => {
      const until = clock.now() + PATIENCE_MS;
      while (!(await reached())) {
        if (clock.now() > until) throw new Error(`not reached: ${what}`);
        await clock.advance(STEP_MS);
      }
    },
    pass: (ms) => clock.advance(ms),
    call: async (to, { from = '+358401234567' } = {}) => {
      const party = port.call({ from, to, source: 'world' });
      await clock.advance(0);
      return far(party);
    },
    dial: async (to) => far(port.call({ from: null, to, source: 'world' })),
    target: targetOf,
    far: async (_, legId) => {
      const party = partyOf(legId);
      if (!party) throw new Error(`${legId} was not rung`);
      return far(party);
    },
    rings: async () => Object.values(lines).flatMap(({ parties }) => parties).length,
    cut: async () => {
      port.disconnect();
      await clock.advance(0);
    },
    mend: async () => {
      port.reconnect();
      await clock.advance(0);
    },
    restart: async () => {
      port.disconnect(true);
      port.reconnect(true);
      await clock.advance(0);
    },
    takeOver: async () => port.fence(),
    leaks: async () => port.leaks(),
    stop: () => port.stop(),
  };
  return world;
}
