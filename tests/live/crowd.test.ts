import { expect, test } from 'vitest';
import { crowdStories, staffCrowd } from './support/crowd.ts';
import { useHouse } from './support/live.ts';

const house = useHouse();
const CALLS = 30;

test('thirty calls at once are all connected, and end with nothing left', async () => {
  const { phone, crowd, journal, api, asterisk } = house();
  const phones = await phone('crowd', { answerAfterMs: 200 });
  await staffCrowd(house(), CALLS);
  const since = journal.mark();
  const callers = await crowd(crowdStories(CALLS), 40);
  const connected = await journal.until('call.connected', { since, times: CALLS, withinMs: 20_000 });
  expect(new Set(connected.map(({ data }) => data.agentId)).size).toBe(CALLS);
  expect((await api.calls()).filter(({ phase }) => phase === 'talking')).toHaveLength(CALLS);
  expect(await asterisk.channels()).toHaveLength(2 * CALLS);

  for (const caller of callers) caller.hangUp();
  const ended = await journal.until('call.ended', { since, times: CALLS });
  expect(ended.every(({ data }) => data.verdict === 'completed' && data.detected === 'event')).toBe(true);
  await phones.until('ended', CALLS);
  const records = (await api.records()).slice(0, CALLS);
  expect(new Set(records.map(({ ani }) => ani))).toEqual(new Set(callers.map(({ from }) => from)));
  expect(records.every(({ outcome }) => outcome === 'handled')).toBe(true);
});
