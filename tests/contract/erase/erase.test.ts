import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { KPI_SETTINGS } from '../../../src/acd/kpi/words.ts';
import { Eraser } from '../../../src/engine/erase.ts';
import { KeyFigures } from '../../../src/engine/key-figures.ts';
import type { Erasure } from '../../../src/engine/ports/erasures.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import type { Clock } from '../../../src/engine/ports/time.ts';
import { Recorder } from '../../../src/engine/recorder.ts';
import { withArchive } from '../../../src/engine/whole-journal.ts';
import { queueLogEraser } from '../../../src/events/queue-log-erase.ts';
import { startSql, type Sql } from '../../../src/local/sql.ts';
import { COLUMNS } from '../../../src/store/sql/erase-columns.ts';
import { createSqlStores, type SqlStores } from '../../../src/store/sql/stores.ts';
import { figureRooms } from '../../support/figure-rooms.ts';
import { silent } from '../../support/silent.ts';
import { query } from '../history/stores.ts';
import { type RedisStores, redisStores } from '../live-store/stores.ts';
import { eventsOf, MATTI, OTHER, rowsOf } from './person.ts';

const MORNING = Date.now() - 3 * 3_600_000;
/** Waits are over at once. */
const hasty: Clock = {
  now: () => Date.now(),
  at: (_at, task) => {
    const timer = setTimeout(task, 0);
    return () => clearTimeout(timer);
  },
};
const TRACES = /401234567|40 123 4567|Virtala|CRM-77041|778899/u;

let folder: string;
let sql: Sql;
let redis: RedisStores;
let live: LiveStore;
const gone: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callwright-erase-'));
  [sql, redis] = await Promise.all([startSql({ folder: join(folder, 'sql') }), redisStores()]);
  redis.fresh();
  live = await redis.connect();
});
afterAll(async () => {
  await redis.stop();
  await sql.stop();
  rmSync(folder, { recursive: true });
});

const open = () => createSqlStores({ databaseUrl: sql.url, log: silent, poolMax: 1 });

/** With the tables open: the embedded store takes one connection. */
async function within<T>(task: (stores: SqlStores) => Promise<T>): Promise<T> {
  const stores = await open();
  try {
    return await task(stores);
  } finally {
    await stores.history.close();
  }
}

const queueLog = () => join(folder, 'queue_log');

function eraserOf(stores: SqlStores): Eraser {
  const { archive, erasures: books, people } = stores;
  const rooms = { clock: hasty, log: silent, live, archive, books, people };
  return new Eraser({
    ...rooms,
    ids: { next: (kind) => `${kind}-1` },
    flowDesk: {
      eraseVoicemail: async (id) => {
        gone.push(id);
        await stores.flows.removeVoicemail(id);
        return { ok: true, value: undefined };
      },
      eraseRecording: async (id) => {
        gone.push(id);
        return stores.flows.removeRecording(id);
      },
    },
    callbacks: { cancelCallback: async () => ({ ok: true, value: undefined }) },
    dnc: { erase: async () => ({ ok: true, value: 0 }) },
    recorder: new Recorder(hasty, silent),
    places: [queueLogEraser(queueLog(), silent)],
    salt: () => stores.dnc.dncSalt('a fresh secret'),
    country: 'FI',
    isOurs: (number) => number === '100000',
    owner: 'p1',
  });
}

async function erased(order: {
  readonly numbers: string[];
  readonly customerIds: string[];
  readonly dryRun?: boolean;
  readonly compact?: boolean;
}): Promise<Erasure | null> {
  return within(async (stores) => {
    const eraser = eraserOf(stores);
    const answer = await eraser.order({ dryRun: false, compact: false, by: 'the manager', ...order });
    if (!answer.ok) throw new Error(answer.sentence);
    await eraser.idle();
    return eraser.one(answer.value.id);
  });
}

/** Everything that the tables hold, a row a line, the archive unpacked. */
async function dump(): Promise<string> {
  const lines: string[] = [];
  for (const table of Object.keys(COLUMNS)) {
    const rows = await query(sql.url, `select * from callwright.${table}`);
    for (const row of rows) lines.push(`${table} ${JSON.stringify(row)}`);
  }
  await within(async ({ archive }) => {
    for (const { event } of await archive.read(null, 10_000)) lines.push(`archive ${JSON.stringify(event)}`);
  });
  return lines.join('\n');
}

/** Everything in Redis, whatever kind of key. */
async function redisDump(): Promise<string> {
  const { admin } = redis;
  const lines: string[] = [];
  for (const key of await admin.keys('*')) {
    const type = await admin.type(key);
    const value: unknown =
      type === 'stream'
        ? await admin.xrange(key, '-', '+')
        : type === 'hash'
          ? await admin.hgetall(key)
          : await admin.get(key);
    for (const one of Object.entries(value ?? {})) lines.push(`${key} ${JSON.stringify(one)}`);
  }
  return lines.join('\n');
}

