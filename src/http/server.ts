import helmet from '@fastify/helmet';
import Fastify, { type LightMyRequestResponse, type InjectOptions } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Alarms } from '../engine/ports/alarms.ts';
import type { CallbackDesk } from '../engine/ports/callback-desk.ts';
import type { DncDesk } from '../engine/ports/dnc.ts';
import type { EraseDesk } from '../engine/ports/erasures.ts';
import type { FlowDesk } from '../engine/ports/flow-desk.ts';
import type { FollowUpCalls } from '../engine/ports/follow-up-calls.ts';
import type { FollowUps } from '../engine/ports/follow-ups.ts';
import type { History } from '../engine/ports/history.ts';
import type { KeyBook } from '../engine/ports/idempotency.ts';
import type { LiveStore } from '../engine/ports/live-store.ts';
import type { SecretHasher } from '../engine/ports/secrets.ts';
import type { Service } from '../engine/ports/service.ts';
import type { Clock, Ids, Log } from '../engine/ports/time.ts';
import type { WebhookDesk } from '../events/webhook-desk.ts';
import { guard } from './auth.ts';
import { describeApi } from './docs.ts';
import { answerErrors, answerGarbage, asProblem, sendProblem } from './errors.ts';
import { EventHub } from './event-hub.ts';
import { keepAnswers } from './idempotency.ts';
import { HEADERS_TIMEOUT_MS, limit, MAX_BODY_BYTES, REQUEST_TIMEOUT_MS, TIMEOUT_CHECK_MS } from './limits.ts';
import { requestValidator } from './request-faults.ts';
import type { App } from './routes/app.ts';
import { alarmRoutes } from './routes/alarms.ts';
import { askRoutes } from './routes/asks.ts';
import { callbackRoutes } from './routes/callbacks.ts';
import { callAskRoutes } from './routes/call-asks.ts';
import { callRoutes } from './routes/calls.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { dispositionRoutes } from './routes/dispositions.ts';
import { dncRoutes } from './routes/dnc.ts';
import { eraseRoutes } from './routes/erase.ts';
import { eventGroupRoutes } from './routes/event-groups.ts';
import { eventRoutes } from './routes/events.ts';
import type { EvidenceDesk } from '../engine/ports/evidence.ts';
import type { Explainer } from '../engine/ports/explain.ts';
import type { Figures } from '../engine/ports/figures.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { explainRoutes } from './routes/explain.ts';
import { kpiRoutes } from './routes/kpis.ts';
import { floorRoutes } from './routes/floor.ts';
import { previewRoutes } from './routes/previews.ts';
import { profileRoutes } from './routes/profiles.ts';
import { type FlowNumbers, flowStatsRoutes } from './routes/flow-stats.ts';
import { followUpCallRoutes } from './routes/follow-up-calls.ts';
import { followUpRoutes } from './routes/follow-ups.ts';
import { leadListRoutes } from './routes/lead-lists.ts';
import { leadRoutes } from './routes/leads.ts';
import { preflightRoutes } from './routes/preflight.ts';
import { pinRoutes } from './routes/pins.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { releaseRoutes } from './routes/releases.ts';
import { type MetricsPage, systemRoutes } from './routes/system.ts';
import { talkRoutes } from './routes/talk.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { voicemailRoutes } from './routes/voicemails.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import type { HttpSettings } from './settings.ts';
import { TokenBook } from './tokens.ts';

export interface HttpPorts {
  readonly service: Service;
  readonly alarms: Alarms;
  readonly flowDesk: FlowDesk;
  readonly callbackDesk: CallbackDesk;
  readonly followUps: FollowUps;
  readonly followUpCalls: FollowUpCalls;
  readonly dncDesk: DncDesk;
  readonly eraser: EraseDesk;
  readonly evidence: EvidenceDesk;
  readonly figures: Figures;
  readonly explainer: Explainer;
  readonly webhooks: WebhookDesk;
  readonly live: LiveStore;
  readonly history: History;
  readonly keys: KeyBook;
  readonly secrets: SecretHasher;
  readonly metrics: MetricsPage & FlowNumbers;
  readonly log: Log;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly settings: HttpSettings;
}

