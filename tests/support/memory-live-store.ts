import type { Doc, LiveStore } from '../../src/engine/ports/live-store.ts';
import { MemoryGroups } from './memory-groups.ts';
import { MemoryJournal } from './memory-journal.ts';
import { MemoryNews, type Publish } from './memory-news.ts';

/** Live state in memory, for walks; held to the same contract as the Redis store, and deterministic. */
export interface MemoryLive {
  /** A door to the state, as one process has it; closing it leaves the state to the others. */
  connect(): LiveStore;
  /** While true every method rejects and nothing is delivered, as with Redis away. */
  away: boolean;
  /** While it is set every write of a call rejects with the fault that it makes of what was to be written. */
  fault: ((body: unknown) => Error) | null;
  /** News take their way by this; keeping their order is its task. */
  carry: (deliver: () => void) => void;
}

/** All is kept as JSON text, so that what does not survive a crash does not survive here either. */
interface State {
  readonly calls: Map<string, string>;
  readonly agents: Map<string, { readonly version: number; readonly text: string | null }>;
  readonly tickets: Map<string, { readonly owner: string; readonly text: string }>;
  /** By agent. */
  readonly holds: Map<string, { readonly callId: string; readonly fence: number; readonly until: number }>;
  readonly leases: Map<string, { readonly owner: string | null; readonly epoch: number; readonly until: number }>;
  readonly alarms: Map<string, string>;
  readonly trunks: Map<string, string>;
  readonly journal: MemoryJournal;
  readonly groups: MemoryGroups;
  readonly news: MemoryNews;
  fence: number;
  now(): number;
}

/** @param now the walk's clock, in epoch ms; reservations and leases lapse by it. */
export function createMemoryLive(now: () => number): MemoryLive {
  const [calls, agents, tickets, holds, leases] = [new Map(), new Map(), new Map(), new Map(), new Map()];
  const alarms = new Map<string, string>();
  const trunks = new Map<string, string>();
  const [journal, news] = [new MemoryJournal(), new MemoryNews()];
  const groups = new MemoryGroups(journal, now);
  const state: State = { calls, agents, tickets, holds, leases, alarms, trunks, journal, groups, news, fence: 0, now };
  let away = false;
  let fault: MemoryLive['fault'] = null;
  const reach = () => {
    if (away) throw new Error('live store away');
  };
  return {
    connect: () => connect(state, reach, (body) => fault?.(body) ?? null),
    get fault() {
      return fault;
    },
    set fault(value) {
      fault = value;
    },
    get carry() {
      return news.carry;
    },
    set carry(value) {
      news.carry = value;
    },
    get away() {
      return away;
    },
    set away(value) {
      away = value;
      if (away) return;
      journal.wake();
      news.gap();
    },
  };
}

function connect(state: State, reach: () => void, faultOf: (body: unknown) => Error | null): LiveStore {
  const stops = new Set<() => void>();
  const door = Symbol('door');
  const publish = state.news.publisher(door, reach);
  const parts = {
    ...callsIn(state, publish, faultOf),
    ...agentsIn(state, publish),
    ...holdsIn(state, publish),
    ...leasesIn(state),
    ...alarmsIn(state),
    ...trunksIn(state),
    ...newsIn(state, door, publish, stops),
    ...journalIn(state),
  };
  let open = true;
  const ask = () => {
    if (!open) throw new Error('live store closed');
    reach();
  };
  const guarded = Object.entries(parts).map(([name, part]) => [name, guard(part as Part, ask)]);
  return {
    ...(Object.fromEntries(guarded) as typeof parts),
    follow: (cursor, onEvents) => {
      const stop = state.journal.follow(reach, cursor, onEvents);
      stops.add(stop);
      return stop;
    },
    groups: state.groups,
    healthy: async () => {
      try {
        ask();
        return true;
      } catch {
        return false;
      }
    },
    close: async () => {
      open = false;
      for (const stop of stops) stop();
    },
  };
}

type Part = (...args: unknown[]) => Promise<unknown>;

function guard(part: Part, ask: () => void): Part {
  return async (...args) => {
    ask();
    return part(...args);
  };
}

