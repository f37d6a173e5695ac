import { type AgentEvent, type AgentLive, agentLiveSchema, agentStep, newAgent } from '../acd/agent.ts';
import { reachOf } from '../acd/pool-agent.ts';
import type { AgentId, CallId } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { Reach } from '../call/reach.ts';
import type { AgentProfile } from '../call/routing.ts';
import { insist } from './insist.ts';
import type { LiveStore, Reservation } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

interface Seat {
  live: AgentLive;
  version: number;
  /** He is being reserved at this moment: nobody else may count on him. */
  claimed: boolean;
  /** The store was away when he last moved: memory is right, and what is stored is older. */
  ahead: boolean;
  /** Steps of one agent are made one after the other. */
  turn: Promise<unknown>;
  alarm: (() => void) | null;
}

export type DeskAnswer =
  | { readonly ok: true; readonly agent: AgentLive }
  | { readonly ok: false; readonly sentence: string };

/** A reservation, and how its agent is reached. */
type Held = Reservation & { readonly reach: Reach };

interface DeskRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly recorder: Recorder;
  /** An agent's status or state changed; he may be free now. */
  changed(agent: AgentLive): void;
}

/**
 * The agents this process knows, and the only way their state changes: a step of the agent machine, written by compare-and-set.
 * A lost race reads what is stored and tries once more.
 */