export interface HttpServer {
  /** Begins to serve; answers the address, as `http://127.0.0.1:8080`. Rejects when the port is taken. */
  listen(): Promise<string>;
  /** Ends event streams, lets requests in progress finish, closes. */
  close(): Promise<void>;
  /** A request without a network, for tests. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Every route there is, for the test that knocks at each of them. */
  readonly routes: readonly { readonly method: string; readonly url: string }[];
}

export async function createHttpServer(ports: HttpPorts): Promise<HttpServer> {
  const { settings, live, clock } = ports;
  const app = bareServer(settings);
  const routes: { method: string; url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const verb of [method].flat()) routes.push({ method: verb, url });
  });
  acceptEmptyJson(app);
  answerErrors(app, ports.log);
  await limit(app, settings);
  const tokens = new TokenBook(ports);
  guard(app, tokens);
  keepAnswers(app, ports);
  await app.register(helmet);
  await describeApi(app, settings.version);

  const closing = new AbortController();
  const hub = new EventHub(live);
  addRoutes(app, ports, tokens);
  const events = { ...settings, live, hub, clock, closing: closing.signal };
  eventRoutes(app, events);
  eventGroupRoutes(app, events);
  webhookRoutes(app, ports.webhooks, settings.source);
  followUpRoutes(app, ports.followUps, clock);
  followUpCallRoutes(app, ports.followUpCalls);
  eraseRoutes(app, ports.eraser);
  app.addHook('preClose', async () => closing.abort());
  await app.ready();
  return {
    listen: () => listen(app, settings),
    close: () => app.close(),
    inject: (request) => app.inject(request),
    routes,
  };
}

/** What keeps the door shut, in one sentence with its cure. */
class HttpFault extends Error {
  override readonly name = 'HttpFault';
}

async function listen(app: App, { host, port }: HttpSettings): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error;
    const cure = 'stop that program, or set CALLWRIGHT_HTTP_PORT to a free port';
    throw new HttpFault(`The API needs TCP port ${port} on ${host}, which another program uses: ${cure}.`);
  }
}

/** A command without details may come with an empty body, whatever its content type says. */
function acceptEmptyJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}

function addRoutes(
  app: App,
  { service, alarms, flowDesk, callbackDesk, dncDesk, evidence, explainer, figures, metrics }: HttpPorts,
  tokens: TokenBook,
): void {
  alarmRoutes(app, alarms);
  callRoutes(app, service);
  callAskRoutes(app, service);
  floorRoutes(app, service);
  previewRoutes(app, service);
  talkRoutes(app, service.talk);
  dispositionRoutes(app, service.dispositions);
  campaignRoutes(app, service);
  preflightRoutes(app, service);
  profileRoutes(app, service);
  leadRoutes(app, service);
  leadListRoutes(app, service);
  askRoutes(app, flowDesk);
  callbackRoutes(app, callbackDesk);
  dncRoutes(app, dncDesk);
  evidenceRoutes(app, evidence);
  voicemailRoutes(app, flowDesk);
  recordingRoutes(app, flowDesk, service);
  pinRoutes(app, flowDesk);
  releaseRoutes(app, service.releases);
  flowStatsRoutes(app, metrics);
  kpiRoutes(app, figures, service);
  explainRoutes(app, explainer);
  systemRoutes(app, service, metrics);
  tokenRoutes(app, tokens, service);
}

function bareServer(settings: HttpSettings): App {
  const app = Fastify({
    logger: false,
    trustProxy: settings.trustProxy,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    clientErrorHandler: answerGarbage,
    frameworkErrors: (error, request, reply) => void sendProblem(asProblem(error), request, reply),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(requestValidator);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  return app;
}
