import { expect } from 'vitest';
import type { JournalEvent } from '../../src/call/journal.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { DncStore } from '../../src/engine/ports/dnc.ts';
import type { History } from '../../src/engine/ports/history.ts';
import type { LiveStore } from '../../src/engine/ports/live-store.ts';
import type { Service } from '../../src/engine/ports/service.ts';
import type { SwitchPort } from '../../src/engine/ports/switch.ts';
import type { Clock, Log } from '../../src/engine/ports/time.ts';
import { EngineService } from '../../src/engine/service.ts';
import type { Site } from '../../src/engine/site.ts';
import { answers } from '../support/fake-party.ts';
import { FakeSwitch } from '../support/fake-switch.ts';
import { FlowFolder } from '../support/flow-folder.ts';
import { FakeWeb, MemoryRecordings, plainPins } from '../support/flow-world.ts';
import { createMemoryDncStore } from '../support/memory-dnc-store.ts';
import { createMemoryFlowStore } from '../support/memory-flow-store.ts';
import { createMemoryFollowUps } from '../support/memory-follow-ups.ts';
import type { FollowUpStore } from '../../src/engine/ports/follow-ups.ts';
import { noSpeech } from '../../src/web/no-speech.ts';
import { createMemoryHistory } from '../support/memory-history.ts';
import { createMemoryLive, type MemoryLive } from '../support/memory-live-store.ts';
import { SimulatedClock } from '../support/simulated-clock.ts';
import { ENTRY, testSite } from '../support/site.ts';

const LEASE_LAPSES_MS = 6_000;

/** One process of Callwright, which can die in the middle of anything. */
interface Life {
  readonly engine: Engine;
  readonly service: Service;
  readonly live: LiveStore;
  dead: boolean;
}

/** A whole house on fakes: real engine and decision rooms, a switch, stores and a clock that are simulated. */
export class WalkHouse {
  readonly clock: SimulatedClock;
  readonly fake: FakeSwitch;
  readonly live: MemoryLive;
  readonly history: History;
  readonly flows: ReturnType<typeof createMemoryFlowStore>;
  readonly dnc: DncStore;
  readonly followUps: FollowUpStore;
  readonly folder: FlowFolder;
  readonly recordings = new MemoryRecordings();
  readonly web: FakeWeb;
  /** How long the database takes to give out leads. */
  claimMs = 0;
  readonly events: JournalEvent[] = [];
  readonly warnings: string[] = [];
  /** All that was logged, whole. */
  readonly logged: string[] = [];
  readonly fenced: string[] = [];
  /** The process dies just before it says so many more things to a store or the switch; 0 or less: never. */
  diesIn = 0;
  /** The next such word to a store is done, and its answer lost on the way. */
  losesAnswerOf = '';
  /** Such words to a store fail, and are not done. */
  refuses = '';
  readonly #site: Site;
  readonly #name: string;
  readonly #country: string | null = null;
  #life: Life | null = null;
  #ids = 0;