const figures = () =>
  within(async ({ archive }) => {
    const settings = () => KPI_SETTINGS;
    const rooms = {
      ...figureRooms(() => MORNING),
      live: withArchive(live, archive),
      queues: () => new Map(),
      agents: () => [],
      teams: () => new Map(),
      settings,
    };
    const { made: _made, ...report } = {
      made: 0,
      ...(await new KeyFigures(rooms).report(MORNING - 60_000, MORNING + 3_600_000)),
    };
    return JSON.parse(JSON.stringify(report)) as Record<string, unknown>;
  });

async function seed(): Promise<void> {
  const people = [MATTI, OTHER];
  await within(async () => undefined);
  await query(
    sql.url,
    `insert into callwright.campaigns (id, status, settings, created_at) values ('c', 'paused', '{}', 1)`,
  );
  for (const person of people) for (const row of rowsOf(person)) await query(sql.url, row);
  const morning = people.flatMap((person) => eventsOf(person, MORNING));
  const [old, young] = [morning.slice(0, 15), morning.slice(15)];
  await live.append(old);
  await within(async ({ archive }) => {
    const texts = await live.readTexts(null, 100);
    await archive.add(null, texts);
  });
  await live.groups.open('crm', null);
  await live.groups.take({ group: 'crm', consumer: 'a', limit: 2, lapsedMs: 0, mostTries: 1 });
  await live.groups.take({ group: 'crm', consumer: 'a', limit: 1, lapsedMs: 0, mostTries: 1 }); // the two are dead
  await live.groups.take({ group: 'crm', consumer: 'b', limit: 3, lapsedMs: 3_600_000, mostTries: 3 });
  await live.append(young);
  const line = (caller: string) => `1790000000|call-1|billing|NONE|ENTERQUEUE||${caller}|1\n`;
  writeFileSync(queueLog(), line(MATTI.number) + line(OTHER.number) + line(MATTI.home).repeat(40_000));
  writeFileSync(`${queueLog()}.1`, line(MATTI.number));
}

describe('where personal data may stand', () => {
  it('is said of every column that can hold text, and docs/erase.md names those that are not the house’s', async () => {
    await within(async () => undefined);
    const rows = (await query(
      sql.url,
      `select table_name as t, column_name as c from information_schema.columns where table_schema = 'callwright'
        and data_type not in ('bigint', 'integer', 'boolean', 'smallint', 'double precision')
        and table_name not in ('migration', 'migration_lock')`,
    )) as { t: string; c: string }[];
    const unknown = rows.filter(({ t, c }) => COLUMNS[t]?.[c] === undefined).map(({ t, c }) => `${t}.${c}`);
    expect(unknown, 'say of each in src/store/sql/erase-columns.ts what becomes of it').toEqual([]);
    const there = new Set(rows.map(({ t, c }) => `${t}.${c}`));
    const page = readFileSync(new URL('../../../docs/erase.md', import.meta.url), 'utf8');
    for (const [table, columns] of Object.entries(COLUMNS))
      for (const [column, rule] of Object.entries(columns)) {
        expect(there.has(`${table}.${column}`), `${table}.${column} is not in the database`).toBe(true);
        if (rule !== 'house') expect(page).toContain(`\`${table}.${column}\``);
      }
  });
});

