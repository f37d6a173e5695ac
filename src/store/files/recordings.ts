import { createHmac, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingStore } from '../../engine/ports/recordings.ts';

/** Names as this store makes them: 43 letters and digits of base64url, so no dots, no slashes, no `..`. */
const NAME = /^[A-Za-z0-9_-]{43}$/;

/**
 * Recordings in a folder that only its owner may look into. A name is the HMAC of the recording's id under a key that was
 * made at random for this folder and never leaves it.
 *
 * @throws the file system's own error when the folder cannot be made or read.
 */
export async function createFileRecordings(folder: string): Promise<RecordingStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const key = await keyOf(folder);
  const nameOf = (id: string) => createHmac('sha256', key).update(id).digest('base64url');
  const pathOf = (name: string) => (NAME.test(name) ? join(folder, `${name}.wav`) : null);
  return {
    nameOf,
    keep: (id, wav) => written(join(folder, `${nameOf(id)}.wav`), wav, rename),
    async read(name) {
      const path = pathOf(name);
      return path === null ? null : readPlain(path);
    },
    async remove(name) {
      const path = pathOf(name);
      if (path !== null) await rm(path, { force: true });
    },
  };
}

/** The folder's key; of two processes that begin at once, one makes it and both read it. */
async function keyOf(folder: string): Promise<Buffer> {
  const path = join(folder, '.key');
  await written(path, randomBytes(32), link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(path);
}

/** Written beside its place and put there whole, so that a crash leaves no half of it under its name. */
async function written(path: string, content: Uint8Array, put: (from: string, to: string) => Promise<void>) {
  const beside = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(beside, content, { flag: 'wx', mode: 0o600, flush: true });
    await put(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Null for what is not there, and for a link: whoever laid it there means another file. */
async function readPlain(path: string): Promise<Uint8Array | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return (await file.stat()).isFile() ? await file.readFile() : null;
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return null;
    throw error;
  }
}
