import { expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

const house = useHouse();

test('after five talks a caller hears how long it may take, and not before', async () => {
  const { phone, ready, call, journal, api } = house();
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
  // How far what he was told was from what he waited is measured, once: of those who heard nothing there is nothing to measure.
  const waitedMs = connected[6]?.data.waitedMs ?? Number.NaN;
  const page = await api.metrics();
  const measured = (what: string) =>
    Number(new RegExp(`^callwright_acd_ewt_error_seconds_${what} (.*)$`, 'mu').exec(page)?.[1]);
  expect(measured('count')).toBe(1);
  expect(measured('sum')).toBeCloseTo(Math.abs(told.data.waitedMs + told.data.estimateMs - waitedMs) / 1_000, 2);
  waiting.hangUp();
  await journal.until('call.disconnected', { since, times: 7 });
});
