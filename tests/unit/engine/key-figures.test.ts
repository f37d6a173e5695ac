import { describe, expect, it } from 'vitest';
import { KpiBook } from '../../../src/acd/kpi/book.ts';
import { KPI_SETTINGS } from '../../../src/acd/kpi/words.ts';
import type { Fact, JournalEvent } from '../../../src/call/journal.ts';
import { KeyFigures } from '../../../src/engine/key-figures.ts';
import { figureRooms } from '../../support/figure-rooms.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { queueProfile } from '../../support/site.ts';

const NOON = Date.parse('2026-11-02T12:00:00Z');
const HOUR = 3_600_000;

const event = (subject: string, seq: number, at: number, fact: Fact): JournalEvent => ({ ...fact, subject, seq, at });

/** A call that an agent answers after so many seconds, and that lasts a minute. */
function handled(id: string, at: number, waitedMs: number): JournalEvent[] {
  const subject = `call/${id}`;
  const arrived = { direction: 'inbound', ani: `+${id}`, dnis: '1', source: 'public', legId: id } as const;
  const queued = { queue: 'support', language: 'en', require: [], priority: 0 };
  const connected = { queue: 'support', agentId: 'alice', waitedMs, rangMs: 0 };
  return [
    event(subject, 1, at, { type: 'call.arrived', data: arrived }),
    event(subject, 2, at, { type: 'call.queued', data: queued }),
    event(subject, 3, at + waitedMs, { type: 'call.connected', data: connected }),
  ];
}

function house() {
  const live = createMemoryLive(() => NOON).connect();
  const queues = new Map([['support', queueProfile('support', { targetMs: 30_000 })]]);
  const reads: number[] = [];
  const turns = { now: 0, seen: [] as number[] };
  const counted: typeof live = {
    ...live,
    read: async (cursor, limit) => {
      const found = await live.read(cursor, limit);
      reads.push(found.length);
      if (limit > 1) turns.seen.push(turns.now);
      return found;
    },
  };
  return {
    live,
    reads,
    turns,
    figures: new KeyFigures({
      ...figureRooms(() => NOON),
      live: counted,
      queues: () => queues,
      agents: () => [],
      teams: () => new Map(),
      settings: () => KPI_SETTINGS,
    }),
  };
}

describe('key figures from the kept journal', () => {
  it('are those of the events fed in one by one, by the target of each queue', async () => {
    const { live, figures } = house();
    const events = [...handled('1', NOON, 25_000), ...handled('2', NOON + 1_000, 45_000)];
    await live.append(events);
    const { report } = await figures.report(NOON, null);
    const book = new KpiBook({ ...KPI_SETTINGS, targetMs: new Map([['support', 30_000]]) }, { from: NOON });
    for (const each of events) book.see(each);
    expect(report).toEqual(book.report());
    expect(report.queues['support']).toMatchObject({ handled: 2, asa: 35_000, serviceLevel: { negative: 0.5 } });
  });

  it('count an event once, though it was written twice', async () => {
    const { live, figures } = house();
    await live.append([...handled('1', NOON, 0), ...handled('1', NOON, 0)]);
    expect((await figures.report(NOON, null)).report.all).toMatchObject({ arrived: 1, offered: 1, handled: 1 });
  });

  it('say when the journal begins too late for the span', async () => {
    const { live, figures } = house();
    await live.append(handled('1', NOON, 0));
    expect(await figures.report(NOON - HOUR, null)).toMatchObject({ journalBegins: NOON });
    expect(await figures.report(NOON, null)).toMatchObject({ journalBegins: null });
    expect(await figures.day(NOON - 1, null)).toMatchObject({ journalBegins: NOON });
  });

  it('know a customer who was served days before the span, and nobody from longer ago', async () => {
    const { live, figures } = house();
    const day = 24 * HOUR;
    const again = handled('1', NOON, 0).map((each) => ({ ...each, subject: 'call/again' }));
    await live.append([
      ...handled('2', NOON - 8 * day, 0),
      ...handled('1', NOON - 6 * day, 0),
      ...again,
      ...handled('2', NOON, 0),
    ]);
    const { all } = (await figures.report(NOON - HOUR, null)).report;
    expect(all).toMatchObject({ arrived: 2, handled: 2, repeats: 0.5, redials: 0 });
  });

  it('keep to the span, and know what agents did before it', async () => {
    const { live, figures } = house();
    const alice = { agentId: 'alice', reason: null } as const;
    await live.append([
      event('agent/alice', 1, NOON - HOUR, {
        type: 'agent.status.changed',
        data: { ...alice, status: 'ready', previous: 'logged-out' },
      }),
      ...handled('before', NOON - HOUR, 0),
      ...handled('in', NOON + 1_000, 0),
      event('agent/alice', 2, NOON + HOUR - 1, {
        type: 'agent.status.changed',
        data: { ...alice, status: 'not-ready', previous: 'ready' },
      }),
      ...handled('after', NOON + HOUR, 0),
    ]);
    const { report } = await figures.report(NOON, NOON + HOUR);
    expect(report.all).toMatchObject({ arrived: 1, handled: 1 });
    // Idle for the whole hour, not for the one before.
    expect(report.agents).toEqual({ alice: { handled: 1, outbound: 0, occupancy: 0 } });
  });

  it('cost who asks again only what is new', async () => {
    const { live, reads, figures } = house();
    await live.append(Array.from({ length: 400 }, (_, i) => handled(`${i}`, NOON + i, 0)).flat());
    await figures.report(NOON, null);
    reads.length = 0;
    await live.append(handled('new', NOON + 500, 0));
    const { report } = await figures.report(NOON, null);
    expect(report.all.handled).toBe(401);
    expect(reads).toEqual([3]);
  });

  it('let others have their turn after every slice, however many events there are', async () => {
    const { live, turns, figures } = house();
    await live.append(Array.from({ length: 2_000 }, (_, i) => handled(`${i}`, NOON + i, 0)).flat());
    let going = true;
    const others = () => {
      turns.now += 1;
      if (going) setImmediate(others);
    };
    setImmediate(others);
    const answer = await figures.cells(NOON, null, { by: 'did', every: '1h', zone: 'UTC' });
    going = false;
    expect(answer).toMatchObject({ ok: true, value: { report: { all: { handled: 2_000 } } } });
    // 6,000 events in slices of 500: each was read in a turn of its own.
    expect(new Set(turns.seen).size).toBe(turns.seen.length);
    expect(turns.seen.length).toBeGreaterThanOrEqual(12);
  });

  it('are refused where they would be more cells than anybody reads', async () => {
    const { figures } = house();
    const wish = { by: null, every: '15m', zone: 'UTC' } as const;
    expect(await figures.cells(NOON - 90 * 24 * HOUR, NOON, wish)).toMatchObject({ ok: false, why: 'invalid' });
  });
});
