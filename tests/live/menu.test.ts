import { expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

const house = useHouse();

test('the right key reaches the right agent, keyed as SIP INFO while the prompt speaks', async () => {
  const { phone, ready, call, journal } = house();
  await phone('1001', { answerAfterMs: 100 });
  const support = await phone('1003', { answerAfterMs: 100 });
  await ready('anna', 'cleo');
  const since = journal.mark();
  const caller = await call({
    to: '500',
    from: '7001',
    keys: [
      { afterMs: 200, digit: '1' },
      { afterMs: 200, digit: '2' },
    ],
  });
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data).toMatchObject({ queue: 'support', agentId: 'cleo' });
  // The switch knows of it before the telephone has the ACK.
  await support.until('answered');
  expect(support.count('answered')).toBe(1);
  const [, ...topics] = journal.of('flow.input.received', since).map(({ data }) => data.node);
  expect(topics).toEqual(['topic']);

  caller.hangUp();
  const [ended] = await journal.until('call.ended', { since });
  expect(ended.data).toMatchObject({ verdict: 'completed', queue: 'support', agentId: 'cleo', detected: 'event' });
  expect(await caller.done()).toEqual({ status: 200, endedBy: 'caller' });
  await support.until('ended');
});

test('the language chosen travels to the choice of the agent', async () => {
  const { phone, ready, call, journal } = house();
  const [english, swedish] = [await phone('1001', { answerAfterMs: 100 }), await phone('1002', { answerAfterMs: 100 })];
  await ready('anna', 'bert');
  const since = journal.mark();
  const keys = [
    { afterMs: 200, digit: '2' },
    { afterMs: 200, digit: '1' },
  ];
  await call({ to: '500', from: '7001', keys });
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data.agentId).toBe('bert');
  const [queued] = journal.of('call.queued', since);
  expect(queued?.data).toMatchObject({ language: 'sv', require: [{ skill: 'lang:sv', level: 3 }] });
  expect([english.count('ringing'), swedish.count('ringing')]).toEqual([0, 1]);
});

test('wrong keys are told so, then lead where the flow says', async () => {
  const { call, journal, api } = house();
  const since = journal.mark();
  const keys = [
    { afterMs: 200, digit: '7' },
    { afterMs: 300, digit: '8' },
  ];
  const caller = await call({ to: '500', from: '7001', keys });
  expect(await caller.done()).toEqual({ status: 200, endedBy: 'far-side' });
  const [ended] = await journal.until('call.ended', { since });
  const left = journal.of('flow.node.left', since).map(({ data }) => `${data.node} ${data.outcome}`);
  expect(left).toContain('language invalid');
  expect(journal.of('flow.node.entered', since).map(({ data }) => data.node)).toContain('sorry');
  expect(journal.of('call.queued', since)).toEqual([]);
  const record = await api.record(callOf(ended));
  expect(record).toMatchObject({ outcome: 'contained', flow: 'front', queue: null });
});

test('silence is asked again, then leads where the flow says', async () => {
  const { phone, ready, call, journal } = house();
  await phone('1004', { answerAfterMs: 100 });
  await ready('dora');
  const since = journal.mark();
  await call({ to: '500', from: '7001' });
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data).toMatchObject({ queue: 'operator', agentId: 'dora' });
  const left = journal.of('flow.node.left', since).map(({ data }) => `${data.node} ${data.outcome}`);
  expect(left).toContain('language noInput');
  expect(journal.of('flow.input.received', since)).toEqual([]);
});

test('an agent who hangs up first hands the caller back to the flow', async () => {
  const { phone, ready, call, journal } = house();
  const operator = await phone('1004', { answerAfterMs: 100 });
  await ready('dora');
  const since = journal.mark();
  const caller = await call({ to: '500', from: '7001' });
  await journal.until('call.connected', { since });
  await operator.until('answered');
  operator.hangUp();
  expect(await caller.done()).toEqual({ status: 200, endedBy: 'far-side' });
  const [disconnected] = await journal.until('call.disconnected', { since });
  expect(disconnected.data).toMatchObject({ agentId: 'dora', by: 'agent' });
  expect(journal.of('flow.node.entered', since).map(({ data }) => data.node)).toContain('thanks');
});

/** A wrong number, then the right one; both end with `#`. */
const CUSTOMER = ['0', '9', '9', '#', '1', '2', '3', '#'].map((digit) => ({ afterMs: 150, digit }));

test('a number is collected, the wrong one asked again, and the call is transferred until the other hangs up', async () => {
  const { phone, call, journal, api } = house();
  const manager = await phone('1001', { answerAfterMs: 100, talkMs: 300 });
  const since = journal.mark();
  const caller = await call({ to: '503', from: '7001', keys: CUSTOMER });
  const [transferred] = await journal.until('call.transferred', { since });
  expect(transferred.data).toEqual({ to: '1001', outcome: 'answeredEnd' });
  expect(await caller.done()).toEqual({ status: 200, endedBy: 'far-side' });
  expect(manager.count('answered')).toBe(1);
  expect(journal.of('flow.node.entered', since).map(({ data }) => data.node)).toContain('thanks');
  // What is marked as personal is nowhere in the journal.
  // Times and ids may hold any digits.
  const keyed = journal.of('flow.input.received', since).map(({ data }) => data.digits);
  expect(keyed.join(' ')).not.toContain('123');
  const [ended] = await journal.until('call.ended', { since });
  expect(await api.record(callOf(ended))).toMatchObject({ outcome: 'transferred', agentId: null });
});

test('a transfer that finds the other busy leads where the flow says', async () => {
  const { phone, ready, call, journal } = house();
  await phone('1001', { refuse: 486 });
  await phone('1004', { answerAfterMs: 100 });
  await ready('dora');
  const since = journal.mark();
  await call({ to: '503', from: '7001', keys: CUSTOMER.slice(4) });
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data).toMatchObject({ queue: 'operator', agentId: 'dora' });
  expect(journal.of('call.transferred', since).map(({ data }) => data.outcome)).toEqual(['busy']);
});

test('a number that no flow answers is refused as unallocated', async () => {
  const { call, journal } = house();
  const since = journal.mark();
  const caller = await call({ to: '599', from: '7001' });
  expect(await caller.done()).toEqual({ status: 404, endedBy: 'far-side' });
  const [rejected] = await journal.until('call.rejected', { since });
  expect(rejected.data.q850).toBe(1);
});