  /** `beside`: another house, with a switch and a process of its own, on whose clock and stores this one is; perhaps with a folder of its own. */
  constructor(
    site: Partial<Site> = {},
    beside?: { readonly house: WalkHouse; readonly node: string; readonly folder?: FlowFolder },
  ) {
    this.clock = beside?.house.clock ?? new SimulatedClock();
    this.live = beside?.house.live ?? createMemoryLive(() => this.clock.now());
    this.history = beside?.house.history ?? createMemoryHistory();
    this.flows = beside?.house.flows ?? createMemoryFlowStore();
    this.dnc = beside?.house.dnc ?? createMemoryDncStore();
    this.followUps = beside?.house.followUps ?? createMemoryFollowUps();
    this.web = new FakeWeb(this.clock);
    this.#name = beside?.node ?? '';
    this.fake = new FakeSwitch({ clock: this.clock, ...(beside && { node: beside.node }) });
    this.#site = testSite(site);
    this.folder = beside?.folder ?? beside?.house.folder ?? new FlowFolder(this.#site);
    for (const { phone } of this.#site.agents) this.fake.phone(phone, answers(1_000));
  }

  get engine(): Engine {
    return this.#alive().engine;
  }

  get service(): Service {
    return this.#alive().service;
  }

  async start(): Promise<this> {
    const life = this.#newLife();
    this.#life = life;
    await life.engine.start();
    await this.clock.advance(0);
    return this;
  }

  /** The process is gone between two instructions; the switch and the stores are not. */
  kill(): void {
    if (this.#life) this.#life.dead = true;
    void this.#life?.live.close();
    this.#life = null;
  }

  /** A new process, once the lease of the dead one has lapsed. */
  async restart(): Promise<void> {
    await this.clock.advance(LEASE_LAPSES_MS);
    await this.start();
  }

  async ready(...agents: readonly string[]): Promise<void> {
    for (const id of agents) {
      const answer = await this.service.setAgentStatus(id, 'ready', null);
      expect(answer).toMatchObject({ ok: true });
      await this.clock.advance(1);
    }
  }

  /** A caller who presses his way into a queue: `1` billing, `2` tech. */
  async callerIn(queue: '1' | '2', from = '+358501112223') {
    const caller = this.fake.call({ from, to: ENTRY });
    await caller.until('hearing', 'language.choose');
    caller.press(`1${queue}`);
    await this.clock.runUntil(() => this.callOf(caller.legId)?.phase !== 'flow', `${from} in a queue`);
    return caller;
  }

  callOf(legId: string) {
    return this.engine.house.board.all().find(({ state }) => state.legs[0]?.id === legId)?.state;
  }

  agent(id: string) {
    const found = this.service.agents().find(({ profile }) => profile.id === id);
    if (!found) throw new Error(`no agent ${id}`);
    return found;
  }

  /** The types of a call's events, in order; sequence numbers are checked on the way. */
  story(callId: string): string[] {
    const events = this.events.filter(({ subject }) => subject === `call/${callId}`);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    return events.map(({ type }) => type);
  }

  eventsOf<T extends JournalEvent['type']>(type: T) {
    return this.events.filter((event): event is Extract<JournalEvent, { type: T }> => event.type === type);
  }

  /** Nothing is left behind: no leg, bridge, reservation, call or busy agent. */
  async expectNoLeaks(): Promise<void> {
    await this.clock.runUntil(() => this.service.calls().length === 0, 'all calls over');
    await this.clock.runUntil(() => this.service.agents().every(({ state }) => state === 'idle'), 'all agents idle');
    const live = this.live.connect();
    expect(this.fake.leaks()).toEqual([]);
    expect(await live.loadCalls()).toEqual([]);
    expect(await live.reservations()).toEqual([]);
    expect(await this.history.openAttempts()).toEqual([]);
    expect(this.warnings).toEqual([]);
  }

  #alive(): Life {
    if (!this.#life) throw new Error('no process is running');
    return this.#life;
  }

  #newLife(): Life {
    const life = { dead: false, live: this.live.connect() };
    const engine = new Engine({
      clock: mortalClock(this.clock, life),
      ids: { next: (kind) => `${this.#name}${kind}-${String(++this.#ids).padStart(4, '0')}` },
      log: this.#log(),
      switchPort: mortalSwitch(this.fake, life, () => this.#dying(life)),
      live: mortal(
        life.live,
        () => this.#dying(life),
        (name) => this.#losing(name),
      ),
      history: mortal(
        this.#slowHistory(),
        () => this.#dying(life),
        (name) => this.#losing(name),
      ),
      flows: mortal(
        this.flows,
        () => this.#dying(life),
        (name) => this.#losing(name),
      ),
      dnc: mortal(
        this.dnc,
        () => this.#dying(life),
        (name) => this.#losing(name),
      ),
      followUps: mortal(
        this.followUps,
        () => this.#dying(life),
        (name) => this.#losing(name),
      ),
      recordings: this.recordings,
      web: this.web,
      speech: noSpeech,
      pins: plainPins,
      env: new Map([['CRM_URL', 'https://crm.example.org']]),
      maker: this.folder,
      draft: this.folder.draft,
      site: this.#site,
      settings: {
        owner: `${this.#name}process-${++this.#ids}`,
        maxCalls: 100,
        maxSetupP99Ms: 1_000,
        country: this.#country,
        followUpDays: 365,
      },
      fenced: (reason) => this.fenced.push(reason),
    });
    engine.witness((event) => {
      if (!life.dead) this.events.push(event);
    });
    return Object.assign(life, { engine, service: new EngineService(engine) });
  }

  #dying(life: { dead: boolean }): boolean {
    if (!life.dead && this.diesIn > 0) {
      this.diesIn -= 1;
      if (this.diesIn === 0) life.dead = true;
    }
    return life.dead;
  }

  #losing(name: string): boolean {
    if (name === this.refuses) throw new Error(`${name} refused`);
    if (name !== this.losesAnswerOf) return false;
    this.losesAnswerOf = '';
    return true;
  }

  get dead(): boolean {
    return this.#life === null || this.#life.dead;
  }

  #slowHistory(): History {
    const pause = () =>
      new Promise<void>((resolve) => {
        this.clock.at(this.clock.now() + this.claimMs, resolve);
      });
    const claimLeads: History['claimLeads'] = async (request) => {
      if (this.claimMs > 0) await pause();
      return this.history.claimLeads(request);
    };
    return { ...this.history, claimLeads };
  }

