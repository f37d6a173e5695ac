import type { Clock } from '../engine/ports/time.ts';
import type { WebAnswer, WebPort, WebRequest } from '../engine/ports/web.ts';
import type { HostRule } from './allow-list.ts';
import { answerOf, failed } from './answer.ts';
import { createCache } from './cache.ts';
import { exchange, type Order } from './exchange.ts';
import { admit } from './guard.ts';
import { keyOf, orderOf } from './order.ts';
import { createPools, type Resolve, systemResolve } from './pools.ts';
import { within } from './within.ts';

export interface WebOptions {
  /** Read for every request, so that a changed site file counts at once. */
  readonly allow: () => readonly HostRule[];
  /** The secret of a name, or null. */
  readonly secrets: (name: string) => string | null;
  readonly clock: Clock;
  /** Default: the machine's own resolver. */
  readonly resolve?: Resolve;
}

const CACHE = { entries: 1_000, bytes: 8 * 1_024 * 1_024 };

/** The way out by HTTP; what it guarantees is written at the port. */
export function createWeb({ allow, secrets, clock, resolve = systemResolve }: WebOptions): WebPort {
  const pools = createPools(resolve);
  const cache = createCache<WebAnswer>(CACHE);
  const running = new Map<string, Promise<WebAnswer>>();

  const ask = async (order: Order, key: string, { timeoutMs, cacheMs }: WebRequest): Promise<WebAnswer> => {
    const reply = await within(clock, timeoutMs, (signal) => exchange(pools.of(order.target), order, signal));
    const value = answerOf(reply);
    const keeps = cacheMs !== null && (value.outcome === 'ok' || value.outcome === 'notFound');
    const bytes = typeof reply === 'string' ? 0 : (reply.body?.length ?? 0);
    if (keeps) cache.put(key, { value, until: clock.now() + cacheMs, bytes });
    return value;
  };

  return {
    async fetchJson(request) {
      const admission = admit(request.url, allow());
      if (!admission.ok) return failed(admission.why);
      const order = orderOf(request, admission.target, secrets);
      if (typeof order === 'string') return failed(order);
      const key = keyOf(request);
      if (request.cacheMs === null && request.method === 'POST') return ask(order, key, request);
      const known = request.cacheMs === null ? null : cache.get(key, clock.now());
      // With the deadline in the name, nobody waits longer for another's request than for one of their own.
      return known ?? shared(running, `${key} ${request.timeoutMs}`, () => ask(order, key, request));
    },
    stop: () => pools.close(),
  };
}

/** Runs a task that is asked for again while it runs only once. */
function shared<T>(running: Map<string, Promise<T>>, name: string, task: () => Promise<T>): Promise<T> {
  const begun = running.get(name) ?? task().finally(() => running.delete(name));
  running.set(name, begun);
  return begun;
}
