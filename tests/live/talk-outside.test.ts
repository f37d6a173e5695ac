import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import type { Phone } from './support/phone.ts';
import { until } from './support/until.ts';
import { type Person, speak, type Voice } from './support/voice.ts';

const house = useHouse({ withWorld: true });
const PHONES = { eve: '1005', dora: '1004', cleo: '1003' } as const;

/** In the simulated public network: one who talks until the other side hangs up, and one whose line is busy. */
const [PATIENT, BUSY] = ['+358401200098', '+358401200070'];
/** By the trunk `ear` this number is cleo's phone, so that somebody hears what is said outside. */
const EAR = { kind: 'number', number: '+358401200011', trunk: 'ear' };
const outside = (number: string) => ({ kind: 'number', number });

beforeAll(async () => {
  const { site, api } = house();
  appendFileSync(join(site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
  const queues = join(site, 'site/queues.yaml');
  writeFileSync(queues, readFileSync(queues, 'utf8').replace('title: Desk\n', 'title: Desk\n  escalateTo: operator\n'));
  await api.loadFlows();
});

/** A caller talks with eve; others are at their phones, and nobody but her is logged in. */
async function talking(...others: readonly ('dora' | 'cleo')[]) {
  const { phone, ready, call, journal } = house();
  const voices = new Map<Person, Voice>([['caller', await speak('caller')]]);
  const phones = new Map<Person, Phone>();
  for (const id of ['eve', ...others] as const) {
    const voice = await speak(id);
    voices.set(id, voice);
    phones.set(id, await phone(PHONES[id], { answerAfterMs: 100, earPort: voice.port }));
  }
  const here = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('nobody of that name is here');
    return thing;
  };
  const of = (person: Person) => here(voices.get(person));
  const since = journal.mark();
  await ready('eve');
  const caller = await call({ to: '501', from: '7001', earPort: of('caller').port });
  const [connected] = await journal.until('call.connected', { since });
  await of('caller').hears('eve');
  return {
    of,
    phoneOf: (person: Person) => here(phones.get(person)),
    since,
    caller,
    callId: callOf(connected),
    [Symbol.dispose]: () => {
      for (const voice of voices.values()) voice[Symbol.dispose]();
    },
  };
}

const idle = (id: string) =>
  until(
    `${id} to be idle`,
    () => house().api.agent(id),
    ({ state }) => state === 'idle',
  );

const ended = (floor: { since: number; callId: string }) =>
  house().journal.until('call.ended', { since: floor.since, fits: (event) => callOf(event) === floor.callId });

test('what is not allowed is refused before anything is dialled, and the talk goes on', async () => {
  using floor = await talking();
  const { api, journal, world } = house();
  const before = world.dialled().length;
  await expect(api.act('eve', 'transfer', { to: outside('+358700123456') })).rejects.toThrow(/409.*premium/);
  await expect(api.act('eve', 'consult', { to: outside('+46701112223') })).rejects.toThrow(
    /409.*not among the numbers/,
  );
  await floor.of('caller').hears('eve');
  const refused = await journal.until('transfer.refused', { since: floor.since, times: 2 });
  expect(refused.map(({ data }) => [data.why, data.by])).toEqual([
    ['premium', 'eve'],
    ['not-allowed', 'eve'],
  ]);
  floor.caller.hangUp();
  await ended(floor);
  expect(world.dialled()).toHaveLength(before);
});

test('a blind transfer outside: the two speak with each other, the agent is free; when he outside hangs up it is over', async () => {
  using floor = await talking('cleo');
  const { api, journal } = house();
  await api.act('eve', 'transfer', { to: EAR, note: 'asks for the garage' });
  await floor.of('cleo').hears('caller');
  await floor.of('caller').hears('cleo');
  await floor.of('eve').hears();
  await idle('eve');
  const [moved] = await journal.until('call.transferred', { since: floor.since, times: 1 });
  expect(moved.data).toMatchObject({ kind: 'blind', from: 'eve', to: EAR.number, toKind: 'number' });
  expect(await api.calls()).toMatchObject([{ id: floor.callId }]);
  floor.phoneOf('cleo').hangUp();
  await ended(floor);
});

test('a consultation outside over the public network is completed; the caller hangs up, and nobody is left there', async () => {
  using floor = await talking();
  const { api, journal, world } = house();
  await api.act('eve', 'consult', { to: outside(PATIENT) });
  await until(
    'him outside to be in',
    () => api.callAt('eve'),
    (view) => view?.guests.some(({ phase }) => phase === 'in') ?? false,
  );
  await floor.of('eve').hearsMusic(); // his speech, that is
  await floor.of('caller').hearsMusic();
  await api.act('eve', 'complete', { note: null });
  await idle('eve');
  const [moved] = await journal.until('call.transferred', { since: floor.since });
  expect(moved.data).toMatchObject({ kind: 'attended', from: 'eve', to: PATIENT, toKind: 'number' });
  await floor.of('caller').hearsMusic();
  expect(world.dialled().filter((number) => number === PATIENT)).toHaveLength(1);
  floor.caller.hangUp();
  await ended(floor);
});

test('a blind transfer to a busy number comes back to the agent who sent him', async () => {
  using floor = await talking();
  const { api, journal, world } = house();
  await api.act('eve', 'transfer', { to: outside(BUSY) });
  const [back] = await journal.until('call.returned', { since: floor.since });
  expect(back.data).toMatchObject({ to: 'agent', agentId: 'eve' });
  await floor.of('caller').hears('eve');
  await floor.of('eve').hears('caller');
  expect(world.dialled().at(-1)).toBe(BUSY);
  floor.caller.hangUp();
  await ended(floor);
});

test('a conference with somebody outside: all hear all, and he is sent away', async () => {
  using floor = await talking('cleo');
  const { api } = house();
  await api.act('eve', 'add', { to: EAR });
  await floor.of('caller').hears('cleo', 'eve');
  await floor.of('cleo').hears('caller', 'eve');
  const view = await api.callAt('eve');
  await api.act('eve', 'drop', { guest: view?.guests[0]?.id });
  await floor.of('caller').hears('eve');
  await floor.phoneOf('cleo').until('ended');
  floor.caller.hangUp();
  await ended(floor);
});

test('an escalated customer goes before those who came there earlier, with the note and what the flow knows of him', async () => {
  const { api, call, journal, ready } = house();
  // Silent at the front desk, he waits for the operator before the other has even called.
  const since = journal.mark();
  const other = await call({ to: '500', from: '7002' });
  await journal.until('call.queued', { since, fits: ({ data }) => data.queue === 'operator' });
  using floor = await talking('dora');
  await api.act('eve', 'escalate', { how: 'queue', note: 'threatens to leave' });
  await floor.of('caller').hearsMusic();
  await idle('eve');
  await ready('dora');
  await floor.of('caller').hears('dora');
  await floor.of('dora').hears('caller');
  expect(await api.callAt('dora')).toMatchObject({
    callId: floor.callId,
    queue: 'operator',
    ani: '7001',
    variables: { tier: 'standard' },
    handed: { how: 'escalated', from: 'eve', to: 'operator', note: 'threatens to leave' },
  });
  other.hangUp();
  floor.caller.hangUp();
  await ended(floor);
});

test('an escalation into the talk: somebody of that queue joins, and stays when the agent leaves', async () => {
  using floor = await talking('dora');
  const { api, ready } = house();
  await ready('dora');
  await api.act('eve', 'escalate', { how: 'conference', note: null });
  await floor.of('caller').hears('dora', 'eve');
  await floor.of('dora').hears('caller', 'eve');
  await api.act('eve', 'leave');
  await floor.of('caller').hears('dora');
  await idle('eve');
  expect(await api.callAt('dora')).toMatchObject({ leader: 'dora' });
  floor.caller.hangUp();
  await ended(floor);
});
