import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

const house = useHouse({ withWorld: true });

/** In the simulated public network: talks until the other side hangs up. */
const PATIENT = '+358401200098';

/** Callbacks go by both links of the carrier: `full`, which answers 503, before `public`. */
beforeAll(async () => {
  const { site, api } = house();
  appendFileSync(join(site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
  const queues = join(site, 'site/queues.yaml');
  const text = readFileSync(queues, 'utf8');
  writeFileSync(queues, text.replace('callbacks: { tries: 2,', 'callbacks: { trunk: both, tries: 2,'));
  await api.loadFlows();
});

test('a callback whose first trunk answers 503 rings by the second in the same try, and keeps its place', async () => {
  const { phone, ready, call, journal, api, world } = house();
  await phone('1004', { answerAfterMs: 100 });
  const since = journal.mark();
  const keys = [2_000, 2_000].map((afterMs) => ({ afterMs, digit: '1' }));
  const caller = await call({ to: '540', from: PATIENT, keys });
  const [requested] = await journal.until('callback.requested', { since });
  expect(await caller.done()).toMatchObject({ status: 200, endedBy: 'far-side' });
  const later = await call({ to: '540', from: '7002' });
  await journal.until('call.queued', { since, times: 2 });
  await ready('dora');
  const [answered] = await journal.until('callback.answered', { since });
  expect(answered.data).toMatchObject({ callbackId: requested.data.callbackId, agentId: 'dora', attempt: 1 });
  const story = journal.all(since).filter((event) => callOf(event) === callOf(answered));
  const ended = story.filter((event) => event.type === 'leg.ended');
  expect(ended.map(({ data }) => data)).toMatchObject([{ verdict: 'congestion' }]);
  expect(story.filter((event) => event.type === 'leg.rerouted').map(({ data }) => data)).toMatchObject([
    { from: 'full', trunk: 'public' },
  ]);
  expect(journal.of('callback.started', since)).toHaveLength(1);
  expect(journal.of('callback.failed', since)).toEqual([]);
  // The other, who came later and is on the line, is not served before him.
  expect(journal.of('call.connected', since).map(callOf)).toEqual([callOf(answered)]);
  // Both links are one carrier's: it saw the number twice, and rang him once.
  expect(world.dialled()).toEqual([PATIENT, PATIENT]);
  expect((await api.callbacks()).find(({ id }) => id === requested.data.callbackId)?.tries).toBe(1);
  later.hangUp();
  await api.hangUp(callOf(answered));
  await journal.until('call.ended', { since, times: 3 });
});
