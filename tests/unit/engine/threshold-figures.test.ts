import { describe, expect, it } from 'vitest';
import { newAgent } from '../../../src/acd/agent.ts';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { ThresholdFigures } from '../../../src/engine/threshold-figures.ts';
import { PLAIN_FOLLOW_UPS } from '../../../src/engine/site.ts';
import type { Threshold } from '../../../src/work/threshold.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { agentProfile, queueProfile, testSite } from '../../support/site.ts';
import { ruleOf } from '../work/threshold-rule.ts';

/** A Monday, 00:30 in Helsinki. */
const NOW = Date.parse('2026-11-22T22:30:00Z');
const HOUR = 3_600_000;
const weekly = new Map([1, 2, 3, 4, 5].map((day) => [day, [{ from: 480, to: 960 }]]));
const OFFICE = {
  name: 'office',
  timezone: 'Europe/Helsinki',
  weekly,
  holidays: new Map(),
  exceptions: new Map(),
  forced: false,
};
const QUEUES = new Map(
  [queueProfile('support', { calendar: 'office' }), queueProfile('billing')].map((queue) => [queue.name, queue]),
);
const AUTUMN = { id: 'campaign-1', name: 'Autumn', status: 'running' } as Campaign;
const LIMIT = { cap: 0.03, window: 'day', scope: 'campaign', rate: 0.024, abandoned: 12, of: 500 } as const;
const view = { ...LIMIT, from: '', to: '', zone: 'UTC', endsAt: NOW, budget: 3, binds: true, definition: '' };

const connected = (seq: number, queue: string, at: number, waitedMs: number): JournalEvent => ({
  type: 'call.connected',
  data: { queue, agentId: 'alice', waitedMs, rangMs: 0 },
  subject: `call/${seq}`,
  seq,
  at,
});

async function read(rule: Partial<Threshold>, events: readonly JournalEvent[] = []) {
  const clock = new SimulatedClock(NOW);
  const live = createMemoryLive(() => clock.now()).connect();
  await live.append(events);
  const team = { title: 'Finance', members: ['alice'], ladder: null };
  const site = testSite({
    calendars: new Map([['office', OFFICE]]),
    followUps: { ...PLAIN_FOLLOW_UPS, teams: new Map([['finance', team]]) },
  });
  const away = (id: string) => ({ ...newAgent(id, NOW - HOUR), status: 'not-ready' as const, reason: 'break' });
  const figures = new ThresholdFigures({
    clock,
    log: silent,
    live,
    history: { ...createMemoryHistory(), campaigns: async () => [AUTUMN, { ...AUTUMN, id: 'x', status: 'paused' }] },
    followUps: { queues: async () => [] },
    site: () => site,
    queues: () => QUEUES,
    waiting: () => [],
    estimateMs: () => null,
    agents: () => ['alice', 'bob'].map((id) => ({ live: away(id), profile: agentProfile(id) })),
    abandonment: async () => ({ profile: 'eu', limits: [{ ...view, binds: false, cap: 1 }, view] }),
    trunkDownSince: () => NOW - HOUR,
  });
  const asked = ruleOf({ window: null, ...rule });
  return (await figures.read([asked])).get(asked.name);
}

describe('the figures that are watched', () => {
  it('are none where they are counted from too few', async () => {
    const events = [1, 2, 3].map((seq) => connected(seq, 'billing', NOW - 1_000, 90_000));
    const rule = { names: new Set(['billing']), window: HOUR };
    expect(await read({ ...rule, atLeast: 3 }, events)).toEqual([{ name: 'billing', value: 0, sample: 3 }]);
    expect(await read({ ...rule, atLeast: 4 }, events)).toEqual([{ name: 'billing', value: null, sample: 3 }]);
  });

  it('leave out what is excepted', async () => {
    const waiting = { figure: 'waiting', except: new Set(['support']) };
    expect(await read(waiting)).toEqual([{ name: 'billing', value: 0, sample: null }]);
  });

  it('of today begin at midnight where the queue is', async () => {
    const events = ['support', 'billing'].flatMap((queue, i) => [
      connected(4 * i + 1, queue, NOW - HOUR, 90_000),
      connected(4 * i + 2, queue, NOW - HOUR / 4, 1_000),
    ]);
    expect(await read({ window: 'day', atLeast: 1 }, events)).toEqual([
      { name: 'support', value: 1, sample: 1 },
      { name: 'billing', value: 0.5, sample: 2 },
    ]);
  });

  it('say nothing of who is ready outside the hours of a queue', async () => {
    expect(await read({ figure: 'agentsReady', atLeast: 0 })).toEqual([
      { name: 'support', value: null, sample: null },
      { name: 'billing', value: 0, sample: null },
    ]);
  });

  it('are of the members of a team, and for the reasons that are meant', async () => {
    const breaks = { of: 'agent', figure: 'breakLength', atLeast: 0 } as const;
    expect((await read(breaks))?.map(({ name, value }) => [name, value])).toEqual([
      ['alice', HOUR],
      ['bob', HOUR],
    ]);
    expect((await read({ ...breaks, teams: new Set(['finance']) }))?.map(({ name }) => name)).toEqual(['alice']);
    expect((await read({ ...breaks, reasons: new Set(['lunch']) }))?.map(({ value }) => value)).toEqual([0, 0]);
  });

  it('of running campaigns are held against the limit that binds, by id or name', async () => {
    const used = { of: 'campaign', figure: 'capUsed', atLeast: 20, names: new Set(['Autumn']) } as const;
    const [reading, ...more] = (await read(used)) ?? [];
    expect(more).toEqual([]);
    expect(reading).toMatchObject({ name: 'campaign-1', label: 'Autumn', sample: 500 });
    expect(reading?.value).toBeCloseTo(0.8);
    expect(await read({ ...used, atLeast: 501 })).toMatchObject([{ value: null }]);
    expect((await read({ ...used, figure: 'abandonment' }))?.[0]?.value).toBe(0.024);
  });

  it('of a trunk are how long it has been down', async () => {
    expect(await read({ of: 'trunk', figure: 'downFor' })).toEqual([{ name: 'public', value: HOUR, sample: null }]);
  });
});
