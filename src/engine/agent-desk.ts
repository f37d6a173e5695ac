import { type AgentEvent, type AgentLive, agentLiveSchema, agentStep, newAgent } from '../acd/agent.ts';
import { tickAt } from '../acd/agent-live.ts';
import type { FloorRules } from '../acd/agent-rules.ts';
import { reachOf } from '../acd/pool-agent.ts';
import type { Candidate } from '../acd/queue.ts';
import type { AgentId, CallId, EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { Reach } from '../call/reach.ts';
import type { AgentProfile } from '../call/routing.ts';
import { insist } from './insist.ts';
import type { Doc, LiveStore, Reservation } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

interface Seat {
  live: AgentLive;
  version: number;
  /** He is being reserved at this moment: nobody else may count on him. */
  claimed: boolean;
  /** What the store, being away, may or may not have taken of him: memory is right unless others wrote since. */
  untaken: Set<string>;
  /** Steps of one agent are made one after the other. */
  turn: Promise<unknown>;
  alarm: (() => void) | null;
}

export type DeskAnswer =
  | { readonly ok: true; readonly agent: AgentLive }
  | { readonly ok: false; readonly sentence: string };

/** Another process keeps an agent's time; when that has not been done by so much later, this one does. */
const OTHERS_LATE_MS = 2_000;

/** A reservation, and how its agent is reached. */
type Held = Reservation & { readonly reach: Reach };

interface DeskRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly recorder: Recorder;
  /** What the house asks of its agents, as it is now. */
  readonly rules: () => FloorRules;
  /** What is known of an agent is other than before, whoever changed him, since `at`; he may be free now. */
  moved(agent: Candidate, at: EpochMs): void;
  /** Is it this process that does what is due to the agent by time alone? */
  keepsTimeOf(id: AgentId): boolean;
}

