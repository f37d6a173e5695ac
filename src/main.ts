import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Destinations } from './call/destinations.ts';
import { flowEnv, readSecrets } from './config/secrets.ts';
import type { Settings } from './config/settings.ts';
import type { LoadedSite } from './config/site/load.ts';
import { Engine } from './engine/engine.ts';
import { scryptSecrets } from './engine/secret-hash.ts';
import { JournalArchiver } from './engine/journal-archiver.ts';
import { Eraser } from './engine/erase.ts';
import { isNumberOf } from './engine/erase-ours.ts';
import { EngineEvidenceDesk } from './engine/evidence-desk.ts';
import { EngineService } from './engine/service.ts';
import { withArchive } from './engine/whole-journal.ts';
import type { ErasureBook, PersonBook } from './engine/ports/erasures.ts';
import type { EventArchive } from './engine/ports/event-archive.ts';
import type { DncStore } from './engine/ports/dnc.ts';
import type { FlowStore } from './engine/ports/flow-store.ts';
import type { FollowUpStore } from './engine/ports/follow-ups.ts';
import type { History } from './engine/ports/history.ts';
import type { KeyBook } from './engine/ports/idempotency.ts';
import type { LiveStore } from './engine/ports/live-store.ts';
import type { Draft, ReleaseMaker } from './engine/ports/releases.ts';
import type { Service } from './engine/ports/service.ts';
import { queueLogEraser } from './events/queue-log-erase.ts';
import { QueueLogFile } from './events/queue-log-file.ts';
import { WebhookDesk } from './events/webhook-desk.ts';
import { WebhookOffice } from './events/webhook-office.ts';
import type { TellOfWebhook } from './events/webhook-news.ts';
import type { WebhookBooks } from './engine/ports/webhooks.ts';
import { createHttpServer } from './http/server.ts';
import type { HttpSettings } from './http/settings.ts';
import { ensureAdminToken } from './http/tokens.ts';
import { createRedisLiveStore } from './store/redis/live-store.ts';
import { createFileRecordings } from './store/files/recordings.ts';
import { createFileSigner } from './store/files/signing-key.ts';
import { createSqlStores } from './store/sql/stores.ts';
import { createAsteriskSwitch } from './switch/asterisk/switch.ts';
import { systemClock, systemIds } from './system.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { EventsOutWatch } from './telemetry/events-out.ts';
import { measuredPost } from './telemetry/measured-post.ts';
import { measuredStore } from './telemetry/measured-store.ts';
import { measuredJournal } from './telemetry/measured-journal.ts';
import { measuredSwitch } from './telemetry/measured-switch.ts';
import type { LogBook } from './telemetry/log.ts';
import { readAllowList } from './web/allow-list.ts';
import { admit } from './web/guard.ts';
import { createPost } from './web/post.ts';
import { noSpeech } from './web/no-speech.ts';
import { createWeb } from './web/web.ts';

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
  /** Its agents and trunks are in force to the end of this process; all else comes from the releases. */
  readonly site: LoadedSite;
  readonly draft: Draft;
  readonly maker: ReleaseMaker;
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

/** Name of this process in leases. */
const OWNER = `${hostname()}:${process.pid}:${systemIds.next('token')}`;

/** Where events say that they come from. */
const SOURCE = '/callwright';

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

type Closers = (() => Promise<unknown>)[];

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
  openEventsOutWatch(options, stores, metrics, closers);
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

/** Messages go to the hosts that the release which runs allows, and by connections of their own. */
function openWebhooks(
  { logBook }: CallwrightOptions,
  stores: Stores,
  { house }: Engine,
  metrics: Metrics,
  closers: Closers,
) {
  const allow = () => {
    const read = readAllowList(house.releases.current.site.destinations.hosts);
    return read.ok ? read.rules : [];
  };
  const { live, webhooks: books } = stores;
  const web = createPost({ allow, clock: systemClock });
  const log = logBook.of('webhooks');
  const tell: TellOfWebhook = async (subject, fact) => {
    const events = house.recorder.events(subject, [fact]);
    await live.append(events);
    house.recorder.tell(events);
  };
  const timed = { post: measuredPost((message) => web.post(message), metrics) };
  const rooms = {
    clock: systemClock,
    log,
    live,
    web: timed,
    books,
    tell,
    source: SOURCE,
    chance: Math.random,
    owner: OWNER,
  };
  const office = new WebhookOffice(rooms);
  office.start();
  closers.push(async () => {
    const stopped = office.stop();
    web.stop(); // nobody waits for a receiver who is slow: his message comes again
    await stopped;
  });
  const urlFault = (url: string) => {
    const judged = admit(url, allow());
    return judged.ok
      ? null
      : `Nothing may be sent there: ${judged.why}. Add its host to \`hosts\` in site/destinations.yaml, then \`callwright flow load\`.`;
  };
  return new WebhookDesk({ clock: systemClock, ids: systemIds, live, books, tell, office, urlFault });
}

/** How events leave the house, for the metrics. */
function openEventsOutWatch({ logBook }: CallwrightOptions, stores: Stores, metrics: Metrics, closers: Closers): void {
  const { live, archive, webhooks: books } = stores;
  const watch = new EventsOutWatch({ clock: systemClock, log: logBook.of('metrics'), live, archive, books });
  watch.start();
  metrics.watchEvents(() => watch.last);
  closers.push(() => watch.stop());
}

