import { appendFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import type { Clock } from '../../../src/engine/ports/time.ts';
import { QueueLogFile } from '../../../src/events/queue-log-file.ts';
import { createMemoryLive, type MemoryLive } from '../../support/memory-live-store.ts';

/** Time stands still, and whatever is put off is done as soon as the files have had their turn. */
const clock: Clock = {
  now: () => 1_790_000_000_000,
  at: (_, task) => {
    const timer = setImmediate(task);
    return () => clearImmediate(timer);
  },
};
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

let folder: string;
let path: string;
let memory: MemoryLive;
let live: LiveStore;
let file: QueueLogFile;
let seq = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callwright-queue-log-'));
  path = join(folder, 'queue_log');
  memory = createMemoryLive(() => clock.now());
  live = memory.connect();
  seq = 0;
  await call('before');
  file = await begun();
});
afterEach(async () => {
  await file.stop();
  await rm(folder, { recursive: true });
  vi.clearAllMocks();
});

/** It begins at the end of the journal: what comes after this is written. */
async function begun(): Promise<QueueLogFile> {
  const begins = new QueueLogFile({ path, live, clock, log, queuesOf: () => ['support'] });
  begins.start();
  await vi.waitFor(() => readFile(`${path}.position`));
  return begins;
}

/** A caller who waits. */
async function call(id: string): Promise<void> {
  const base = { subject: `call/${id}`, at: clock.now() };
  const arrived = { direction: 'inbound', ani: '7', dnis: '100', source: 'pstn', legId: 'l' } as const;
  const queued = { queue: 'support', language: 'en', require: [], priority: 0 };
  const events: readonly JournalEvent[] = [
    { ...base, seq: ++seq, type: 'call.arrived', data: arrived },
    { ...base, seq: ++seq, type: 'call.queued', data: queued },
  ];
  await live.append(events);
}

/** None while the file is there and its first line is not. */
const lines = async (from = path) => (await readFile(from, 'utf8')).match(/.+/g) ?? [];
const written = (count: number, from = path) =>
  vi.waitFor(async () => {
    const found = await lines(from);
    expect(found).toHaveLength(count);
    return found;
  });

const START = '1790000000|NONE|NONE|NONE|QUEUESTART|';
const enter = (id: string, place: number) => `1790000000|${id}|support|NONE|ENTERQUEUE||7|${place}`;

describe('the file', () => {
  it('begins with now, and has a line for each event from there', async () => {
    await call('c1');
    await call('c2');
    expect(await written(3)).toEqual([START, enter('c1', 1), enter('c2', 2)]);
  });

  it('goes on where it stopped, with what it knew, and without what happened twice', async () => {
    await call('c1');
    await written(2);
    await file.stop();
    await call('c2');
    file = await begun();
    expect(await written(3)).toEqual([START, enter('c1', 1), enter('c2', 2)]);
  });

  it('has no line twice when the process died between the line and the bookmark', async () => {
    await call('c1');
    await written(2);
    await file.stop();
    await call('c2');
    await appendFile(path, `${enter('c2', 2)}\n${enter('c3', 3).slice(0, 20)}`); // its last breath
    file = await begun();
    expect(await written(3)).toEqual([START, enter('c1', 1), enter('c2', 2)]);
  });

  it('begins another one when it was moved away, while it runs or not', async () => {
    await call('c1');
    await written(2);
    await rename(path, `${path}.1`);
    await call('c2');
    expect(await written(1)).toEqual([enter('c2', 2)]);
    await file.stop();
    await rename(path, `${path}.2`);
    file = await begun();
    await call('c3');
    expect(await written(1)).toEqual([enter('c3', 3)]);
    expect(await lines(`${path}.1`)).toHaveLength(2);
  });

  it('loses nothing while the journal or the folder is away', async () => {
    memory.away = true;
    await vi.waitFor(() => expect(log.error).toHaveBeenCalled());
    memory.away = false;
    await rename(folder, `${folder}-away`);
    await call('c1');
    log.error.mockClear();
    await vi.waitFor(() => expect(log.error).toHaveBeenCalled());
    await rename(`${folder}-away`, folder);
    expect(await written(2)).toEqual([START, enter('c1', 1)]);
  });
});
