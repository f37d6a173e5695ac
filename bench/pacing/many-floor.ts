import { type AgentLive, newAgent } from '../../src/acd/agent.ts';
import type { Candidate } from '../../src/acd/queue.ts';
import type { EpochMs } from '../../src/call/ids.ts';
import { Floor } from '../../src/dialer/lab/floor.ts';
import type { Scenario } from '../../src/dialer/lab/index.ts';
import type { DialerEvent } from '../../src/dialer/pacing/index.ts';
import { type CallState, outboundCall } from '../../src/engine/call/state.ts';
import type { Campaign } from '../../src/engine/ports/history.ts';

export interface Session {
  readonly id: string;
  state: CallState;
  /** The dialer takes it back. */
  post(): void;
}

/** The calls of all campaigns, found as the switchboard finds them. */
export class ManyCalls {
  readonly all: Map<string, Session>;
  readonly #byCampaign = new Map<string, Map<string, Session>>();

  constructor(all = new Map<string, Session>()) {
    this.all = all;
  }

  open(campaignId: string, session: Session): void {
    const own = this.#byCampaign.get(campaignId) ?? new Map<string, Session>();
    this.#byCampaign.set(campaignId, own.set(session.id, session));
    this.all.set(session.id, session);
  }

  end(campaignId: string, id: string): void {
    this.#byCampaign.get(campaignId)?.delete(id);
    this.all.delete(id);
  }

  ofCampaign(id: string): Iterable<Session> {
    return this.#byCampaign.get(id)?.values() ?? [];
  }
}

/** Who hears of what happens, as the engine does. */
export interface Ears {
  moved(state: CallState, before: CallState): void;
  agent(agent: Candidate): void;
  said(campaignId: string, callId: string, agentId: string): void;
}

type Phase = NonNullable<CallState['attempt']>['phase'];

const TIMES = { ringMs: 20_000, connectDeadlineMs: 2_000, wrapUpMs: 15_000 };

/**
 * One campaign of a house: the agents and calls of the laboratory's floor in real time, told as the engine is told of calls and
 * agents. So many calls are kept in flight, whatever pacing says; what is missing is dialled at `perSec`.
 */
export class ManyFloor {
  readonly calls: ManyCalls;
  readonly agents: Map<string, Candidate>;
  readonly #campaign: Campaign;
  readonly #ears: Ears;
  readonly #floor: Floor;
  readonly #inFlight: number;
  readonly #perSec: number;
  #lastSec = 0;
  #owed = 0;

