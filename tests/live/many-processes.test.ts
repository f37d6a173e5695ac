import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../../src/call/journal.ts';
import type { LiveStore } from '../../src/engine/ports/live-store.ts';
import { ensure } from '../../src/local/debian.ts';
import { type Redis, startRedis } from '../../src/local/redis.ts';
import { PACKAGES } from '../../src/local/stack.ts';
import { createRedisLiveStore } from '../../src/store/redis/live-store.ts';
import { doubleBookings } from '../support/bookings.ts';
import { silent } from '../support/silent.ts';
import type { Orders, Word } from './support/contender.ts';

/** As the contender says it. */
const DID_NOT_START = 3;
const PROCESSES = 8;
const AGENTS = 200;
const CALLS = Number(process.env['CALLWRIGHT_TEST_CALLS'] ?? 20_000);
/** Callers on the line at once in each process: in all more than there are agents. */
const AT_ONCE = (1.5 * AGENTS) / PROCESSES;
/** It takes about a minute on two cores that have nothing else to do. */
const WITHIN_MS = 600_000;

let folder: string;
let redis: Redis;
let live: LiveStore;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callwright-many-'));
  const { root } = await ensure({ packages: PACKAGES, env: process.env });
  redis = await startRedis({ root, folder, port: 0, password: 'many-processes-password' });
  live = await createRedisLiveStore({ url: redis.url, log: silent });
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await live.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The machine is busy, and a command that took too long is asked again. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 20) throw error;
      await pause(200);
    }
  }
}

/** The journal, read on as it grows. */
class Story {
  readonly events: JournalEvent[] = [];
  readonly #arrived = new Map<string, string>();
  readonly served = new Set<string>();
  #cursor: string | null = null;

  async read(): Promise<this> {
    for (;;) {
      const page = await insist(() => live.read(this.#cursor, 5_000));
      for (const { event } of page) this.#take(event);
      this.#cursor = page.at(-1)?.cursor ?? this.#cursor;
      if (page.length < 5_000) return this;
    }
  }

  #take(event: JournalEvent): void {
    this.events.push(event);
    if (event.type === 'call.arrived') this.#arrived.set(event.subject, event.data.ani ?? '');
    if (event.type === 'call.connected') this.served.add(this.#arrived.get(event.subject) ?? '');
  }
}

/** A process with its own switch, which is killed and comes back with the callers whom it had not served. */
class Rival {
  readonly node: string;
  readonly callers: readonly string[];
  offersMs: readonly number[] = [];
  done = false;
  fault: string | null = null;
  #child: ChildProcess | null = null;

  constructor(nth: number) {
    this.node = `node${nth}`;
    const each = Math.ceil(CALLS / PROCESSES);
    this.callers = Array.from({ length: Math.min(each, CALLS - nth * each) }, (_, n) => `+35850${nth}${100_000 + n}`);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(served: ReadonlySet<string>, staffs: boolean): Promise<void> {
    const child = fork(new URL('support/contender.ts', import.meta.url), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.add(child);
    this.#child = child;
    const up = Promise.withResolvers<'up' | 'again'>();
    child.on('message', (word: Word) => {
      if (word.says === 'up') return up.resolve('up');
      this.offersMs = [...this.offersMs, ...word.offersMs];
      this.done = true;
    });
    child.once('exit', (code, signal) => this.#ended(code ?? signal, up));
    const callers = this.callers.filter((from) => !served.has(from));
    const orders: Orders = { node: this.node, redisUrl: redis.url, agents: AGENTS, atOnce: AT_ONCE, callers, staffs };
    child.send(orders);
    if ((await up.promise) === 'again') await this.start(served, staffs);
  }

  #ended(how: number | string | null, up: PromiseWithResolvers<'up' | 'again'>): void {
    if (how === DID_NOT_START) return up.resolve('again');
    this.fault = `${this.node} ended by itself: ${how}`;
    return up.reject(new Error(this.fault));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    children.delete(child);
    this.#child = null;
  }
}

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

test(
  'eight processes contend for calls and agents, two are killed: nobody is given twice, and everybody is served',
  async () => {
    const rivals = Array.from({ length: PROCESSES }, (_, nth) => new Rival(nth));
    const story = new Story();
    const began = performance.now();
    await Promise.all(rivals.map((rival, nth) => rival.start(new Set(), nth === 0)));
    const killed = new Set<Rival>();
    const leads = async () => {
      const lease = (await insist(() => live.leases())).find(({ name }) => name === 'pool:billing');
      return rivals.find(({ pid }) => pid !== undefined && lease?.owner.endsWith(`:${pid}`));
    };
    const takeDown = async (rival: Rival | undefined) => {
      if (!rival || killed.has(rival)) throw new Error('nobody to take down');
      killed.add(rival);
      await rival.kill();
      await pause(1_000);
      await rival.start((await story.read()).served, false);
      rival.done = false;
    };
    const deaths: Promise<void>[] = [];
    while (!rivals.every(({ done }) => done) && performance.now() - began < WITHIN_MS) {
      await pause(500);
      const { served } = await story.read();
      // First the one that pairs for all, in the middle of it; later one that has calls and leads nobody.
      if (deaths.length === 0 && served.size > CALLS / 4) deaths.push(takeDown(await leads()));
      const follower = deaths.length === 1 && served.size > CALLS / 2 ? await leads() : null;
      if (follower) deaths.push(takeDown(rivals.find((rival) => rival !== follower && !killed.has(rival))));
    }
    await Promise.all(deaths);
    const tookS = (performance.now() - began) / 1_000;
    await story.read();

    const offersMs = rivals.flatMap((rival) => rival.offersMs);
    const [p50, p99] = [quantile(offersMs, 0.5), quantile(offersMs, 0.99)];
    const connected = story.events.filter(({ type }) => type === 'call.connected').length;
    const figures = {
      processes: PROCESSES,
      agents: AGENTS,
      calls: CALLS,
      connected,
      tookS,
      offerP50Ms: p50,
      offerP99Ms: p99,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);

    expect(rivals.flatMap(({ fault }) => fault ?? [])).toEqual([]);
    expect(killed.size).toBe(2);
    expect(doubleBookings(story.events)).toEqual([]);
    expect(rivals.flatMap(({ callers }) => callers).filter((from) => !story.served.has(from))).toEqual([]);
    expect(await insist(() => live.loadTickets())).toEqual([]);
    expect(await insist(() => live.reservations())).toEqual([]);
    const agents = (await insist(() => live.loadAgents())).map(({ body }) => body as { state: string; status: string });
    expect(agents).toHaveLength(AGENTS);
    expect(agents.filter(({ state }) => state !== 'idle')).toEqual([]);
  },
  WITHIN_MS + 30_000,
);
