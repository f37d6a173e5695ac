import { join, resolve } from 'node:path';
import type { Destinations } from './call/destinations.ts';
import { flowEnv, readSecrets } from './config/secrets.ts';
import { Engine } from './engine/engine.ts';
import { scryptSecrets } from './engine/secret-hash.ts';
import { EngineEvidenceDesk } from './engine/evidence-desk.ts';
import { EngineService } from './engine/service.ts';
import type { Service } from './engine/ports/service.ts';
import { createHttpServer } from './http/server.ts';
import type { HttpSettings } from './http/settings.ts';
import { ensureAdminToken } from './http/tokens.ts';
import { createFileRecordings } from './store/files/recordings.ts';
import { createFileSigner } from './store/files/signing-key.ts';
import { systemClock, systemIds } from './system.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { measuredJournal } from './telemetry/measured-journal.ts';
import { measuredSwitch } from './telemetry/measured-switch.ts';
import { readAllowList } from './web/allow-list.ts';
import { noSpeech } from './web/no-speech.ts';
import { createWeb } from './web/web.ts';
import { openEraser } from './main/eraser.ts';
import { openEventsOutWatch, openQueueLog, openWebhooks } from './main/events-out.ts';
import { type CallwrightOptions, type Closers, OWNER, SettingsFault, SOURCE } from './main/options.ts';
import { openStores, type Stores } from './main/stores.ts';
import { openSwitch } from './main/switch.ts';

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
    return await Promise.race([joinRooms(options, closers), given.promise]);
  } catch (error) {
    for (const close of closers.toReversed()) await close().catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function joinRooms(options: CallwrightOptions, closers: Closers): Promise<Callwright> {
  const { logBook } = options;
  const metrics = createMetrics(systemClock.now());
  const stores = await openStores(options, metrics, closers);
  const engine = await openEngine(options, stores, metrics, closers);
  openQueueLog(options, stores, engine, closers);
  const service = new EngineService(engine);
  metrics.watch(service);
  const adminToken = await ensureAdminToken({
    history: stores.history,
    secrets: scryptSecrets,
    clock: systemClock,
    ids: systemIds,
  });
  const webhooks = openWebhooks(options, stores, engine, metrics, closers);
  openEventsOutWatch(options, stores, engine, metrics, closers);
  const http = await createHttpServer({
    webhooks,
    service,
    flowDesk: engine.house.flowDesk,
    callbackDesk: engine.house.callbackDesk,
    followUps: engine.house.followUps,
    followUpCalls: engine.house.followUpCalls,
    dncDesk: engine.house.dnc,
    eraser: openEraser(options, stores, engine, closers),
    evidence: await evidenceOf(options, engine, stores),
    figures: engine.house.figures,
    alarms: engine.house.thresholds,
    explainer: engine.house.explainer,
    metrics,
    live: measuredJournal(stores.live, metrics, systemClock),
    history: stores.history,
    keys: stores.keys,
    secrets: scryptSecrets,
    clock: systemClock,
    ids: systemIds,
    log: logBook.of('http'),
    settings: httpSettings(options),
  });
  closers.push(() => http.close());
  const apiUrl = await http.listen();
  const log = logBook.of('stop');
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) {
      // What one door could not finish must not leave the others open: the process would never end.
      await close().catch((error: unknown) => log.warn({ err: error }, 'a part did not end as it should'));
    }
  };
  return { service, apiUrl, adminToken, stop };
}

async function evidenceOf({ settings }: CallwrightOptions, { house }: Engine, { history }: Stores) {
  const signer = await createFileSigner(resolve(settings.CALLWRIGHT_DATA));
  const profiles = () => house.releases.current.site.profiles ?? new Map<string, never>();
  const heard = (id: string) => house.amd.learn(id);
  return new EngineEvidenceDesk({ clock: systemClock, history, keeper: house.evidence, signer, heard, profiles });
}

/** What flows reach beyond the switch and the stores; `hosts` are those that the release which runs lets them ask. */
async function openOutside({ settings }: CallwrightOptions, hosts: () => Destinations['hosts'], closers: Closers) {
  const reading = readSecrets(settings.CALLWRIGHT_SECRETS, process.env);
  if (!reading.ok) throw new SettingsFault(reading.problems.join('\n'));
  const allow = () => {
    const read = readAllowList(hosts());
    return read.ok ? read.rules : [];
  };
  const web = createWeb({ allow, secrets: reading.secrets, clock: systemClock });
  closers.push(async () => web.stop());
  const recordings = await createFileRecordings(join(settings.CALLWRIGHT_DATA, 'recordings'));
  return { web, recordings, speech: noSpeech, pins: scryptSecrets, env: flowEnv(process.env) };
}

async function openEngine(
  options: CallwrightOptions,
  stores: Stores,
  metrics: Metrics,
  closers: Closers,
): Promise<Engine> {
  const { settings, site, draft, maker, logBook, fenced, servers } = options;
  const running: { engine: Engine | null } = { engine: null };
  const hosts = () => running.engine?.house.releases.current.site.destinations.hosts ?? [];
  const outside = await openOutside(options, hosts, closers);
  const [clock, ids] = [systemClock, systemIds];
  const switchPort = measuredSwitch(await openSwitch(options, closers), metrics);
  const limits = { maxCalls: settings.CALLWRIGHT_MAX_CALLS, maxSetupP99Ms: settings.CALLWRIGHT_MAX_SETUP_MS };
  const country = settings.CALLWRIGHT_COUNTRY ?? null;
  const followUpDays = settings.CALLWRIGHT_FOLLOW_UP_DAYS;
  const log = logBook.of('engine');
  const accounts = servers.accounts && { accounts: servers.accounts };
  const rooms = { clock, ids, log, switchPort, site, draft, maker, fenced, ...stores, ...outside, ...accounts };
  const watch = { offerTook: (ms: number) => metrics.offerTook(ms) };
  const engine = new Engine({ ...rooms, watch, settings: { ...limits, owner: OWNER, country, followUpDays } });
  running.engine = engine;
  engine.witness((event) => metrics.observe(event));
  closers.push(() => engine.stop());
  await engine.start();
  return engine;
}

const httpSettings = ({ settings, version }: CallwrightOptions): HttpSettings => ({
  host: settings.CALLWRIGHT_HTTP_HOST,
  port: settings.CALLWRIGHT_HTTP_PORT,
  source: SOURCE,
  version,
  trustProxy: false,
  requestsPerMinute: REQUESTS_PER_MINUTE,
  maxStreams: MAX_STREAMS,
  maxEventLoopDelayMs: MAX_EVENT_LOOP_DELAY_MS,
});
