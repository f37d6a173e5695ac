import { type AgentEvent, type AgentLive, agentLiveSchema, agentStep } from '../acd/agent.ts';
import { tickAt } from '../acd/agent-live.ts';
import type { FloorRules } from '../acd/agent-rules.ts';
import type { AgentId, CallId, EpochMs } from '../call/ids.ts';
import type { Fact, JournalEvent } from '../call/journal.ts';
import { insist } from './insist.ts';
import type { Doc, LiveStore, Reservation } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

export type DeskAnswer =
  | { readonly ok: true; readonly agent: AgentLive }
  | { readonly ok: false; readonly sentence: string };

export interface SeatRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly recorder: Recorder;
  /** What the house asks of its agents, as it is now. */
  readonly rules: () => FloorRules;
  /** What is known of the agent is other than before, whoever changed him, since `at`. */
  readonly moved: (agent: AgentLive, at: EpochMs) => void;
  /** Is it this process that pairs the agent, and does what is due to him by time alone? */
  readonly leads: (id: AgentId) => boolean;
  /** Must each change be known at once? Otherwise it is read when somebody asks. */
  readonly watches: (id: AgentId) => boolean;
}

/** A step that was made while the store was away: it may have been taken there or not. */
interface Made {
  readonly event: AgentEvent;
  readonly callId: CallId | undefined;
  /** Which offer of the call it was about: others may have offered him the same call again since. */
  readonly offeredAt: EpochMs;
}

interface Hold {
  readonly callId: CallId;
  readonly ttlMs: number;
  /** Agents that the call may hold. */
  readonly most: number;
  /** He asks for the call, ready or not. */
  readonly summoned: boolean;
}

/** Another process keeps an agent's time; when that has not been done by so much later, this one does. */
const OTHERS_LATE_MS = 2_000;
/** What the store did not take is offered again after this, or with the next step. */
const WRITE_AGAIN_MS = 1_000;

/**
 * One agent as this process knows him. His state changes by a step of the agent machine, written by compare-and-set; steps
 * are made one after the other. While the store is away he moves on in memory. When it is back memory is right, unless
 * others have written him meanwhile: then what they wrote counts, and the steps are made once more on top of it.
 */
export class AgentSeat {
  readonly id: AgentId;
  /** He is being reserved at this moment: nobody else may count on him. */
  claimed = false;
  readonly #rooms: SeatRooms;
  #live: AgentLive;
  #version: number;
  /** What another process wrote of him, and nobody here has needed yet. */
  #heard: Pick<Doc, 'version' | 'body'> | null = null;
  /** What the store may have taken without telling us. */
  readonly #bodies = new Set<string>();
  #made: Made[] = [];
  #unwritten: JournalEvent[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #alarm: (() => void) | null = null;
  #writeAgain: (() => void) | null = null;

  constructor(live: AgentLive, version: number, rooms: SeatRooms) {
    this.id = live.id;
    this.#live = live;
    this.#version = version;
    this.#rooms = rooms;
    this.#arm();
  }

  get live(): AgentLive {
    this.#read();
    return this.#live;
  }

  /** Stops all alarms. */
  release(): void {
    this.#alarm?.();
    this.#writeAgain?.();
  }

