import { expect, test } from 'vitest';
import { until } from './support/until.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

const house = useHouse();

test('a VIP overtakes those who came before, and wrap-up ends before the next caller is offered, at once', async () => {
  const { phone, ready, crowd, call, journal } = house();
  await phone('1005', { answerAfterMs: 100 });
  const since = journal.mark();
  const [first] = await crowd([{ to: '501', from: '7001' }]);
  await journal.until('call.queued', { since });
  const vip = await call({ to: '501', from: '7777' });
  await journal.until('call.queued', { since, times: 2 });
  await ready('eve');
  const [connected] = await journal.until('call.connected', { since });
  vip.hangUp();
  const [, next] = await journal.until('call.connected', { since, times: 2 });
  const arrivals = new Map(journal.of('call.arrived', since).map((event) => [callOf(event), event.data.ani]));
  expect([connected, next].map((event) => event && arrivals.get(callOf(event)))).toEqual(['7777', '7001']);

  const [wrapUp] = journal
    .of('agent.state.changed', since)
    .filter(({ data }) => data.previous === 'wrap-up' && data.state === 'idle');
  const [, offered] = journal.of('call.offered', since);
  expect(wrapUp?.data.lastedMs).toBeGreaterThanOrEqual(1_000);
  expect(wrapUp?.data.lastedMs).toBeLessThan(1_500);
  expect((offered?.at ?? 0) - (wrapUp?.at ?? 0)).toBeLessThan(200);
  first?.hangUp();
  const ends = await journal.until('call.disconnected', { since, times: 2 });
  expect(ends.map(({ data }) => data.by)).toEqual(['caller', 'caller']);
});

test('ring, no answer: the caller keeps his place, the agent is set aside, the next one gets the call', async () => {
  const { phone, ready, crowd, journal, api } = house();
  const silent = await phone('1005', {});
  const other = await phone('1006', { answerAfterMs: 100 });
  await ready('eve');
  const since = journal.mark();
  await crowd([
    { to: '501', from: '7001' },
    { to: '501', from: '7002' },
  ]);
  const [failed] = await journal.until('call.offer.failed', { since });
  expect(failed.data).toMatchObject({ agentId: 'eve', verdict: 'no-answer' });
  expect(failed.data.rangMs).toBeGreaterThanOrEqual(5_000);
  await silent.until('cancelled');
  await journal.until('agent.status.changed', { since, fits: ({ data }) => data.reason === 'rona' });
  expect(await api.agent('eve')).toMatchObject({ status: 'not-ready', reason: 'rona', state: 'idle' });
  await ready('finn');
  const [connected] = await journal.until('call.connected', { since });
  expect(callOf(connected)).toBe(callOf(failed));
  expect(connected.data.agentId).toBe('finn');
  expect(connected.data.waitedMs).toBeGreaterThan(failed.data.rangMs);
  expect([silent.count('ringing'), other.count('ringing')]).toEqual([1, 1]);
});

test('a caller who hangs up in the queue is abandoned', async () => {
  const { call, journal, api } = house();
  const since = journal.mark();
  const caller = await call({ to: '501', from: '7001' });
  await journal.until('call.position.announced', { since });
  expect((await api.queue('desk')).waiting).toBe(1);
  caller.hangUp();
  const [abandoned] = await journal.until('call.abandoned', { since });
  expect(abandoned.data).toMatchObject({ queue: 'desk', while: 'waiting' });
  await journal.until('call.ended', { since });
  const record = await api.record(callOf(abandoned));
  expect(record).toMatchObject({ outcome: 'abandoned', agentId: null, detected: 'event' });
  expect(await api.queue('desk')).toMatchObject({ waiting: 0 });
});

test('a caller who hangs up while the agent rings: that ring ends at once, and the agent is free', async () => {
  const { phone, ready, call, journal, api } = house();
  const ringing = await phone('1005', {});
  await ready('eve');
  const since = journal.mark();
  const caller = await call({ to: '501', from: '7001' });
  await ringing.until('ringing');
  caller.hangUp();
  await ringing.until('cancelled');
  const [abandoned] = await journal.until('call.abandoned', { since });
  expect(abandoned.data.while).toBe('ringing');
  const [failed] = await journal.until('call.offer.failed', { since });
  expect(failed.data.verdict).toBe('cancelled');
  expect(failed.at - abandoned.at).toBeLessThan(500);
  const idle = await journal.until('agent.state.changed', { since, fits: ({ data }) => data.state === 'idle' });
  expect(idle).toHaveLength(1);
  expect(await api.agent('eve')).toMatchObject({ status: 'ready', state: 'idle' });
});

test('a phone that is busy and one that declines: neither is rung again for a while, the caller waits on', async () => {
  const { phone, ready, call, journal, api } = house();
  await phone('1005', { refuse: 486 });
  await phone('1006', { refuse: 603 });
  await ready('eve', 'finn');
  const since = journal.mark();
  const caller = await call({ to: '501', from: '7001' });
  const failed = await journal.until('call.offer.failed', { since, times: 2 });
  expect(failed.map(({ data }) => [data.agentId, data.verdict])).toEqual([
    ['eve', 'busy'],
    ['finn', 'rejected'],
  ]);
  // The fact is written down first, and then acted on.
  const aside = async () => (await api.agents()).filter(({ missed }) => missed === 1);
  const both = await until('both agents back off', aside, (agents) => agents.length === 2);
  expect(both.map(({ status }) => status)).toEqual(['ready', 'ready']);
  const backOffs = await journal.until('agent.backed.off', { since, times: 2 });
  expect(backOffs.map(({ at, data }) => Math.round((data.until - at) / 1_000))).toEqual([15, 30]);
  const [waiting] = await api.calls();
  expect(waiting).toMatchObject({ phase: 'queued', queue: 'desk' });
  await api.hangUp(waiting?.id ?? '');
  expect(await caller.done()).toMatchObject({ endedBy: 'far-side' });
});
