import { expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

const house = useHouse();

test('after five talks a caller hears how long it may take, and not before', async () => {
  const { phone, ready, call, journal } = house();
  await phone('1005', { answerAfterMs: 100 });
  await ready('eve');
  const since = journal.mark();
  for (let talks = 1; talks <= 5; talks += 1) {
    const early = await call({ to: '522', from: `700${talks}` });
    await journal.until('call.connected', { since, times: talks });
    early.hangUp();
    await journal.until('call.disconnected', { since, times: talks });
  }
  expect(journal.of('call.estimate.announced', since)).toEqual([]);
  const talking = await call({ to: '522', from: '7006' });
  await journal.until('call.connected', { since, times: 6 });
  const waiting = await call({ to: '522', from: '7007' });
  const [told] = await journal.until('call.estimate.announced', { since });
  const [, , , , , , arrived] = journal.of('call.arrived', since);
  expect(callOf(told)).toBe(arrived && callOf(arrived));
  expect(told.data).toMatchObject({ queue: 'waits', fromMs: 0, toMs: 60_000 });
  talking.hangUp();
  const connected = await journal.until('call.connected', { since, times: 7 });
  expect(connected[6]?.data.waitedMs).toBeLessThan(60_000);
  waiting.hangUp();
  await journal.until('call.disconnected', { since, times: 7 });
});
