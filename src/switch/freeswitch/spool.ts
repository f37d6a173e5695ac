import { access, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingId } from '../../call/ids.ts';
import type { RecordingResult } from '../../call/switch.ts';
import type { MediaServer } from './media-server.ts';
import { HEADER_BYTES, makePlain, soundIn } from './wav-file.ts';

/** The name is a file's. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const MOST_BYTES = 32 * 1024 * 1024;
/** 16 bit at 8 kHz, mono. */
const BYTES_PER_MS = 16;

const EMPTY = Buffer.from('UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=', 'base64');

export const isRecordingName = (id: RecordingId): boolean => NAME.test(id);

/**
 * What was recorded, in a folder that FreeSWITCH writes to. A file gets its own name only when it is whole, so that nobody ever
 * reads half of one: WAV with a header of 44 bytes, 16 bit linear, 8 kHz, mono.
 */
export class Spool {
  readonly #folder: string;
  readonly #seenBy = new Set<string>();

  /** @param folder absolute, and the same for FreeSWITCH. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether a FreeSWITCH sees it; null: it does not say. One that does not would end the call of who is to be recorded. */
  async isSeenBy(server: Pick<MediaServer, 'api' | 'name'>): Promise<boolean | null> {
    if (this.#seenBy.has(server.name)) return true;
    const answer = (await server.api(`file_exists ${this.#folder}`))?.trim();
    if (answer === 'true') this.#seenBy.add(server.name);
    return answer === undefined ? null : answer === 'true';
  }

  /** What FreeSWITCH writes to. @param id a recording's name, see `isRecordingName`. */
  partOf(id: RecordingId): string {
    return join(this.#folder, `${id}.part.wav`);
  }

  /** There is something of this name, whole or not. */
  async has(id: RecordingId): Promise<boolean> {
    return (await isThere(this.#whole(id))) || (await isThere(this.partOf(id)));
  }

  /**
   * FreeSWITCH has ended it. What is longer is cut off, and `lessMs` in any case.
   *
   * @returns its length, ms; null when FreeSWITCH wrote nothing.
   */
  async close(id: RecordingId, mostMs: number | null, lessMs = 0): Promise<number | null> {
    const part = this.partOf(id);
    const sound = await soundIn(part).catch(() => null);
    if (!sound) return null;
    const most = Math.max(0, sound.bytes - lessMs * BYTES_PER_MS);
    const bytes = mostMs === null ? most : Math.min(most, Math.round(mostMs * BYTES_PER_MS));
    await makePlain(part, { at: sound.at, bytes });
    await rename(part, this.#whole(id));
    return Math.round(bytes / BYTES_PER_MS);
  }

  /** FreeSWITCH began it, and nobody said anything. */
  async empty(id: RecordingId): Promise<void> {
    await writeFile(this.#whole(id), EMPTY);
  }

  /** Only of one that nobody writes to any more: what another process left half named is finished first. */
  async file(id: RecordingId): Promise<RecordingResult> {
    const gone = { ok: false, why: 'gone', detail: 'there is no recording of this name' } as const;
    if (!NAME.test(id)) return gone;
    try {
      await this.close(id, null);
      const { size } = await stat(this.#whole(id));
      if (size > MOST_BYTES) return unavailable(`it is longer than ${MOST_BYTES / 1024 / 1024} MB`);
      return size < HEADER_BYTES ? gone : { ok: true, wav: await readFile(this.#whole(id)) };
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? gone : unavailable(`its file cannot be read: ${codeOf(error)}`);
    }
  }

  async remove(id: RecordingId): Promise<void> {
    if (!NAME.test(id)) return;
    await Promise.all([this.#whole(id), this.partOf(id)].map((path) => rm(path, { force: true }).catch(() => {})));
  }

  #whole(id: RecordingId): string {
    return join(this.#folder, `${id}.wav`);
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const unavailable = (detail: string): RecordingResult => ({ ok: false, why: 'unavailable', detail });

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
