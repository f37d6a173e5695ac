import { hostname } from 'node:os';
import type { Settings } from './config/settings.ts';
import type { LoadedSite } from './config/site/load.ts';
import { Engine } from './engine/engine.ts';
import { EngineService } from './engine/service.ts';
import type { Service } from './engine/ports/service.ts';
import { createHttpServer } from './http/server.ts';
import { ensureAdminToken } from './http/tokens.ts';
import { createRedisLiveStore } from './store/redis/live-store.ts';
import { createSqlHistory } from './store/sql/history.ts';
import { createAsteriskSwitch } from './switch/asterisk/switch.ts';
import { systemClock, systemIds } from './system.ts';
import { createMetrics } from './telemetry/metrics.ts';
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
  /** Another process has taken over; this one has stopped acting and should end. */
  fenced(reason: string): void;
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
  const closers: (() => Promise<unknown>)[] = [];
  try {
    return await join(options, closers);
  } catch (error) {
    for (const close of closers.toReversed()) await close().catch(() => undefined);
    throw error;
  }
}

async function join(options: CallwrightOptions, closers: (() => Promise<unknown>)[]): Promise<Callwright> {
  const { settings, servers, site, logBook } = options;
  const [clock, ids] = [systemClock, systemIds];
  const live = await createRedisLiveStore({ url: servers.redisUrl, log: logBook.of('redis') });
  closers.push(() => live.close());
  const { databaseUrl, databaseConnections: poolMax } = servers;
  const history = await createSqlHistory({ databaseUrl, log: logBook.of('sql'), ...(poolMax && { poolMax }) });
  closers.push(() => history.close());

  const metrics = createMetrics();
  const asterisk = createAsteriskSwitch({
    url: servers.asteriskUrl,
    app: 'callwright',
    node: settings.CALLWRIGHT_NODE,
    soundsDir: options.sounds,
    trunks: new Map([...site.trunks.values()].map(({ name, endpoint }) => [name, endpoint])),
    allowOld: settings.CALLWRIGHT_ALLOW_OLD_ASTERISK,
    clock,
    log: logBook.of('asterisk'),
  });
  const engine = new Engine({
    ...{ clock, ids, live, history, site },
    log: logBook.of('engine'),
    switchPort: measuredSwitch(asterisk, metrics),
    settings: {
      owner: `${hostname()}:${process.pid}:${systemIds.next('token')}`,
      maxCalls: settings.CALLWRIGHT_MAX_CALLS,
      maxSetupP99Ms: settings.CALLWRIGHT_MAX_SETUP_MS,
      country: settings.CALLWRIGHT_COUNTRY ?? null,
    },
    fenced: options.fenced,
  });
  engine.witness((event) => metrics.observe(event));
  const stopLag = live.follow(await live.lastCursor(), (stored) => {
    for (const { event } of stored) metrics.eventLag(clock.now() - event.at);
  });
  closers.push(async () => stopLag());
  const service = new EngineService(engine);
  metrics.watch(service);
  closers.push(() => engine.stop());
  await engine.start();

  const adminToken = await ensureAdminToken({ history, clock, ids });
  const http = await createHttpServer({
    ...{ service, live, history, metrics, clock, ids },
    log: logBook.of('http'),
    settings: {
      host: settings.CALLWRIGHT_HTTP_HOST,
      port: settings.CALLWRIGHT_HTTP_PORT,
      source: '/callwright',
      version: options.version,
      trustProxy: false,
      requestsPerMinute: REQUESTS_PER_MINUTE,
      maxStreams: MAX_STREAMS,
      maxEventLoopDelayMs: MAX_EVENT_LOOP_DELAY_MS,
    },
  });
  closers.push(() => http.close());
  const apiUrl = await http.listen();
  return {
    service,
    apiUrl,
    adminToken,
    stop: async () => {
      for (const close of closers.splice(0).toReversed()) await close();
    },
  };
}
