/** Callwright, as a workflow sees it: commands go out, events come in. Nothing here is of DBOS. */

const { CALLWRIGHT_API = 'http://127.0.0.1:8080', CALLWRIGHT_TOKEN = '' } = process.env;

/** A CloudEvent, as docs/events.md describes them. */
export interface CallwrightEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Taken {
  readonly cursor: string;
  readonly event: CallwrightEvent;
}

/** A command that is wrong in itself: trying again would not mend it. */
export class Refused extends Error {}

/**
 * Sends one command.
 *
 * @param body a text is a list of leads as CSV, the one command that takes no key.
 * @param key its name for ever. A command that is sent again with the same key, after a crash or a lost answer, is not carried out
 *   again: the answer is that of the first time.
 * @throws Refused when Callwright says no; Error when it is worth another try.
 */
export async function command<T>(path: string, body: object | string, key?: string): Promise<T> {
  const [type, text] = typeof body === 'string' ? ['text/csv', body] : ['application/json', JSON.stringify(body)];
  const keyed = key === undefined ? {} : { 'idempotency-key': key };
  const reply = await ask('POST', path, text, { 'content-type': type, ...keyed });
  return (await reply.json()) as T;
}

export async function look<T>(path: string): Promise<T> {
  return (await (await ask('GET', path)).json()) as T;
}

/** Events from now on are kept for the group, unless they are already. */
export async function openGroup(group: string): Promise<void> {
  const json = { 'content-type': 'application/json' };
  await ask('PUT', `/v1/events/groups/${group}`, JSON.stringify({ from: 'now' }), json);
}

/**
 * Hands every event to `handle`, one after the other, until `signal` says that it is enough. What was handled is reported as done
 * afterwards, so that a crash in between brings it again: `handle` must not mind an `id` that it has seen.
 */
export async function eachEvent(
  group: string,
  handle: (event: CallwrightEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const at = `/v1/events/groups/${group}`;
  const json = { 'content-type': 'application/json' };
  const wish = JSON.stringify({ consumer: 'dbos', waitMs: 5_000, lapsedMs: 10_000 });
  while (!signal.aborted) {
    const { items } = (await (await ask('POST', `${at}/take`, wish, json)).json()) as { items: readonly Taken[] };
    for (const { event } of items) await handle(event);
    if (items.length === 0) continue;
    await ask('POST', `${at}/done`, JSON.stringify({ cursors: items.map(({ cursor }) => cursor) }), json);
  }
}

async function ask(
  method: string,
  path: string,
  body: string | null = null,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const authorization = `Bearer ${CALLWRIGHT_TOKEN}`;
  const reply = await fetch(`${CALLWRIGHT_API}${path}`, { method, body, headers: { ...headers, authorization } });
  if (reply.ok) return reply;
  const sentence = `${method} ${path} answered ${reply.status}: ${await reply.text()}`;
  // 409: the same command of before a crash may still be under way; 429: too many at once.
  const isFinal = reply.status < 500 && reply.status !== 409 && reply.status !== 429;
  throw isFinal ? new Refused(sentence) : new Error(sentence);
}
