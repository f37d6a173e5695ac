import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type EdgeFile, readEdgeFile } from '../config/edge.ts';
import { drachtioServer } from '../edge/drachtio.ts';
import { Edge, type EdgeSite, type EdgeView } from '../edge/edge.ts';
import type { Log } from '../engine/ports/time.ts';
import { openRegistrations } from '../store/redis/registrations.ts';
import { systemClock } from '../system.ts';
import { edgeMetrics } from '../telemetry/edge-metrics.ts';
import { createLogBook } from '../telemetry/log.ts';
import { askedToEnd } from './asked-to-end.ts';
import { EXIT, Explained } from './ending.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Up until a TERM signal or Ctrl-C. */
export async function runEdge(path: string, file: EdgeFile, env: Env): Promise<number> {
  const [door, redisUrl] = [doorOf(env['DRACHTIO_URL']), env['REDIS_URL']];
  if (!redisUrl)
    throw new Explained('REDIS_URL is not set: phones are kept there, so that every edge and switch finds them.');
  const over = askedToEnd(process);
  const logs = createLogBook({ level: 'info', showPii: false });
  const log = logs.of('edge');
  const book = await openRegistrations({ url: redisUrl, clock: systemClock, log });
  const edge = new Edge({
    site: siteOf(file),
    realm: file.realm,
    nonceKey: randomBytes(32).toString('base64url'),
    limits: { ...file.limits, banMs: file.limits.banMinutes * 60_000 },
    opinion: file.opinion,
    server: drachtioServer(door, log),
    book,
    clock: systemClock,
    log,
  });
  try {
    const sip = await edge.open();
    const http = file.http && (await serve(edge, file.http));
    const again = () => void reread(path, edge, log);
    process.on('SIGHUP', again);
    log.info(
      { sip, nodes: edge.view().nodes.map(({ name, isUp }) => `${name} ${isUp ? 'up' : 'lost'}`) },
      'the edge is open',
    );
    if (!over.signal.aborted) await once(over.signal, 'abort');
    process.off('SIGHUP', again);
    http?.close();
  } finally {
    await edge.close();
    await book.close();
    await logs.flush();
  }
  return EXIT.fine;
}

const siteOf = ({ nodes, trunks, accounts }: EdgeFile): EdgeSite => ({
  nodes,
  trunks: trunks.map(({ name, from }) => ({ name, addresses: from })),
  accounts,
});

/** A bad file never replaces a good one. */
async function reread(path: string, edge: Edge, log: Log): Promise<void> {
  try {
    const read = readEdgeFile(path);
    if (!read.ok) return log.error({ problems: read.problems }, 'the changed file is not used');
    await edge.update(siteOf(read.file));
    log.info({}, 'the changed file is used');
  } catch (error) {
    log.error({ err: error }, 'the changed file is not used');
  }
}

function doorOf(address: string | undefined) {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'drachtio:' || !url.hostname || !url.password) {
    throw new Explained('DRACHTIO_URL must be set, and look like drachtio://:secret@host:9022.');
  }
  return { host: url.hostname, port: Number(url.port || 9022), secret: decodeURIComponent(url.password) };
}

const healthOf = ({ isConnected, nodes }: EdgeView): number =>
  isConnected && nodes.some(({ isUp }) => isUp) ? 200 : 503;

/** `/metrics` for Prometheus, `/health` for who restarts it: 503 while drachtio is away or every node is lost. */
async function serve(edge: Edge, { host, port }: { readonly host: string; readonly port: number }): Promise<Server> {
  const metrics = edgeMetrics(() => edge.view());
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(request.url === '/health' ? healthOf(edge.view()) : 404).end();
      return;
    }
    metrics.render().then(
      (text) => response.setHeader('content-type', metrics.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
