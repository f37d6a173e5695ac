import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOST } from './sipp.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly afterMs?: number;
}

/** A system outside that flows ask over HTTP. */
export interface Crm {
  readonly url: string;
  /** Paths that were asked, in order. */
  readonly asked: readonly string[];
  /** What it answers from now on. */
  readonly answers: (reply: Reply) => void;
  /** Refuses connections until it is up again, at the same port. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
}

export async function startCrm(): Promise<Crm> {
  const asked: string[] = [];
  let reply: Reply = { status: 404, body: {} };
  const start = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { status, body, afterMs = 0 } = reply;
      const answer = () => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
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