  constructor(
    campaign: Campaign,
    day: Scenario,
    {
      inFlight,
      perSec,
      ears,
      calls,
      agents,
    }: Pick<ManyFloor, 'calls' | 'agents'> & {
      readonly inFlight: number;
      readonly perSec: number;
      readonly ears: Ears;
    },
  ) {
    [this.#campaign, this.#ears, this.calls, this.agents] = [campaign, ears, calls, agents];
    [this.#inFlight, this.#perSec] = [inFlight, perSec];
    this.#floor = new Floor(day, Number.POSITIVE_INFINITY, (event) => this.#hear(event));
    for (const agent of this.#floor.crew.agents) this.#floor.happens({ do: 'arrive', agent });
  }

  /** Calls that have no agent and are not over. */
  get inFlight(): number {
    return this.#floor.state.calls.length;
  }

  /** All that is due by now happens, each at its time. */
  runUntil(now: EpochMs): void {
    const { due, state } = this.#floor;
    const sec = (now - this.#campaign.createdAt) / 1_000;
    for (let next = due.next(); next && next.t <= sec; next = due.next()) {
      due.take();
      state.now = next.t;
      if (next.what.do !== 'tick' && next.what.do !== 'sample') this.#floor.happens(next.what);
    }
    state.now = sec;
    this.#owed = Math.min(this.#owed + (sec - this.#lastSec) * this.#perSec, this.#inFlight - this.inFlight);
    this.#lastSec = sec;
    for (; this.#owed >= 1; this.#owed -= 1) this.#floor.launch();
  }

  get #now(): EpochMs {
    return this.#campaign.createdAt + Math.round(this.#floor.state.now * 1_000);
  }

  #hear(event: DialerEvent): void {
    switch (event.type) {
      case 'call.launched':
        return this.#launched(event.callId);
      case 'call.ringing':
        return this.#moves(event.callId, 'dialing', 'ringing');
      case 'call.answered':
        return this.#moves(event.callId, 'queued', 'waiting', { answeredAt: this.#now });
      case 'call.abandoned':
        this.#moves(event.callId, 'apologising', 'abandoned');
        return this.#ends(event.callId, 'abandoned');
      case 'call.ended':
        return this.#ends(event.callId, 'no-answer');
      case 'call.connected':
        return this.#connected(event.callId, event.agentId);
      case 'call.disposition':
        this.#ends(event.callId, 'connected');
        return this.#ears.said(this.#campaign.id, this.#callId(event.callId), this.#agentId(event.agentId));
      case 'agent.state':
        if (event.state === 'wrap') this.#agent(event.agentId, { state: 'wrap-up' });
        if (event.state === 'idle') this.#agent(event.agentId, { state: 'idle', callId: null, idleSince: this.#now });
        return undefined;
      default:
        return undefined;
    }
  }

  #launched(n: number): void {
    const id = this.#callId(n);
    const { id: campaignId, trunk: source, callerId: ani, language } = this.#campaign;
    const attempt = { campaignId, leadId: id, attemptId: id, phase: 'dialing', ...TIMES } as const;
    const [number, now] = ['+358401000000', this.#now];
    const ends = { id, legId: id, ani, dnis: number, source, language };
    const { legs, ...call } = outboundCall({ ...ends, attempt, request: null }, now);
    const way = { via: source, trunk: source, number, at: now, tried: [], callerId: ani, ringMs: TIMES.ringMs };
    const state = { ...call, legs: legs.map(({ planned: _planned, ...leg }) => ({ ...leg, way })) };
    this.calls.open(campaignId, { id, state, post: () => this.#floor.cancel(n) });
    this.#ears.moved(state, { ...state, phase: 'promised' });
  }

  /** His phone is rung while the person waits. */
  #connected(n: number, agent: number): void {
    const [id, agentId] = [this.#callId(n), this.#agentId(agent)];
    const lastCall = { callId: id, queue: `campaign:${this.#campaign.id}`, endedAt: null, disposition: null };
    this.#agent(agent, { state: 'reserved', callId: id });
    this.#moves(n, 'offering', 'waiting');
    this.#agent(agent, { state: 'talking', callId: id, lastCall });
    const record = this.calls.all.get(id)?.state.record;
    this.#moves(n, 'talking', 'talking', record && { record: { ...record, agentId } });
  }

  #ends(n: number, outcome: 'no-answer' | 'connected' | 'abandoned'): void {
    const end = { type: 'attempt.end', outcome, q850: 16, sip: null, agentId: null } as const;
    this.#moves(n, 'ended', 'over', { deeds: [end] });
    this.calls.end(this.#campaign.id, this.#callId(n));
  }

  #moves(n: number, phase: CallState['phase'], of: Phase, more: Partial<CallState> = {}): void {
    const session = this.calls.all.get(this.#callId(n));
    if (!session?.state.attempt) return;
    const before = session.state;
    session.state = { ...before, ...more, phase, attempt: { ...session.state.attempt, phase: of } };
    this.#ears.moved(session.state, before);
  }

  #agent(n: number, change: Partial<AgentLive>): void {
    const id = this.#agentId(n);
    const before = this.agents.get(id) ?? this.#newAgent(id);
    const agent = { ...before, live: { ...before.live, ...change, since: this.#now } };
    this.agents.set(id, agent);
    this.#ears.agent(agent);
  }

  #newAgent(id: string): Candidate {
    const profile = { id, name: id, phone: id, skills: {}, queues: [], campaigns: [this.#campaign.id] };
    return { live: { ...newAgent(id, this.#now), status: 'ready' }, profile };
  }

  #callId(n: number): string {
    return `${this.#campaign.id}-call-${n}`;
  }

  #agentId(n: number): string {
    return `${this.#campaign.id}-agent-${n}`;
  }
}
