import type { Candidate } from '../acd/queue.ts';
import type { AgentId, CallId, EpochMs } from '../call/ids.ts';
import { type Had, hadAt } from '../dialer/fair-share.ts';
import type { CallSession } from './call-session.ts';
import { leftToOthers } from './campaign-shares.ts';
import { type CampaignAgent, seenBy } from './dialer-view.ts';
import type { Campaign } from './ports/history.ts';

type About = Pick<Campaign, 'id' | 'require' | 'weight'>;
type Dial = Pick<CallSession, 'id' | 'state'>;

/** The agents of one campaign who are ready, counted by what they do, and its dials. */
class Floor {
  about: About;
  readonly agents = new Map<AgentId, CampaignAgent>();
  readonly idle = new Set<AgentId>();
  readonly counts = { idle: 0, talk: 0, wrap: 0 };
  readonly dials = new Map<CallId, Dial>();
  /** Whom pacing was not told of since he changed. */
  readonly changed = new Set<AgentId>();
  closed = false;
  share = 1;
  /** It has leads, lines and a mind to dial: agents are shared with who has. */
  wants = true;
  /** Agents who talk for it or are in wrap-up, and how many that were lately. */
  serving = 0;
  had: Had;

  constructor(about: About, now: EpochMs) {
    this.about = about;
    this.had = { mean: 0, at: now };
  }

  put(agent: CampaignAgent, now: EpochMs): void {
    this.remove(agent.id, now);
    if (agent.serves === this.about.id) this.#serve(1, now);
    this.changed.add(agent.id);
    this.agents.set(agent.id, agent);
    this.counts[agent.state] += 1;
    if (agent.state === 'idle') this.idle.add(agent.id);
  }

  remove(id: AgentId, now: EpochMs): void {
    const before = this.agents.get(id);
    if (!before) return;
    if (before.serves === this.about.id) this.#serve(-1, now);
    this.changed.add(id);
    this.agents.delete(id);
    this.idle.delete(id);
    this.counts[before.state] -= 1;
  }

  /** Dials and persons that will want an agent. */
  wanted(): number {
    let [ringing, waiting] = [0, 0];
    for (const { state } of this.dials.values()) {
      if (state.phase === 'dialing' || state.phase === 'detecting') ringing += 1;
      if (state.phase === 'queued') waiting += 1;
    }
    return waiting + Math.ceil(ringing * this.share);
  }

  #serve(by: 1 | -1, now: EpochMs): void {
    this.had = hadAt(this.had, this.serving, now);
    this.serving += by;
  }
}

export type { Floor };

/**
 * Who is there for each campaign, and which dials are out. It is kept by what changes, so that an agent or a call that
 * moves costs a look at him, not at everybody; a slow look at all mends what was missed.
 */
export class CampaignFloors {
  readonly #now: () => EpochMs;
  readonly #floors = new Map<string, Floor>();
  /** How many agents two campaigns share. */
  readonly #shared = new Map<string, number>();

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  /** Campaigns that it knows. */
  get size(): number {
    return this.#floors.size;
  }

  /** Looks at everybody: what was missed is mended, and who is as he was stays so. */
  look(about: About, agents: readonly Candidate[], sessions: readonly Dial[]): void {
    const floor = this.#floors.get(about.id) ?? new Floor(about, this.#now());
    this.#floors.set(about.id, floor);
    [floor.about, floor.closed] = [about, false];
    const gone = new Set(floor.agents.keys());
    for (const agent of agents) {
      const { id } = agent.live;
      gone.delete(id);
      const seen = seenBy(about, agent);
      if (!isSame(floor.agents.get(id) ?? null, seen)) this.#put(floor, id, seen);
    }
    for (const id of gone) this.#leave(about.id, id);
    this.dials(about.id);
    for (const session of sessions) if (session.state.attempt?.campaignId === about.id) this.dialled(about.id, session);
  }

  /** Pacing begins anew, and knows none of them. */
  tellAnew(campaignId: string): void {
    const floor = this.#floors.get(campaignId);
    for (const id of floor?.agents.keys() ?? []) floor?.changed.add(id);
  }

  /** The campaign is not dialled here any more; its dials that are out still count on agents until they are over. */
  close(campaignId: string): void {
    const floor = this.#floors.get(campaignId);
    if (floor) floor.closed = true;
    this.dials(campaignId);
  }

