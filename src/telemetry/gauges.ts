import type { HealthView, Service } from '../engine/ports/service.ts';
import type { CampaignCounts } from './campaign-counts.ts';
import type { Instruments } from './instruments.ts';

/** A scrape does not wait longer for stores that are asked whether they are well; it tells what they said last. */
const HEALTH_MS = 25;

const AGENT_STATES = ['idle', 'reserved', 'ringing', 'talking', 'wrap-up', 'not-ready', 'logged-out'] as const;

/** Reads the engine at every scrape: from memory, all but the health of the stores, which a scrape does not wait for. */
export class Gauges {
  readonly #set: Instruments;
  readonly #campaigns: CampaignCounts;
  readonly #service: Service;
  #health: HealthView | null = null;
  #asking: Promise<void> | null = null;

  constructor(set: Instruments, campaigns: CampaignCounts, service: Service) {
    this.#set = set;
    this.#campaigns = campaigns;
    this.#service = service;
  }

  async read(): Promise<void> {
    this.#readCalls();
    this.#readQueues();
    this.#readAgents();
    this.#readTrunks();
    this.#campaigns.look(this.#service.dialer.running());
    await this.#readHealth();
  }

  #readCalls(): void {
    const set = this.#set;
    const calls = this.#service.calls();
    for (const direction of ['inbound', 'outbound'] as const) {
      const live = calls.filter((call) => call.direction === direction).length;
      set.set('callwright_calls_live', { direction }, live);
    }
    set.clear('callwright_calls_phase');
    const phases = Map.groupBy(calls, ({ phase }) => phase);
    for (const [phase, each] of phases) set.set('callwright_calls_phase', { phase }, each.length);
  }

  #readQueues(): void {
    const set = this.#set;
    set.clear(
      'callwright_queue_waiting',
      'callwright_queue_longest_wait_seconds',
      'callwright_queue_service_level',
      'callwright_queue_overflowing',
      'callwright_queue_reserved_agents',
      'callwright_queue_agents',
    );
    for (const view of this.#service.queues()) {
      const { waiting, longestWaitMs, serviceLevel, overflowingTo, reserved, agents } = view;
      const queue = view.profile.name;
      set.set('callwright_queue_waiting', { queue }, waiting);
      set.set('callwright_queue_longest_wait_seconds', { queue }, longestWaitMs / 1_000);
      if (serviceLevel !== null) set.set('callwright_queue_service_level', { queue }, serviceLevel);
      set.set('callwright_queue_overflowing', { queue }, overflowingTo.length);
      set.set('callwright_queue_reserved_agents', { queue }, reserved);
      const busy = agents.reserved + agents.ringing + agents.talking;
      const staff = { idle: agents.idle, busy, 'wrap-up': agents['wrap-up'], 'not-ready': agents['not-ready'] };
      for (const [state, count] of Object.entries(staff)) set.set('callwright_queue_agents', { queue, state }, count);
    }
  }

  #readAgents(): void {
    const seen = Map.groupBy(this.#service.agents(), ({ state, status }) =>
      state === 'idle' && status !== 'ready' ? status : state,
    );
    for (const state of AGENT_STATES) this.#set.set('callwright_agents', { state }, seen.get(state)?.length ?? 0);
  }

  #readTrunks(): void {
    for (const { name: trunk, down, lines, inUse } of this.#service.trunks()) {
      this.#set.set('callwright_trunk_up', { trunk }, down ? 0 : 1);
      this.#set.set('callwright_trunk_lines', { trunk, kind: 'used' }, inUse);
      this.#set.set('callwright_trunk_lines', { trunk, kind: 'most' }, lines);
    }
  }

  async #readHealth(): Promise<void> {
    this.#asking ??= this.#ask();
    await (this.#health === null ? this.#asking : Promise.race([this.#asking, after(HEALTH_MS)]));
    if (this.#health === null) return;
    const { parts } = this.#health;
    for (const [part, { ok }] of Object.entries(parts)) this.#set.set('callwright_part_healthy', { part }, ok ? 1 : 0);
    this.#set.set('callwright_switch_connected', {}, parts.switch.ok ? 1 : 0);
  }

  async #ask(): Promise<void> {
    try {
      this.#health = await this.#service.health();
    } finally {
      this.#asking = null;
    }
  }
}

const after = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });
