import { open, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { LiveStore, StoredEvent } from '../engine/ports/live-store.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import { QueueLog, type QueueLogState, type QueuesOf } from './queue-log.ts';

const BATCH = 500;
const LOOK_MS = 500;
/** After a fault of the file or the journal; nothing is lost meanwhile. */
const REST_MS = 5_000;

export interface QueueLogRooms {
  readonly path: string;
  readonly live: Pick<LiveStore, 'read' | 'lastCursor'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly queuesOf: QueuesOf;
}

/** Stands beside the file: up to where of the journal it goes, and what the lines to come need of those before. */
const bookmarkSchema = z.object({
  cursor: z.string().nullable(),
  bytes: z.int().nonnegative(),
  state: z.custom<QueueLogState>((value) => typeof value === 'object' && value !== null),
});
type Bookmark = z.output<typeof bookmarkSchema>;

/**
 * Keeps a file of Asterisk's `queue_log` lines, each event once: what was written after the last bookmark when the process died is
 * cut off and written again. The file may be moved away at any time, as logrotate does; the next lines begin a new one.
 */
export class QueueLogFile {
  readonly #rooms: QueueLogRooms;
  readonly #done = Promise.withResolvers<void>();
  #mark: Bookmark | null = null;
  /** Null: to be made anew from the bookmark. */
  #queueLog: QueueLog | null = null;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(rooms: QueueLogRooms) {
    this.#rooms = rooms;
  }

  /** Begins at the end of the journal the first time, and where it stopped every other time. */
  start(): void {
    void this.#run().finally(this.#done.resolve);
  }

  /** Resolves when the line that is being written is in the file. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#done.promise;
  }

  async #run(): Promise<void> {
    const { log, path } = this.#rooms;
    while (!this.#stopped) {
      try {
        this.#queueLog ??= await this.#begin();
        const read = await this.#rooms.live.read(this.#mark?.cursor ?? null, BATCH);
        if (read.length > 0) this.#mark = await this.#write(this.#queueLog, read);
        if (read.length < BATCH) await this.#pause(LOOK_MS);
      } catch (error) {
        this.#queueLog = null; // it knows of events that are perhaps not in the file
        log.error({ err: error, path }, 'the queue log cannot be written; goes on where it stopped');
        await this.#pause(REST_MS);
      }
    }
  }

  async #begin(): Promise<QueueLog> {
    const { path, live, queuesOf, clock } = this.#rooms;
    this.#mark ??= await readBookmark(markOf(path));
    if (this.#mark) {
      if ((await sizeOf(path)) > this.#mark.bytes) await truncate(path, this.#mark.bytes);
      return new QueueLog(queuesOf, this.#mark.state);
    }
    const queueLog = new QueueLog(queuesOf);
    const cursor = await live.lastCursor();
    const bytes = await append(path, [`${Math.floor(clock.now() / 1_000)}|NONE|NONE|NONE|QUEUESTART|`]);
    const mark = { cursor, bytes, state: queueLog.state };
    await writeBookmark(markOf(path), mark);
    this.#mark = mark;
    return queueLog;
  }

  async #write(queueLog: QueueLog, events: readonly StoredEvent[]): Promise<Bookmark> {
    const { path } = this.#rooms;
    const lines = events.flatMap(({ event }) => queueLog.see(event));
    const bytes = lines.length > 0 ? await append(path, lines) : await sizeOf(path);
    const mark = { cursor: events.at(-1)?.cursor ?? null, bytes, state: queueLog.state };
    await writeBookmark(markOf(path), mark);
    return mark;
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#rooms;
    return new Promise((resolve) => {
      const cancel = clock.at(clock.now() + ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
      if (this.#stopped) this.#wake();
    });
  }
}

const markOf = (path: string) => `${path}.position`;

/** @returns the size of the file afterwards, bytes. */
async function append(path: string, lines: readonly string[]): Promise<number> {
  const file = await open(path, 'a', 0o640);
  try {
    await file.appendFile(lines.map((line) => `${line}\n`).join(''));
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(unlessMissing);
  return found?.size ?? 0;
}

async function readBookmark(path: string): Promise<Bookmark | null> {
  const text = await readFile(path, 'utf8').catch(unlessMissing);
  return text === null ? null : bookmarkSchema.parse(JSON.parse(text));
}

async function writeBookmark(path: string, mark: Bookmark): Promise<void> {
  await writeFile(`${path}.part`, JSON.stringify(mark), { mode: 0o640 });
  await rename(`${path}.part`, path);
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error;
  return null;
}
