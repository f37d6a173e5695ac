import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KeyBook } from '../engine/ports/idempotency.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that this request holds while it is served. */
    heldKey: HeldKey | null;
  }
}

interface HeldKey {
  readonly id: string;
  readonly holder: string;
  /** Ends the id of what this request makes: the same for the same request under the same key, also after a crash. */
  readonly makes: string;
}

interface KeyRooms {
  readonly keys: KeyBook;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

const KEPT_MS = 24 * 3_600_000;
/** Nothing is served for so long: whoever holds a key longer has died, and its request may come again. */
const SERVED_WITHIN_MS = 2 * 60_000;
const TRIM_EVERY_MS = 5 * 60_000;
const MOST_A_TOKEN = 100_000;
const RETRY_S = 1;
const STORE_RETRY_S = 5;

const STREAMED = 'the list is read as it streams in; who sends it twice adds no lead and no number twice';
const READS = 'it changes nothing';

/** Routes that change things by their method and yet take no key, and why. A test knocks at all the others. */
export const WITHOUT_KEY: Readonly<Record<string, string>> = {
  'POST /v1/campaigns/:id/leads': STREAMED,
  'POST /v1/dnc/lists/:id/import': STREAMED,
  'POST /v1/dnc/check': READS,
  'POST /v1/dnc/entries/search': READS,
  'POST /v1/events/groups/:group/take': 'events that were not done with are handed out again by themselves',
  'POST /v1/events/groups/:group/done': 'to be done twice changes nothing',
  'POST /v1/agents/:id/phone-account': 'its answer holds a password, of which no copy is kept',
  'POST /v1/tokens': 'its answer holds the secret of the token, of which no copy is kept',
};

const CHANGES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Whether that route takes an Idempotency-Key. */
export const takesKey = (method: string, url: string): boolean =>
  CHANGES.has(method) && url.startsWith('/v1/') && !Object.hasOwn(WITHOUT_KEY, `${method} ${url}`);

/**
 * A request that changes something and comes with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) is carried
 * out once in 24 h: the same again gets the answer of the first, something else under the same key 422, and whoever comes while
 * the first is served 409. What failed by a fault of ours (5xx) or was no request at all (400) is not kept. Keys are each token's
 * and each route's own.
 */
export function keepAnswers(app: FastifyInstance, rooms: KeyRooms): void {
  app.decorateRequest('heldKey', null);
  app.addHook('preValidation', (request, reply) => claim(request, reply, rooms));
  app.addHook('onSend', async (request, reply, payload) => settle(request, reply, payload, rooms));
  trimNowAndThen(app, rooms);
}

/** A word of visible ASCII, or the same as a string of RFC 9651, in quotes. */
const KEY = /^(?:"(?<quoted>[\x21\x23-\x5B\x5D-\x7E]{1,255})"|(?<bare>[\x21\x23-\x5B\x5D-\x7E]{1,255}))$/u;

function keyOf({ headers, method, routeOptions: { url = '' } }: FastifyRequest): string | null {
  const header = headers['idempotency-key'];
  if (header === undefined || !CHANGES.has(method)) return null;
  const { quoted, bare } = KEY.exec(String(header))?.groups ?? {};
  const key = quoted ?? bare;
  const where = 'header.Idempotency-Key';
  const refuse = (problem: string) =>
    new Problem('request.invalid', `${where}: ${problem}`, { faults: [{ where, problem }] });
  if (key === undefined) throw refuse('not 1 to 255 visible ASCII characters without quotes and backslashes');
  const why = WITHOUT_KEY[`${method} ${url}`];
  if (why !== undefined) throw refuse(`this address takes none, since ${why}`);
  return key;
}

async function claim(request: FastifyRequest, reply: FastifyReply, { keys, clock }: KeyRooms): Promise<unknown> {
  const key = keyOf(request);
  const { principal, method, url, body, routeOptions } = request;
  if (key === null || !principal) return;
  const id = createHash('sha256')
    .update(`${principal.tokenId}\n${method} ${routeOptions.url}\n${key}`)
    .digest('base64url');
  // By the key itself, which is written down nowhere: a short secret in a body cannot be guessed from its print.
  const print = createHmac('sha256', key)
    .update(`${url}\n${JSON.stringify(body) ?? ''}`)
    .digest('base64url');
  const [now, holder] = [clock.now(), randomUUID()];
  const wish = { id, tokenId: principal.tokenId, print, holder, now, until: now + SERVED_WITHIN_MS };
  const claimed = await keys.claim(wish).catch(() => {
    throw new Problem('unavailable', 'Idempotency keys cannot be looked up now.', { retryAfterS: STORE_RETRY_S });
  });
  if (claimed.is === 'busy') {
    const detail = 'A request with this Idempotency-Key is being served; send it again for its answer.';
    throw new Problem('key.busy', detail, { retryAfterS: RETRY_S });
  }
  if (claimed.is === 'other')
    throw new Problem('key.reused', 'This Idempotency-Key came before, with another request; make a new one for each.');
  if (claimed.is === 'new') {
    request.heldKey = { id, holder, makes: createHash('sha256').update(`${id}\n${print}`).digest('base64url') };
    return;
  }
  const { status, type, body: again } = claimed.answer;
  reply.code(status).header('Idempotency-Replayed', 'true');
  if (type === null) return reply.send();
  return reply.type(type).send(Buffer.from(again));
}

/** Before the answer goes out, so that who repeats a request that he had an answer to finds that answer. */
async function settle(request: FastifyRequest, reply: FastifyReply, payload: unknown, rooms: KeyRooms): Promise<void> {
  const held = request.heldKey;
  if (!held) return;
  const { keys, clock, log } = rooms;
  const { statusCode: status } = reply;
  const type = String(reply.getHeader('content-type') ?? '') || null;
  const body = typeof payload === 'string' || payload instanceof Buffer ? payload.toString() : '';
  const written =
    status >= 500 || status === 400
      ? keys.release(held.id, held.holder)
      : keys.settle(held.id, held.holder, { status, type, body }, clock.now() + KEPT_MS);
  // It was carried out: who asked is told so, whatever became of the copy.
  await written.catch((error: unknown) => log.error({ err: error }, 'an answer was not kept for its idempotency key'));
}

function trimNowAndThen(app: FastifyInstance, { keys, clock, log }: KeyRooms): void {
  let trimmedAt = 0;
  app.addHook('onResponse', async ({ heldKey }) => {
    if (!heldKey || clock.now() < trimmedAt + TRIM_EVERY_MS) return;
    trimmedAt = clock.now();
    await keys.trim(trimmedAt, MOST_A_TOKEN).catch((error: unknown) => {
      log.warn({ err: error }, 'old idempotency keys were not forgotten; tried again later');
    });
  });
}
