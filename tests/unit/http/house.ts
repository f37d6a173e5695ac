import { Agent, get, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { History, Role } from '../../../src/engine/ports/history.ts';
import type { Alarms } from '../../../src/engine/ports/alarms.ts';
import type { Figures } from '../../../src/engine/ports/figures.ts';
import type { KeyBook } from '../../../src/engine/ports/idempotency.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import type { Service } from '../../../src/engine/ports/service.ts';
import type { Clock, Ids } from '../../../src/engine/ports/time.ts';
import { scryptSecrets } from '../../../src/engine/secret-hash.ts';
import { createHttpServer, type HttpServer } from '../../../src/http/server.ts';
import type { HttpSettings } from '../../../src/http/settings.ts';
import { TokenBook } from '../../../src/http/tokens.ts';
import { createMetrics, type Metrics } from '../../../src/telemetry/metrics.ts';
import { KPI_SETTINGS } from '../../../src/acd/kpi/words.ts';
import { FakeEraser } from '../../support/fake-eraser.ts';
import { FakeExplainer } from '../../support/fake-explainer.ts';
import { EngineDncDesk } from '../../../src/engine/dnc-desk.ts';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import { EngineEvidenceDesk } from '../../../src/engine/evidence-desk.ts';
import { Recorder } from '../../../src/engine/recorder.ts';
import { createMemoryDncStore } from '../../support/memory-dnc-store.ts';
import { KeyFigures } from '../../../src/engine/key-figures.ts';
import { FakeCallbackDesk } from '../../support/fake-callback-desk.ts';
import { FakeFlowDesk } from '../../support/fake-flow-desk.ts';
import { FakeService } from '../../support/fake-service.ts';
import { testSigner } from '../../support/test-signer.ts';
import { figureRooms } from '../../support/figure-rooms.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { WebhookDesk } from '../../../src/events/webhook-desk.ts';
import { createMemoryWebhooks } from '../../support/memory-webhooks.ts';
import { testFollowUps } from '../../support/test-follow-ups.ts';
import { createMemoryKeyBook } from '../../support/memory-idempotency.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';

export interface House {
  readonly http: HttpServer;
  readonly service: FakeService;
  readonly flowDesk: FakeFlowDesk;
  readonly callbackDesk: FakeCallbackDesk;
  readonly live: LiveStore;
  readonly history: History;
  readonly keys: KeyBook;
  readonly clock: HandClock;
  readonly metrics: Metrics;
  readonly faults: string[];
  token(role: Role, agentId?: string): Promise<string>;
  /** A request as that role. */
  ask(role: Role, request: InjectOptions, agentId?: string): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** A clock that a test moves by hand. */
export class HandClock implements Clock {
  #now = 1_763_773_323_000;
  readonly #tasks = new Map<() => void, number>();

  now = () => this.#now;

  at = (at: number, task: () => void) => {
    const due = () => task();
    this.asked += 1;
    this.#tasks.set(due, at);
    return () => void this.#tasks.delete(due);
  };

  /** Rises with every task asked for. */
  asked = 0;

  get pending(): number {
    return this.#tasks.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const [due, at] of this.#tasks) {
      if (at > this.#now) continue;
      this.#tasks.delete(due);
      due();
    }
  }
}

const counting = (): Ids => {
  let made = 0;
  return { next: (kind) => `${kind}-${String((made += 1)).padStart(6, '0')}` };
};

const SETTINGS: HttpSettings = {
  host: '127.0.0.1',
  port: 0,
  source: '/callwright',
  version: '0.0.0',
  trustProxy: false,
  requestsPerMinute: 100_000,
  maxStreams: 10,
  maxEventLoopDelayMs: 0,
};

/**
 * The real HTTP door with an engine that is known by heart and stores in memory. `figures`: of another engine; `served`: another
 * engine, in front of which it stands.
 */
export async function openHouse(
  settings: Partial<HttpSettings> = {},
  history: History = createMemoryHistory(),
  figures?: Figures,
  alarms: Alarms = { alarms: async () => [] },
  served?: Service,
): Promise<House> {
  const [service, clock, ids] = [new FakeService(), new HandClock(), counting()];
  const live = createMemoryLive(clock.now).connect();
  const metrics = createMetrics();
  metrics.watch(service);
  const faults: string[] = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields: object, message: string) => void faults.push(`${message} ${JSON.stringify(fields)}`),
  };
  const flowDesk = new FakeFlowDesk();
  const callbackDesk = new FakeCallbackDesk();
  const recorder = new Recorder(clock, log);
  const dncDesk = new EngineDncDesk({
    clock,
    log,
    ids,
    live,
    history,
    recorder,
    dnc: createMemoryDncStore(),
    board: () => ({ all: () => [] }),
  });
  dncDesk.keeper.start();
  await dncDesk.keeper.idle();
  const keys = createMemoryKeyBook();
  const http = await createHttpServer({
    service: served ?? service,
    flowDesk,
    callbackDesk,
    followUps: testFollowUps({ clock, ids, log, live, recorder }),
    followUpCalls: {
      call: async (id, { queue }, { name }) =>
        id === 'followup-1'
          ? { ok: true, value: { callbackId: `callback-${name}`, queue: queue ?? 'finance', dueBy: 5_000 } }
          : { ok: false, why: 'not-found', sentence: `There is no follow-up ${id}.` },
    },
    dncDesk,
    eraser: new FakeEraser(),
    evidence: new EngineEvidenceDesk({
      clock,
      history,
      keeper: { settle: async () => undefined },
      signer: testSigner(),
      heard: async () => ({ heard: 0, persons: 0 }),
      profiles: () => new Map([...builtInProfiles()].map(([name, { profile }]) => [name, profile])),
    }),
    explainer: new FakeExplainer(),
    webhooks: new WebhookDesk({
      clock,
      ids,
      live,
      books: createMemoryWebhooks(),
      tell: async () => undefined,
      office: { look: async () => undefined, standing: () => null },
      urlFault: (url) => (url.startsWith('https://crm.example/') ? null : 'Its host is not allowed.'),
    }),
    alarms,
    figures:
      figures ??
      new KeyFigures({
        ...figureRooms(() => clock.now(), history),
        profiles: () => new Map([...builtInProfiles()].map(([name, { profile }]) => [name, profile])),
        live,
        queues: () => new Map(),
        agents: () => [],
        teams: () => new Map(),
        settings: () => KPI_SETTINGS,
      }),
    live,
    history,
    keys,
    secrets: scryptSecrets,
    metrics,
    log,
    clock,
    ids,
    settings: { ...SETTINGS, ...settings },
  });
  const book = new TokenBook({ history, secrets: scryptSecrets, clock, ids });
  const made = new Map<string, Promise<string>>();
  const token = (role: Role, agentId: string | null = null) => {
    const key = `${role} ${agentId}`;
    const known = made.get(key) ?? book.issue({ name: key, role, agentId }).then(({ plain }) => plain);
    made.set(key, known);
    return known;
  };
  return {
    http,
    service,
    flowDesk,
    callbackDesk,
    live,
    history,
    keys,
    clock,
    metrics,
    faults,
    token,
    ask: async (role, request, agentId) =>
      http.inject({
        ...request,
        headers: { authorization: `Bearer ${await token(role, agentId)}`, ...request.headers },
      }),
    close: () => http.close(),
  };
}

