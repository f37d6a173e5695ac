import type { CallbackRequest, ErrandKind, FlowStore, Voicemail } from '../../src/engine/ports/flow-store.ts';
import { KEPT } from '../../src/engine/ports/flow-store.ts';

type Room<Method extends keyof FlowStore> = Pick<FlowStore, Method>;

interface Hold {
  readonly callId: string;
  readonly until: number;
}

/** Messages, callbacks, and the calls that have them in hand. */
export function errands() {
  const messages = new Map<string, Voicemail>();
  const calls = new Map<string, CallbackRequest>();
  const holds = new Map<string, Hold>();
  return { ...voicemails(messages), ...callbacks(calls), ...inHand({ messages, calls, holds }) };
}

type VoicemailMethods =
  | 'depositVoicemail'
  | 'openVoicemails'
  | 'voicemails'
  | 'voicemail'
  | 'moveVoicemail'
  | 'removeVoicemail'
  | 'overdueVoicemails'
  | 'markAlerted';

function voicemails(kept: Map<string, Voicemail>): Room<VoicemailMethods> {
  const alerted = new Set<string>();
  const newest = () => [...kept.values()].toSorted((a, b) => b.recordedAt - a.recordedAt || compare(b, a));
  const openIn = (wanted: string) => newest().filter(({ box, state }) => box === wanted && state !== 'done').length;
  return {
    openVoicemails: async (box) => openIn(box),
    depositVoicemail: async (voicemail, maxMessages) => {
      if (kept.has(voicemail.id)) return 'stored';
      if (openIn(voicemail.box) >= maxMessages) return 'full';
      kept.set(voicemail.id, { ...voicemail, state: 'new', by: null, movedAt: null, tries: 0, notBefore: 0 });
      return 'stored';
    },
    voicemails: async ({ box, state, movedBefore, limit, before }) => {
      const rows = newest();
      const seen = before === undefined ? -1 : rows.findIndex(({ id }) => id === before);
      if (before !== undefined && seen < 0) return [];
      return rows
        .slice(seen + 1)
        .filter((row) => (box === undefined || row.box === box) && (state === undefined || row.state === state))
        .filter(({ movedAt }) => movedBefore === undefined || (movedAt !== null && movedAt < movedBefore))
        .slice(0, rowsOf(limit));
    },
    voicemail: async (id) => kept.get(id) ?? null,
    moveVoicemail: async (id, state, by, at) => {
      const voicemail = kept.get(id);
      if (!voicemail) return null;
      const moved = { ...voicemail, state, by, movedAt: at };
      kept.set(id, moved);
      return moved;
    },
    removeVoicemail: async (id) => {
      alerted.delete(id);
      return kept.delete(id);
    },
    overdueVoicemails: async (now, limit) =>
      newest()
        .filter(({ id, state, replyBy }) => state !== 'done' && !alerted.has(id) && replyBy !== null && replyBy < now)
        .sort((a, b) => (a.replyBy ?? 0) - (b.replyBy ?? 0) || compare(a, b))
        .slice(0, rowsOf(limit)),
    markAlerted: async (id) => kept.has(id) && !alerted.has(id) && Boolean(alerted.add(id)),
  };
}

type CallbackMethods =
  | 'requestCallback'
  | 'callback'
  | 'callbacks'
  | 'changeCallback'
  | 'closeCallback'
  | 'withdrawCallback';

const FRESH = { state: 'waiting', tries: 0, notBefore: 0, closedAt: null, closedBy: null } as const;

