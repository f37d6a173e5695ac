import { beforeEach, expect, it } from 'vitest';
import type { Fact, JournalEvent } from '../../../src/call/journal.ts';
import { GroupNews } from '../../../src/events/group-news.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';

const clock = new SimulatedClock();
let live: ReturnType<ReturnType<typeof createMemoryLive>['connect']>;
let told: [string, Fact][];
let writes: boolean;
let news: GroupNews;
beforeEach(async () => {
  live = createMemoryLive(() => clock.now()).connect();
  told = [];
  writes = true;
  news = new GroupNews({
    groups: live.groups,
    tell: async (subject, fact) => {
      if (!writes) throw new Error('the store is away');
      told.push([subject, fact]);
    },
  });
  await live.groups.open('crm', null);
  await live.append([1, 2, 3].map(answered));
});

const answered = (seq: number): JournalEvent => ({
  type: 'call.answered',
  data: { legId: 'leg' },
  subject: 'call/c1',
  seq,
  at: clock.now(),
});
/** Consumers of the group take the next event twice in vain, or one time the last but one. */
const fail = async (events: number) => {
  for (let n = 0; n <= events; n += 1) {
    await live.groups.take({ group: 'crm', consumer: 'a', limit: 1, lapsedMs: 0, mostTries: 1 });
  }
};

it('a group without dead letters is no news', async () => {
  await news.look();
  expect(told).toEqual([]);
});

it('that a group has some is told once, with the oldest, until they were given out again', async () => {
  await fail(2);
  for (let look = 0; look < 3; look += 1) await news.look();
  const first = { tries: 1, subject: 'call/c1', type: 'call.answered', cursor: expect.any(String) };
  expect(told).toEqual([['group/crm', { type: 'group.dead-letter', data: { group: 'crm', dead: 2, first } }]]);
  await live.groups.revive('crm');
  await news.look();
  expect(told).toHaveLength(1);
  await fail(4);
  await news.look();
  expect(told).toHaveLength(2);
});

it('what could not be written is told by who looks a minute later', async () => {
  await fail(1);
  writes = false;
  await expect(news.look()).rejects.toThrow('away');
  writes = true;
  await news.look();
  expect(told).toEqual([]);
  await clock.advance(60_000);
  await news.look();
  expect(told).toHaveLength(1);
});