describe('a person who is erased', () => {
  it('is found first, and nothing is changed by looking', async () => {
    await seed();
    const before = [await dump(), await redisDump()];
    expect(before[0]).toMatch(TRACES);
    const looked = await erased({ numbers: ['040 123 4567'], customerIds: [MATTI.customer], dryRun: true });
    expect(looked).toMatchObject({ state: 'done', dryRun: true, problem: null });
    expect(looked?.found).toMatchObject({
      calls: 4,
      leads: 1,
      attempts: 1,
      callbacks: 1,
      voicemails: 1,
      recordings: 1,
      followUps: 1,
    });
    const without = (text: string | undefined) =>
      text?.split('\n').filter((line) => !/erasures|dnc_salt|leases/u.test(line));
    expect(without(await dump())).toEqual(without(before[0]));
    expect(without(await redisDump())).toEqual(without(before[1]));
  });

  it('leaves no trace in tables, events, groups and files, while others and all key figures stay as they were', async () => {
    const before = { figures: await figures(), other: othersOf(await dump()), all: await eventsNow() };
    const done = await erased({ numbers: [MATTI.number], customerIds: [MATTI.customer] });
    expect(done).toMatchObject({ state: 'done', problem: null, doneAt: expect.any(Number) });
    const [tables, streams] = [await dump(), await redisDump()];
    expect(tables.split('\n').filter((line) => TRACES.test(line))).toEqual([]);
    expect(streams.split('\n').filter((line) => TRACES.test(line))).toEqual([]);
    expect(readFileSync(queueLog(), 'utf8') + readFileSync(`${queueLog()}.1`, 'utf8')).not.toMatch(TRACES);
    expect(new Set(gone)).toEqual(new Set(['voicemail-m', 'recording-m']));
    expect(othersOf(tables)).toEqual(before.other);
    expect(await figures()).toEqual(before.figures);
    const after = await eventsNow();
    expect(after.map(({ subject, seq, type, at }) => [subject, seq, type, at]).slice(0, before.all.length)).toEqual(
      before.all.map(({ subject, seq, type, at }) => [subject, seq, type, at]),
    );
    expect(after.slice(before.all.length).map(({ type }) => type)).toEqual(['person.erased']);
  });

  it('still counts for what the law lets a number be dialled', async () => {
    await query(sql.url, `update callwright.campaigns set status = 'running'`);
    await within(async ({ history }) => {
      const past = await history.pastDials([MATTI.number, OTHER.number], 0);
      expect(new Set(past.map(({ number, startedAt }) => `${number} ${startedAt}`))).toEqual(
        new Set([`${MATTI.number} 1000`, `${OTHER.number} 1000`]),
      );
      expect(past).toHaveLength(2);
      const plain = { id: 'attempt-new', campaignId: 'c', leadId: 'lead-m', callId: 'call-new', number: MATTI.number };
      const attempt = {
        ...plain,
        startedAt: 5_000,
        endedAt: null,
        outcome: null,
        q850: null,
        sip: null,
        agentId: null,
      };
      expect(await history.startAttempt(attempt, { since: 0, dials: 0 })).toBe(false);
      expect(await history.startAttempt(attempt, { since: 0, dials: 1 })).toBe(true);
    });
    await query(sql.url, `delete from callwright.attempts where id = 'attempt-new'`);
  });

  it('keeps the files that others read of the same length, line by line', () => {
    const lines = readFileSync(queueLog(), 'utf8').split('\n');
    expect(lines).toHaveLength(40_003);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([lines[0]?.length, lines[2]?.length, 0]));
    expect(lines[1]).toContain(OTHER.number);
    expect(new Set(lines.slice(2, -1)).size).toBe(1);
  });

  it('may come back and be erased again', async () => {
    for (const row of rowsOf(MATTI)) {
      const again = row.replaceAll('-m', '-n').replaceAll("'attempt-m'", "'attempt-n'");
      await query(sql.url, again);
    }
    await live.append(eventsOf({ ...MATTI, tag: 'n' }, Date.now()));
    expect(await erased({ numbers: [MATTI.number], customerIds: [MATTI.customer] })).toMatchObject({ state: 'done' });
    expect(`${await dump()}${await redisDump()}`.split('\n').filter((line) => TRACES.test(line))).toEqual([]);
  });

  it('is not named in any file of the tables once they are written anew', async () => {
    expect(await erased({ numbers: [MATTI.number], customerIds: [], compact: true })).toMatchObject({ state: 'done' });
    const data = join(folder, 'sql', 'data', 'base');
    const named = filesUnder(data).filter((file) => TRACES.test(readFileSync(file, 'latin1')));
    expect(named).toEqual([]);
  });
});

describe('an erasure', () => {
  it.each([
    [[], 'Say who'],
    [['12345'], 'fewer than 6 digits'],
    [['100000'], 'a number of the house'],
  ])('of %j is refused with a sentence', async (numbers, sentence) => {
    await within(async (stores) => {
      const answer = await eraserOf(stores).order({ numbers, customerIds: [], dryRun: false, compact: false, by: 'm' });
      expect(answer).toMatchObject({ ok: false, why: 'invalid', sentence: expect.stringContaining(sentence) });
    });
  });

  it('waits until no call with the person is under way', async () => {
    await live.saveCall('call-x', { phase: 'queued', ani: MATTI.number }, []);
    await within(async (stores) => {
      const order = { numbers: [MATTI.number], customerIds: [], dryRun: false, compact: false, by: 'm' };
      expect(await eraserOf(stores).order(order)).toMatchObject({ ok: false, why: 'conflict' });
      await live.saveCall('call-x', null, []);
      expect(await eraserOf(stores).order(order)).toMatchObject({ ok: true });
    });
  });

  it('whose process died is carried on by the next', async () => {
    const person = { numbers: [MATTI.number], customerIds: [] };
    await live.append(eventsOf({ ...MATTI, tag: 'd' }, Date.now()));
    await within(async (stores) => {
      const plain = { id: 'erasure-dead', state: 'running', dryRun: false, compact: false, by: 'm' } as const;
      await stores.erasures.save({ ...plain, askedAt: 1, doneAt: null, found: {}, problem: null, person });
      // It had come as far as the archive, and no further.
      const eraser = eraserOf(stores);
      eraser.start();
      await eraser.idle();
      await eraser.stop();
      expect(await eraser.one('erasure-dead')).toMatchObject({ state: 'done' });
      expect((await stores.erasures.one('erasure-dead'))?.person).toBeNull();
    });
    expect(await redisDump()).not.toMatch(/401234567/u);
  });
});

const othersOf = (tables: string) => tables.split('\n').filter((line) => /-o[1-4]?"|Korpela|7654321/u.test(line));

const eventsNow = () =>
  within(async ({ archive }) =>
    (await withArchive(live, archive).read(null, 10_000)).map(({ event }): JournalEvent => event),
  );

const filesUnder = (path: string): string[] =>
  readdirSync(path).flatMap((name) => {
    const full = join(path, name);
    return statSync(full).isDirectory() ? filesUnder(full) : [full];
  });