function callbacks(kept: Map<string, CallbackRequest>): Room<CallbackMethods> & { trim(now: number): void } {
  const all = () => [...kept.values()];
  const put = (row: CallbackRequest) => {
    kept.set(row.id, row);
    return row;
  };
  return {
    requestCallback: async (callback, most) => {
      const waiting = all().filter(({ queue, state }) => queue === callback.queue && state === 'waiting');
      const same = kept.get(callback.id) ?? waiting.find(({ number }) => number === callback.number);
      if (same) return same.id;
      return waiting.length >= most ? null : put({ ...FRESH, ...callback }).id;
    },
    callback: async (id) => kept.get(id) ?? null,
    callbacks: async ({ queue, state, limit, after }) => {
      const rows = all().sort((a, b) => a.dueBy - b.dueBy || compare(a, b));
      const seen = after === undefined ? -1 : rows.findIndex(({ id }) => id === after);
      if (after !== undefined && seen < 0) return [];
      return rows
        .slice(seen + 1)
        .filter((row) => (queue === undefined || row.queue === queue) && (state === undefined || row.state === state))
        .slice(0, rowsOf(limit));
    },
    changeCallback: async (id, change) => {
      const row = kept.get(id);
      return row?.state === 'waiting' ? put({ ...row, ...change }) : null;
    },
    closeCallback: async (id, state, at, by) => {
      const row = kept.get(id);
      return row?.state === 'waiting' && Boolean(put({ ...row, state, closedAt: at, closedBy: by }));
    },
    withdrawCallback: async (queue, number, callId, at) => {
      const asked = all().filter((row) => row.queue === queue && row.number === number);
      const waiting = asked.find(({ state }) => state === 'waiting');
      if (waiting) return put({ ...waiting, state: 'withdrawn', closedAt: at, closedBy: callId });
      return asked.find(({ state, closedBy }) => state === 'withdrawn' && closedBy === callId) ?? null;
    },
    trim: (now) => {
      for (const { id, dueBy, closedAt } of all()) if ((closedAt ?? dueBy) <= now - KEPT.callbackMs) kept.delete(id);
    },
  };
}

type HandMethods = 'dueCallbacks' | 'dueVoicemails' | 'holdErrand' | 'errandHolder' | 'tryErrand' | 'putOffErrand';

interface Hands {
  readonly messages: Map<string, Voicemail>;
  readonly calls: Map<string, CallbackRequest>;
  readonly holds: Map<string, Hold>;
}

function inHand({ messages, calls, holds }: Hands): Room<HandMethods> {
  const keyOf = (kind: ErrandKind, id: string) => `${kind} ${id}`;
  const heldUntil = (kind: ErrandKind, id: string) => holds.get(keyOf(kind, id))?.until ?? 0;
  const isOpen = (kind: ErrandKind, id: string) =>
    kind === 'callback' ? calls.get(id)?.state === 'waiting' : (messages.get(id)?.state ?? 'done') !== 'done';
  const isHolder = (kind: ErrandKind, id: string, callId: string) => holds.get(keyOf(kind, id))?.callId === callId;
  const change = (kind: ErrandKind, id: string, to: { tries?: number; notBefore?: number }) => {
    const [message, call] = [messages.get(id), calls.get(id)];
    if (kind === 'voicemail' && message) messages.set(id, { ...message, ...to });
    if (kind === 'callback' && call) calls.set(id, { ...call, ...to });
  };
  return {
    dueCallbacks: async (now, limit) =>
      [...calls.values()]
        .filter(
          ({ id, state, notBefore }) => state === 'waiting' && notBefore <= now && heldUntil('callback', id) <= now,
        )
        .sort((a, b) => placeOf(a) - placeOf(b) || compare(a, b))
        .slice(0, rowsOf(limit)),
    dueVoicemails: async (boxes, now, limit) =>
      [...messages.values()]
        .filter(({ id, box, state }) => boxes.includes(box) && state !== 'done' && heldUntil('voicemail', id) <= now)
        .filter(({ replyBy, notBefore }) => replyBy !== null && notBefore <= now)
        .sort((a, b) => (a.replyBy ?? 0) - (b.replyBy ?? 0) || compare(a, b))
        .slice(0, rowsOf(limit)),
    holdErrand: async (kind, id, callId, now, until) => {
      if (!isOpen(kind, id) || !(isHolder(kind, id, callId) || heldUntil(kind, id) <= now)) return false;
      holds.set(keyOf(kind, id), { callId, until });
      return true;
    },
    errandHolder: async (kind, id, now) =>
      heldUntil(kind, id) > now ? (holds.get(keyOf(kind, id))?.callId ?? null) : null,
    tryErrand: async (kind, id, callId, tries) => {
      if (!isOpen(kind, id) || !isHolder(kind, id, callId)) return false;
      change(kind, id, { tries });
      return true;
    },
    putOffErrand: async (kind, id, callId, notBefore) => {
      if (!isHolder(kind, id, callId)) return;
      holds.delete(keyOf(kind, id));
      const before = (kind === 'callback' ? calls : messages).get(id)?.notBefore ?? 0;
      change(kind, id, { notBefore: Math.max(before, notBefore) });
    },
  };
}

const placeOf = ({ keepPlaceFrom, requestedAt }: CallbackRequest) => keepPlaceFrom ?? requestedAt;
const compare = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const rowsOf = (limit: number) => Math.max(1, Math.min(200, limit));
