import { expect, test } from 'vitest';
import { crowdStories, staffCrowd } from './support/crowd.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse();
const CALLS = 30;

test('thirty calls at once are all connected, and end with nothing left', async () => {
  const { phone, crowd, journal, api, pbx } = house();
  const phones = await phone('crowd', { answerAfterMs: 200 });
  await staffCrowd(house(), CALLS);
  const since = journal.mark();
  const callers = await crowd(crowdStories(CALLS), 40);
  const connected = await journal.until('call.connected', { since, times: CALLS, withinMs: 20_000 });
  expect(new Set(connected.map(({ data }) => data.agentId)).size).toBe(CALLS);
  expect((await api.calls()).filter(({ phase }) => phase === 'talking')).toHaveLength(CALLS);
  await until(
    'all their channels to be listed',
    () => pbx.channels(),
    (there) => there.length === 2 * CALLS,
  );

  for (const caller of callers) caller.hangUp();
  const ended = await journal.until('call.ended', { since, times: CALLS });
  expect(ended.every(({ data }) => data.verdict === 'completed' && data.detected === 'event')).toBe(true);
  await phones.until('ended', CALLS);
  const records = await until(
    'all records',
    () => api.records(),
    (all) => all.length >= CALLS,
  );
  expect(new Set(records.map(({ ani }) => ani))).toEqual(new Set(callers.map(({ from }) => from)));
  expect(records.every(({ outcome }) => outcome === 'handled')).toBe(true);
});

test('callers and agents who hang up and give up at any moment leave nothing', async () => {
  const { phone, crowd, journal, api } = house();
  await phone('crowd', { answerAfterMs: 60, talkMs: 150 });
  await staffCrowd(house(), 20);
  const since = journal.mark();
  const patience = [100, 150, 200, 300, 500, 900];
  const crowds = await Promise.all(patience.map((ms) => crowd(crowdStories(12, ms), 80)));
  const callers = crowds.flat();
  await Promise.all(callers.map((caller) => caller.done()));
  const ended = await journal.until('call.ended', { since, times: callers.length });
  expect(ended).toHaveLength(callers.length);
  expect(ended.every(({ data }) => data.detected === 'event')).toBe(true);
  // Each call's facts are numbered without a gap, whatever crossed what.
  const calls = Map.groupBy(
    journal.all(since).filter(({ subject }) => subject.startsWith('call/')),
    callOf,
  );
  for (const facts of calls.values()) expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
  expect((await api.agents()).filter(({ status }) => status === 'not-ready')).toEqual([]);
});
