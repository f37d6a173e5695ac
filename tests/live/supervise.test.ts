import { beforeAll, expect, test } from 'vitest';
import { type Api, apiAt } from './support/api.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import type { Phone } from './support/phone.ts';
import { until } from './support/until.ts';
import { type Person, speak, type Voice } from './support/voice.ts';

const house = useHouse();
const PHONES = { eve: '1005', finn: '1006', dora: '1004', cleo: '1003' } as const;
type Agent = keyof typeof PHONES;
const DESK = '501';

let token: string;
beforeAll(async () => {
  token = await house().api.issueToken('sue', 'supervisor');
});
/** The API to a holder of a supervisor's token. */
const sue = (): Api => apiAt(house().callwright.apiUrl, token);

/** Agents at their phones, not logged in yet; they and one caller speak, each with a voice of his own. */
async function seated(...agents: readonly Agent[]) {
  const voices = new Map<Person, Voice>([['caller', await speak('caller')]]);
  const phones = new Map<Agent, Phone>();
  for (const id of agents) {
    const voice = await speak(id);
    voices.set(id, voice);
    phones.set(id, await house().phone(PHONES[id], { answerAfterMs: 100, earPort: voice.port }));
  }
  const here = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('nobody of that name is here');
    return thing;
  };
  return {
    since: house().journal.mark(),
    of: (person: Person) => here(voices.get(person)),
    phoneOf: (id: Agent) => here(phones.get(id)),
    earPort: here(voices.get('caller')).port,
    [Symbol.dispose]: () => {
      for (const voice of voices.values()) voice[Symbol.dispose]();
    },
  };
}

/** Somebody calls the desk and waits there, or talks already; answers once he is in the queue. */
async function callDesk(from: string, earPort?: number) {
  const { call, journal } = house();
  const since = journal.mark();
  const caller = await call({ to: DESK, from, ...(earPort !== undefined && { earPort }) });
  const [queued] = await journal.until('call.queued', { since });
  return { ...caller, id: callOf(queued), queued };
}

const connected = (since: number, times: number) => house().journal.until('call.connected', { since, times });

async function idle(id: Agent): Promise<void> {
  const look = () => house().api.agent(id);
  await until(`${id} to be idle`, look, ({ state }) => state === 'idle');
}

test('moves a waiting call to another queue, whose free agent has it', async () => {
  using floor = await seated('eve', 'cleo');
  const { ready, journal } = house();
  await ready('eve');
  await callDesk('7001');
  await connected(floor.since, 1);
  const waiting = await callDesk('7002', floor.earPort);
  await ready('cleo');
  expect(journal.of('call.offered', floor.since)).toHaveLength(1);
  await sue().move(waiting.id, 'support');
  const [, taken] = await connected(floor.since, 2);
  expect(taken?.data).toMatchObject({ queue: 'support', agentId: 'cleo' });
  await floor.of('caller').hears('cleo');
  await floor.of('cleo').hears('caller');
  const [moved] = journal.of('call.moved', floor.since);
  expect(moved?.data).toEqual({ by: 'sue', from: 'desk', to: 'support' });
  expect(await sue().callAt('cleo')).toMatchObject({ queue: 'support', handed: { how: 'moved', from: 'sue' } });
});

test('raises a waiting call over one that came earlier', async () => {
  using floor = await seated('eve');
  const { ready, journal } = house();
  await ready('eve');
  const first = await callDesk('7001');
  await connected(floor.since, 1);
  const earlier = await callDesk('7002');
  const later = await callDesk('7003');
  await sue().raise(later.id, 600);
  first.hangUp();
  await connected(floor.since, 2);
  later.hangUp();
  const order = (await connected(floor.since, 3)).map(callOf);
  expect(order).toEqual([first.id, later.id, earlier.id]);
  const [raised] = journal.of('call.raised', floor.since);
  expect(raised?.data).toEqual({ by: 'sue', queue: 'desk', priority: 600, previous: 0 });
});

test('logs an agent out: not in a call, and after it for good', async () => {
  using floor = await seated('eve', 'finn');
  const { ready } = house();
  await ready('eve');
  const first = await callDesk('7001', floor.earPort);
  await connected(floor.since, 1);
  await expect(sue().logOut('eve')).rejects.toThrow(/answered 409: .*eve/);
  await floor.of('caller').hears('eve');
  expect(await sue().agent('eve')).toMatchObject({ status: 'ready', state: 'talking', callId: first.id });
  first.hangUp();
  await idle('eve');
  await sue().logOut('eve');
  expect(await sue().agent('eve')).toMatchObject({ status: 'logged-out' });
  const second = await callDesk('7002');
  await ready('finn');
  const [, taken] = await connected(floor.since, 2);
  expect(taken && [callOf(taken), taken.data.agentId]).toEqual([second.id, 'finn']);
  expect(floor.phoneOf('eve').count('ringing')).toBe(1);
});

