import { hostname } from 'node:os';
import type { Settings } from './config/settings.ts';
import type { LoadedSite } from './config/site/load.ts';
import { Engine } from './engine/engine.ts';
import { EngineService } from './engine/service.ts';
import type { History } from './engine/ports/history.ts';
import type { LiveStore } from './engine/ports/live-store.ts';
import type { Service } from './engine/ports/service.ts';
import { createHttpServer } from './http/server.ts';
import type { HttpSettings } from './http/settings.ts';
import { ensureAdminToken } from './http/tokens.ts';
import { createRedisLiveStore } from './store/redis/live-store.ts';
import { createSqlHistory } from './store/sql/history.ts';
import { createAsteriskSwitch } from './switch/asterisk/switch.ts';
import { systemClock, systemIds } from './system.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { measuredSwitch } from './telemetry/measured-switch.ts';
import type { LogBook } from './telemetry/log.ts';

/** Where the servers are that Callwright works with. */
export interface Servers {
  readonly asteriskUrl: string;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly databaseConnections: number | undefined;
}

export interface CallwrightOptions {
  readonly settings: Settings;
  readonly servers: Servers;
  readonly site: LoadedSite;
  /** Folder of the prompts as audio. */
  readonly sounds: string;
  readonly logBook: LogBook;
  readonly version: string;
  /** Gives up a start that has not come to its end. */
  readonly signal: AbortSignal;
  /** Another process has taken over; this one has stopped acting and should end. */
  readonly fenced: (reason: string) => void;
}

export interface Callwright {
  readonly service: Service;
  readonly apiUrl: string;
  /** Plain text of the first admin token, only at the very first start. */
  readonly adminToken: string | null;
  /** Lets go of everything; calls stay on the switch for the next process. */
  stop(): Promise<void>;
}

const REQUESTS_PER_MINUTE = 1_200;
const MAX_STREAMS = 100;
const MAX_EVENT_LOOP_DELAY_MS = 1_000;

/** Joins the rooms: config, doors, engine; then starts. The only place that knows them all. */
export async function startCallwright(options: CallwrightOptions): Promise<Callwright> {
  const closers: Closers = [];
  const { signal } = options;
  // A server that does not answer is waited for, but not against the will of who started us.
  const given = Promise.withResolvers<never>();
  const giveUp = () => given.reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([join(options, closers), given.promise]);
  } catch (error) {
    for (const close of closers.toReversed()) await close().catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

type Closers = (() => Promise<unknown>)[];

async function join(options: CallwrightOptions, closers: Closers): Promise<Callwright> {
  const { logBook } = options;
  const stores = await openStores(options, closers);
  const metrics = createMetrics();
  const engine = await openEngine(options, stores, metrics, closers);
  const service = new EngineService(engine);
  metrics.watch(service);
  const adminToken = await ensureAdminToken({ history: stores.history, clock: systemClock, ids: systemIds });
  const http = await createHttpServer({
    service,
    metrics,
    live: stores.live,
    history: stores.history,
    clock: systemClock,
    ids: systemIds,
    log: logBook.of('http'),
    settings: httpSettings(options),
  });
  closers.push(() => http.close());
  const apiUrl = await http.listen();
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  return { service, apiUrl, adminToken, stop };
}

interface Stores {
  readonly live: LiveStore;
  readonly history: History;
}

async function openStores({ servers, logBook }: CallwrightOptions, closers: Closers): Promise<Stores> {
  const live = await createRedisLiveStore({ url: servers.redisUrl, log: logBook.of('redis') });
  closers.push(() => live.close());
  const { databaseUrl, databaseConnections: poolMax } = servers;
  const history = await createSqlHistory({ databaseUrl, log: logBook.of('sql'), ...(poolMax && { poolMax }) });
  closers.push(() => history.close());
  return { live, history };
}

async function openEngine(
  { settings, servers, site, sounds, logBook, fenced }: CallwrightOptions,
  { live, history }: Stores,
  metrics: Metrics,
  closers: Closers,
): Promise<Engine> {
  const [clock, ids] = [systemClock, systemIds];
  const asterisk = createAsteriskSwitch({
    url: servers.asteriskUrl,
    app: 'callwright',
    node: settings.CALLWRIGHT_NODE,
    soundsDir: sounds,
    trunks: new Map([...site.trunks.values()].map(({ name, endpoint }) => [name, endpoint])),
    allowOld: settings.CALLWRIGHT_ALLOW_OLD_ASTERISK,
    clock,
    log: logBook.of('asterisk'),
  });
  const switchPort = measuredSwitch(asterisk, metrics);
  const limits = { maxCalls: settings.CALLWRIGHT_MAX_CALLS, maxSetupP99Ms: settings.CALLWRIGHT_MAX_SETUP_MS };
  const owner = `${hostname()}:${process.pid}:${ids.next('token')}`;
  const country = settings.CALLWRIGHT_COUNTRY ?? null;
  const log = logBook.of('engine');
  const rooms = { clock, ids, log, switchPort, live, history, site, fenced };
  const engine = new Engine({ ...rooms, settings: { ...limits, owner, country } });
  engine.witness((event) => metrics.observe(event));
  const stopLag = live.follow(await live.lastCursor(), (stored) => {
    for (const { event } of stored) metrics.eventLag(clock.now() - event.at);
  });
  closers.push(
    async () => stopLag(),
    () => engine.stop(),
  );
  await engine.start();
  return engine;
}

const httpSettings = ({ settings, version }: CallwrightOptions): HttpSettings => ({
  host: settings.CALLWRIGHT_HTTP_HOST,
  port: settings.CALLWRIGHT_HTTP_PORT,
  source: '/callwright',
  version,
  trustProxy: false,
  requestsPerMinute: REQUESTS_PER_MINUTE,
  maxStreams: MAX_STREAMS,
  maxEventLoopDelayMs: MAX_EVENT_LOOP_DELAY_MS,
});