  follow(agent: Candidate): void {
    for (const floor of this.#floors.values()) this.#put(floor, agent.live.id, seenBy(floor.about, agent));
  }

  forget(id: AgentId): void {
    for (const campaignId of this.#floors.keys()) this.#leave(campaignId, id);
  }

  dialled(campaignId: string, session: Dial): void {
    this.#floors.get(campaignId)?.dials.set(session.id, session);
  }

  /** A dial or a talk of the campaign is over. */
  ended(campaignId: string, id: CallId): void {
    const floor = this.#floors.get(campaignId);
    floor?.dials.delete(id);
    if (floor?.closed && floor.dials.size === 0) this.#clear(campaignId);
  }

  /** How many dials and talks of the campaign are not over, as far as was told. */
  inUse(campaignId: string): number {
    return this.#floors.get(campaignId)?.dials.size ?? 0;
  }

  /** Dials and talks of the campaign that are not over. */
  dials(campaignId: string): readonly Dial[] {
    const floor = this.#floors.get(campaignId);
    if (!floor) return [];
    const { dials, closed } = floor;
    for (const [id, { state }] of dials) if (state.phase === 'ended') dials.delete(id);
    if (closed && dials.size === 0) this.#clear(campaignId);
    return [...dials.values()];
  }

  /** What share of the campaign's dials will want an agent, 0–1: where fewer agents than dials are counted on. */
  weigh(campaignId: string, share: number): void {
    const floor = this.#floors.get(campaignId);
    if (floor) floor.share = share;
  }

  /** Whether it would dial for an agent who is free. */
  wants(campaignId: string, wants: boolean): void {
    const floor = this.#floors.get(campaignId);
    if (floor) floor.wants = wants;
  }

  /**
   * Agents of the campaign whom others count on: one who is promised to a dial is not promised to another, and of the rest
   * each has its part by weight. `isOut` says who is not to be had at all.
   */
  left(campaignId: string, isOut: (id: AgentId) => boolean): readonly AgentId[] {
    const floor = this.#floors.get(campaignId);
    const others = [...this.#floors].filter(([other]) => (this.#shared.get(pairOf(campaignId, other)) ?? 0) > 0);
    if (!floor || others.length === 0) return [];
    for (const other of [campaignId, ...others.map(([id]) => id)]) this.dials(other);
    return leftToOthers(
      floor,
      others.map(([, each]) => each),
      isOut,
      this.#now(),
    );
  }

  idle(campaignId: string): readonly AgentId[] {
    return [...(this.#floors.get(campaignId)?.idle ?? [])];
  }

  /** Those who changed since the last time it was asked; null: he is none of the campaign's any more. */
  takeChanged(campaignId: string): readonly (readonly [AgentId, CampaignAgent | null])[] {
    const floor = this.#floors.get(campaignId);
    if (!floor) return [];
    const changed = [...floor.changed].map((id) => [id, floor.agents.get(id) ?? null] as const);
    floor.changed.clear();
    return changed;
  }

  /** Pacing is to be told of him again. */
  touch(campaignId: string, id: AgentId): void {
    this.#floors.get(campaignId)?.changed.add(id);
  }

  agent(campaignId: string, id: AgentId): CampaignAgent | null {
    return this.#floors.get(campaignId)?.agents.get(id) ?? null;
  }

  counts(campaignId: string): Readonly<Floor['counts']> {
    return this.#floors.get(campaignId)?.counts ?? { idle: 0, talk: 0, wrap: 0 };
  }

  #put(floor: Floor, id: AgentId, seen: CampaignAgent | null): void {
    if (!seen) return this.#leave(floor.about.id, id);
    if (!floor.agents.has(id)) this.#share(floor.about.id, id, 1);
    return floor.put(seen, this.#now());
  }

  #leave(campaignId: string, id: AgentId): void {
    const floor = this.#floors.get(campaignId);
    if (!floor?.agents.has(id)) return;
    floor.remove(id, this.#now());
    this.#share(campaignId, id, -1);
  }

  #clear(campaignId: string): void {
    for (const id of this.#floors.get(campaignId)?.agents.keys() ?? []) this.#leave(campaignId, id);
    this.#floors.delete(campaignId);
  }

  #share(campaignId: string, id: AgentId, by: 1 | -1): void {
    for (const [other, { agents }] of this.#floors) {
      if (other === campaignId || !agents.has(id)) continue;
      const pair = pairOf(campaignId, other);
      this.#shared.set(pair, (this.#shared.get(pair) ?? 0) + by);
    }
  }
}

/** It wants an agent, and has none yet. */
export const isOut = (phase: CallSession['state']['phase']): boolean =>
  phase === 'dialing' || phase === 'detecting' || phase === 'queued';

const isSame = (a: CampaignAgent | null, b: CampaignAgent | null): boolean =>
  a?.state === b?.state && a?.since === b?.since && a?.promisedTo === b?.promisedTo && a?.serves === b?.serves;

const pairOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
