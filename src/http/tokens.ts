import { createHash, randomBytes } from 'node:crypto';
import type { ApiToken, History, Role } from '../engine/ports/history.ts';
import type { SecretHasher } from '../engine/ports/secrets.ts';
import type { Clock, Ids } from '../engine/ports/time.ts';

/** Who asks, as his token says. */
export interface Principal {
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
  readonly agentId: string | null;
}

export interface TokenPorts {
  readonly history: Pick<History, 'saveToken' | 'removeToken' | 'tokens'>;
  readonly secrets: SecretHasher;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
}

export type TokenSpec = Pick<ApiToken, 'name' | 'role' | 'agentId'>;

const SECRET_BYTES = 32;
const TOKEN = /^cw_(?<id>[^.\s]{1,64})\.(?<secret>[A-Za-z0-9_-]{43})$/u;
/** A checked token is believed for this long, so also one that another process has meanwhile revoked. */
const BELIEVED_MS = 60_000;
const MOST_BELIEVED = 1_000;

/**
 * The API tokens: `cw_<id>.<secret>`, the secret being 32 random bytes, of which only a slow hash is kept. The id finds
 * the one hash to check, so that a wrong token costs one such hash at most. Tokens believed are kept by their SHA-256.
 */
export class TokenBook {
  readonly #ports: TokenPorts;
  readonly #believed = new Map<string, { readonly until: number; readonly principal: Promise<Principal | null> }>();

  constructor(ports: TokenPorts) {
    this.#ports = ports;
  }

  /** Makes a token. Its plain text exists in the answer only. */
  async issue(spec: TokenSpec): Promise<{ readonly plain: string; readonly token: ApiToken }> {
    const { ids, clock, history, secrets } = this.#ports;
    const id = ids.next('token');
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const token = { ...spec, id, hash: await secrets.hash(secret), createdAt: clock.now() };
    await history.saveToken(token);
    return { plain: `cw_${id}.${secret}`, token };
  }

  list(): Promise<readonly ApiToken[]> {
    return this.#ports.history.tokens();
  }

  /** The last admin token stays: without it nobody could make another. */
  async revoke(id: string): Promise<'revoked' | 'unknown' | 'last-admin'> {
    const tokens = await this.list();
    const others = tokens.filter((token) => token.id !== id);
    if (others.length === tokens.length) return 'unknown';
    if (!others.some((token) => token.role === 'admin')) return 'last-admin';
    await this.#ports.history.removeToken(id);
    this.#believed.clear();
    return 'revoked';
  }

  async verify(plain: string): Promise<Principal | null> {
    const now = this.#ports.clock.now();
    const key = createHash('sha256').update(plain).digest('base64url');
    const known = this.#believed.get(key);
    if (known && now < known.until) return known.principal;
    const principal = this.#check(plain);
    this.#believe(key, { until: now + BELIEVED_MS, principal });
    const found = await principal.catch((fault: unknown) => {
      this.#believed.delete(key);
      throw fault;
    });
    if (found === null) this.#believed.delete(key);
    return found;
  }

  #believe(key: string, entry: { until: number; principal: Promise<Principal | null> }): void {
    this.#believed.delete(key);
    this.#believed.set(key, entry);
    const oldest = this.#believed.keys().next().value;
    if (this.#believed.size > MOST_BELIEVED && oldest !== undefined) this.#believed.delete(oldest);
  }

  async #check(plain: string): Promise<Principal | null> {
    const { id, secret } = TOKEN.exec(plain)?.groups ?? {};
    if (id === undefined || secret === undefined) return null;
    const token = (await this.list()).find((held) => held.id === id);
    if (!token || !(await this.#ports.secrets.verify(secret, token.hash))) return null;
    return { tokenId: token.id, name: token.name, role: token.role, agentId: token.agentId };
  }
}

/** The first start makes the first admin token and answers its plain text, to be shown once; later starts answer null. */
export async function ensureAdminToken(ports: TokenPorts): Promise<string | null> {
  const tokens = await ports.history.tokens();
  if (tokens.some((token) => token.role === 'admin')) return null;
  const { plain } = await new TokenBook(ports).issue({ name: 'first admin', role: 'admin', agentId: null });
  return plain;
}
