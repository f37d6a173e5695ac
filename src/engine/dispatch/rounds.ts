import type { AgentId, CallId, EpochMs } from '../../call/ids.ts';
import type { QueueProfile } from '../../call/routing.ts';
import { partsOf } from '../call/tickets.ts';
import type { Clock } from '../ports/time.ts';
import type { Leadership } from './leadership.ts';
import type { Offers } from './offers.ts';
import type { Pools } from './pools.ts';
import type { WaitingList } from './waiting-list.ts';

/** What was declined is not offered again before this. */
export const REST_MS = 200;

/** What set a round of pairing off, so that the time from there to the ring can be told. */
export interface Trigger {
  readonly at: EpochMs;
  readonly agentId?: AgentId;
  readonly callId?: CallId;
}

interface RoundRooms {
  readonly clock: Clock;
  readonly pools: Pools;
  readonly list: WaitingList;
  readonly offers: Offers;
  readonly leadership: Leadership;
  readonly queues: () => ReadonlyMap<string, QueueProfile>;
  /** Agents who were paired with a call that waits no more are to be looked at again. */
  readonly again: (agentIds: readonly AgentId[]) => void;
}

/** Rounds of pairing, of the pools that this process leads: whenever one is touched, and when time alone changes what can be paired. */
export class Rounds {
  readonly #rooms: RoundRooms;
  readonly #alarms = new Map<string, { readonly at: EpochMs; readonly cancel: () => void }>();

  constructor(rooms: RoundRooms) {
    this.#rooms = rooms;
  }

  stop(): void {
    for (const { cancel } of this.#alarms.values()) cancel();
  }

  touch(names: readonly string[], trigger?: Trigger): void {
    for (const name of new Set(names)) this.pair(name, trigger);
  }

  pair(name: string, trigger?: Trigger): void {
    const { leadership, clock, pools, queues, list, offers, again } = this.#rooms;
    if (!leadership.leads(name)) return;
    const now = clock.now();
    pools.setQueues(queues(), now);
    for (let why = pools.next(name, now); why; why = pools.next(name, now)) {
      const { callId, agentIds } = why;
      const entry = list.take(callId, now);
      const ours = trigger && (trigger.callId === partsOf(callId).callId || agentIds.includes(trigger.agentId ?? ''));
      if (entry) offers.make(why, entry, ours ? trigger.at : now);
      else clock.at(now + REST_MS, () => again(agentIds));
    }
    this.#wakeAt(name, pools.nextAt(name, now));
  }

  #wakeAt(name: string, at: EpochMs | null): void {
    const alarm = this.#alarms.get(name);
    if (alarm?.at === (at ?? undefined)) return;
    alarm?.cancel();
    this.#alarms.delete(name);
    if (at === null) return;
    const ring = () => {
      this.#alarms.delete(name);
      this.pair(name);
    };
    this.#alarms.set(name, { at, cancel: this.#rooms.clock.at(at, ring) });
  }
}
