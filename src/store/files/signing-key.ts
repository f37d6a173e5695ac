import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceSigner } from '../../engine/ports/evidence.ts';

/**
 * Signs with the key of this folder, an Ed25519 key (RFC 8032) that is made the first time and that only the owner may read.
 * Its public half is beside it, for whoever checks a pack.
 *
 * @throws the file system's own error when the folder cannot be written or the key not be read.
 */
export async function createFileSigner(folder: string): Promise<EvidenceSigner> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = await keyOf(join(folder, 'evidence-key.pem'));
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  await writeFile(join(folder, 'evidence-public-key.pem'), publicKey);
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
}

/** Of two processes that begin at once, one makes the key and both read it. */
async function keyOf(path: string): Promise<KeyObject> {
  const known = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  return createPrivateKey(known ?? (await made(path)));
}

async function made(path: string): Promise<Buffer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const beside = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(beside, pem, { flag: 'wx', mode: 0o600, flush: true });
    await link(beside, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(beside, { force: true });
  }
  return readFile(path);
}
