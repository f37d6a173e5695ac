import { expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { type Person, speak, type Voice } from './support/voice.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse();
const PHONES = { eve: '1005', finn: '1006', dora: '1004', cleo: '1003' } as const;
type Agent = keyof typeof PHONES;

/** A caller who talks with eve, and colleagues at their phones; everybody has a voice of his own. */
async function people(...colleagues: readonly Agent[]) {
  const { phone, ready, call, journal } = house();
  const voices = new Map<Person, Voice>([['caller', await speak('caller')]]);
  for (const id of ['eve', ...colleagues] as const) {
    const voice = await speak(id);
    voices.set(id, voice);
    await phone(PHONES[id], { answerAfterMs: 100, earPort: voice.port });
  }
  const of = (person: Person): Voice => {
    const voice = voices.get(person);
    if (!voice) throw new Error(`${person} is not here`);
    return voice;
  };
  const since = journal.mark();
  await ready('eve');
  const caller = await call({ to: '501', from: '7001', earPort: of('caller').port });
  const [connected] = await journal.until('call.connected', { since });
  if (colleagues.length > 0) await ready(...colleagues);
  await of('caller').hears('eve');
  await of('eve').hears('caller');
  return { of, since, caller, callId: callOf(connected), ...voicesEnd(voices) };
}

const voicesEnd = (voices: ReadonlyMap<Person, Voice>): Disposable => ({
  [Symbol.dispose]: () => {
    for (const voice of voices.values()) voice[Symbol.dispose]();
  },
});

const agent = (agentId: string) => ({ to: { kind: 'agent', agentId } });

test('hold is music for the customer; a muted agent hears and is not heard', async () => {
  using floor = await people();
  const { api, journal } = house();
  await api.act('eve', 'hold', { on: true });
  await floor.of('caller').hearsMusic();
  await floor.of('eve').hears();
  await api.act('eve', 'hold', { on: false });
  await floor.of('caller').hears('eve');
  await api.act('eve', 'mute', { on: true });
  await floor.of('caller').hears();
  await floor.of('eve').hears('caller');
  await api.act('eve', 'mute', { on: false });
  await floor.of('caller').hears('eve');
  floor.caller.hangUp();
  const [end] = await journal.until('call.disconnected', { since: floor.since });
  expect(end.data.heldMs).toBeGreaterThan(300);
});

test('a consultation is aside; swapped it is the other’s turn for music; completed the customer is with the colleague', async () => {
  using floor = await people('finn');
  const { api, journal } = house();
  await api.act('eve', 'consult', agent('finn'));
  await floor.of('finn').hears('eve');
  await floor.of('caller').hearsMusic();
  await api.act('eve', 'side', { side: 'customer' });
  await floor.of('caller').hears('eve');
  await floor.of('finn').hearsMusic();
  await api.act('eve', 'side', { side: 'consult' });
  await floor.of('eve').hears('finn');
  await api.act('eve', 'complete', { note: 'wants finn' });
  await floor.of('caller').hears('finn');
  await floor.of('finn').hears('caller');
  const [moved] = await journal.until('call.transferred', { since: floor.since });
  expect(moved.data).toMatchObject({ kind: 'attended', from: 'eve', to: 'finn' });
});

test('a blind transfer is music, then the colleague; the agent is free at once', async () => {
  using floor = await people('finn');
  const { api, journal } = house();
  await api.act('eve', 'transfer', { ...agent('finn'), note: null });
  await journal.until('agent.state.changed', {
    since: floor.since,
    fits: ({ data }) => data.agentId === 'eve' && data.state === 'wrap-up',
  });
  await floor.of('finn').hears('caller');
  await floor.of('caller').hears('finn');
});

test('three and four in a conference hear all the others, and go one by one', async () => {
  using floor = await people('finn', 'dora');
  const { api } = house();
  await api.act('eve', 'consult', agent('finn'));
  await floor.of('finn').hears('eve');
  await api.act('eve', 'merge');
  await floor.of('caller').hears('eve', 'finn');
  await api.act('eve', 'add', agent('dora'));
  await floor.of('caller').hears('eve', 'finn', 'dora');
  await floor.of('eve').hears('caller', 'finn', 'dora');
  await floor.of('finn').hears('caller', 'eve', 'dora');
  await floor.of('dora').hears('caller', 'eve', 'finn');
  await api.act('eve', 'leave');
  await floor.of('caller').hears('finn', 'dora');
  await api.act('finn', 'leave');
  await floor.of('caller').hears('dora');
  await floor.of('dora').hears('caller');
});

test('a supervisor listens, whispers, speaks with all and takes over', async () => {
  using floor = await people('dora');
  const { api, journal } = house();
  const monitor = (mode: string | null) => api.monitor(floor.callId, mode, PHONES.dora);
  await monitor('listen');
  await floor.of('dora').hears('caller', 'eve');
  await floor.of('caller').hears('eve');
  await floor.of('eve').hears('caller');
  await monitor('whisper');
  await floor.of('eve').hears('caller', 'dora');
  await floor.of('caller').hears('eve');
  await monitor('barge');
  await floor.of('caller').hears('eve', 'dora');
  await floor.of('dora').hears('caller', 'eve');
  await monitor('listen');
  await floor.of('caller').hears('eve');
  await monitor('take-over');
  await floor.of('caller').hears('dora');
  await floor.of('dora').hears('caller');
  const [taken] = await journal.until('call.taken-over', { since: floor.since });
  expect(taken.data).toMatchObject({ from: 'eve', agentId: 'dora' });
});

test('an agent on a line listens and takes over on it, is held for that time, and has it back with music', async () => {
  using floor = await people('dora');
  const { api, journal } = house();
  const monitor = (mode: string | null) => api.monitor(floor.callId, mode, PHONES.dora);
  const dora = (fits: (state: string) => boolean) =>
    until(
      'dora to be so',
      () => api.agent('dora'),
      ({ state, seat }) => seat.kind === 'line' && seat.phase === 'up' && fits(state),
    );
  await api.logIn('dora', { kind: 'line', to: null });
  await dora((state) => state === 'idle');
  await monitor('listen');
  await floor.of('dora').hears('caller', 'eve');
  expect(await dora((state) => state === 'talking')).toMatchObject({ callId: floor.callId });
  await monitor(null);
  await floor.of('dora').hearsMusic();
  await dora((state) => state === 'idle');
  await monitor('take-over');
  await floor.of('caller').hears('dora');
  await floor.of('dora').hears('caller');
  const [taken] = await journal.until('call.taken-over', { since: floor.since });
  expect(taken.data).toMatchObject({ from: 'eve', agentId: 'dora' });
  await api.act('dora', 'mute', { on: true });
  await floor.of('caller').hears();
  floor.caller.hangUp();
  await floor.of('dora').hearsMusic();
});

test('a parked customer hears music until somebody fetches him', async () => {
  using floor = await people('finn');
  const { api } = house();
  await api.act('eve', 'park', { note: 'for finn' });
  await floor.of('caller').hearsMusic();
  expect(await api.parked()).toMatchObject([{ slot: '701', note: 'for finn' }]);
  await api.pickUp('finn', '701');
  await floor.of('caller').hears('finn');
  await floor.of('finn').hears('caller');
});

testWhereItCan('keeps its callers while Callwright is away')(
  'Callwright dies in a consultation: the next one puts everybody where he was',
  async () => {
    using floor = await people('finn');
    const { api, callwright, restart } = house();
    await api.act('eve', 'consult', agent('finn'));
    await floor.of('finn').hears('eve');
    await callwright.end('SIGKILL');
    await floor.of('caller').hearsMusic();
    await restart();
    await floor.of('finn').hears('eve');
    await floor.of('caller').hearsMusic();
    await house().api.act('eve', 'merge');
    await floor.of('caller').hears('eve', 'finn');
  },
);
