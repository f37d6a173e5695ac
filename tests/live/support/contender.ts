import { createMemoryHistory } from '../../support/memory-history.ts';
import { createMemoryDncStore } from '../../support/memory-dnc-store.ts';
import { createMemoryFlowStore } from '../../support/memory-flow-store.ts';
import { createMemoryFollowUps } from '../../support/memory-follow-ups.ts';
import { FlowFolder } from '../../support/flow-folder.ts';
import { FakeWeb, MemoryRecordings, plainPins } from '../../support/flow-world.ts';
import { answers } from '../../support/fake-party.ts';
import { FakeSwitch } from '../../support/fake-switch.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { agentProfile, ENTRY, flowOfNodes, queueProfile, testSite } from '../../support/site.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Log } from '../../../src/engine/ports/time.ts';
import { EngineService } from '../../../src/engine/service.ts';
import { createRedisLiveStore } from '../../../src/store/redis/live-store.ts';
import { systemClock, systemIds } from '../../../src/system.ts';
import { noSpeech } from '../../../src/web/no-speech.ts';

/**
 * One process of Callwright: the real engine and the real live store, with callers and phones in memory. It is told whom to
 * let call, and rings again for whoever was lost on the way.
 */
export interface Orders {
  readonly node: string;
  readonly redisUrl: string;
  readonly agents: number;
  /** Callers on the line at once. */
  readonly atOnce: number;
  readonly callers: readonly string[];
  /** Makes all agents ready. */
  readonly staffs: boolean;
}

export type Word = { readonly says: 'up' } | { readonly says: 'served'; readonly offersMs: readonly number[] };

/** How this process ends when it did not come up. */
const DID_NOT_START = 3;

/** The machine's clock where the fakes expect a simulated one. */
class RealClock extends SimulatedClock {
  override now = () => systemClock.now();
  override at = (at: number, task: () => void) => systemClock.at(at, task);
}

const quiet = () => undefined;
const LOG: Log = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};

const CLOCK = new RealClock();
const FLOW = flowOfNodes(
  '  first: { type: queue, queue: billing, outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye } }\n',
);

function siteOf(count: number) {
  const agents = Array.from({ length: count }, (_, nth) => agentProfile(`agent${nth}`, { queues: ['billing'] }));
  const queue = queueProfile('billing', { wrapUpMs: 0, maxWaiting: 100_000, maxWaitMs: 3_600_000, ringMs: 2_000 });
  return testSite({ ...FLOW, agents, queues: new Map([['billing', queue]]) });
}

class Contender {
  readonly #orders: Orders;
  readonly #switch: FakeSwitch;
  readonly #left: string[];
  readonly #onLine = new Set<string>();
  readonly #calls = new Map<string, { readonly from: string; served: boolean }>();
  readonly #offersMs: number[] = [];

  constructor(orders: Orders) {
    this.#orders = orders;
    this.#left = [...orders.callers];
    this.#switch = new FakeSwitch({ clock: CLOCK, node: orders.node, playMs: () => 1 });
  }

  async start(): Promise<void> {
    const { node, redisUrl, agents, staffs } = this.#orders;
    const site = siteOf(agents);
    for (const { phone } of site.agents) this.#switch.phone(phone, answers(5, 250));
    const folder = new FlowFolder(site);
    const engine = new Engine({
      clock: systemClock,
      ids: systemIds,
      log: LOG,
      switchPort: this.#switch,
      live: await createRedisLiveStore({ url: redisUrl, log: LOG }),
      history: createMemoryHistory(),
      flows: createMemoryFlowStore(),
      dnc: createMemoryDncStore(),
      followUps: createMemoryFollowUps(),
      recordings: new MemoryRecordings(),
      web: new FakeWeb(CLOCK),
      speech: noSpeech,
      pins: plainPins,
      env: new Map(),
      maker: folder,
      draft: folder.draft,
      site,
      settings: {
        owner: `${node}:${process.pid}`,
        maxCalls: 10_000,
        maxSetupP99Ms: 60_000,
        country: 'FI',
        followUpDays: 365,
      },
      watch: { offerTook: (ms) => void this.#offersMs.push(ms) },
      fenced: (reason) => {
        throw new Error(reason);
      },
    });
    engine.witness((event) => {
      const call = this.#calls.get(event.subject);
      if (event.type === 'call.arrived') this.#calls.set(event.subject, { from: event.data.ani ?? '', served: false });
      if (event.type === 'call.connected' && call) call.served = true;
      if (event.type === 'call.ended') this.#ended(event.subject);
    });
    await engine.start();
    const service = new EngineService(engine);
    if (staffs) await Promise.all(site.agents.map(({ id }) => service.setAgentStatus(id, 'ready', null)));
    say({ says: 'up' });
    this.#fill();
  }

  #fill(): void {
    while (this.#onLine.size < this.#orders.atOnce) {
      const from = this.#left.pop();
      if (from === undefined) break;
      this.#onLine.add(from);
      this.#switch.call({ from, to: ENTRY });
    }
    if (this.#onLine.size === 0) say({ says: 'served', offersMs: this.#offersMs.splice(0) });
  }

  /** Whoever talked to nobody rings again. Calls of an earlier life of this process are not ours. */
  #ended(subject: string): void {
    const call = this.#calls.get(subject);
    if (!call || !this.#calls.delete(subject)) return;
    if (!call.served) return void this.#switch.call({ from: call.from, to: ENTRY });
    this.#onLine.delete(call.from);
    return this.#fill();
  }
}

const say = (word: Word) => void process.send?.(word);

/** A start that fails, because Redis was slow on a busy machine for one, ends the process: whoever watches over it starts it again. */
process.once('message', (orders: Orders) => {
  new Contender(orders).start().catch((error: unknown) => {
    process.stderr.write(`${orders.node} did not start: ${String(error)}\n`);
    process.exit(DID_NOT_START);
  });
});