test('gives an agent a skill: the caller who waits for it is served, and it is gone when the agent logs out', async () => {
  const { phone, ready, call, journal } = house();
  const bert = await phone('1002', { answerAfterMs: 100 });
  await ready('bert');
  const since = journal.mark();
  const english = ['1', '1'].map((digit) => ({ afterMs: 200, digit }));
  const caller = await call({ to: '500', from: '7001', keys: english });
  const [queued] = await journal.until('call.queued', { since });
  expect(queued.data.require).toEqual([{ skill: 'lang:en', level: 3 }]);
  await sue().changeAgent('bert', { skills: { 'lang:en': 2 } });
  expect(bert.count('ringing')).toBe(0);
  await sue().changeAgent('bert', { skills: { 'lang:en': 3 } });
  const [taken] = await connected(since, 1);
  expect(taken.data).toMatchObject({ queue: 'sales', agentId: 'bert' });
  caller.hangUp();
  await journal.until('call.ended', { since });
  const look = () => sue().agent('bert');
  await until('bert to be idle', look, ({ state }) => state === 'idle');
  await sue().logOut('bert');
  expect(await look()).toMatchObject({ status: 'logged-out', changed: null, profile: { skills: { 'lang:sv': 5 } } });
});

test('gives an agent another queue: who waits there is served', async () => {
  using floor = await seated('eve', 'cleo');
  const { ready } = house();
  await ready('eve');
  await callDesk('7001');
  await connected(floor.since, 1);
  await callDesk('7002', floor.earPort);
  await ready('cleo');
  await sue().changeAgent('cleo', { queues: ['desk'] });
  const [, taken] = await connected(floor.since, 2);
  expect(taken?.data).toMatchObject({ queue: 'desk', agentId: 'cleo' });
  await floor.of('caller').hears('cleo');
});

test('an agent transfers blindly to a queue: whoever is free there has the customer, his time and the note', async () => {
  using floor = await seated('eve', 'dora');
  const { ready, api, journal } = house();
  await ready('eve');
  const { id, queued } = await callDesk('7001', floor.earPort);
  await floor.of('caller').hears('eve');
  await ready('dora');
  await api.act('eve', 'transfer', { to: { kind: 'queue', queue: 'operator' }, note: 'lost key' });
  const [, taken] = await connected(floor.since, 2);
  expect(taken?.data).toMatchObject({ queue: 'operator', agentId: 'dora' });
  await floor.of('caller').hears('dora');
  await floor.of('dora').hears('caller');
  const offered = journal.of('call.offered', floor.since).at(-1);
  // Since he came, not since he was sent on; the event itself is dated a moment later.
  expect((offered?.at ?? Number.NaN) - queued.at - (offered?.data.waitedMs ?? 0)).toBeLessThan(50);
  const handed = { how: 'blind', from: 'eve', to: 'operator', note: 'lost key' };
  expect(await api.callAt('dora')).toMatchObject({ callId: id, queue: 'operator', recording: 'off', handed });
});

test('an agent completes a consultation of a queue: the customer is with whoever came, by that queue’s rules', async () => {
  using floor = await seated('eve', 'cleo');
  const { ready, api, journal } = house();
  await ready('eve');
  const { id } = await callDesk('7001', floor.earPort);
  await floor.of('caller').hears('eve');
  expect(await api.callAt('eve')).toMatchObject({ recording: 'on' });
  await ready('cleo');
  await api.act('eve', 'consult', { to: { kind: 'queue', queue: 'support' } });
  await floor.of('eve').hears('cleo');
  await floor.of('caller').hearsMusic();
  await api.act('eve', 'complete', { note: 'a hard case' });
  await floor.of('caller').hears('cleo');
  await floor.of('cleo').hears('caller');
  const [moved] = await journal.until('call.transferred', { since: floor.since });
  expect(moved.data).toMatchObject({ kind: 'attended', from: 'eve', to: 'support', toKind: 'queue' });
  const handed = { how: 'attended', from: 'eve', to: 'support', note: 'a hard case' };
  expect(await api.callAt('cleo')).toMatchObject({ callId: id, queue: 'support', recording: 'off', handed });
  await idle('eve');
  const parts = await api.recordings(id);
  expect(parts.map(({ queue, agentId }) => [queue, agentId])).toEqual([['desk', 'eve']]);
});

test('a recording that was paused stays so through a transfer, until the next agent resumes it', async () => {
  using floor = await seated('eve', 'finn');
  const { ready, api, journal } = house();
  await ready('eve');
  const { id } = await callDesk('7001', floor.earPort);
  await floor.of('caller').hears('eve');
  expect(await api.recordTalk(id, 'pause')).toMatchObject({ state: 'paused' });
  await ready('finn');
  await api.act('eve', 'transfer', { to: { kind: 'agent', agentId: 'finn' }, note: null });
  await floor.of('caller').hears('finn');
  expect(await api.callAt('finn')).toMatchObject({ recording: 'paused' });
  expect(journal.of('recording.started', floor.since)).toHaveLength(1);
  expect(await api.recordTalk(id, 'resume')).toMatchObject({ state: 'on' });
  const [, again] = await journal.until('recording.started', { since: floor.since, times: 2 });
  expect(again?.data).toMatchObject({ agentId: 'finn', queue: 'desk' });
});
