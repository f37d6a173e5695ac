import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse();

const PAUSE_MS = 10_000;
/** Ten seconds of work are 0.55 % of the last half hours: 1 − e^(−10 s ÷ 30 min). */
const WORK_MS = 10_000;

beforeAll(async () => {
  const { site, api } = house();
  writeFileSync(join(site, 'site/floor.yaml'), 'rest: { occupancyOver: 0.5%, pause: 10s }\n');
  await api.loadFlows();
});

test('who is over the occupancy cap rests after the call: the next caller waits that long, or until the agent ends it', async () => {
  const { phone, ready, call, journal, api } = house();
  await phone('1005', { answerAfterMs: 100 });
  await ready('eve');
  const since = journal.mark();
  const caller = await call({ to: '501', from: '7001' });
  await journal.until('call.connected', { since });
  await pause(WORK_MS);
  caller.hangUp();
  const [{ data: first }] = await journal.until('agent.rest.began', { since });
  expect(first.occupancy).toBeGreaterThan(0.005);
  const second = await call({ to: '501', from: '7009' });
  await journal.until('call.queued', { since, times: 2 });
  await until(
    'eve to rest',
    () => api.agent('eve'),
    ({ state, restUntil }) => state === 'idle' && restUntil === first.until,
  );
  const offered = await journal.until('call.offered', { since, times: 2, withinMs: 2 * PAUSE_MS });
  expect((offered[1]?.at ?? 0) - first.until).toBeGreaterThanOrEqual(0);
  expect((offered[1]?.at ?? 0) - first.until).toBeLessThan(1_000);
  await journal.until('call.connected', { since, times: 2 });
  second.hangUp();

  const [, again] = await journal.until('agent.rest.began', { since, times: 2 });
  const third = await call({ to: '501', from: '7010' });
  await journal.until('call.queued', { since, times: 3 });
  await api.endRest('eve');
  await journal.until('call.connected', { since, times: 3 });
  expect(journal.of('call.offered', since)[2]?.at).toBeLessThan(again?.data.until ?? 0);
  third.hangUp();
});
