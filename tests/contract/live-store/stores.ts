import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { ensure } from '../../../src/local/debian.ts';
import { startRedis } from '../../../src/local/redis.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { createRedisLiveStore } from '../../../src/store/redis/live-store.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { silent } from '../../support/silent.ts';

/** An implementation of the live store port, as the contract suite uses it. */
export interface Stores {
  /** Empties everything: what is connected from now on sees nothing of before. */
  fresh(): void;
  /** A connection as another process has it. */
  connect(): Promise<LiveStore>;
  /** A little time passes. */
  tick(): Promise<void>;
  /** Every connection breaks. */
  cut(): Promise<void>;
  /** So do those that hear news. */
  cutHearing(): Promise<void>;
  stop(): Promise<void>;
}

/** Waits for a state, at most 10 s of the implementation's time. */
export async function until(stores: Pick<Stores, 'tick'>, reached: () => Promise<boolean> | boolean): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (await reached()) return;
    await stores.tick();
  }
  throw new Error('the awaited state was not reached');
}

const TICK_MS = 10;

export async function memoryStores(): Promise<Stores> {
  let now = 1_793_606_400_000;
  let live = createMemoryLive(() => now);
  return {
    fresh: () => {
      live = createMemoryLive(() => now);
    },
    connect: async () => live.connect(),
    tick: async () => {
      now += TICK_MS;
      live.away = false;
    },
    cut: async () => {
      live.away = true;
    },
    cutHearing: async () => undefined,
    stop: async () => undefined,
  };
}

export interface RedisStores extends Stores {
  readonly url: string;
  /** A bare connection, to do to Redis what a store would not. */
  readonly admin: Redis;
  prefix(): string;
}

/** A private Redis of its own, on a folder that goes away with the suite. */
export async function redisStores(): Promise<RedisStores> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-live-'));
  const { root } = await ensure({ packages: PACKAGES, env: process.env });
  const server = await startRedis({ root, folder, port: 0, password: 'contract-suite-password' });
  const admin = new Redis(server.url);
  const opened: LiveStore[] = [];
  let test = 0;
  const prefix = () => `test${test}:`;
  return {
    url: server.url,
    admin,
    prefix,
    fresh: () => {
      test += 1;
    },
    connect: async () => {
      const store = await createRedisLiveStore({ url: server.url, prefix: prefix(), log: silent });
      opened.push(store);
      return store;
    },
    tick: () => pause(TICK_MS),
    cut: async () => {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
    cutHearing: async () => {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    },
    stop: async () => {
      for (const store of opened) await store.close();
      admin.disconnect();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
