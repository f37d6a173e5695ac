import type { AriAddress } from './event-socket.ts';

/**
 * Asks ARI by plain HTTP, for what the event socket cannot carry: who Asterisk is, before there is a socket, and files, to which
 * the socket answers 406.
 *
 * @param path below `/ari/`, its parts already encoded.
 * @throws when no answer came in time; `reasonOf` tells why.
 */
export function ariGet({ url, user, password }: AriAddress, path: string, withinMs: number): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const signal = AbortSignal.timeout(withinMs);
  return fetch(new URL(`ari/${path}`, url), { headers: { authorization }, redirect: 'error', signal });
}

/** fetch hides what happened in the cause. */
export function reasonOf(error: unknown, withinMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${withinMs / 1000} s`;
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
