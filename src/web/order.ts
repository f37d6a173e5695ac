import { createHash } from 'node:crypto';
import type { WebRequest } from '../engine/ports/web.ts';
import type { Order } from './exchange.ts';
import type { Target } from './guard.ts';

const LARGEST_BODY = 64 * 1_024;

/** What goes over the wire, or why it may not. */
export function orderOf(
  request: WebRequest,
  target: Target,
  secrets: (name: string) => string | null,
): Order | 'secret not set' | 'secret needs https' | 'body too large' {
  const secret = request.secret === null ? null : secrets(request.secret);
  if (request.secret !== null && secret === null) return 'secret not set';
  if (secret !== null && !target.secure && !target.private) return 'secret needs https';
  const body = request.method === 'POST' ? JSON.stringify(request.body) : null;
  const bytes = Buffer.byteLength(body ?? '');
  if (bytes > LARGEST_BODY) return 'body too large';
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'callwright',
    ...(body !== null && { 'content-type': 'application/json', 'content-length': String(bytes) }),
    ...(secret !== null && { authorization: `Bearer ${secret}` }),
  };
  return { target, method: request.method, headers, body };
}

/** Equal requests have the same key. A hash, so that no number or name of a caller waits in the cache in clear. */
export function keyOf({ method, url, body, secret }: WebRequest): string {
  const sent = method === 'POST' ? body : null;
  return createHash('sha256')
    .update(JSON.stringify([method, url, sent, secret]))
    .digest('base64');
}
