import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** RIFF, `fmt ` and the head of `data`. */
export const HEADER_BYTES = 44;
/** The heads of all chunks before the sound are in so much. */
const HEAD_BYTES = 4_096;
const CHUNKS_AT = 12;
const CHUNK_HEAD_BYTES = 8;
/** Where a plain one says how long it is: all of it, and its sound. */
const [RIFF_SIZE_AT, DATA_SIZE_AT] = [4, 40];

/** Where the sound of a WAV file begins and how much of it there is, whether or not its header was ever finished. */
export async function soundIn(path: string): Promise<{ readonly at: number; readonly bytes: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const at = dataAt(buffer.subarray(0, bytesRead));
    return { at, bytes: Math.max(0, size - at) };
  } finally {
    await file.close();
  }
}

function dataAt(head: Buffer): number {
  let at = CHUNKS_AT;
  while (at + CHUNK_HEAD_BYTES <= head.length && head.toString('latin1', at, at + 4) !== 'data') {
    // Chunks begin at even places.
    at += CHUNK_HEAD_BYTES + 2 * Math.ceil(head.readUInt32LE(at + 4) / 2);
  }
  return at + CHUNK_HEAD_BYTES <= head.length ? at + CHUNK_HEAD_BYTES : HEADER_BYTES;
}

/**
 * Leaves a header of 44 bytes that is true, and so much of the sound: also of a file that was never finished, and of one that
 * names its maker in between, as FreeSWITCH's conferences do.
 */
export async function makePlain(path: string, { at, bytes }: { readonly at: number; readonly bytes: number }) {
  if (at !== HEADER_BYTES) await dropBetween(path, at, bytes);
  const file = await open(path, 'r+');
  try {
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32LE(HEADER_BYTES - 8 + bytes, 0);
    sizes.writeUInt32LE(bytes, 4);
    await file.truncate(HEADER_BYTES + bytes);
    await file.write(sizes, 0, 4, RIFF_SIZE_AT);
    await file.write(sizes, 4, 4, DATA_SIZE_AT);
  } finally {
    await file.close();
  }
}

async function dropBetween(path: string, at: number, bytes: number): Promise<void> {
  const plain = `${path}.plain`;
  const file = await open(path, 'r');
  const { buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  await file.close();
  buffer.write('data', DATA_SIZE_AT - 4, 'latin1');
  await writeFile(plain, buffer);
  if (bytes > 0) {
    await pipeline(
      createReadStream(path, { start: at, end: at + bytes - 1 }),
      createWriteStream(plain, { flags: 'a' }),
    );
  }
  await rename(plain, path);
}
