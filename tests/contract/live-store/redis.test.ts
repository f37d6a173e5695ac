import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore, StoredEvent } from '../../../src/engine/ports/live-store.ts';
import type { RedisFault } from '../../../src/store/redis/fault.ts';
import { createRedisLiveStore } from '../../../src/store/redis/live-store.ts';
import { silent } from '../../support/silent.ts';
import { type RedisStores, redisStores, until } from './stores.ts';

const event = (seq: number): JournalEvent => ({
  type: 'call.answered',
  data: { legId: 'l1' },
  subject: 'call/c1',
  seq,
  at: seq,
});
const seqs = (stored: readonly StoredEvent[]) => stored.map((entry) => entry.event.seq);

let stores: RedisStores;
let store: LiveStore;
beforeAll(async () => {
  stores = await redisStores();
});
afterAll(() => stores.stop());
beforeEach(async () => {
  stores.fresh();
  store = await stores.connect();
});

describe('the redis live store at work', () => {
  it('goes on when Redis has forgotten the scripts', async () => {
    await store.saveCall('c1', { n: 1 }, []);
    await stores.admin.script('FLUSH');
    await store.saveCall('c1', { n: 2 }, []);
    expect(await store.loadCalls()).toEqual([{ id: 'c1', body: { n: 2 } }]);
  });

  it('delivers each event once, in order, though the reading connection is killed again and again', async () => {
    const heard: number[] = [];
    const stop = store.follow(null, (found) => heard.push(...seqs(found)));
    for (let seq = 1; seq <= 2_000; seq += 20) {
      await store.append(Array.from({ length: 20 }, (_, i) => event(seq + i)));
      if (seq % 200 === 1) await until(stores, async () => (await killReaders()) > 0);
    }
    await until(stores, () => heard.length >= 2_000);
    stop();
    expect(heard).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
  });

  it('takes its reading connection away when following stops', async () => {
    const stop = store.follow(null, () => {});
    await until(stores, async () => (await readers()).length === 1);
    stop();
    await until(stores, async () => (await readers()).length === 0);
  });

  it('rejects within a second while Redis stands still, and serves again afterwards', async () => {
    // Longer than both commands wait, so that neither is answered in the end where the machine stands still for a moment too.
    await stores.admin.call('CLIENT', 'PAUSE', '2500', 'ALL');
    for (const rejected of [
      async () => expect(store.saveCall('c1', { n: 1 }, [])).rejects.toThrow(),
      async () => expect(await store.healthy()).toBe(false),
    ]) {
      const began = performance.now();
      await rejected();
      expect(performance.now() - began).toBeLessThan(1_000);
    }
    await until(stores, () => store.healthy());
    await store.saveCall('c1', { n: 2 }, []);
    expect(await store.loadCalls()).toEqual([{ id: 'c1', body: { n: 2 } }]);
  });

  it('passes over what another version of Callwright wrote', async () => {
    const key = `${stores.prefix()}{cw}:journal`;
    const foreign = ['{', '{"type":"call.teleported","data":{},"subject":"call/c1","seq":2,"at":2}'];
    await store.append([event(1)]);
    for (const record of foreign) await stores.admin.xadd(key, '*', 'e', record);
    await store.append([event(3)]);
    const first = await store.read(null, 1);
    expect(seqs(first)).toEqual([1]);
    expect(seqs(await store.read(first[0]?.cursor ?? null, 1))).toEqual([3]);
    await stores.admin.hset(`${stores.prefix()}{cw}:calls`, 'bad', '{');
    await stores.admin.hset(`${stores.prefix()}{cw}:agents`, 'bad', 'x');
    expect(await store.loadCalls()).toEqual([]);
    expect(await store.loadAgents()).toEqual([]);
  });

  it('keeps the journal near the length it was set to, never below', async () => {
    const options = { url: stores.url, prefix: stores.prefix(), journalKeep: 200, log: silent };
    const short = await createRedisLiveStore(options);
    for (let seq = 1; seq <= 2_000; seq += 100) {
      await short.append(Array.from({ length: 100 }, (_, i) => event(seq + i)));
    }
    const kept = seqs(await short.read(null, 10_000));
    expect(kept.length).toBeGreaterThanOrEqual(200);
    expect(kept.length).toBeLessThan(500);
    expect(kept.at(-1)).toBe(2_000);
    await short.close();
  });

  it('names all its keys with one hash tag', async () => {
    await store.saveAgent('a', 0, {}, [event(1)]);
    const hold = { callId: 'c', agentId: 'a', agentVersion: 1, agentBody: {}, ttlMs: 60_000, most: 1, events: [] };
    await store.reserve(hold);
    await store.saveCall('c', {}, [], { owner: 'o', tickets: { c: {} } });
    await store.lease('l', 'o', 60_000);
    const keys = await stores.admin.keys(`${stores.prefix()}*`);
    expect(keys).toHaveLength(8);
    expect(keys.every((key) => key.startsWith(`${stores.prefix()}{cw}:`))).toBe(true);
  });

  it('keeps nothing of holds that are over, whether they ended or lapsed', async () => {
    const hold = async (callId: string, agentId: string, ttlMs: number) => {
      const agent = await store.loadAgent(agentId);
      const about = { callId, agentId, agentVersion: agent?.version ?? 0, agentBody: {}, ttlMs, most: 9, events: [] };
      const held = await store.reserve(about);
      if (!held.ok) throw new Error(held.why);
      return held.fence;
    };
    const kept = async (name: string) => (await stores.admin.hkeys(`${stores.prefix()}{cw}:${name}`)).toSorted();
    const [a, b] = [await hold('ended', 'a', 60_000), await hold('ended', 'b', 60_000)];
    await store.endReservation('ended', a);
    expect([await kept('holds'), await kept('held')]).toEqual([['b'], ['ended']]);
    await store.endReservation('ended', b);
    expect([await kept('holds'), await kept('held')]).toEqual([[], []]);
    await hold('lapsed', 'a', 1);
    await hold('lapsed', 'b', 1);
    await until(stores, async () => (await store.reservations()).length === 0);
    for (const agent of ['a', 'b']) await hold('next', agent, 60_000);
    expect([await kept('holds'), await kept('held')]).toEqual([['a', 'b'], ['next']]);
  });

  it('goes on delivering after a listener threw', async () => {
    const heard: number[] = [];
    const stop = store.follow(null, (found) => {
      heard.push(...seqs(found));
      if (heard.length === 1) throw new Error('a bug of the listener');
    });
    await store.append([event(1)]);
    await until(stores, () => heard.length === 1);
    await store.append([event(2)]);
    await until(stores, () => heard.length === 2);
    stop();
  });
});