  #log(): Log {
    const write = (fields: object, message: string) => void this.logged.push(`${message} ${JSON.stringify(fields)}`);
    const warn = (fields: object, message: string) => {
      this.warnings.push(message);
      write(fields, message);
    };
    return { debug: write, info: write, warn, error: warn };
  }
}

/** Timers of a dead process do not ring. */
const mortalClock = (clock: SimulatedClock, life: { dead: boolean }): Clock => ({
  now: () => clock.now(),
  at: (at, task) => clock.at(at, () => (life.dead ? undefined : task())),
});

/** A dead process neither hears nor speaks. */
const mortalSwitch = (inner: SwitchPort, life: { dead: boolean }, dying: () => boolean): SwitchPort => ({
  node: inner.node,
  capabilities: inner.capabilities,
  latencyP99Ms: () => inner.latencyP99Ms(),
  start: (listener) => inner.start((event) => (life.dead ? undefined : listener(event))),
  do: (command) => (dying() ? new Promise(() => undefined) : inner.do(command)),
  snapshot: () => inner.snapshot(),
  knowsPhone: (name) => (life.dead ? new Promise(() => undefined) : inner.knowsPhone(name)),
  recording: (id) => (life.dead ? new Promise(() => undefined) : inner.recording(id)),
  discard: (id) => (dying() ? new Promise(() => undefined) : inner.discard(id)),
  stop: () => inner.stop(),
});

/** What a dead process asks of a store is never done and never answered; `losing` says whose answer is lost on the way. */
function mortal<T extends object>(store: T, dying: () => boolean, losing: (name: string) => boolean): T {
  return new Proxy(store, {
    get: (inner, name) => {
      const part: unknown = Reflect.get(inner, name);
      if (typeof part !== 'function') return part;
      return (...args: unknown[]): unknown => {
        if (dying()) return new Promise(() => undefined);
        let lost: boolean;
        try {
          lost = losing(String(name));
        } catch (error) {
          return Promise.reject(error);
        }
        const answer: unknown = Reflect.apply(part, inner, args);
        if (!lost) return answer;
        return Promise.resolve(answer).then(() => Promise.reject(new Error(`answer of ${String(name)} lost`)));
      };
    },
  });
}
