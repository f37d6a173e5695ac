import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';
import { type Capability, may } from './roles.ts';
import type { Principal, TokenBook } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route lets its caller do. */
    capability?: Capability;
    /** The route's `:id` is an agent's, and that agent himself may use it too. */
    orOwn?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null on the one route that asks nobody. */
    principal: Principal | null;
  }
}

/** The one route that answers without a credential. */
export const LIVENESS = '/healthz';

const STORE_RETRY_S = 5;

/**
 * Refuses every request without a valid token, unknown addresses included, and every request whose role may not do what the
 * route does. A route under /v1 that names no capability stops the start.
 */
export function guard(app: FastifyInstance, tokens: TokenBook): void {
  app.addHook('onRoute', ({ url, config }) => {
    if (url.startsWith('/v1/') && !config?.capability) throw new Error(`route ${url} names no capability`);
  });
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === LIVENESS) return;
    const plain = credentialOf(request);
    if (plain === null) throw new Problem('credential.missing', 'Send the header "Authorization: Bearer <token>".');
    const principal = await tokens.verify(plain).catch(() => {
      throw new Problem('unavailable', 'Tokens cannot be looked up now.', { retryAfterS: STORE_RETRY_S });
    });
    if (!principal) throw new Problem('credential.invalid', 'The token is unknown, mistyped or revoked.');
    allow(request, principal);
    request.principal = principal;
  });
}

function allow(request: FastifyRequest, principal: Principal): void {
  const { capability = 'docs.read', orOwn = false } = request.routeOptions.config;
  if (may(principal.role, capability)) return;
  const own = orOwn && principal.role === 'agent' ? principal.agentId : null;
  const { id } = request.params as { id?: string };
  if (own !== null && own === id) return;
  throw new Problem('role.forbidden', forbidden(principal.role, own));
}

function forbidden(role: Principal['role'], own: string | null): string {
  const token = `A token of the role "${role}"`;
  if (own !== null) return `${token} may do this for its own agent, ${own}, only.`;
  return `${token} may not do this; x-roles in /openapi.json says which may.`;
}

/**
 * The token: as Bearer (RFC 6750), or as the password of HTTP Basic (RFC 7617), so that a browser opens the docs and
 * Prometheus scrapes. A browser sends Basic along with every request that any page makes, so it only reads.
 */
function credentialOf(request: FastifyRequest): string | null {
  const { groups } = /^(?<scheme>bearer|basic) +(?<value>\S{1,500})$/iu.exec(request.headers.authorization ?? '') ?? {};
  if (groups?.['value'] === undefined) return null;
  if (groups['scheme']?.toLowerCase() === 'bearer') return groups['value'];
  if (request.method !== 'GET') return null;
  const [, ...password] = Buffer.from(groups['value'], 'base64').toString('utf8').split(':');
  return password.join(':');
}

/** What a 401 offers; a browser asks for a password only where a person reads. */
export const challengeFor = (request: FastifyRequest): string =>
  request.headers.accept?.includes('text/html')
    ? 'Basic realm="callwright", charset="UTF-8"'
    : 'Bearer realm="callwright"';
