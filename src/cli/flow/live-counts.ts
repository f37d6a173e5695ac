import { z } from 'zod';
import type { Counts } from '../../ivr/tools/graph.ts';
import { settingsOf } from '../check.ts';
import { Explained } from '../ending.ts';
import type { Env } from './read-flow.ts';

const answer = z.object({
  nodes: z.array(z.object({ node: z.string(), entered: z.number(), left: z.record(z.string(), z.number()) })),
});

const PATIENCE_MS = 5_000;

/**
 * How often the nodes of a flow were entered and left since the server's start.
 *
 * @throws Explained when the server does not answer as it should
 */
export async function liveCounts(flow: string, env: Env): Promise<Counts> {
  const server = env['CALLWRIGHT_API'] ?? `http://127.0.0.1:${settingsOf(env).CALLWRIGHT_HTTP_PORT}`;
  const token = env['CALLWRIGHT_TOKEN'];
  if (!token) throw new Explained('CALLWRIGHT_TOKEN is not set: put an API token there, of any role that may read.');
  if (!URL.canParse(server)) throw new Explained(`CALLWRIGHT_API is no address: ${server}`);
  const reply = await ask(new URL(`/v1/flows/${encodeURIComponent(flow)}/stats`, server), token);
  const stats = answer.safeParse(reply);
  if (!stats.success) throw new Explained(`${server} answers what is no count of calls: is it Callwright?`);
  return new Map(stats.data.nodes.map(({ node, entered, left }) => [node, { entered, left }]));
}

async function ask(url: URL, token: string): Promise<unknown> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal }).catch(() => null);
  if (!reply) throw new Explained(`Nothing answers at ${url.origin}: start Callwright, or set CALLWRIGHT_API.`);
  if (reply.ok) return reply.json().catch(() => null);
  const why: Readonly<Record<number, string>> = {
    401: 'does not know this CALLWRIGHT_TOKEN',
    403: 'lets nobody with the role of this CALLWRIGHT_TOKEN read that',
    404: 'has no such flow loaded',
  };
  throw new Explained(`${url.origin} ${why[reply.status] ?? `answers ${reply.status}`}.`);
}
