import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochMs } from '../../call/ids.ts';
import type { Clock } from '../../engine/ports/time.ts';
import type { Leg } from './legs.ts';

/** 20 ms of sound: its length, and its mean amplitude, of 32,767. */
export interface Piece {
  readonly ms: number;
  readonly loudness: number;
}

export interface Ear {
  /** Harmless when it was closed before. */
  close(): void;
}

const PIECE_MS = 20;
/** 16 bit at 8 kHz, mono. */
const PIECE_BYTES = 320;
const POLL_MS = 20;
/** What has not come by then, ms, was never sent: a phone may send nothing in silence. */
const LATE_MS = 200;
const CHUNK_BYTES = 32 * PIECE_BYTES;
const SILENT: Piece = { ms: PIECE_MS, loudness: 0 };
const EAR = /^ear-.*\.r8$/;
const LEFT_AFTER_MS = 60_000;
/** Of what the far end says alone, at once, and not the half second later that FreeSWITCH takes to even two directions out. */
const HOW =
  '{RECORD_READ_ONLY=true,RECORD_PRE_BUFFER_FRAMES=1,RECORD_USE_THREAD=false,enable_file_write_buffering=false}';

let made = 0;

/**
 * Listens to what the far end of a leg says, whatever is played to it meanwhile. FreeSWITCH writes the bare sound to a file in the
 * spool, which is read as it grows and removed in the end: its own `fire_talk_events` are of what it sends, and its
 * `detect_audio` would keep the leg from everything else.
 *
 * @param mostMs FreeSWITCH writes no longer, also when nobody listens any more.
 * @returns null when FreeSWITCH would not, or is gone.
 */
export async function openEar(
  leg: Leg,
  { clock, spoolDir }: { readonly clock: Clock; readonly spoolDir: string },
  mostMs: number,
  hear: (piece: Piece) => void,
): Promise<Ear | null> {
  const path = join(spoolDir, `ear-${leg.id.replaceAll(/[^A-Za-z0-9_-]/g, '_')}-${process.pid}-${++made}.r8`);
  const began = clock.now();
  // The leg may be moved to another one meanwhile.
  const { server } = leg;
  const answer = await server.api(`uuid_record ${leg.id} start ${path} ${Math.ceil(mostMs / 1_000)} ${HOW}`);
  if (!answer?.startsWith('+OK')) return null;
  const file = await open(path, 'r').catch(() => null);
  const end = () => {
    void server.api(`uuid_record ${leg.id} stop ${path}`);
    void rm(path, { force: true }).catch(() => {});
  };
  if (file) return new FileEar(clock, file, began, { hear, end });
  end();
  return null;
}

/** Removes what processes that are no more have left: whoever listens now writes to his file all the time. */
export async function sweepEars(spoolDir: string, now: EpochMs): Promise<void> {
  const names = await readdir(spoolDir).catch(() => []);
  for (const name of names.filter((one) => EAR.test(one))) {
    const path = join(spoolDir, name);
    const found = await stat(path).catch(() => null);
    if (found && now - found.mtimeMs > LEFT_AFTER_MS) await rm(path, { force: true }).catch(() => {});
  }
}

interface Sides {
  readonly hear: (piece: Piece) => void;
  readonly end: () => void;
}

class FileEar implements Ear {
  readonly #clock: Clock;
  readonly #file: FileHandle;
  readonly #began: number;
  readonly #sides: Sides;
  readonly #buffer = Buffer.alloc(CHUNK_BYTES);
  #position = 0;
  #heardMs = 0;
  #isClosed = false;

  constructor(clock: Clock, file: FileHandle, began: number, sides: Sides) {
    [this.#clock, this.#file, this.#began, this.#sides] = [clock, file, began, sides];
    void this.#listen();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#sides.end();
  }

  async #listen(): Promise<void> {
    while (!this.#isClosed) {
      const pieces = await this.#read();
      for (const piece of pieces) this.#hear(piece);
      const lateMs = this.#clock.now() - this.#began - LATE_MS - this.#heardMs;
      for (let ms = PIECE_MS; ms <= lateMs; ms += PIECE_MS) this.#hear(SILENT);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#clock.at(this.#clock.now() + POLL_MS, resolve);
      await promise;
    }
    await this.#file.close().catch(() => {});
  }

  #hear(piece: Piece): void {
    this.#heardMs += piece.ms;
    if (!this.#isClosed) this.#sides.hear(piece);
  }

  /** Whole pieces only: the rest is read again. */
  async #read(): Promise<readonly Piece[]> {
    const { bytesRead } = await this.#file
      .read(this.#buffer, 0, CHUNK_BYTES, this.#position)
      .catch(() => ({ bytesRead: 0 }));
    const count = Math.floor(bytesRead / PIECE_BYTES);
    this.#position += count * PIECE_BYTES;
    return Array.from({ length: count }, (_, at) => ({
      ms: PIECE_MS,
      loudness: loudnessOf(this.#buffer.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES)),
    }));
  }
}

/** Mean amplitude of 16 bit linear samples, little-endian. */
function loudnessOf(sound: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < sound.length; at += 2) sum += Math.abs(sound.readInt16LE(at));
  return sum / Math.max(1, Math.floor(sound.length / 2));
}