export class AgentDesk {
  readonly #rooms: DeskRooms;
  readonly #seats = new Map<AgentId, Seat>();
  readonly #profiles = new Map<AgentId, AgentProfile>();

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
  }

  async load(profiles: readonly AgentProfile[]): Promise<void> {
    for (const profile of profiles) this.#profiles.set(profile.id, profile);
    for (const doc of await this.#rooms.live.loadAgents()) {
      const parsed = agentLiveSchema.safeParse(doc.body);
      if (parsed.success) this.#sit(parsed.data, doc.version);
      else this.#rooms.log.warn({ agentId: doc.id }, 'stored agent is not readable: starts logged out');
    }
    for (const id of this.#profiles.keys())
      if (!this.#seats.has(id)) this.#sit(newAgent(id, this.#rooms.clock.now()), 0);
  }

  profile(id: AgentId): AgentProfile | undefined {
    return this.#profiles.get(id);
  }

  setProfile(profile: AgentProfile): void {
    this.#profiles.set(profile.id, profile);
    if (!this.#seats.has(profile.id)) this.#sit(newAgent(profile.id, this.#rooms.clock.now()), 0);
  }

  remove(id: AgentId): void {
    this.#profiles.delete(id);
    this.#seats.get(id)?.alarm?.();
    this.#seats.delete(id);
  }

  /** Those with a profile; an agent no site file and no API call names any more is not offered anything. */
  all(): readonly { readonly live: AgentLive; readonly profile: AgentProfile }[] {
    return [...this.#profiles.values()].flatMap((profile) => {
      const seat = this.#seats.get(profile.id);
      if (!seat) return [];
      return [{ live: seat.claimed ? { ...seat.live, state: 'reserved' } : seat.live, profile }];
    });
  }

  /** Is he busy with this call? */
  holds(id: AgentId, callId: CallId): boolean {
    return this.#seats.get(id)?.live.callId === callId;
  }

  async apply(id: AgentId, event: AgentEvent): Promise<DeskAnswer> {
    if (!this.#seats.has(id)) return { ok: false, sentence: `there is no agent ${id}` };
    return this.#inTurn(id, async (seat) => {
      const first = await this.#write(seat, event);
      return (
        first ??
        (await this.#write(seat, event)) ?? { ok: false, sentence: `agent ${id} is being changed elsewhere; try again` }
      );
    });
  }

  /** Holds the agent for the call, or says that somebody was quicker. */
  async reserve(id: AgentId, callId: CallId, ttlMs: number): Promise<Held | null> {
    const seat = this.#seats.get(id);
    if (!seat || seat.claimed) return null;
    seat.claimed = true;
    try {
      return await this.#reserve(id, callId, ttlMs);
    } catch (error) {
      seat.ahead = true;
      await insist(this.#rooms, 'end of a reservation that may have been made', () => this.#takeBack(id, callId));
      throw error;
    } finally {
      seat.claimed = false;
    }
  }

  async #takeBack(id: AgentId, callId: CallId): Promise<void> {
    const { live } = this.#rooms;
    const held = (await live.reservations()).find((each) => each.callId === callId && each.agentId === id);
    if (held) await live.endReservation(callId, held.fence);
  }

  #reserve(id: AgentId, callId: CallId, ttlMs: number): Promise<Held | null> {
    return this.#inTurn(id, async (seat) => {
      const step = agentStep(seat.live, { type: 'reserve', callId }, this.#rooms.clock.now());
      if (!step.ok) return null;
      const events = this.#rooms.recorder.events(`agent/${id}`, step.facts);
      const { version: agentVersion } = seat;
      const held = await this.#rooms.live.reserve({
        callId,
        agentId: id,
        agentVersion,
        agentBody: step.agent,
        ttlMs,
        most: 1,
        events,
      });
      if (!held.ok) {
        if (held.why === 'agent-taken') await this.#refresh(seat);
        return null;
      }
      seat.ahead = false;
      this.#settle(seat, step.agent, held.agentVersion);
      this.#rooms.recorder.tell(events);
      const profile = this.#profiles.get(id);
      return profile ? { ...held, reach: reachOf({ live: step.agent, profile }) } : null;
    });
  }

  /** One try; null when the stored agent was newer, which is then read. */
  async #write(seat: Seat, event: AgentEvent): Promise<DeskAnswer | null> {
    const step = agentStep(seat.live, event, this.#rooms.clock.now());
    if (!step.ok) return step;
    if (step.agent === seat.live) return { ok: true, agent: seat.live };
    const events = this.#rooms.recorder.events(`agent/${seat.live.id}`, step.facts);
    const saved = await this.#save(seat, step.agent, events);
    if (!saved.saved) {
      this.#adopt(seat, saved.stored);
      return null;
    }
    if (!('kept' in saved)) seat.ahead = false;
    this.#settle(seat, step.agent, saved.version);
    this.#rooms.recorder.tell(events);
    this.#rooms.changed(step.agent);
    return { ok: true, agent: step.agent };
  }

  /** With the store away the agent moves on in memory alone: the version stands, so that the next write carries it over. */
  async #save(seat: Seat, next: AgentLive, events: readonly JournalEvent[]) {
    try {
      return await this.#rooms.live.saveAgent(next.id, seat.version, next, events);
    } catch (error) {
      this.#rooms.log.warn({ err: error, agentId: next.id }, 'live store away: agent kept in memory');
      seat.ahead = true;
      return { saved: true, version: seat.version, kept: true } as const;
    }
  }

  async #refresh(seat: Seat): Promise<void> {
    const docs = await this.#rooms.live.loadAgents();
    this.#adopt(seat, docs.find((doc) => doc.id === seat.live.id) ?? null);
  }

  #adopt(seat: Seat, doc: { readonly version: number; readonly body: unknown } | null): void {
    const parsed = agentLiveSchema.safeParse(doc?.body);
    if (parsed.success && doc && !seat.ahead) this.#settle(seat, parsed.data, doc.version);
    else seat.version = doc?.version ?? 0;
  }

  #sit(live: AgentLive, version: number): void {
    const seat: Seat = { live, version, claimed: false, ahead: false, turn: Promise.resolve(), alarm: null };
    this.#seats.set(live.id, seat);
    this.#armWrapUp(seat);
  }

  #settle(seat: Seat, live: AgentLive, version: number): void {
    seat.live = live;
    seat.version = version;
    this.#armWrapUp(seat);
  }

  #armWrapUp(seat: Seat): void {
    seat.alarm?.();
    seat.alarm = null;
    const { state, wrapUpUntil, id } = seat.live;
    if (state !== 'wrap-up' || wrapUpUntil === null) return;
    seat.alarm = this.#rooms.clock.at(wrapUpUntil, () => void this.apply(id, { type: 'wrap-up-over' }));
  }

  async #inTurn<T>(id: AgentId, task: (seat: Seat) => Promise<T>): Promise<T> {
    const seat = this.#seats.get(id);
    if (!seat) throw new Error(`no agent ${id} at the desk`);
    const turn = seat.turn.then(() => task(seat));
    seat.turn = turn.catch(() => undefined);
    return turn;
  }

  /** Stops all wrap-up alarms. */
  release(): void {
    for (const seat of this.#seats.values()) seat.alarm?.();
  }
}
