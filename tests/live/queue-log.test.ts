import { join } from 'node:path';
import { expect } from 'vitest';
import { APP_QUEUE_DIALPLAN, loadAppQueue, type QueueLine, queueLines } from './support/app-queue.ts';
import type { CallerStory } from './support/caller.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse({ dialplan: APP_QUEUE_DIALPLAN });

const NATIVE: CallerStory = { to: 'native', from: '7001' };
const OURS: CallerStory = { to: '500', from: '7001', keys: ['1', '2'].map((digit) => ({ afterMs: 200, digit })) };

/** The same three calls: the caller hangs up, the agent does, and nobody answers until the caller has enough. */
async function threeCalls(story: CallerStory, lines: () => readonly QueueLine[]): Promise<readonly QueueLine[]> {
  const { phone, call } = house();
  const has = async (count: number, event: string) =>
    until(
      `${count} × ${event}`,
      async () => lines().filter((line) => line.event === event).length,
      (found) => found >= count,
    );
  const before = lines().length;
  const answers = await phone('1003', { answerAfterMs: 1_000 });
  const first = await call(story);
  await has(1, 'CONNECT');
  first.hangUp();
  await has(1, 'COMPLETECALLER');
  await answers.unplug();
  const hangsUp = await phone('1003', { answerAfterMs: 100, talkMs: 2_000 });
  await call(story);
  await has(1, 'COMPLETEAGENT');
  await hangsUp.unplug();
  const silent = await phone('1003', {});
  const third = await call(story);
  await silent.until('ringing');
  third.hangUp();
  await has(1, 'ABANDON');
  await silent.unplug();
  return lines().slice(before);
}

const who = ({ queue, agent, event }: QueueLine) => `${queue} ${agent} ${event}`;

/** Cell by cell, but for the call's id; no two calls take equally long. */
function isLike({ event, data }: QueueLine, other: QueueLine | undefined): boolean {
  const slack = event.startsWith('RING') ? 500 : 1; // ms there, else seconds
  return (
    data.length === other?.data.length &&
    data.every((cell, at) => {
      const theirs = other.data[at] ?? '';
      const isId = event === 'CONNECT' && at === 1;
      return isId || cell === theirs || Math.abs(Number(cell) - Number(theirs)) <= slack;
    })
  );
}

testWhereItCan('is Asterisk')('our queue log has the lines that app_queue writes for the same calls', async () => {
  const { api, callwright, folder, ready } = house();
  await ready('cleo');
  const ours = await threeCalls(OURS, () => queueLines(join(callwright.data, 'queue_log')));
  await until(
    'cleo to be free',
    () => api.agent('cleo'),
    ({ state }) => state === 'idle',
  );
  await loadAppQueue(house(), 'PJSIP/1003,0,cleo');
  const native = await threeCalls(NATIVE, () => queueLines(join(folder, 'asterisk/log/queue_log')));
  expect(ours.map(who)).toEqual(native.map(who));
  for (const [nth, line] of ours.entries())
    expect(isLike(line, native[nth]), JSON.stringify([line, native[nth]])).toBe(true);
});
