import type { AgentEvent, AgentLive } from '../acd/agent.ts';
import type { AgentSeat } from '../acd/agent-live.ts';
import type { FloorRules } from '../acd/agent-rules.ts';
import { CAUSE, type HangupCause, type Verdict, verdictOf } from '../call/cause.ts';
import type { AgentId, EpochMs, LegId } from '../call/ids.ts';
import type { DialTarget, LegEvent, SwitchSnapshot } from '../call/switch.ts';
import type { AgentDesk } from './agent-desk.ts';
import { trunkFailed } from './call/reroute.ts';
import type { Way } from './call/way-out.ts';
import type { CallTrunks } from './call-trunks.ts';
import type { OpenLeg, OutsideLegs } from './outside-legs.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock, Ids, Log } from './ports/time.ts';

interface LineRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Ids;
  readonly switchPort: Pick<SwitchPort, 'do' | 'node'>;
  readonly desk: Pick<AgentDesk, 'all' | 'apply'>;
  readonly outside: Pick<OutsideLegs, 'begun' | 'ended'>;
  readonly trunks: Pick<CallTrunks, 'takeLine' | 'hear'>;
  readonly rules: () => FloorRules;
  /** Is the leg lent to a call at this moment? */
  readonly lent: (legId: LegId) => boolean;
}

type Wish = Pick<Extract<AgentEvent, { type: 'log-in' }>, 'status' | 'reason'>;

interface Line {
  readonly agentId: AgentId;
  readonly legId: LegId;
  /** The phone or number that it leads to. */
  readonly at: string;
  readonly isOutside: boolean;
  /** By which trunk; null: it leads to a phone, or nobody knows any more. */
  readonly way: Way | null;
  readonly startedAt: EpochMs;
  rang: boolean;
  /** `seating`: answered, and its agent is about to be logged in. */
  phase: 'ringing' | 'seating' | 'up';
  answeredAt: EpochMs | null;
  readonly wish: Wish;
}

/**
 * Agents' lines: a leg that is rung once, when its agent logs in, stays up in quiet and is lent to one call after the other.
 * A line outlives this process: it is found again by the seat of its agent.
 */
export class Lines {
  readonly #rooms: LineRooms;
  readonly #lines = new Map<LegId, Line>();

  constructor(rooms: LineRooms) {
    this.#rooms = rooms;
  }

  has(legId: LegId): boolean {
    return this.#lines.has(legId);
  }

