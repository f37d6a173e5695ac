import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { HOST } from './sipp.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly afterMs?: number;
}

interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A system outside that flows ask over HTTP. */
export interface Crm {
  readonly url: string;
  /** Paths that were asked, in order. */
  readonly asked: readonly string[];
  /** What was sent to it, with the headers in small letters. */
  readonly posted: readonly Posted[];
  /** What it answers from now on. */
  readonly answers: (reply: Reply) => void;
  /** Refuses connections until it is up again, at the same port. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
}

export async function startCrm(): Promise<Crm> {
  const asked: string[] = [];
  const posted: Posted[] = [];
  let reply: Reply = { status: 404, body: {} };
  const start = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { status, body, afterMs = 0 } = reply;
      const answer = () => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      const { url: path = '', headers } = request;
      if (request.method === 'POST') void text(request).then((sent) => posted.push({ path, headers, body: sent }));
      setTimeout(answer, afterMs);
    });
    await once(server.listen(port, HOST), 'listening');
    return server;
  };
  let server = await start(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}`,
    asked,
    posted,
    answers: (next) => {
      reply = next;
    },
    down: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
    up: async () => {
      server = await start(port);
    },
  };
}