function openQueueLog({ settings, logBook }: CallwrightOptions, { live }: Stores, { house }: Engine, closers: Closers) {
  const path = settings.CALLWRIGHT_QUEUE_LOG;
  if (path === undefined) return;
  const queuesOf = (id: string) => house.desk.find(id)?.profile.queues ?? [];
  const file = new QueueLogFile({ path, live, clock: systemClock, log: logBook.of('queue-log'), queuesOf });
  file.start();
  closers.push(() => file.stop());
}

const SALT_BYTES = 32;

function openEraser({ settings, logBook }: CallwrightOptions, stores: Stores, { house }: Engine, closers: Closers) {
  const { live, archive, erasures: books, people, dnc } = stores;
  const log = logBook.of('erasures');
  const queueLog = settings.CALLWRIGHT_QUEUE_LOG;
  const rooms = { clock: systemClock, ids: systemIds, log, live, archive, books, people, owner: OWNER };
  const { flowDesk, callbackDesk: callbacks, dnc: dncDesk, recorder } = house;
  const eraser = new Eraser({
    ...rooms,
    flowDesk,
    callbacks,
    recorder,
    dnc: dncDesk,
    places: queueLog === undefined ? [] : [queueLogEraser(queueLog, log)],
    salt: () => dnc.dncSalt(randomBytes(SALT_BYTES).toString('base64url')),
    country: settings.CALLWRIGHT_COUNTRY ?? null,
    isOurs: (number) => isNumberOf(house.releases.current.site, number),
  });
  eraser.start();
  closers.push(() => eraser.stop());
  return eraser;
}

async function evidenceOf({ settings }: CallwrightOptions, { house }: Engine, { history }: Stores) {
  const signer = await createFileSigner(resolve(settings.CALLWRIGHT_DATA));
  const profiles = () => house.releases.current.site.profiles ?? new Map<string, never>();
  const heard = (id: string) => house.amd.learn(id);
  return new EngineEvidenceDesk({ clock: systemClock, history, keeper: house.evidence, signer, heard, profiles });
}

interface Stores {
  readonly live: LiveStore;
  readonly history: History;
  readonly flows: FlowStore;
  readonly dnc: DncStore;
  readonly followUps: FollowUpStore;
  readonly webhooks: WebhookBooks;
  readonly archive: EventArchive;
  readonly erasures: ErasureBook;
  readonly people: PersonBook;
  readonly keys: KeyBook;
}

async function openStores(
  { settings, servers, logBook }: CallwrightOptions,
  metrics: Metrics,
  closers: Closers,
): Promise<Stores> {
  const redis = await createRedisLiveStore({ url: servers.redisUrl, log: logBook.of('redis') });
  const live = measuredStore(redis, (ok, ms) => metrics.storeTook('live', ok, ms));
  closers.push(() => live.close());
  const { databaseUrl, databaseConnections: poolMax } = servers;
  const sql = await createSqlStores({ databaseUrl, log: logBook.of('sql'), ...(poolMax && { poolMax }) });
  closers.push(() => sql.history.close());
  const { archive } = sql;
  const days = settings.CALLWRIGHT_JOURNAL_DAYS;
  const log = logBook.of('journal');
  const archiver = new JournalArchiver({ clock: systemClock, log, live, archive, owner: OWNER, days });
  archiver.start();
  closers.push(() => archiver.stop());
  const history = measuredStore(sql.history, (ok, ms) => metrics.storeTook('history', ok, ms));
  return { ...sql, history, live: withArchive(live, archive) };
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

/** What an operator has written keeps it from starting; the message says where and how to mend it. */
class SettingsFault extends Error {
  override readonly name = 'SettingsFault';
}

async function openEngine(
  options: CallwrightOptions,
  stores: Stores,
  metrics: Metrics,
  closers: Closers,
): Promise<Engine> {
  const { settings, servers, site, draft, maker, sounds, logBook, fenced } = options;
  const running: { engine: Engine | null } = { engine: null };
  const hosts = () => running.engine?.house.releases.current.site.destinations.hosts ?? [];
  const outside = await openOutside(options, hosts, closers);
  const [clock, ids] = [systemClock, systemIds];
  const asterisk = createAsteriskSwitch({
    url: servers.asteriskUrl,
    app: 'callwright',
    node: settings.CALLWRIGHT_NODE,
    soundsDir: sounds,
    recordingsDir: resolve(settings.CALLWRIGHT_DATA, 'recordings'),
    trunks: new Map([...site.trunks.values()].map(({ name, endpoint }) => [name, endpoint])),
    allowOld: settings.CALLWRIGHT_ALLOW_OLD_ASTERISK,
    clock,
    log: logBook.of('asterisk'),
  });
  const switchPort = measuredSwitch(asterisk, metrics);
  const limits = { maxCalls: settings.CALLWRIGHT_MAX_CALLS, maxSetupP99Ms: settings.CALLWRIGHT_MAX_SETUP_MS };
  const country = settings.CALLWRIGHT_COUNTRY ?? null;
  const followUpDays = settings.CALLWRIGHT_FOLLOW_UP_DAYS;
  const log = logBook.of('engine');
  const rooms = { clock, ids, log, switchPort, site, draft, maker, fenced, ...stores, ...outside };
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
