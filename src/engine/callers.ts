import { z } from 'zod';
import { e164Of } from '../call/number.ts';
import type { AgentId, EpochMs } from '../call/ids.ts';
import type { Callbacks } from './callbacks.ts';
import { placeName, type Returned } from './call/returning-phase.ts';
import type { CallSession } from './call-session.ts';
import { faultName } from './flow-services.ts';
import type { FlowStore } from './ports/flow-store.ts';
import type { History } from './ports/history.ts';
import type { Clock, Log } from './ports/time.ts';

interface CallerRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: Pick<FlowStore, 'withdrawCallback' | 'recall'>;
  readonly history: Pick<History, 'lastAgent'>;
  /** Asked only while any callback waits at all. */
  readonly callbacks: () => Pick<Callbacks, 'some' | 'drop'>;
  readonly settings: { readonly country: string | null };
}

const keptPlace = z.object({
  at: z.number(),
  because: z.enum(['abandoned', 'cut-off']),
  agentId: z.string().nullable(),
});

type Place = Returned['place'];

/** Knows callers again: by a callback that waits for them, by a call that was lost, by the agent who talked with them last. */
export class Callers {
  readonly #rooms: CallerRooms;

  constructor(rooms: CallerRooms) {
    this.#rooms = rooms;
  }

  /** Finds out what is to be known of the caller who has just begun to wait, and tells the call. */
  async find(session: CallSession): Promise<void> {
    const { ani, returning, id } = session.state;
    if (ani === null || !returning) return;
    const { queue, held } = returning;
    try {
      const [place, lastAgent] = await Promise.all([this.#place(session, ani), this.#lastAgent(session, ani)]);
      if (held || place || lastAgent !== null) session.post({ type: 'returning', queue, place, lastAgent });
    } catch (error) {
      this.#rooms.log.warn({ callId: id, fault: faultName(error) }, 'store away: a caller is not known again');
    }
  }

  async #place(session: CallSession, ani: string): Promise<Place> {
    return (await this.#promised(session, ani)) ?? (await this.#lost(session, ani));
  }

  async #promised({ id, state }: CallSession, ani: string): Promise<Place> {
    const { flows, clock, callbacks, settings } = this.#rooms;
    const queue = state.returning?.queue ?? '';
    if (!callbacks().some) return null;
    const back = await flows.withdrawCallback(queue, e164Of(ani, settings.country) ?? ani, id, clock.now());
    if (!back) return null;
    callbacks().drop(back.id, 'gone');
    return { at: back.keepPlaceFrom ?? back.requestedAt, because: 'callback', callbackId: back.id, agentId: null };
  }

  async #lost({ state }: CallSession, ani: string): Promise<Place> {
    const { flows, clock } = this.#rooms;
    const { returning } = state;
    if (!returning || returning.keepMs === null) return null;
    const kept = await flows.recall(ani, placeName(returning.queue), clock.now());
    if (kept === null) return null;
    const place = keptPlace.safeParse(JSON.parse(kept));
    return place.success ? { ...place.data, callbackId: null } : null;
  }

  async #lastAgent({ state }: CallSession, ani: string): Promise<AgentId | null> {
    const { history, clock, settings } = this.#rooms;
    const asked = state.returning?.lastAgent;
    if (!asked) return null;
    const since: EpochMs = clock.now() - asked.withinMs;
    const number = e164Of(ani, settings.country) ?? ani;
    return (await history.lastAgent(ani, since)) ?? (number === ani ? null : history.lastAgent(number, since));
  }
}
