import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse({ withWorld: true });

const PASSWORD = 'only-on-loopback';
/** Answers, and stays. */
const MOBILE = '+358401200016';

const seen = (id: string, fits: (agent: Awaited<ReturnType<ReturnType<typeof house>['api']['agent']>>) => boolean) =>
  until(`agent ${id} to be so`, () => house().api.agent(id), fits);

test('each cause of a missed offer has its price: unreachable and gone are asked again later, silence is not', async () => {
  const { phone, ready, call, journal, api } = house();
  await phone('1005', { refuse: 480 });
  const silent = await phone('1006', {});
  await api.saveAgent({ id: 'gone', name: 'Gone', phone: '2999', skills: {}, queues: ['desk'], campaigns: [] });
  // An agent of the API has no account on the private Asterisk: whoever logs him in is told.
  await expect(api.logIn('gone', { kind: 'own' })).rejects.toThrow(/422.*The switch knows no phone 2999;/u);
  await ready('eve', 'gone', 'finn');
  const since = journal.mark();
  const caller = await call({ to: '501', from: '7001' });
  const failed = await journal.until('call.offer.failed', { since, times: 3 });
  expect(failed.map(({ data }) => [data.agentId, data.verdict])).toEqual([
    ['eve', 'unreachable'],
    ['gone', 'unreachable'],
    ['finn', 'no-answer'],
  ]);
  expect(silent.count('ringing')).toBe(1);
  expect(await seen('finn', ({ status }) => status === 'not-ready')).toMatchObject({ reason: 'rona' });
  for (const id of ['eve', 'gone']) expect(await api.agent(id)).toMatchObject({ status: 'ready', missed: 1 });
  // She need not wait for it.
  await api.endRest('eve');
  const [, , , again] = await journal.until('call.offer.failed', { since, times: 4 });
  expect(again?.data).toMatchObject({ agentId: 'eve', verdict: 'unreachable' });
  expect(await seen('eve', ({ missed }) => missed === 2)).toMatchObject({ status: 'ready' });
  caller.hangUp();
  await journal.until('call.ended', { since });
});

test('a line is rung once and takes two calls in a row; hung up, its agent is not ready', async () => {
  const { phone, crowd, journal, api, pbx } = house();
  const line = await phone('1005', { answerAfterMs: 100 });
  const since = journal.mark();
  await api.logIn('eve', { kind: 'line', to: null });
  await seen('eve', ({ status }) => status === 'ready');
  const [first, second] = await crowd([
    { to: '501', from: '7001' },
    { to: '501', from: '7002' },
  ]);
  const [one] = await journal.until('call.connected', { since });
  expect(one.data.agentId).toBe('eve');
  await seen('eve', ({ state }) => state === 'talking');
  first?.hangUp();
  const [, two] = await journal.until('call.connected', { since, times: 2 });
  expect(two?.data.agentId).toBe('eve');
  expect(callOf(two ?? one)).not.toBe(callOf(one));
  second?.hangUp();
  await journal.until('call.ended', { since, times: 2 });
  expect([line.count('ringing'), line.count('answered')]).toEqual([1, 1]);
  await until(
    'the line alone to be up',
    () => pbx.channels(),
    (channels) => channels.length === 1,
  );
  expect(await seen('eve', ({ state }) => state === 'idle')).toMatchObject({ handled: { desk: 2 }, status: 'ready' });
  line.hangUp();
  expect(await seen('eve', ({ status }) => status === 'not-ready')).toMatchObject({ reason: 'line-lost' });
  expect(journal.of('agent.line.ended', since)).toHaveLength(1);
});

testWhereItCan('keeps its callers while Callwright is away')(
  'a line outlives Callwright, in a talk and between two, and logging out hangs it up',
  async () => {
    const { phone, crowd, journal, callwright, restart } = house();
    const line = await phone('1005', { answerAfterMs: 100 });
    let since = journal.mark();
    await house().api.logIn('eve', { kind: 'line', to: null });
    await seen('eve', ({ status }) => status === 'ready');
    const [first, second] = await crowd([
      { to: '501', from: '7001' },
      { to: '501', from: '7002' },
    ]);
    await journal.until('call.connected', { since });
    await journal.until('call.queued', { since, times: 2 });
    since = journal.mark();
    await callwright.end('SIGKILL');
    await restart();
    await journal.until('switch.reconciled', { since });
    first?.hangUp();
    const [next] = await journal.until('call.connected', { since });
    expect(next.data.agentId).toBe('eve');
    second?.hangUp();
    await journal.until('call.ended', { since, times: 2 });
    await seen('eve', ({ state }) => state === 'idle');
    expect(line.count('ringing')).toBe(1);
    await house().api.setStatus('eve', 'logged-out');
    await line.until('ended');
  },
);

test('an agent at a number outside is rung there over the trunk', async () => {
  const { call, journal, api, site } = house();
  await expect(api.logIn('eve', { kind: 'number', number: MOBILE, trunk: 'public' })).rejects.toThrow('not-allowed');
  appendFileSync(join(site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
  await api.loadFlows();
  const since = journal.mark();
  await api.logIn('eve', { kind: 'number', number: MOBILE, trunk: 'public' });
  const caller = await call({ to: '501', from: '7001' });
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data.agentId).toBe('eve');
  const eve = await seen('eve', ({ state }) => state === 'talking');
  expect(eve).toMatchObject({ seat: { kind: 'number', number: MOBILE } });
  caller.hangUp();
  await journal.until('call.ended', { since });
});

testWhereItCan('asks phones for passwords')(
  'a phone of the house logs its agent in and out by code; nobody else can dial one',
  async () => {
    const { phone, call, journal } = house();
    const code = async (to: string) => (await call({ to, from: '1005', password: PASSWORD })).done();
    const since = journal.mark();
    await code('*11');
    expect(await seen('eve', ({ status }) => status === 'ready')).toMatchObject({ seat: { kind: 'own' } });
    await phone('1005', { answerAfterMs: 100 });
    const caller = await call({ to: '501', from: '7001' });
    const [connected] = await journal.until('call.connected', { since });
    expect(connected.data.agentId).toBe('eve');
    caller.hangUp();
    await seen('eve', ({ state }) => state === 'idle');
    await code('*14');
    expect(await seen('eve', ({ status }) => status === 'not-ready')).toMatchObject({ reason: 'break' });
    // A guest, whatever number he shows.
    expect(await (await call({ to: '*12', from: '+3581005' })).done()).toMatchObject({ status: 404 });
    expect(await house().api.agent('eve')).toMatchObject({ status: 'not-ready' });
    await code('*12');
    await seen('eve', ({ status }) => status === 'logged-out');
  },
);
