import type { EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import { AgentTimes, type Spent } from './agent-times.ts';
import { Arrivals } from './arrivals.ts';
import { Breaks, type Overrun } from './breaks.ts';
import { applying } from './applying.ts';
import type { Cut, KpiCell } from './cell-words.ts';
import { Customers } from './customers.ts';
import type { Span } from './intervals.ts';
import { resultOf, SaidOfCalls } from './said.ts';
import { type Seen, SEERS } from './seers.ts';
import { type Place, Shelf } from './shelf.ts';
import { type Mark, newCall, type OpenCall } from './story.ts';
import { figuresOf, type Tally } from './tally.ts';
import type { KpiFigures, KpiReport, KpiSettings } from './words.ts';

const TARGET_MS = 20_000;
/** So long after its end a call is known by its flow, number and language, for what is said of it then. */
const REMEMBERED_MS = 2 * 3_600_000;

/** What is counted. */
export interface Bounds {
  /** Events before it tell what agents were doing and who had called before, and count for nothing else. */
  readonly from: EpochMs;
  /** Calls that arrive from then on do not count; what becomes of those before does. Infinity: all that is seen. */
  readonly to: EpochMs;
  /** How it is told apart besides; null: it is not. */
  readonly cut: Cut | null;
}

const ALL: Bounds = { from: 0, to: Number.POSITIVE_INFINITY, cut: null };

/**
 * The figures of shared definitions, from journal events alone, in their order: the same events give the same figures, so
 * that a day can be counted again and by somebody else. An event told twice must be left out by who feeds it.
 *
 * A call counts in the interval in which it arrived, with everything that became of it, also after the interval's end; the
 * time of agents counts when it was.
 */
export class KpiBook {
  readonly #settings: KpiSettings;
  readonly #bounds: Bounds;
  readonly #calls = new Map<string, OpenCall>();
  /** Latest last. */
  readonly #ended = new Map<string, OpenCall>();
  readonly #shelf: Shelf;
  readonly #agents: AgentTimes;
  readonly #breaks = new Breaks();
  readonly #customers: Customers;
  readonly #arrivals = new Arrivals();
  readonly #said = new SaidOfCalls();
  readonly #seen: Seen;
  #first: EpochMs | null = null;
  #last: EpochMs | null = null;
  /** Of all that was seen, also after the span. */
  #seenUntil: EpochMs = 0;

  constructor(settings: KpiSettings, bounds: Partial<Bounds> = {}) {
    this.#settings = settings;
    this.#bounds = { ...ALL, ...bounds };
    this.#shelf = this.#newShelf();
    this.#agents = new AgentTimes(this.#span, (spent) => this.#spent(this.#shelf, spent));
    this.#customers = new Customers(settings.repeatMs);
    this.#seen = this.#seenBy(settings);
  }

  see(event: JournalEvent): void {
    const { at, type, subject } = event;
    this.#seenUntil = Math.max(this.#seenUntil, at);
    const wrapUp = this.#agents.see(event, (name) => this.#calls.get(name));
    const overrun = this.#breaks.see(event);
    if (overrun) this.#overran(this.#shelf, overrun);
    const isWithin = at >= this.#bounds.from && at < this.#bounds.to;
    if (isWithin) {
      this.#first ??= at;
      this.#last = Math.max(this.#last ?? at, at);
    }
    // Calls that do not count may be what somebody's next call repeats.
    if (!this.#calls.has(subject) && !(type === 'call.arrived' && isWithin)) this.#customers.before(event);
    if (at < this.#bounds.from || (type === 'call.arrived' && !isWithin)) return;
    if (wrapUp) {
      const { call, queue, agentId, wrapUpMs } = wrapUp;
      const desks = this.#shelf.desksOf(agentId);
      this.#mark(call, { whole: true, queue, desks, count: ({ n }) => (n.workMs += wrapUpMs) });
    }
    if (type === 'call.disposed') return this.#disposed(event);
    const seer = SEERS[type] as ((book: Seen, event: JournalEvent) => void) | undefined;
    seer?.(this.#seen, event);
  }

  /** All that counts in the span has come to its end: what follows changes nothing. */
  get isSettled(): boolean {
    const { from, to } = this.#bounds;
    return this.#seenUntil >= to && this.#calls.size === 0 && !this.#agents.isBusy && !this.#breaks.hasSince(from, to);
  }

  report(): KpiReport {
    const [open, ongoing] = this.#open();
    const { transfers, ...all } = this.#figures(this.#shelf.all, open.all);
    const queues: Record<string, KpiFigures> = {};
    for (const name of new Set([...this.#shelf.queues.keys(), ...open.queues.keys()]))
      queues[name] = this.#figures(this.#shelf.queues.get(name), open.queues.get(name));
    return {
      from: this.#first,
      to: this.#last,
      all: { ...all, peakMinute: this.#arrivals.peakMinute() },
      queues,
      agents: this.#agents.each(ongoing),
      transfers,
      arrivals: this.#arrivals.quarters(),
    };
  }

  /** How many cells there are by now. */
  get size(): number {
    return this.#shelf.cells.size;
  }

  /** The cells of the cut, in order of time and name; each is reckoned when it is asked for. */
  *cells(): Generator<KpiCell> {
    const { from, to, cut } = this.#bounds;
    if (!cut) return;
    const [open] = this.#open();
    const end = Math.min(to, Math.max(from, (this.#last ?? from) + 1));
    open.complete({ from: this.#first === null ? end : Math.max(from, this.#first), to: end });
    const names = [...new Set([...this.#shelf.cells.keys(), ...open.cells.keys()])];
    const cells = names.flatMap((name) => {
      const [closed, live] = [this.#shelf.cells.get(name), open.cells.get(name)];
      const cell = closed ?? live;
      return cell ? [{ ...cell, closed: closed?.tally, live: live?.tally }] : [];
    });
    cells.sort((a, b) => a.span.from - b.span.from || ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
    for (const { span, key, closed, live } of cells) {
      const within = { from: Math.max(from, span.from), to: span.to === Infinity ? end : Math.min(to, span.to) };
      yield { ...within, key, figures: applying(cut.by, this.#figures(closed, live)) };
    }
  }

  #seenBy(settings: KpiSettings): Seen {
    return {
      call: (subject) => this.#calls.get(subject),
      open: (subject, call) => void this.#calls.set(subject, call),
      close: (subject, at) => this.#close(subject, at),
      mark: (call, mark) => this.#mark(call, mark),
      loose: (at, mark) => this.#loose(this.#shelf, mark, { at, traits: null }),
      desks: (agent) => this.#shelf.desksOf(agent),
      target: (queue) => settings.targetMs.get(queue) ?? TARGET_MS,
      shortMs: settings.shortAbandonMs,
      arrival: ({ ani, arrivedAt }) => {
        this.#arrivals.add(arrivedAt);
        return ani !== null && this.#customers.arrived(ani, arrivedAt);
      },
      repeat: (ani, queue, at) => this.#customers.handled(ani, queue, at),
    };
  }

  #mark(call: OpenCall, mark: Mark): void {
    if (call.marks) call.marks.push(mark);
    else this.#shelf.put(mark, placeOf(call));
  }

  #loose(shelf: Shelf, mark: Mark, place: Place): void {
    const { from, to } = this.#bounds;
    if (place.at >= from && place.at < to) shelf.put(mark, place);
  }

  #close(subject: string, at: EpochMs): void {
    const call = this.#calls.get(subject);
    if (!call) return;
    this.#calls.delete(subject);
    for (const mark of call.marks ?? []) this.#shelf.put(mark, placeOf(call));
    call.marks = null;
    call.endedAt = at;
    this.#ended.set(subject, call);
    for (const [old, { endedAt }] of this.#ended) {
      if (at - (endedAt ?? at) <= REMEMBERED_MS) break;
      this.#ended.delete(old);
    }
  }

  #disposed(event: Extract<JournalEvent, { type: 'call.disposed' }>): void {
    const { callId, agentId, queue, campaignId } = event.data;
    const call = this.#calls.get(`call/${callId}`) ?? this.#ended.get(`call/${callId}`) ?? STRANGER;
    const traits = campaignId === undefined ? call : { ...call, campaign: campaignId };
    const result = resultOf(event);
    const about = { whole: true, queue: queue?.startsWith('campaign:') ? null : queue };
    const desks = this.#shelf.desksOf(agentId);
    const mark: Mark = { ...about, desks, count: ({ results }) => results.add(result) };
    const place = { at: event.at, traits };
    const before = this.#said.replace(callId, { at: event.at, result, mark, place });
    if (before) {
      const undo: Mark = { ...before.mark, count: ({ results }) => results.add(before.result, -1) };
      this.#loose(this.#shelf, undo, before.place);
    }
    this.#loose(this.#shelf, mark, place);
  }

  #spent(shelf: Shelf, { agentId, busy, span, call, callMs }: Spent): void {
    shelf.spend(agentId, span, (tally, ms) => void (tally.n[busy ? 'busyMs' : 'idleMs'] += ms));
    if (!call?.inbound) return;
    const count = ({ n }: Tally) => (n.agentMs += callMs);
    const mark: Mark = { whole: true, queue: null, desks: [], count };
    if (shelf === this.#shelf) this.#mark(call, mark);
    else shelf.put(mark, placeOf(call));
  }

  #overran(shelf: Shelf, { agentId, dueAt, overMs }: Overrun): void {
    const count = ({ n }: Tally) => {
      n.overruns += 1;
      n.overMs += overMs;
    };
    const mark: Mark = { whole: true, queue: null, desks: shelf.desksOf(agentId), count };
    this.#loose(shelf, mark, { at: dueAt, traits: null });
  }

  /** What is not over yet, as if it were over now. */
  #open(): readonly [Shelf, readonly Spent[]] {
    const open = this.#newShelf();
    for (const call of this.#calls.values()) for (const mark of call.marks ?? []) open.put(mark, placeOf(call));
    const until = Math.max(this.#seenUntil, this.#bounds.from);
    const ongoing = this.#agents.ongoing(until);
    for (const spent of ongoing) this.#spent(open, spent);
    for (const overrun of this.#breaks.ongoing(until)) this.#overran(open, overrun);
    return [open, ongoing];
  }

  #figures(...tallies: readonly (Tally | undefined)[]) {
    return figuresOf(
      tallies.filter((tally) => tally !== undefined),
      this.#settings,
    );
  }

  get #span(): Span {
    return { from: this.#bounds.from, to: this.#bounds.to };
  }

  #newShelf(): Shelf {
    return new Shelf(this.#bounds.cut, this.#span);
  }
}

const placeOf = (call: OpenCall): Place => ({ at: call.arrivedAt, traits: call });

/** A call of which nothing is known. */
const STRANGER = newCall({ ani: null, arrivedAt: 0, inbound: false, did: '' });
