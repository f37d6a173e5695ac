import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { House } from '../calls/house.ts';

/** The API counts requests per client address and minute: so many agents log in from each. */
const AGENTS_PER_ADDRESS = 500;
const AT_A_TIME = 20;
const BUSY_PAUSE_MS = 1_000;

/** Makes all agents ready, as each of them would from a desk of his own. */
export async function logIn({ api }: Pick<House, 'api'>, agents: readonly string[], signal: AbortSignal) {
  const ahead = agents.entries();
  const one = async (): Promise<void> => {
    for (const [index, agent] of ahead) {
      const localAddress = `127.0.0.${2 + Math.floor(index / AGENTS_PER_ADDRESS)}`;
      const url = `${api.url}/v1/agents/${agent}/status`;
      await insist(() => ask(url, 'POST', { authorization: `Bearer ${api.token}` }, localAddress, READY), signal);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, one));
}

const READY = JSON.stringify({ status: 'ready', reason: null });

/** While the server starts it may let requests wait. */
async function insist(attempt: () => Promise<number>, signal: AbortSignal): Promise<void> {
  for (;;) {
    const status = await attempt();
    if (status < 300) return;
    if (status !== 503) throw new Error(`an agent could not log in: ${status}`);
    await pause(BUSY_PAUSE_MS, undefined, { signal });
  }
}

/**
 * Has app_queue with its members in this Asterisk from now on: loaded it follows every phone there is, and would work along with
 * Callwright's calls, so that it comes last. It is not unloaded: hard pressed, it keeps calls that are over for ever.
 */
export async function loadAppQueue({ ari, folder }: House, queuesConf: string): Promise<void> {
  writeFileSync(join(folder, 'asterisk/etc/queues.conf'), queuesConf);
  const { origin, username, password } = new URL(ari);
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
  const status = await ask(`${origin}/ari/asterisk/modules/app_queue.so`, 'POST', { authorization });
  if (status >= 300) throw new Error(`app_queue could not be loaded: ${status}`);
}

async function ask(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  localAddress = '127.0.0.1',
  body = '',
): Promise<number> {
  const type = body === '' ? {} : { 'content-type': 'application/json' };
  const sent = request(url, { method, localAddress, headers: { ...headers, ...type } }).end(body);
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  reply.resume();
  await once(reply, 'end');
  return reply.statusCode ?? 0;
}
