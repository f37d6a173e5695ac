import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../../src/call/journal.ts';
import { callOf } from './support/journal.ts';
import { listen } from './support/listener.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse({ withWorld: true });

/** In the simulated public network: talks until the other side hangs up, and is busy. */
const [PATIENT, BUSY] = ['+358401200098', '+358401200070'];

beforeAll(async () => {
  const { site, api } = house();
  appendFileSync(join(site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
  await api.loadFlows();
});

/** Somebody calls, waits, chooses the callback and says that the number is right. */
async function promised(from: string): Promise<string> {
  const { call, journal } = house();
  const since = journal.mark();
  const keys = [2_000, 2_000].map((afterMs) => ({ afterMs, digit: '1' }));
  const caller = await call({ to: '540', from, keys });
  const [requested] = await journal.until('callback.requested', { since, fits: ({ data }) => data.number === from });
  expect(await caller.done()).toMatchObject({ status: 200, endedBy: 'far-side' });
  return requested.data.callbackId;
}

const numberOf = (event: JournalEvent | undefined) => {
  const arrived = house()
    .journal.of('call.arrived')
    .find((each) => event && callOf(each) === callOf(event));
  return arrived?.data.direction === 'outbound' ? arrived.data.dnis : arrived?.data.ani;
};

test('a callback keeps its place over SIP, from the key to the talk, and rings the agent before the customer', async () => {
  const { phone, ready, call, journal, api } = house();
  const desk = await phone('1004', { answerAfterMs: 100 });
  const since = journal.mark();
  const id = await promised(PATIENT);
  const later = await call({ to: '540', from: '7002' });
  await journal.until('call.queued', { since, times: 2 });
  await ready('dora');
  const [first] = await journal.until('call.connected', { since });
  expect(numberOf(first)).toBe(PATIENT);
  const story = journal
    .all(since)
    .filter((event) => callOf(event) === callOf(first))
    .map(({ type }) => type);
  expect(story.filter((type) => /^(call\.arrived|leg\.answered|call(back)?\.(started|answered))$/.test(type))).toEqual([
    'call.arrived',
    'leg.answered',
    'callback.started',
    'call.answered',
    'callback.answered',
  ]);
  // Written down after it is told.
  const done = await until(
    'the promise to be kept',
    async () => (await api.callbacks()).find((each) => each.id === id),
    (found) => found?.state === 'done',
  );
  expect(done).toMatchObject({ state: 'done', closedBy: 'dora' });
  desk.hangUp();
  const [, second] = await journal.until('call.connected', { since, times: 2 });
  expect(numberOf(second)).toBe('7002');
  later.hangUp();
  await journal.until('call.ended', { since, times: 3 });
});

test('the agent is free at once when the customer is busy, and another try is promised', async () => {
  const { phone, ready, journal, api } = house();
  await phone('1004', { answerAfterMs: 100 });
  const since = journal.mark();
  const id = await promised(BUSY);
  await ready('dora');
  const [failed] = await journal.until('callback.failed', { since });
  expect(failed.data).toMatchObject({ callbackId: id, why: 'busy', attempt: 1 });
  expect(failed.data.retryAt).toBeGreaterThan(failed.at + 59_000);
  const [idle] = await journal.until('agent.state.changed', {
    since,
    fits: ({ data, at }) => at >= failed.at && data.agentId === 'dora' && data.state === 'idle',
  });
  expect(idle.at - failed.at).toBeLessThan(1_000);
  await api.cancelCallback(id);
  expect((await api.callbacks()).find((each) => each.id === id)).toMatchObject({ state: 'cancelled', tries: 1 });
});

test('a promise survives kill -9, and is kept by the next process', async () => {
  const { phone, ready, journal, callwright, restart } = house();
  await phone('1004', { answerAfterMs: 100 });
  const since = journal.mark();
  await promised(PATIENT);
  await callwright.end('SIGKILL');
  await restart();
  await journal.until('switch.reconciled', { since });
  await ready('dora');
  const [answered] = await journal.until('callback.answered', { since });
  await house().api.hangUp(callOf(answered));
  await journal.until('call.ended', { since, fits: (event) => callOf(event) === callOf(answered) });
  expect(journal.of('callback.started', since)).toHaveLength(1);
});

test('“I am back”: who rings again before his callback has his place, and is not called', async () => {
  const { phone, ready, call, journal, api } = house();
  await phone('1004', { answerAfterMs: 100 });
  const since = journal.mark();
  const id = await promised(PATIENT);
  const before = await call({ to: '540', from: '7003' });
  await journal.until('call.queued', { since, times: 2 });
  const back = await call({ to: '540', from: PATIENT });
  const [kept] = await journal.until('call.place.kept', { since });
  expect(kept.data).toMatchObject({ queue: 'promise', because: 'callback' });
  expect((await api.callbacks()).find((each) => each.id === id)).toMatchObject({ state: 'withdrawn' });
  await ready('dora');
  const [first] = await journal.until('call.connected', { since });
  expect([numberOf(first), callOf(first)]).toEqual([PATIENT, callOf(kept)]);
  back.hangUp();
  const [, second] = await journal.until('call.connected', { since, times: 2 });
  expect(numberOf(second)).toBe('7003');
  before.hangUp();
  await journal.until('call.ended', { since, times: 3 });
  expect(journal.of('callback.started', since)).toEqual([]);
});

test('a message that was promised an answer is heard by an agent on his phone', async () => {
  const { phone, ready, journal, api } = house();
  const desk = await phone('1004', { answerAfterMs: 100 });
  const since = journal.mark();
  using listener = await listen(house(), '541', '7004');
  listener.speak();
  const [left] = await journal.until('voicemail.left', { since });
  await ready('dora');
  const [rung] = await journal.until('call.offered', { since });
  const [heard] = await journal.until('voicemail.heard', { since });
  expect(heard.data).toMatchObject({ messageId: left.data.messageId, agentId: 'dora' });
  const [answered] = await journal.until('leg.answered', { since, fits: (event) => callOf(event) === callOf(rung) });
  expect(heard.at - answered.at).toBeGreaterThan(left.data.durationMs); // the message itself was played
  await api.dealtWith(left.data.messageId);
  await desk.until('ended');
  await journal.until('call.ended', { since, fits: (event) => callOf(event) === callOf(rung) });
});
