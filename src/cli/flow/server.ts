import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Finding } from '../../engine/ports/releases.ts';
import { settingsOf } from '../check.ts';
import { Explained } from '../ending.ts';
import type { Env } from './sim-world.ts';

/** What the running server answers: the thing asked for, or why not. `body` is its JSON as it came. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T; readonly body: unknown }
  | { readonly ok: false; readonly sentence: string; readonly findings: readonly Finding[]; readonly body: unknown };

export interface Request<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Instead of a body: what is sent as it is read. */
  readonly upload?: { readonly stream: ReadableStream; readonly type: string };
  readonly answer: z.ZodType<T>;
}

export const finding: z.ZodType<Finding> = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

const refusal = z.object({ detail: z.string(), findings: z.array(finding).default([]) });

/** Checks, tests and sounds may take their time. */
const PATIENCE_MS = 300_000;

const NO_TOKEN =
  'CALLWRIGHT_TOKEN is not set: put an API token there. The first start shows one of an admin; POST /v1/tokens makes more.';

/**
 * Asks the running server, at `CALLWRIGHT_API` and with `CALLWRIGHT_TOKEN`.
 *
 * @throws Explained when it cannot be asked
 */
export async function askServer<T>(env: Env, { answer, ...request }: Request<T>): Promise<Reply<T>> {
  const { response, url } = await sent(env, request);
  const said: unknown = await response.json().catch(() => null);
  if (response.ok) return understood(answer, said, url);
  return refused(response.status, said, url);
}

/**
 * Asks for what the running server answers line by line; it may take as long as lines come.
 *
 * @throws Explained when it cannot be asked
 */
export async function linesOfServer(env: Env, path: string): Promise<Reply<AsyncIterable<string>>> {
  const { response, url } = await sent(env, { method: 'GET', path });
  if (!response.ok || !response.body) return refused(response.status, await response.json().catch(() => null), url);
  return { ok: true, value: createInterface(Readable.fromWeb(response.body)), body: null };
}

/**
 * Asks for a text that is written to a file or shown as it comes.
 *
 * @throws Explained when it cannot be asked
 */
export async function textOfServer(env: Env, path: string): Promise<Reply<string>> {
  const { response, url } = await sent(env, { method: 'GET', path });
  if (!response.ok) return refused(response.status, await response.json().catch(() => null), url);
  return { ok: true, value: await response.text(), body: null };
}

async function sent(env: Env, { method, path, body, upload }: Omit<Request<unknown>, 'answer'>) {
  const { CALLWRIGHT_API, CALLWRIGHT_TOKEN: token, CALLWRIGHT_HTTP_PORT: port } = settingsOf(env);
  if (token === undefined) throw new Explained(NO_TOKEN);
  const url = new URL(path, CALLWRIGHT_API ?? `http://127.0.0.1:${port}`);
  const type = upload?.type ?? (body && 'application/json');
  const headers = { authorization: `Bearer ${token}`, ...(type && { 'content-type': type }) };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const content = upload ? { body: upload.stream, duplex: 'half' as const } : body && { body: JSON.stringify(body) };
  const init = { method, headers, signal, ...content };
  const response = await fetch(url, init).catch(() => null);
  if (!response) throw new Explained(`Nothing answers at ${url.origin}: start Callwright, or set CALLWRIGHT_API.`);
  return { response, url };
}

function understood<T>(answer: z.ZodType<T>, body: unknown, { origin }: URL): Reply<T> {
  const read = answer.safeParse(body);
  if (!read.success) throw new Explained(`${origin} answers otherwise than this version of Callwright would.`);
  return { ok: true, value: read.data, body };
}

function refused(status: number, body: unknown, { origin }: URL): Extract<Reply<never>, { ok: false }> {
  const read = refusal.safeParse(body);
  const detail = read.success ? read.data.detail : `It answers ${status}.`;
  if (!read.success || status === 401 || status === 403 || status >= 500) {
    throw new Explained(`${origin} ${status === 401 ? 'refuses CALLWRIGHT_TOKEN' : 'does not do that'}. ${detail}`);
  }
  return { ok: false, sentence: detail, findings: read.data.findings, body };
}
