import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { SecretHasher } from './ports/secrets.ts';

const COST = { N: 2 ** 14, r: 8, p: 1 };
const HASH_BYTES = 32;
const HASH = /^scrypt\$(?<N>\d{1,7})\$(?<r>\d{1,2})\$(?<p>\d{1,2})\$(?<salt>[A-Za-z0-9_-]+)\$(?<hash>[A-Za-z0-9_-]+)$/u;
const NO_SALT = Buffer.alloc(16);

/**
 * scrypt (RFC 7914) with its salt and cost, as one string. It takes some 50 ms of a worker thread and 16 MiB. No hash keeps a
 * PIN of four digits secret from a thief of the database, who can try them all; it keeps them from whoever merely sees a row.
 */
async function hash(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(secret, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

async function verify(secret: string, stored: string | null): Promise<boolean> {
  const { N, r, p, salt, hash: kept } = HASH.exec(stored ?? '')?.groups ?? {};
  if (salt === undefined || kept === undefined) {
    await derive(secret, NO_SALT, COST);
    return false;
  }
  const expected = Buffer.from(kept, 'base64url');
  const found = await derive(secret, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

const derive = (secret: string, salt: Buffer, cost: ScryptOptions) =>
  new Promise<Buffer>((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, cost, (fault, key) => (fault ? reject(fault) : resolve(key)));
  });

export const scryptSecrets: SecretHasher = { hash, verify };