  /** Moves the agent on; when `callId` is told, only while he is busy with that call. `why` is journalled with it. */
  apply(event: AgentEvent, callId?: CallId, why: readonly Fact[] = []): Promise<DeskAnswer> {
    const isHis = () => callId === undefined || this.live.callId === callId;
    const gone = { ok: false, sentence: `agent ${this.id} is not busy with call ${callId} any more` } as const;
    return this.#inTurn(async () => {
      // He may have been given the call by a process whose word of it is still on its way.
      if (!isHis()) await this.#refresh().catch(() => undefined);
      for (let tries = 0; tries < 2; tries += 1) {
        const answer = isHis() ? await this.#write(event, callId, why) : gone;
        if (answer) return answer;
      }
      return { ok: false, sentence: `agent ${this.id} is being changed elsewhere; try again` };
    });
  }

  /**
   * Holds the agent for a call, or says that somebody was quicker. @throws when the store is away; he is then counted on by
   * nobody until it has been asked whether it holds him, or each try would leave one more such question behind.
   */
  async reserve(hold: Hold): Promise<Reservation | null> {
    if (this.claimed) return null;
    this.claimed = true;
    try {
      const held = await this.#inTurn(() => this.#reserve(hold));
      this.claimed = false;
      return held;
    } catch (error) {
      await insist(this.#rooms, 'end of a reservation that may have been made', () => this.#unclaim(hold.callId));
      throw error;
    }
  }

  /** Another process wrote him. */
  hear(doc: Pick<Doc, 'version' | 'body'>): void {
    if (doc.version <= (this.#heard?.version ?? this.#version)) return;
    this.#heard = doc;
    if (this.#bodies.size > 0 || this.#rooms.watches(this.id)) this.#read();
  }

  #read(): void {
    const heard = this.#heard;
    this.#heard = null;
    if (heard && heard.version > this.#version) this.#adopt(heard);
  }

  async #reserve({ summoned, ...hold }: Hold): Promise<Reservation | null> {
    const { clock, rules, recorder, live } = this.#rooms;
    const at = clock.now();
    const step = agentStep(this.#live, { type: 'reserve', callId: hold.callId, summoned }, at, rules());
    if (!step.ok) return null;
    const told = recorder.events(`agent/${this.id}`, step.facts);
    const next = { agentId: this.id, agentVersion: this.#version, agentBody: step.agent };
    const events = [...this.#unwritten, ...told];
    const held = await live.reserve({ ...hold, ...next, events }).catch((error: unknown) => {
      this.#bodies.add(JSON.stringify(step.agent));
      throw error;
    });
    if (!held.ok) {
      if (held.why === 'agent-taken') await this.#refresh();
      return null;
    }
    this.#forget();
    this.#settle(step.agent, held.agentVersion, at);
    recorder.tell(told);
    return held;
  }

  async #unclaim(callId: CallId): Promise<void> {
    await this.#takeBack(callId);
    this.claimed = false;
    this.#rooms.moved(this.#live, this.#rooms.clock.now());
  }

  /**
   * The store did not answer: if it has held him, he is free again. Another process may have held him for the same call since;
   * of a hold that was ours the stored agent is as we wrote him, or is the call's no more.
   */
  async #takeBack(callId: CallId): Promise<void> {
    const { live } = this.#rooms;
    const { id } = this.#live;
    const held = (await live.reservations()).find((each) => each.callId === callId && each.agentId === id);
    await this.#inTurn(async () => {
      const doc = await live.loadAgent(id);
      const stored = agentLiveSchema.safeParse(doc?.body);
      const isOurs = doc !== null && this.#bodies.has(JSON.stringify(doc.body));
      const isHis = stored.success && stored.data.callId === callId;
      if (held && (isOurs || !isHis)) await live.endReservation(callId, held.fence);
      if (doc && isOurs && isHis && stored.data.state === 'reserved') {
        this.#forget();
        this.#settle(stored.data, doc.version);
        await this.#write({ type: 'free' });
        return;
      }
      this.#adopt(doc);
      if (this.#made.length === 0) this.#bodies.clear();
    });
  }

  /** One try; null when the stored agent was newer, which is then read. */
  async #write(event: AgentEvent, callId?: CallId, why: readonly Fact[] = []): Promise<DeskAnswer | null> {
    const { clock, rules, recorder } = this.#rooms;
    const at = clock.now();
    const step = agentStep(this.#live, event, at, rules());
    if (!step.ok) return step;
    if (step.agent === this.#live) return { ok: true, agent: this.#live };
    const told = recorder.events(`agent/${this.id}`, [...why, ...step.facts]);
    const saved = await this.#save(step.agent, told, { event, callId, offeredAt: this.#live.offeredAt });
    if (!saved.saved) {
      this.#adopt(saved.stored);
      return null;
    }
    this.#settle(step.agent, saved.version, at);
    recorder.tell(told);
    return { ok: true, agent: step.agent };
  }

  /** With the store away the version stands, so that the next write carries all over. */
  async #save(next: AgentLive, told: readonly JournalEvent[], made: Made) {
    const { live, log } = this.#rooms;
    const version = this.#version;
    try {
      const saved = await live.saveAgent(next.id, version, next, [...this.#unwritten, ...told]);
      if (saved.saved) this.#forget();
      return saved;
    } catch (error) {
      this.#read();
      // Heard from others meanwhile: they have written on top of it, or instead of it.
      if (this.#version !== version)
        return { saved: false, stored: { version: this.#version, body: this.#live } } as const;
      log.warn({ err: error, agentId: next.id }, 'live store away: agent kept in memory');
      this.#bodies.add(JSON.stringify(next));
      this.#made.push(made);
      this.#unwritten.push(...told);
      this.#writeLater();
      return { saved: true, version } as const;
    }
  }

  #writeLater(): void {
    const { clock } = this.#rooms;
    this.#writeAgain?.();
    this.#writeAgain = clock.at(clock.now() + WRITE_AGAIN_MS, () => void this.#inTurn(() => this.#catchUp()));
  }

  /** Nobody may move him for long, and others would go by what is stored. */
  async #catchUp(): Promise<void> {
    if (this.#made.length === 0) return;
    try {
      const saved = await this.#rooms.live.saveAgent(this.id, this.#version, this.#live, this.#unwritten);
      if (!saved.saved) return this.#adopt(saved.stored);
      this.#forget();
      this.#version = saved.version;
    } catch {
      this.#bodies.add(JSON.stringify(this.#live));
      this.#writeLater();
    }
    return undefined;
  }

  #forget(): void {
    this.#writeAgain?.();
    this.#bodies.clear();
    [this.#made, this.#unwritten] = [[], []];
  }

  async #refresh(): Promise<void> {
    this.#adopt(await this.#rooms.live.loadAgent(this.id));
  }

  /** What is stored counts, unless it is no more than a word of ours of which we were not told that it was taken. */
  #adopt(doc: Pick<Doc, 'version' | 'body'> | null): void {
    const parsed = agentLiveSchema.safeParse(doc?.body);
    const kept = this.#bodies.size > 0;
    const ours = kept && (doc?.version === this.#version || this.#bodies.has(JSON.stringify(doc?.body)));
    if (!parsed.success || !doc || ours) {
      this.#version = doc?.version ?? 0;
      return;
    }
    const again = this.#made;
    this.#forget();
    this.#settle(parsed.data, doc.version);
    for (const { event, callId, offeredAt } of again) {
      if (callId === undefined || offeredAt === this.#live.offeredAt) void this.apply(event, callId);
    }
  }

  #settle(live: AgentLive, version: number, at: EpochMs = this.#rooms.clock.now()): void {
    if (version < this.#version) return;
    this.#live = live;
    this.#version = version;
    this.#arm();
    this.#rooms.moved(live, at);
  }

  /** When time alone changes him: his wrap-up is over, he overruns, or he may be offered calls again. */
  #arm(): void {
    this.#alarm?.();
    const at = tickAt(this.#live);
    this.#alarm = at === null ? null : this.#rooms.clock.at(at, () => this.#ring(at));
  }

  #ring(at: EpochMs): void {
    const { clock, leads } = this.#rooms;
    const late = at + OTHERS_LATE_MS;
    if (leads(this.id) || clock.now() >= late) return void this.apply({ type: 'tick' });
    this.#alarm = clock.at(late, () => this.#ring(at));
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      this.#read();
      return task();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