function newsIn(
  { news }: State,
  door: symbol,
  publish: Publish,
  stops: Set<() => void>,
): Pick<LiveStore, 'hear' | 'tell'> {
  return {
    hear: async (owner, onNews) => {
      const stop = news.hear({ door, owner, hear: onNews });
      stops.add(stop);
      return stop;
    },
    tell: async (owner, message) => publish({ type: 'message', message }, owner) > 0,
  };
}

type CallsPart = Pick<LiveStore, 'saveCall' | 'loadCalls' | 'loadCall' | 'callIds' | 'loadTickets' | 'dropTickets'>;

function callsIn(state: State, publish: Publish, faultOf: (body: unknown) => Error | null): CallsPart {
  const { calls, tickets } = state;
  return {
    saveCall: async (callId, body, events, change) => {
      const fault = faultOf(body);
      if (fault) throw fault;
      state.journal.append(events);
      if (body === null) calls.delete(callId);
      else calls.set(callId, JSON.stringify(body));
      if (!change || Object.keys(change.tickets).length === 0) return;
      for (const [id, ticket] of Object.entries(change.tickets)) {
        if (ticket === null) tickets.delete(id);
        else tickets.set(id, { owner: change.owner, text: JSON.stringify(ticket) });
      }
      publish({ type: 'tickets', ...change });
    },
    loadCalls: async () => [...calls].map(([id, text]) => ({ id, body: JSON.parse(text) as unknown })),
    loadCall: async (id) => JSON.parse(calls.get(id) ?? 'null') as unknown,
    callIds: async () => new Set(calls.keys()),
    loadTickets: async () =>
      [...tickets].map(([id, { owner, text }]) => ({ id, owner, body: JSON.parse(text) as unknown })),
    dropTickets: async (ids, owner) => {
      for (const id of ids) {
        if (tickets.get(id)?.owner !== owner) continue;
        tickets.delete(id);
        publish({ type: 'tickets', owner, tickets: { [id]: null } });
      }
    },
  };
}

function docOf(state: State, id: string): Doc | null {
  const stored = state.agents.get(id);
  return stored?.text ? { id, version: stored.version, body: JSON.parse(stored.text) as unknown } : null;
}

/** The version that this write would make; null when the writer has not read the last one. */
function nextVersion(state: State, id: string, version: number): number | null {
  if ((docOf(state, id)?.version ?? 0) !== version) return null;
  return (state.agents.get(id)?.version ?? 0) + 1;
}

function agentsIn(state: State, publish: Publish): Pick<LiveStore, 'loadAgents' | 'loadAgent' | 'saveAgent'> {
  return {
    loadAgents: async () => [...state.agents.keys()].map((id) => docOf(state, id)).filter((doc) => doc !== null),
    loadAgent: async (id) => docOf(state, id),
    saveAgent: async (id, version, body, events) => {
      const next = nextVersion(state, id, version);
      if (next === null) return { saved: false, stored: docOf(state, id) };
      state.journal.append(events);
      state.agents.set(id, { version: next, text: body === null ? null : JSON.stringify(body) });
      publish({ type: 'agent', doc: { id, version: next, body } });
      return { saved: true, version: next };
    },
  };
}

type HoldsPart = Pick<LiveStore, 'reserve' | 'confirmReservation' | 'endReservation' | 'reservations'>;