/**
 * The agents this process knows, and the only way their state changes: a step of the agent machine, written by compare-and-set.
 * A lost race reads what is stored and tries once more. What other processes wrote is heard.
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
    const candidate = this.find(profile.id);
    if (candidate) this.#rooms.moved(candidate, this.#rooms.clock.now());
  }

  remove(id: AgentId): void {
    this.#profiles.delete(id);
    this.#seats.get(id)?.alarm?.();
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

  /** Moves the agent on; when `callId` is told, only while he is busy with that call. */
  async apply(id: AgentId, event: AgentEvent, callId?: CallId): Promise<DeskAnswer> {
    if (!this.#seats.has(id)) return { ok: false, sentence: `there is no agent ${id}` };
    return this.#inTurn(id, async (seat) => {
      // He may have been given the call by a process whose word of it is still on its way.
      if (callId !== undefined && seat.live.callId !== callId) await this.#refresh(seat).catch(() => undefined);
      for (let tries = 0; tries < 2; tries += 1) {
        if (callId !== undefined && seat.live.callId !== callId) {
          return { ok: false, sentence: `agent ${id} is not busy with call ${callId} any more` };
        }
        const answer = await this.#write(seat, event);
        if (answer) return answer;
      }
      return { ok: false, sentence: `agent ${id} is being changed elsewhere; try again` };
    });
  }

  /** Another process wrote him. */
  hear({ id, version, body }: Doc): void {
    const parsed = agentLiveSchema.safeParse(body ?? newAgent(id, this.#rooms.clock.now()));
    if (!parsed.success) return;
    const seat = this.#seats.get(id);
    if (!seat) return this.#sit(parsed.data, version);
    if (version > seat.version && seat.untaken.size === 0) this.#settle(seat, parsed.data, version);
  }

  /** Reads again what may have been missed. */
  async reread(): Promise<void> {
    for (const doc of await this.#rooms.live.loadAgents()) {
      if (doc.version > (this.#seats.get(doc.id)?.version ?? 0)) this.hear(doc);
    }
  }

  /** Holds the agent for the call, which may hold `most`, or says that somebody was quicker. `summoned`: he asks for it, ready or not. */
  async reserve(
    id: AgentId,
    callId: CallId,
    ttlMs: number,
    { most = 1, summoned = false }: { most?: number; summoned?: boolean } = {},
  ): Promise<Held | null> {
    const seat = this.#seats.get(id);
    if (!seat || seat.claimed) return null;
    seat.claimed = true;
    try {
      return await this.#inTurn(id, () => this.#reserve(seat, { callId, ttlMs, most }, summoned));
    } catch (error) {
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

  async #reserve(
    seat: Seat,
    hold: { callId: CallId; ttlMs: number; most: number },
    summoned: boolean,
  ): Promise<Held | null> {
    const { id } = seat.live;
    const profile = this.#profiles.get(id);
    const at = this.#rooms.clock.now();
    const step = agentStep(seat.live, { type: 'reserve', callId: hold.callId, summoned }, at, this.#rooms.rules());
    if (!step.ok || !profile) return null;
    const events = this.#rooms.recorder.events(`agent/${id}`, step.facts);
    const next = { agentId: id, agentVersion: seat.version, agentBody: step.agent };
    const held = await this.#rooms.live.reserve({ ...hold, ...next, events }).catch((error: unknown) => {
      seat.untaken.add(JSON.stringify(step.agent));
      throw error;
    });
    if (!held.ok) {
      if (held.why === 'agent-taken') await this.#refresh(seat);
      return null;
    }
    seat.untaken.clear();
    this.#settle(seat, step.agent, held.agentVersion, at);
    this.#rooms.recorder.tell(events);
    return { ...held, reach: reachOf({ live: step.agent, profile }) };
  }

  /** One try; null when the stored agent was newer, which is then read. */
  async #write(seat: Seat, event: AgentEvent): Promise<DeskAnswer | null> {
    const at = this.#rooms.clock.now();
    const step = agentStep(seat.live, event, at, this.#rooms.rules());
    if (!step.ok) return step;
    if (step.agent === seat.live) return { ok: true, agent: seat.live };
    const events = this.#rooms.recorder.events(`agent/${seat.live.id}`, step.facts);
    const saved = await this.#save(seat, step.agent, events);
    if (!saved.saved) {
      this.#adopt(seat, saved.stored);
      return null;
    }
    if (!('kept' in saved)) seat.untaken.clear();
    this.#settle(seat, step.agent, saved.version, at);
    this.#rooms.recorder.tell(events);
    return { ok: true, agent: step.agent };
  }

  /** With the store away the agent moves on in memory alone: the version stands, so that the next write carries it over. */
  async #save(seat: Seat, next: AgentLive, events: readonly JournalEvent[]) {
    try {
      return await this.#rooms.live.saveAgent(next.id, seat.version, next, events);
    } catch (error) {
      this.#rooms.log.warn({ err: error, agentId: next.id }, 'live store away: agent kept in memory');
      seat.untaken.add(JSON.stringify(next));
      return { saved: true, version: seat.version, kept: true } as const;
    }
  }

  async #refresh(seat: Seat): Promise<void> {
    this.#adopt(seat, await this.#rooms.live.loadAgent(seat.live.id));
  }

  /** What is stored counts, unless it is no more than our own last word of which we were not told that it was taken. */
  #adopt(seat: Seat, doc: Pick<Doc, 'version' | 'body'> | null): void {
    const parsed = agentLiveSchema.safeParse(doc?.body);
    const ours =
      seat.untaken.size > 0 && (doc?.version === seat.version || seat.untaken.has(JSON.stringify(doc?.body)));
    if (!parsed.success || !doc || ours) {
      seat.version = doc?.version ?? 0;
      return;
    }
    seat.untaken.clear();
    this.#settle(seat, parsed.data, doc.version);
  }

  #sit(live: AgentLive, version: number): void {
    const seat: Seat = {
      live,
      version,
      claimed: false,
      untaken: new Set(),
      turn: Promise.resolve(),
      alarm: null,
    };
    this.#seats.set(live.id, seat);
    this.#arm(seat);
  }

  #settle(seat: Seat, live: AgentLive, version: number, at: EpochMs = this.#rooms.clock.now()): void {
    if (version < seat.version) return;
    seat.live = live;
    seat.version = version;
    this.#arm(seat);
    this.#tellMoved(seat, at);
  }

  #tellMoved({ live }: Seat, at: EpochMs): void {
    const profile = this.#profiles.get(live.id);
    if (profile) this.#rooms.moved({ live, profile }, at);
  }

  /** When time alone changes him: his wrap-up is over, he overruns, or he may be offered calls again. */
  #arm(seat: Seat): void {
    seat.alarm?.();
    const at = tickAt(seat.live);
    seat.alarm = at === null ? null : this.#rooms.clock.at(at, () => this.#ring(seat, at));
  }

  #ring(seat: Seat, at: EpochMs): void {
    const { clock } = this.#rooms;
    const { id } = seat.live;
    const late = at + OTHERS_LATE_MS;
    if (this.#rooms.keepsTimeOf(id) || clock.now() >= late) return void this.apply(id, { type: 'tick' });
    seat.alarm = clock.at(late, () => this.#ring(seat, at));
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
