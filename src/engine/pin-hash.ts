import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

const COST = { N: 2 ** 14, r: 8, p: 1 };
const HASH_BYTES = 32;
const HASH = /^scrypt\$(?<N>\d{1,7})\$(?<r>\d{1,2})\$(?<p>\d{1,2})\$(?<salt>[A-Za-z0-9_-]+)\$(?<hash>[A-Za-z0-9_-]+)$/u;
const NO_SALT = Buffer.alloc(16);

/**
 * scrypt (RFC 7914) with its salt and cost, as one string. It takes some 50 ms of a worker thread and 16 MiB. No hash keeps
 * four digits secret from a thief of the database, who can try them all; it keeps them from whoever merely sees a row.
 */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(pin, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/**
 * Whether the PIN is the one that was hashed. Without a hash (`null`: the account has no PIN, or is not known) the answer is
 * no, after the same work, so that its time tells nobody which accounts exist.
 */
export async function verifyPin(pin: string, stored: string | null): Promise<boolean> {
  const { N, r, p, salt, hash } = HASH.exec(stored ?? '')?.groups ?? {};
  if (salt === undefined || hash === undefined) {
    await derive(pin, NO_SALT, COST);
    return false;
  }
  const expected = Buffer.from(hash, 'base64url');
  const found = await derive(pin, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

const derive = (pin: string, salt: Buffer, cost: ScryptOptions) =>
  new Promise<Buffer>((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, cost, (fault, key) => (fault ? reject(fault) : resolve(key)));
  });

/** How PINs are kept and compared. */
export interface PinHasher {
  hash(pin: string): Promise<string>;
  verify(pin: string, stored: string | null): Promise<boolean>;
}

export const scryptPins: PinHasher = { hash: hashPin, verify: verifyPin };
