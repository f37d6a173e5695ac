import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '../../call/ids.ts';

/** Digest access authentication for SIP: RFC 3261 §22, RFC 7616, and RFC 8760 for SHA-256. */
type DigestAlgorithm = 'SHA-256' | 'MD5';

/** Offered in this order: a phone takes the first that it can (RFC 8760 §2.3). */
const ALGORITHMS: readonly DigestAlgorithm[] = ['SHA-256', 'MD5'];

/** So long a nonce is good for, ms. A phone that comes later is asked again with `stale=true` and need not ask its owner. */
const NONCE_MS = 300_000;

/** What `Authorization` or `Proxy-Authorization` says. */
export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  readonly qop: 'auth';
  readonly cnonce: string;
  readonly nc: string;
}

export interface DigestRealm {
  readonly name: string;
  /** Makes nonces that nobody else can make; the same for every edge, or a phone that moves is asked once more. */
  readonly key: string;
}

const FIELD = /([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/giu;
const LARGEST_HEADER = 2_048;

/** Reads the header; null when it is not a whole `Digest` of a kind that was offered (with `qop=auth`). */
export function credentialsIn(header: string): Credentials | null {
  if (header.length > LARGEST_HEADER || !/^\s*digest\s/iu.test(header)) return null;
  const found = new Map<string, string>();
  for (const [, name = '', quoted, bare] of header.matchAll(FIELD)) {
    if (found.has(name.toLowerCase())) return null;
    found.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/gu, '$1') ?? bare ?? '');
  }
  const given = (name: string): string => found.get(name) ?? '';
  const algorithm = ALGORITHMS.find((each) => each.toLowerCase() === (found.get('algorithm') ?? 'md5').toLowerCase());
  const [username, realm, nonce, uri] = [given('username'), given('realm'), given('nonce'), given('uri')];
  const [response, cnonce, nc] = [given('response'), given('cnonce'), given('nc')];
  const isWhole = [username, realm, nonce, uri, cnonce].every((text) => text !== '') && /^[0-9a-f]{8}$/iu.test(nc);
  if (!algorithm || !isWhole || given('qop').toLowerCase() !== 'auth' || !/^[0-9a-f]{32,64}$/iu.test(response))
    return null;
  return { username, realm, nonce, uri, response: response.toLowerCase(), algorithm, qop: 'auth', cnonce, nc };
}

/** The challenges for a header `WWW-Authenticate` or `Proxy-Authenticate`, the strongest first. */
export function challenges(realm: DigestRealm, salt: string, isStale: boolean, now: EpochMs): readonly string[] {
  const nonce = nonceOf(realm, salt, now);
  const stale = isStale ? ', stale=true' : '';
  return ALGORITHMS.map(
    (algorithm) => `Digest realm="${realm.name}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale}`,
  );
}

/** Time, chance and a seal over both, so that no nonce has to be remembered to be known again. */
const nonceOf = ({ key }: DigestRealm, salt: string, now: EpochMs): string => {
  const open = `${now.toString(36)}.${salt}`;
  return `${open}.${seal(key, open)}`;
};

const seal = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);

export type NonceState = 'good' | 'old' | 'foreign';

/** `old`: ours, and past its time. `foreign`: not ours, or of an edge with another key. */
export function nonceState(nonce: string, { key }: DigestRealm, now: EpochMs): NonceState {
  const [at = '', salt = '', sealed = '', ...more] = nonce.split('.');
  if (more.length > 0 || !isSame(sealed, seal(key, `${at}.${salt}`))) return 'foreign';
  const age = now - Number.parseInt(at, 36);
  return age >= 0 && age <= NONCE_MS ? 'good' : 'old';
}

interface Proof {
  readonly credentials: Credentials;
  readonly method: string;
  readonly password: string;
}

/** Whether the response was made with the password. */
export const isProved = ({ credentials, method, password }: Proof): boolean =>
  isSame(credentials.response, digestResponse(credentials, method, password));

/** The response that a phone with this password gives: RFC 7616 §3.4.1 with `qop=auth`. */
export function digestResponse(asked: Omit<Credentials, 'response'>, method: string, password: string): string {
  const hash = (text: string): string =>
    createHash(asked.algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const own = hash(`${asked.username}:${asked.realm}:${password}`);
  return hash(`${own}:${asked.nonce}:${asked.nc}:${asked.cnonce}:auth:${hash(`${method}:${asked.uri}`)}`);
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Remembers how often each nonce was used, so that a response that somebody overheard is of no use (RFC 7616 §5.12). What is
 * past its time is forgotten; `most` bounds what is left.
 */
export class NonceCounts {
  readonly #most: number;
  readonly #used = new Map<string, { readonly nc: number; readonly at: EpochMs }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether this count was not used before with this nonce. */
  isFresh({ nonce, nc }: Pick<Credentials, 'nonce' | 'nc'>, now: EpochMs): boolean {
    const count = Number.parseInt(nc, 16);
    if (count <= (this.#used.get(nonce)?.nc ?? 0)) return false;
    this.#used.delete(nonce);
    this.#used.set(nonce, { nc: count, at: now });
    this.#forget(now);
    return true;
  }

  #forget(now: EpochMs): void {
    for (const [nonce, { at }] of this.#used) {
      if (this.#used.size <= this.#most && now - at <= NONCE_MS * 2) return;
      this.#used.delete(nonce);
    }
  }
}
