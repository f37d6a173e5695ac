import { once } from 'node:events';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { type AllowedHost, readAllowList } from '../../../src/web/allow-list.ts';
import type { Resolve } from '../../../src/web/pools.ts';
import { createWeb } from '../../../src/web/web.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface FarSide {
  readonly port: number;
  /** `http://127.0.0.1:<port>` or with https. */
  readonly url: string;
  readonly seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  /** Connections accepted so far. */
  connections(): number;
  handle(handler: Handler): void;
}

export interface FarSideOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A real server on loopback that answers as told; it ends with the test file. */
export async function farSide({ host = '127.0.0.1', port = 0, tls }: FarSideOptions = {}): Promise<FarSide> {
  const seen: FarSide['seen'] = [];
  let [handler, connections]: [Handler, number] = [json(200, {}), 0];
  const listen = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      handler(request, response, body);
    });
  };
  const server = tls ? createSecure(tls, listen) : createPlain(listen);
  server.on('connection', () => (connections += 1));
  server.listen(port, host);
  await once(server, 'listening');
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const at = (server.address() as AddressInfo).port;
  return {
    port: at,
    url: `${tls ? 'https' : 'http'}://${host}:${at}`,
    seen,
    connections: () => connections,
    handle: (next) => (handler = next),
  };
}

export const json =
  (status: number, body: unknown): Handler =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export interface WebSetUp {
  readonly allow: readonly AllowedHost[];
  readonly resolve?: Resolve;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The way out with a clock of the test's own. */
export function webFor({ allow, resolve, secrets = {} }: WebSetUp) {
  const read = readAllowList(allow);
  if (!read.ok) throw new Error(read.problems.join(' '));
  let { rules } = read;
  const clock = new SimulatedClock();
  const web = createWeb({
    allow: () => rules,
    secrets: (name) => secrets[name] ?? null,
    clock,
    ...(resolve && { resolve }),
  });
  afterAll(() => web.stop());
  const get = (url: string, change = {}) =>
    web.fetchJson({ method: 'GET', url, secret: null, body: null, timeoutMs: 5_000, cacheMs: null, ...change });
  return { web, clock, get, forbidAll: () => void (rules = []) };
}

/** One of our own that may live on loopback. */
export const inside = (host: string): AllowedHost => ({ host, private: true });

export const error = (why: string) => ({ outcome: 'error', why });
