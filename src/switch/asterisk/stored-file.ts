import type { RecordingResult } from '../../call/switch.ts';
import type { AriAddress } from './event-socket.ts';
import { ariGet, reasonOf } from './http.ts';

const FILE_WITHIN_MS = 10_000;
const LENGTH_WITHIN_MS = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;
const HEADER_BYTES = 44;
/** 16 bit at 8 kHz, mono. */
const BYTES_PER_MS = 16;

/** A file that Asterisk has finished recording. @param name safe to stand in a path. */
export async function storedFile(address: AriAddress, name: string): Promise<RecordingResult> {
  try {
    const reply = await ariGet(address, pathOf(name), FILE_WITHIN_MS);
    if (reply.ok) return await bodyOf(reply);
    await reply.body?.cancel();
    if (reply.status === 404) return { ok: false, why: 'gone', detail: 'Asterisk has no recording of this name' };
    return unavailable(`Asterisk answered with HTTP status ${reply.status}`);
  } catch (error) {
    return unavailable(reasonOf(error, FILE_WITHIN_MS));
  }
}

/**
 * How long a finished recording is, ms. Asterisk itself tells whole seconds, and a caller who said nothing is not told from one
 * who said "yes" by these: so its length is taken from the size of the file, without fetching it.
 *
 * @returns null when there is no telling.
 */
export async function storedLengthMs(address: AriAddress, name: string): Promise<number | null> {
  const reply = await ariGet(address, pathOf(name), LENGTH_WITHIN_MS).catch(() => null);
  await reply?.body?.cancel().catch(() => {});
  const bytes = reply?.ok ? reply.headers.get('content-length') : null;
  return bytes === null ? null : Math.max(0, Math.round((Number(bytes) - HEADER_BYTES) / BYTES_PER_MS));
}

const pathOf = (name: string): string => `recordings/stored/${name}/file`;

async function bodyOf(reply: Response): Promise<RecordingResult> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of reply.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return unavailable(`it is longer than ${MOST_BYTES / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  return { ok: true, wav: Buffer.concat(chunks, bytes) };
}

const unavailable = (detail: string): RecordingResult => ({ ok: false, why: 'unavailable', detail });