async function readers(): Promise<readonly string[]> {
  const clients = String(await stores.admin.call('CLIENT', 'LIST')).split('\n');
  return clients.filter((line) => /\bcmd=xread\b/.test(line)).map((line) => /\bid=(\d+)/.exec(line)?.[1] ?? '');
}

async function killReaders(): Promise<number> {
  const ids = await readers();
  for (const id of ids) await stores.admin.call('CLIENT', 'KILL', 'ID', id);
  return ids.length;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A TCP port on loopback that treats each connection as told. */
async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `redis://:very-secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers as a Redis of that version does: INFO with it, the RESP3 greeting not at all before 6. */
function redisOf(version: string): (socket: Socket) => void {
  const info = `redis_version:${version}\r\nloading:0`;
  return (socket) =>
    socket.on('data', (chunk) => {
      for (const command of chunk.toString().split(/(?=\*\d+\r\n\$)/)) {
        if (/\r\ninfo\r\n/i.test(command)) socket.write(`$${info.length}\r\n${info}\r\n`);
        else socket.write(/\r\nhello\r\n/i.test(command) ? "-ERR unknown command 'HELLO'\r\n" : '+OK\r\n');
      }
    });
}

const refusal = async (url: string): Promise<RedisFault> =>
  createRedisLiveStore({ url, log: silent }).then(
    () => expect.fail('it opened'),
    (error: RedisFault) => error,
  );

describe('a Redis that cannot be used is told in one sentence', () => {
  const urlWith = (change: (url: URL) => void) => {
    const url = new URL(stores.url);
    change(url);
    return url.href;
  };

  it.each(['', 'localhost', 'http://127.0.0.1:1', 'redis://'])('no address: "%s"', async (url) => {
    const fault = await refusal(url);
    expect(fault.code).toBe('redis.address');
    expect(fault.message).toMatch(/^REDIS_URL is no Redis address; write redis:/);
  });

  it('wrong password, unknown user, none at all', async () => {
    const urls = [
      urlWith((url) => (url.password = 'very-secret')),
      urlWith((url) => (url.username = 'nobody')),
      urlWith((url) => (url.password = '')),
    ];
    for (const url of urls) {
      const fault = await refusal(url);
      expect(fault.code).toBe('redis.password');
      const sentence = /^Redis at 127\.0\.0\.1:\d+ refused the user or the password of REDIS_URL; correct it\.$/;
      expect(fault.message).toMatch(sentence);
    }
  });

  it('a user who may do too little', async () => {
    await stores.admin.call('ACL', 'SETUSER', 'weak', 'on', '>weak-password', '~*', '+ping', '+hello', '+client');
    const fault = await refusal(
      urlWith((url) => {
        url.username = 'weak';
        url.password = 'weak-password';
      }),
    );
    expect(fault.code).toBe('redis.forbidden');
    expect(fault.message).toContain('grant it +@all');
  });

  it('nothing listens, the host is unknown, the connection is closed, nobody answers', async () => {
    const free = await listen(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const closing = await listen((socket) => socket.end());
    const mute = await listen(() => {});
    const urls = [free, 'redis://:very-secret@no-such-host.invalid:6379', closing, mute];
    for (const url of urls) {
      const fault = await refusal(url);
      expect(fault.code).toBe('redis.refused');
      expect(fault.message).toMatch(/^Redis at \S+:\d+ cannot be reached \(.+\); start it, or correct REDIS_URL\.$/);
      expect(fault.message).not.toContain('secret');
    }
  });

  it.each(['5.0.14', '6.0.16'])('too old: %s', async (version) => {
    const fault = await refusal(await listen(redisOf(version)));
    expect(fault.code).toBe('redis.too-old');
    expect(fault.message).toMatch(/ at 127\.0\.0\.1:\d+ is too old; install Redis 6\.2 or newer, or Valkey\.$/);
    expect(fault.message).toContain(`Redis ${version} `);
  });

  it('new enough: 6.2.0', async () => {
    const store = await createRedisLiveStore({ url: await listen(redisOf('6.2.0')), log: silent });
    await store.close();
  });
});
