import type { CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import { AgentTimes } from './agent-times.ts';
import { Customers } from './customers.ts';
import { QueueTally } from './queue-tally.ts';
import { type OpenCall, type Seen, SEERS } from './seers.ts';
import { ratio } from './spread.ts';
import { Surveys } from './surveys.ts';
import type { KpiFigures, KpiReport, KpiSettings } from './words.ts';

const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const TARGET_MS = 20_000;

/**
 * The figures of shared definitions, from journal events alone, in their order: the same events give the same figures, so
 * that a day can be counted again and by somebody else. An event told twice must be left out by who feeds it.
 */
export class KpiBook {
  readonly #settings: KpiSettings;
  readonly #calls = new Map<CallId, OpenCall>();
  readonly #all = new QueueTally();
  readonly #queues = new Map<QueueName, QueueTally>();
  readonly #agents: AgentTimes;
  readonly #begin: EpochMs;
  readonly #customers: Customers;
  readonly #minutes = new Map<EpochMs, number>();
  readonly #transfers = { kinds: new Map<string, number>(), matrix: new Map<string, number>() };
  readonly #surveys = new Surveys();
  #from: EpochMs | null = null;
  #to: EpochMs | null = null;
  #arrived = 0;
  #refused = 0;
  #redials = 0;
  #contained = 0;
  #callMs = 0;

  /** @param begin events before it tell what agents were doing and who had called before, and count for nothing else */
  constructor(settings: KpiSettings, begin: EpochMs = 0) {
    this.#settings = settings;
    this.#begin = begin;
    this.#agents = new AgentTimes(begin);
    this.#customers = new Customers(settings.repeatMs);
  }

  see(event: JournalEvent): void {
    const wrapUp = this.#agents.see(event, (subject) => this.#calls.get(subject));
    if (event.at < this.#begin) return this.#customers.before(event);
    this.#from ??= event.at;
    this.#to = Math.max(this.#to ?? event.at, event.at);
    if (wrapUp) this.#each(wrapUp.queue, (tally) => (tally.workMs += wrapUp.wrapUpMs));
    const seer = SEERS[event.type] as ((book: Seen, event: JournalEvent) => void) | undefined;
    seer?.(this.#seen, event);
  }

  report(): KpiReport {
    const { perMinute, perAgentSecond } = this.#settings;
    const agents = this.#agents.until(this.#to ?? this.#begin);
    const cost = (this.#callMs / MINUTE_MS) * perMinute + (agents.inboundMs / 1_000) * perAgentSecond;
    const all = {
      ...this.#all.figures(this.#settings),
      arrived: this.#arrived,
      redials: this.#redials,
      contained: this.#contained,
      blocked: ratio(this.#refused, this.#arrived),
      occupancy: agents.occupancy,
      cost: ratio(cost, this.#all.handled),
      peakMinute: this.#peakMinute(),
      ...this.#surveys.figures(),
    };
    const queues: Record<QueueName, KpiFigures> = {};
    for (const [name, tally] of this.#queues) queues[name] = tally.figures(this.#settings);
    return {
      from: this.#from,
      to: this.#to,
      all,
      queues,
      agents: agents.each,
      transfers: {
        kinds: Object.fromEntries(this.#transfers.kinds),
        matrix: Object.fromEntries(this.#transfers.matrix),
      },
      arrivals: this.#arrivals(),
    };
  }

  /** What those who see one kind of event may use. */
  readonly #seen: Seen = {
    call: (subject) => this.#calls.get(subject),
    open: (subject, call) => void this.#calls.set(subject, call),
    close: (subject) => void this.#calls.delete(subject),
    each: (queue, count) => this.#each(queue, count),
    only: (queue, count) => count(this.#queue(queue)),
    target: (queue) => this.#settings.targetMs.get(queue) ?? TARGET_MS,
    arrival: (call) => this.#arrival(call),
    refusal: () => (this.#refused += 1),
    repeat: (ani, queue, at) => this.#customers.handled(ani, queue, at),
    surveys: this.#surveys,
    transfer: (kind, between) => {
      count(this.#transfers.kinds, kind);
      count(this.#transfers.matrix, between);
    },
    ended: (call, durationMs) => {
      if (!call.inbound) return;
      this.#callMs += durationMs;
      if (call.answered && !call.metSomebody && !call.refused) this.#contained += 1;
    },
  };

  #each(queue: QueueName | null, count: (tally: QueueTally) => void): void {
    count(this.#all);
    if (queue !== null) count(this.#queue(queue));
  }

  #queue(name: QueueName): QueueTally {
    const tally = this.#queues.get(name) ?? new QueueTally();
    this.#queues.set(name, tally);
    return tally;
  }

  #arrival({ ani, arrivedAt }: OpenCall): void {
    this.#arrived += 1;
    if (ani !== null && this.#customers.arrived(ani, arrivedAt)) this.#redials += 1;
    count(this.#minutes, arrivedAt - (arrivedAt % MINUTE_MS));
  }

  #peakMinute() {
    const [first, ...others] = this.#minutes;
    if (!first) return null;
    const [at, calls] = others.reduce((best, each) => (each[1] > best[1] ? each : best), first);
    return { at, calls };
  }

  #arrivals() {
    const quarters = new Map<EpochMs, number>();
    for (const [minute, calls] of this.#minutes) count(quarters, minute - (minute % QUARTER_MS), calls);
    return [...quarters].map(([at, calls]) => ({ at, calls })).toSorted((a, b) => a.at - b.at);
  }
}

function count<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