  /** Where the line of this agent leads, while it rings or is up. */
  of(agentId: AgentId): Pick<Line, 'at' | 'phase'> | null {
    return [...this.#lines.values()].find((line) => line.agentId === agentId) ?? null;
  }

  /** Legs to numbers outside, which are held against the house's caps. */
  outside(): readonly OpenLeg[] {
    const lines = [...this.#lines.values()].filter(({ isOutside }) => isOutside);
    return lines.map(({ legId, answeredAt }) => ({ id: legId, answeredAt }));
  }

  /** Rings the agent; once he answers he is logged in as he wishes. */
  open(agentId: AgentId, to: DialTarget, wish: Wish): void {
    if (to.kind === 'phone') this.#ring(agentId, to, wish, null);
    else if (!this.#ringOutside(agentId, { via: to.trunk, number: to.number, tried: [] }, wish))
      this.#refused(agentId, to.number, 'congestion');
  }

  /** False: no trunk takes it. */
  #ringOutside(agentId: AgentId, asked: Pick<Way, 'via' | 'number' | 'tried'>, wish: Wish): boolean {
    const way = this.#rooms.trunks.takeLine({ ...asked, ringMs: this.#rooms.rules().line.ringMs });
    if (way) this.#ring(agentId, { kind: 'number', number: way.number, trunk: way.trunk }, wish, way);
    return way !== null;
  }

  #ring(agentId: AgentId, to: DialTarget, wish: Wish, way: Way | null): void {
    const { ids, clock, switchPort, rules, outside } = this.#rooms;
    const legId = `line-${ids.next('leg')}`;
    const at = to.kind === 'phone' ? to.name : to.number;
    const startedAt = clock.now();
    const about = { agentId, legId, at, isOutside: way !== null, way, startedAt, wish };
    this.#lines.set(legId, { ...about, phase: 'ringing', rang: false, answeredAt: null });
    if (way) outside.begun(legId, startedAt);
    const { ringMs } = rules().line;
    const order = { legId, to, callerId: null, callerName: 'Callwright', ringMs, callId: `line:${agentId}` } as const;
    void switchPort.do({ type: 'originate', ...order }).then((result) => {
      if (!result.ok && result.why === 'unavailable') this.#ended(legId, CAUSE.congestion);
    });
  }

  /** The lines that trunks have given to agents: of each its trunk and number. */
  ways(): readonly Pick<Way, 'trunk' | 'number'>[] {
    return [...this.#lines.values()].flatMap(({ way }) => way ?? []);
  }

  take(event: LegEvent): void {
    const line = this.#lines.get(event.legId);
    if (!line) return;
    if (event.type === 'leg.ringing' || event.type === 'leg.answered') this.#rings(line);
    if (event.type === 'leg.answered' && line.phase === 'ringing') void this.#seat(line);
    if (event.type === 'leg.ended') this.#ended(line.legId, event.cause);
  }

  #rings(line: Line): void {
    if (line.rang) return;
    line.rang = true;
    if (line.way) this.#rooms.trunks.hear('alive', { ...said(line), way: line.way });
  }

  /** A call gives the line back: its agent is in quiet again. */
  back(legId: LegId): void {
    const { music } = this.#rooms.rules().line;
    if (this.#lines.has(legId) && music !== null) {
      void this.#rooms.switchPort.do({ type: 'music.start', legId, class: music });
    }
  }

  /** An agent moved: a line that he sits on no more is hung up. */
  follow({ id, seat }: Pick<AgentLive, 'id' | 'seat'>): void {
    for (const { agentId, legId, phase } of this.#lines.values()) {
      const sits = seat?.kind === 'line' && seat.legId === legId;
      if (agentId === id && phase === 'up' && !sits) this.#hangUp(legId);
    }
  }

  /** The agent is no more. */
  drop(id: AgentId): void {
    this.cancel(id);
    this.follow({ id, seat: null });
  }

  /** Gives up a line that still rings. */
  cancel(agentId: AgentId): void {
    for (const line of this.#lines.values()) {
      if (line.agentId === agentId && line.phase === 'ringing') this.#hangUp(line.legId);
    }
  }

  /** After an outage: takes up the lines that the switch still holds, and says which are gone. */
  async adopt(legs: SwitchSnapshot['legs']): Promise<void> {
    const up = new Set(legs.filter(({ state }) => state === 'up').map(({ legId }) => legId));
    for (const line of this.#lines.values()) {
      if (line.phase === 'up' && !up.has(line.legId)) this.#ended(line.legId, CAUSE.unknown);
    }
    for (const { live } of this.#rooms.desk.all()) {
      const { seat, id } = live;
      if (seat?.kind !== 'line' || seat.node !== this.#rooms.switchPort.node) continue;
      if (!up.has(seat.legId)) await this.#rooms.desk.apply(id, { type: 'line-ended', legId: seat.legId });
      else this.#takeUp(id, seat);
    }
  }

  #takeUp(agentId: AgentId, { legId, at, trunk }: Extract<AgentSeat, { kind: 'line' }>): void {
    const isNew = !this.#lines.has(legId);
    const now = this.#rooms.clock.now();
    const wish = { status: 'ready', reason: null } as const;
    const way = trunk === undefined ? null : { via: trunk, trunk, number: at, at: now, tried: [], ringMs: 0 };
    const about = { agentId, legId, at, isOutside: at.startsWith('+'), way, wish };
    if (isNew) this.#lines.set(legId, { ...about, phase: 'up', rang: true, startedAt: now, answeredAt: now });
    if (isNew && !this.#rooms.lent(legId)) this.back(legId);
  }

  async #seat(line: Line): Promise<void> {
    const { desk, clock, switchPort, log } = this.#rooms;
    const { agentId, legId, at, wish } = line;
    [line.phase, line.answeredAt] = ['seating', clock.now()];
    const by = line.way && { trunk: line.way.trunk };
    const seat = { kind: 'line', legId, node: switchPort.node, at, ...by } as const;
    this.back(legId);
    const answer = await desk.apply(agentId, { type: 'log-in', seat, ...wish });
    line.phase = 'up';
    if (!answer.ok) {
      log.warn({ agentId, sentence: answer.sentence }, 'an agent could not be logged in on the line just answered');
      return this.#hangUp(legId);
    }
    // Hung up while it was written down.
    if (!this.has(legId)) await desk.apply(agentId, { type: 'line-ended', legId });
    return undefined;
  }

  #hangUp(legId: LegId): void {
    void this.#rooms.switchPort.do({ type: 'hangup', legId, cause: CAUSE.normal });
  }

  #ended(legId: LegId, cause: HangupCause): void {
    const line = this.#lines.get(legId);
    if (!line) return;
    this.#lines.delete(legId);
    const { agentId, at, isOutside, way, answeredAt, phase, rang, wish } = line;
    const now = this.#rooms.clock.now();
    if (isOutside) this.#rooms.outside.ended({ id: legId, answeredAt }, now);
    if (way) this.#rooms.trunks.hear('ended', { ...said(line), way, cause, endedAt: now });
    if (phase === 'up') void this.#rooms.desk.apply(agentId, { type: 'line-ended', legId });
    if (phase !== 'ringing') return;
    const next = way && !rang && trunkFailed(cause) ? { ...way, tried: [...way.tried, way.trunk] } : null;
    if (next === null || !this.#ringOutside(agentId, next, wish)) this.#refused(agentId, at, verdictOf(cause, false));
  }

  #refused(agentId: AgentId, at: string, verdict: Verdict): void {
    void this.#rooms.desk.apply(agentId, { type: 'line-refused', at, verdict });
  }
}

const said = ({ startedAt, answeredAt }: Line) => ({ startedAt, ...(answeredAt !== null && { answeredAt }) });
