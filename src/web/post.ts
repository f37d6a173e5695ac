import type { PostPort } from '../engine/ports/web.ts';
import type { Clock } from '../engine/ports/time.ts';
import type { HostRule } from './allow-list.ts';
import { exchange, type Order } from './exchange.ts';
import { admit } from './guard.ts';
import { createPools, type Resolve, systemResolve } from './pools.ts';
import { within } from './within.ts';

export interface PostOptions {
  /** Read for every message, so that a changed site file counts at once. */
  readonly allow: () => readonly HostRule[];
  readonly clock: Clock;
  /** Default: the machine's own resolver. */
  readonly resolve?: Resolve;
}

/** Messages to outside, by the same rules and with connections of their own: lookups of callers wait for none of them. */
export function createPost({ allow, clock, resolve = systemResolve }: PostOptions): PostPort {
  const pools = createPools(resolve);
  return {
    post: async ({ url, headers, body, timeoutMs }) => {
      const admission = admit(url, allow());
      if (!admission.ok) return { ok: false, why: admission.why };
      const { target } = admission;
      const bytes = String(Buffer.byteLength(body));
      const common = { 'accept-encoding': 'identity', 'user-agent': 'callwright', 'content-length': bytes };
      const order: Order = { target, method: 'POST', headers: { ...headers, ...common }, body };
      const reply = await within(clock, timeoutMs, (signal) => exchange(pools.of(target), order, signal));
      if (typeof reply === 'string') return { ok: false, why: reply };
      return { ok: true, status: reply.status, retryAfterMs: retryAfterMs(reply.retryAfter, clock.now()) };
    },
    stop: () => pools.close(),
  };
}

function retryAfterMs(text: string, now: number): number {
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return ms > 0 ? ms : 0;
}
