import { type AgentEvent, agentLiveSchema, type AgentLive, newAgent } from '../acd/agent.ts';
import { reachOf } from '../acd/pool-agent.ts';
import type { Candidate } from '../acd/queue.ts';
import type { AgentId, CallId, EpochMs } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { Reach } from '../call/reach.ts';
import type { AgentProfile } from '../call/routing.ts';
import { AgentSeat, type DeskAnswer, type SeatRooms } from './agent-seat.ts';
import type { Doc, Reservation } from './ports/live-store.ts';

/** A reservation, and how its agent is reached. */
type Held = Reservation & { readonly reach: Reach };

interface DeskRooms extends Omit<SeatRooms, 'moved'> {
  /** What is known of an agent is other than before, whoever changed him, since `at`; he may be free now. */
  readonly moved: (agent: Candidate, at: EpochMs) => void;
}

/** The agents this process knows, each with his seat, which is the only way his state changes. */
export class AgentDesk {
  readonly #rooms: DeskRooms;
  readonly #seats = new Map<AgentId, AgentSeat>();
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
    const candidate = this.find(profile.id);
    if (candidate) this.#rooms.moved(candidate, this.#rooms.clock.now());
  }

  remove(id: AgentId): void {
    this.#profiles.delete(id);
    this.#seats.get(id)?.release();
    this.#seats.delete(id);
  }

  /** Those with a profile; an agent no site file and no API call names any more is not offered anything. */
  all(): readonly Candidate[] {
    return [...this.#profiles.keys()].flatMap((id) => this.find(id) ?? []);
  }

  find(id: AgentId): Candidate | undefined {
    const [profile, seat] = [this.#profiles.get(id), this.#seats.get(id)];
    if (!profile || !seat) return undefined;
    return { live: seat.claimed ? { ...seat.live, state: 'reserved' } : seat.live, profile };
  }

  /** Is he busy with this call? */
  holds(id: AgentId, callId: CallId): boolean {
    return this.#seats.get(id)?.live.callId === callId;
  }

  /** Moves the agent on; when `callId` is told, only while he is busy with that call. `why` is journalled with it. */
  async apply(id: AgentId, event: AgentEvent, callId?: CallId, why: readonly Fact[] = []): Promise<DeskAnswer> {
    const seat = this.#seats.get(id);
    return seat ? seat.apply(event, callId, why) : { ok: false, sentence: `there is no agent ${id}` };
  }

  /**
   * Holds the agent for the call, which may hold `most`, or says that somebody was quicker. `summoned`: he asks for it, ready
   * or not. @throws when the live store is away.
   */
  async reserve(
    id: AgentId,
    callId: CallId,
    ttlMs: number,
    { most = 1, summoned = false }: { most?: number; summoned?: boolean } = {},
  ): Promise<Held | null> {
    const [profile, seat] = [this.#profiles.get(id), this.#seats.get(id)];
    const held = profile && (await seat?.reserve({ callId, ttlMs, most, summoned }));
    return held && seat ? { ...held, reach: reachOf({ live: seat.live, profile }) } : null;
  }

  /** Another process wrote an agent. */
  hear(doc: Doc): void {
    const seat = this.#seats.get(doc.id);
    if (seat) return seat.hear(doc);
    const parsed = agentLiveSchema.safeParse(doc.body);
    if (parsed.success) this.#sit(parsed.data, doc.version);
    return undefined;
  }

  /** Reads again what may have been missed. */
  async reread(): Promise<void> {
    for (const doc of await this.#rooms.live.loadAgents()) this.hear(doc);
  }

  /** Stops all alarms. */
  release(): void {
    for (const seat of this.#seats.values()) seat.release();
  }

  #sit(live: AgentLive, version: number): void {
    const moved = ({ id }: AgentLive, at: EpochMs) => {
      const candidate = this.find(id);
      if (candidate) this.#rooms.moved(candidate, at);
    };
    this.#seats.set(live.id, new AgentSeat(live, version, { ...this.#rooms, moved }));
  }
}
