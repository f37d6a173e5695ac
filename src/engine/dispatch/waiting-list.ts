import type { CallId, EpochMs } from '../../call/ids.ts';
import type { WaitingCall } from '../../acd/queue.ts';
import type { Wait } from '../call/tickets.ts';
import type { CallSession } from '../call-session.ts';
import type { Pools } from './pools.ts';

/** A ticket, of a call of this process when it has a session, or of another's. */
export interface Entry {
  readonly id: string;
  readonly owner: string;
  readonly session: CallSession | null;
  wait: Wait;
  /** Agents are being held for it: nobody else is looked for. */
  offering: boolean;
}

/**
 * The tickets of all processes, kept in step with the pools. A process whose switch is away is closed: its tickets keep their
 * places, and no agent is given to them.
 */
export class WaitingList {
  readonly #pools: Pools;
  readonly #owner: string;
  readonly #entries = new Map<string, Entry>();
  readonly #ofCall = new Map<CallId, readonly string[]>();
  readonly #closed = new Set<string>();

  constructor(owner: string, pools: Pools) {
    this.#owner = owner;
    this.#pools = pools;
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  all(): Iterable<Entry> {
    return this.#entries.values();
  }

  *waitingIn(queue: string): Iterable<WaitingCall> {
    for (const { wait } of this.#entries.values()) if (!wait.expected && wait.ticket.queue === queue) yield wait.ticket;
  }

  /** A call of ours moved. Answers the pools that it touched. */
  follow(session: CallSession, now: EpochMs): readonly string[] {
    const { waits, id } = session;
    const before = this.#ofCall.get(id);
    if (waits.length === 0 && !before) return [];
    const touched: string[] = [];
    const here = waits.map(({ ticket }) => ticket.callId);
    for (const gone of before ?? []) if (!here.includes(gone)) touched.push(...this.#remove(gone, now));
    for (const wait of waits) touched.push(...this.#put(this.#owner, session, wait, now));
    if (here.length > 0) this.#ofCall.set(id, here);
    else this.#ofCall.delete(id);
    return touched;
  }

  /** Another process said what of its calls waits. Of ours the calls themselves say it; the store may be behind them. */
  hear(owner: string, id: string, wait: Wait | null, now: EpochMs): readonly string[] {
    const known = this.#entries.get(id);
    if (known?.session || owner === this.#owner) return [];
    if (wait) return this.#put(owner, null, wait, now);
    return known?.owner === owner ? this.#remove(id, now) : [];
  }

  /** Agents are about to be held for it; undefined when it does not wait, or they are for it already. */
  take(id: string, now: EpochMs): Entry | undefined {
    const entry = this.#entries.get(id);
    if (!entry || entry.offering || entry.wait.expected) return undefined;
    entry.offering = true;
    this.#pools.removeCall(id, now);
    return entry;
  }

  /** The offer came to nothing, and it still waits. */
  giveBack(entry: Entry, now: EpochMs): readonly string[] {
    if (this.#entries.get(entry.id) !== entry || !entry.offering) return [];
    entry.offering = false;
    return this.#show(entry, now);
  }

  setOpen(owner: string, open: boolean, now: EpochMs): readonly string[] {
    if (open === !this.#closed.has(owner)) return [];
    if (open) this.#closed.delete(owner);
    else this.#closed.add(owner);
    const theirs = [...this.#entries.values()].filter((entry) => entry.owner === owner);
    return theirs.flatMap((entry) => (open ? this.#show(entry, now) : this.#hide(entry, now)));
  }

  /** Takes all other processes for open. */
  reopenOthers(now: EpochMs): readonly string[] {
    const others = [...this.#closed].filter((owner) => owner !== this.#owner);
    return others.flatMap((owner) => this.setOpen(owner, true, now));
  }

  /** Who else has tickets here. */
  owners(): ReadonlySet<string> {
    const others = [...this.#entries.values()].filter(({ session }) => session === null);
    return new Set(others.map(({ owner }) => owner));
  }

  idsOf(owner: string): readonly string[] {
    return [...this.#entries.values()].filter((entry) => entry.owner === owner).map(({ id }) => id);
  }

  #put(owner: string, session: CallSession | null, wait: Wait, now: EpochMs): readonly string[] {
    const id = wait.ticket.callId;
    const known = this.#entries.get(id);
    if (known && known.session === session && known.owner === owner && isSame(known.wait, wait)) return [];
    const gone = known ? this.#hide(known, now) : [];
    // Of ours we know whether agents are held for it; another says a ticket anew only when none are any more.
    const kept = known?.session === session && session !== null ? known : null;
    const entry = kept ?? { id, owner, session, wait, offering: false };
    entry.wait = wait;
    if (wait.expected) entry.offering = false;
    this.#entries.set(id, entry);
    return [...gone, ...this.#show(entry, now)];
  }

  #remove(id: string, now: EpochMs): readonly string[] {
    const entry = this.#entries.get(id);
    if (!entry) return [];
    this.#entries.delete(id);
    return this.#hide(entry, now);
  }

  #show({ wait, owner, offering }: Entry, now: EpochMs): readonly string[] {
    if (wait.expected) return [this.#pools.hold(wait.ticket, now)];
    return offering || this.#closed.has(owner) ? [] : [this.#pools.putCall(wait.ticket, now)];
  }

  #hide({ id, wait }: Entry, now: EpochMs): readonly string[] {
    const name = wait.expected ? this.#pools.release(id, now) : this.#pools.removeCall(id, now);
    return name === null ? [] : [name];
  }
}

/** Most steps of a waiting call change nothing of its ticket. */
function isSame(a: Wait, b: Wait): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