function holdsIn(state: State, publish: Publish): HoldsPart {
  const live = () => [...state.holds].filter(([, hold]) => hold.until > state.now());
  const find = (callId: string, fence: number) =>
    live().find(([, hold]) => hold.callId === callId && hold.fence === fence);
  return {
    reserve: async ({ callId, agentId, agentVersion, agentBody, ttlMs, most, events }) => {
      const next = nextVersion(state, agentId, agentVersion);
      if (next === null || live().some(([agent]) => agent === agentId)) return { ok: false, why: 'agent-taken' };
      if (live().filter(([, hold]) => hold.callId === callId).length >= most) return { ok: false, why: 'call-taken' };
      state.journal.append(events);
      state.agents.set(agentId, { version: next, text: JSON.stringify(agentBody) });
      state.fence += 1;
      state.holds.set(agentId, { callId, fence: state.fence, until: state.now() + ttlMs });
      publish({ type: 'agent', doc: { id: agentId, version: next, body: agentBody } });
      return { ok: true, fence: state.fence, agentVersion: next };
    },
    confirmReservation: async (callId, fence, ttlMs) => {
      const [agentId] = find(callId, fence) ?? [];
      if (agentId !== undefined) state.holds.set(agentId, { callId, fence, until: state.now() + ttlMs });
      return agentId !== undefined;
    },
    endReservation: async (callId, fence) => {
      const [agentId] = find(callId, fence) ?? [];
      if (agentId !== undefined) state.holds.delete(agentId);
    },
    reservations: async () => live().map(([agentId, { callId, fence }]) => ({ callId, agentId, fence })),
  };
}

function leasesIn(state: State): Pick<LiveStore, 'lease' | 'leaseAll' | 'releaseLease' | 'leases'> {
  const { leases } = state;
  const take = (name: string, owner: string, ttlMs: number) => {
    const last = leases.get(name) ?? { owner: null, epoch: 0, until: 0 };
    if (last.owner !== null && last.owner !== owner && last.until > state.now()) {
      return { mine: false, epoch: last.epoch, owner: last.owner };
    }
    const epoch = last.owner === owner ? last.epoch : last.epoch + 1;
    leases.set(name, { owner, epoch, until: state.now() + ttlMs });
    return { mine: true, epoch, owner };
  };
  return {
    lease: async (name, owner, ttlMs) => take(name, owner, ttlMs),
    leaseAll: async (names, owner, ttlMs) => new Map(names.map((name) => [name, take(name, owner, ttlMs).owner])),
    releaseLease: async (name, owner) => {
      const last = leases.get(name);
      if (last?.owner === owner) leases.set(name, { ...last, owner: null, until: 0 });
    },
    leases: async () =>
      [...leases].flatMap(([name, { owner, until }]) =>
        owner !== null && until > state.now() ? [{ name, owner }] : [],
      ),
  };
}

function alarmsIn(state: State): Pick<LiveStore, 'saveAlarms' | 'loadAlarms'> {
  const { alarms, leases, journal } = state;
  return {
    saveAlarms: async (by, changes, events) => {
      const held = leases.get(by.lease);
      if (held?.owner !== by.owner || held.until <= state.now()) return false;
      journal.append(events);
      for (const [id, body] of changes) {
        if (body === null) alarms.delete(id);
        else alarms.set(id, JSON.stringify(body));
      }
      return true;
    },
    loadAlarms: async () => new Map([...alarms].map(([id, text]) => [id, JSON.parse(text) as unknown])),
  };
}

function trunksIn({ trunks, journal }: State): Pick<LiveStore, 'saveTrunk' | 'loadTrunks'> {
  return {
    saveTrunk: async (name, body, events) => {
      journal.append(events);
      trunks.set(name, JSON.stringify(body));
    },
    loadTrunks: async () => new Map([...trunks].map(([name, text]) => [name, JSON.parse(text) as unknown])),
  };
}

type JournalPart = Pick<
  LiveStore,
  'append' | 'read' | 'readTexts' | 'firstCursor' | 'lastCursor' | 'trim' | 'rewrite' | 'cursorAt'
>;

function journalIn({ journal, groups }: State): JournalPart {
  return {
    append: async (events) => journal.append(events),
    read: async (cursor, limit) => journal.read(cursor, limit),
    readTexts: async (cursor, limit) => journal.readTexts(cursor, limit),
    firstCursor: async () => journal.firstCursor(),
    lastCursor: async () => journal.lastCursor(),
    trim: async (before) => {
      const needed = groups.oldestNeeded();
      journal.trim(needed !== null && needed < before ? needed : before);
    },
    rewrite: async (edit) => journal.rewrite(edit) + groups.rewrite(edit),
    cursorAt: async (at) => journal.cursorAt(at),
  };
}
