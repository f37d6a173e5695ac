import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { LIVENESS } from './auth.ts';
import { Problem } from './problem.ts';
import type { HttpSettings } from './settings.ts';

export const MAX_BODY_BYTES = 2 ** 20;
/** Headers must have come in this time, and a whole request, uploads included, in the longer one. */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 15 * 60_000;
/** Node looks for late ones only so often. */
export const TIMEOUT_CHECK_MS = 2_000;
export const CONNECTIONS_PER_CLIENT = 100;
const PRESSURE_RETRY_S = 5;

/** Counts requests and connections per client address (IPv6 by /64) and, when the event loop lags, lets calls go before requests. */
export async function limit(app: FastifyInstance, settings: HttpSettings): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: settings.requestsPerMinute,
    timeWindow: 60_000,
    allowList: (request) => request.routeOptions.url === LIVENESS,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.ceil(ttl / 1000);
      return new Problem('rate.exceeded', `Try again in ${seconds} s.`, { retryAfterS: seconds });
    },
  });
  // As a hook of the server and not of each route, since it must come before the credential is looked at.
  app.addHook('onRequest', app.rateLimit());
  await app.register(underPressure, {
    maxEventLoopDelay: settings.maxEventLoopDelayMs,
    pressureHandler: (request) => {
      if (request.routeOptions.url === LIVENESS) return;
      throw new Problem('unavailable', 'Calls go first now.', { retryAfterS: PRESSURE_RETRY_S });
    },
  });
  limitConnections(app);
}

function limitConnections(app: FastifyInstance): void {
  const open = new Map<string, number>();
  app.server.on('connection', (socket) => {
    const client = socket.remoteAddress ?? '';
    const count = (open.get(client) ?? 0) + 1;
    open.set(client, count);
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left === 0) open.delete(client);
      else open.set(client, left);
    });
    if (count > CONNECTIONS_PER_CLIENT) socket.destroy();
  });
}
