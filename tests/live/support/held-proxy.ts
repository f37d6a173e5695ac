import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { HOST } from './sipp.ts';

interface Passed {
  readonly path: string;
  readonly key: string | undefined;
  readonly status: number;
  readonly isReplayed: boolean;
  readonly answer: string;
}

/** Stands before a server, and can lose an answer after the deed: what a crash at the worst moment does. */
export interface HeldProxy {
  readonly url: string;
  /** Requests that were carried out, in order, also those whose answer was lost. */
  readonly passed: readonly Passed[];
  /** From now on the answer to the next POST to such a path is never given; the ones after it are. */
  readonly loseNext: (path: RegExp) => void;
  readonly close: () => Promise<void>;
}

export async function startHeldProxy(target: string): Promise<HeldProxy> {
  const passed: Passed[] = [];
  let lost: RegExp | null = null;
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url: path = '/' } = request;
    const { reply, answer } = await forward(target, request);
    const key = request.headers['idempotency-key'];
    const isReplayed = reply.headers.get('idempotency-replayed') === 'true';
    const isLost = method === 'POST' && lost?.test(path) === true;
    if (isLost) lost = null;
    passed.push({ path, key: key?.toString(), status: reply.status, isReplayed, answer });
    if (isLost) return;
    const type = reply.headers.get('content-type');
    response.writeHead(reply.status, { ...(type !== null && { 'content-type': type }) }).end(answer);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, HOST), 'listening');
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    passed,
    loseNext: (path) => {
      lost = path;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function forward(target: string, request: IncomingMessage) {
  const { method = 'GET', url = '/' } = request;
  const headers = ['authorization', 'content-type', 'idempotency-key'].flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const body = method === 'GET' ? null : new Uint8Array(await buffer(request));
  const reply = await fetch(`${target}${url}`, { method, headers: Object.fromEntries(headers), body });
  return { reply, answer: await reply.text() };
}
