import {
  type Activation,
  type FlowStore,
  type KeptRecording,
  KEPT,
  type OutsideLeg,
  type PinRow,
  type Release,
  UNTRIED,
} from '../../src/engine/ports/flow-store.ts';
import { errands } from './memory-errands.ts';

/** The flow store in memory, for walks; held to the same contract as the SQL store. */
export function createMemoryFlowStore(): FlowStore {
  const rooms = [releases(), callerMemory(), pins(), errands(), outsideLegs()] as const;
  const [released, remembered, guarded, promised, outside] = rooms;
  return {
    ...released,
    ...remembered,
    ...guarded,
    ...recordings(),
    ...promised,
    ...outside,
    trim: async (now) => {
      for (const room of rooms) room.trim(now);
    },
  };
}

type Room<Method extends keyof FlowStore> = Pick<FlowStore, Method>;
type Trimmed<Method extends keyof FlowStore> = Room<Method> & { trim(now: number): void };

function releases(): Trimmed<'saveRelease' | 'release' | 'releases' | 'activate' | 'activations'> {
  let kept: readonly Release[] = [];
  let activations: readonly Activation[] = [];
  const named = (activation: Activation) => [activation.release, activation.canary?.release ?? activation.release];
  const newest = () => kept.toSorted((a, b) => b.madeAt - a.madeAt || compare(b, a));
  return {
    saveRelease: async (release) => {
      if (!kept.some(({ id }) => id === release.id)) kept = [...kept, release];
    },
    release: async (id) => kept.find((release) => release.id === id) ?? null,
    releases: async (limit) =>
      newest()
        .slice(0, rowsOf(limit))
        .map(({ files: _files, ...summary }) => summary),
    activate: async (activation) => {
      const missing = named(activation).find((id) => !kept.some((release) => release.id === id));
      if (missing !== undefined) throw new Error(`there is no release ${missing}`);
      activations = [activation, ...activations];
    },
    activations: async (limit) => activations.slice(0, rowsOf(limit)),
    trim: () => {
      activations = activations.slice(0, KEPT.activations);
      const wanted = new Set([
        ...activations.flatMap(named),
        ...newest()
          .slice(0, KEPT.activations)
          .map(({ id }) => id),
      ]);
      kept = kept.filter(({ id }) => wanted.has(id));
    },
  };
}

function callerMemory(): Trimmed<'recall' | 'remember' | 'forget'> {
  const callers = new Map<string, Map<string, { readonly value: string; readonly until: number }>>();
  return {
    recall: async (caller, what, now) => {
      const memory = callers.get(caller)?.get(what);
      return memory && memory.until > now ? memory.value : null;
    },
    remember: async (caller, what, value, until) => {
      const memories = callers.get(caller) ?? new Map();
      callers.set(caller, memories.set(what, { value, until }));
    },
    forget: async (caller, what) => {
      const memories = callers.get(caller);
      if (what !== null) return memories?.delete(what) ? 1 : 0;
      callers.delete(caller);
      return memories?.size ?? 0;
    },
    trim: (now) => {
      for (const memories of callers.values()) {
        for (const [what, { until }] of memories) if (until <= now) memories.delete(what);
      }
    },
  };
}

function pins(): Trimmed<'setPin' | 'removePin' | 'pinHash' | 'tryPin'> {
  const accounts = new Map<string, { readonly hash: string | null; readonly guard: PinRow }>();
  return {
    setPin: async (account, hash) => void accounts.set(account, { hash, guard: UNTRIED }),
    removePin: async (account) => (accounts.get(account)?.hash ?? null) !== null && accounts.delete(account),
    pinHash: async (account) => accounts.get(account)?.hash ?? null,
    tryPin: async (account, decide) => {
      const { hash, guard } = accounts.get(account) ?? { hash: null, guard: UNTRIED };
      const { row, verdict } = decide(guard);
      accounts.set(account, { hash, guard: row });
      return verdict;
    },
    trim: (now) => {
      for (const [account, { hash, guard }] of accounts) {
        if (hash === null && guard.forgetAt <= now) accounts.delete(account);
      }
    },
  };
}

function recordings(): Room<
  | 'saveRecording'
  | 'recording'
  | 'recordingsOf'
  | 'keptRecording'
  | 'recordingsMadeOn'
  | 'dueRecordings'
  | 'removeRecording'
> {
  const kept = new Map<string, KeptRecording>();
  const byAge = () => [...kept.values()].toSorted((a, b) => a.recordedAt - b.recordedAt);
  return {
    saveRecording: async (recording) => {
      if (!kept.has(recording.id)) kept.set(recording.id, recording);
    },
    recording: async (id) => kept.get(id) ?? null,
    recordingsOf: async (callId) => byAge().filter((one) => one.callId === callId),
    keptRecording: async (id, durationMs) => {
      const one = kept.get(id);
      if (one) kept.set(id, { ...one, makingOn: null, durationMs });
    },
    recordingsMadeOn: async (node, limit) =>
      byAge()
        .filter(({ makingOn }) => makingOn === node)
        .slice(0, limit),
    dueRecordings: async (now, limit) =>
      [...kept.values()]
        .filter(({ keepUntil }) => keepUntil < now)
        .toSorted((a, b) => a.keepUntil - b.keepUntil)
        .slice(0, limit),
    removeRecording: async (id) => kept.delete(id),
  };
}

function outsideLegs(): Trimmed<'saveOutsideLeg' | 'outsideLegs'> {
  const kept = new Map<string, OutsideLeg>();
  return {
    saveOutsideLeg: async (leg) => void kept.set(leg.id, leg),
    outsideLegs: async (after) => [...kept.values()].filter(({ begunAt }) => begunAt > after),
    trim: (now) => {
      for (const { id, begunAt } of kept.values()) if (begunAt <= now - KEPT.outsideLegMs) kept.delete(id);
    },
  };
}

const compare = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const rowsOf = (limit: number) => Math.max(1, Math.min(200, limit));