/** Gives the event loop turns until the state is reached; the test's own time limit ends a vain wait. */
export async function settled(reached: () => boolean): Promise<void> {
  while (!reached()) await turn();
}

/** Until nothing asks for a timer any more: every stream sleeps, or waits for its reader. */
export async function quiet(clock: HandClock): Promise<void> {
  for (let calm = 0, asked = clock.asked; calm < 500; calm = asked === clock.asked ? calm + 1 : 0) {
    asked = clock.asked;
    await turn();
  }
}

let seq = 0;
export const happened = (
  callId: string,
  type: 'call.answered' | 'leg.ringing' = 'call.answered',
  legId = `${callId}-leg`,
): JournalEvent => ({ type, data: { legId }, subject: `call/${callId}`, seq: (seq += 1), at: 1_763_773_323_000 });

/** An event stream as a reader has it: whole messages so far, and a wait for the first that answers a question. */
export class Reader {
  readonly response: IncomingMessage;
  #text = '';
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#wake();
    });
    response.on('error', () => {});
    response.once('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  get text(): string {
    return this.#text;
  }

  get blocks(): { id: string | null; event: { id: string; type: string } | null }[] {
    const whole = this.#text.split('\n\n').slice(0, -1);
    return whole.map((block) => {
      const data = /^data: (.*)$/mu.exec(block)?.[1];
      const event = data === undefined ? null : (JSON.parse(data) as { id: string; type: string });
      return { id: /^id: (.*)$/mu.exec(block)?.[1] ?? null, event };
    });
  }

  get ids(): string[] {
    return this.blocks.flatMap(({ event }) => (event ? [event.id] : []));
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      if (this.#closed) throw new Error(`the stream ended first, after: ${this.#text.slice(-300)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async closed(): Promise<void> {
    while (!this.#closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    this.response.destroy();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export function openStream(address: string, path: string, headers: Record<string, string>): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const request = get(`${address}${path}`, { headers, agent: new Agent() }, (response) =>
      resolve(new Reader(response)),
    );
    request.once('error', reject);
  });
}
