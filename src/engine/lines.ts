import type { AgentEvent, AgentLive } from '../acd/agent.ts';
import type { FloorRules } from '../acd/agent-rules.ts';
import { CAUSE, type HangupCause, verdictOf } from '../call/cause.ts';
import type { AgentId, EpochMs, LegId } from '../call/ids.ts';
import type { DialTarget, LegEvent, SwitchSnapshot } from '../call/switch.ts';
import type { AgentDesk } from './agent-desk.ts';
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
    const { ids, clock, switchPort, rules, outside } = this.#rooms;
    const legId = `line-${ids.next('leg')}`;
    const at = to.kind === 'phone' ? to.name : to.number;
    const isOutside = to.kind === 'number';
    this.#lines.set(legId, { agentId, legId, at, isOutside, phase: 'ringing', answeredAt: null, wish });
    if (isOutside) outside.begun(legId, clock.now());
    const { ringMs } = rules().line;
    const order = { legId, to, callerId: null, callerName: 'Callwright', ringMs, callId: `line:${agentId}` } as const;
    void switchPort.do({ type: 'originate', ...order }).then((result) => {
      if (!result.ok && result.why === 'unavailable') this.#ended(legId, CAUSE.congestion);
    });
  }

  take(event: LegEvent): void {
    const line = this.#lines.get(event.legId);
    if (!line) return;
    if (event.type === 'leg.answered' && line.phase === 'ringing') void this.#seat(line);
    if (event.type === 'leg.ended') this.#ended(line.legId, event.cause);
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

  #takeUp(agentId: AgentId, { legId, at }: { readonly legId: LegId; readonly at: string }): void {
    const isNew = !this.#lines.has(legId);
    const wish = { status: 'ready', reason: null } as const;
    const about = { agentId, legId, at, isOutside: at.startsWith('+'), wish };
    if (isNew) this.#lines.set(legId, { ...about, phase: 'up', answeredAt: this.#rooms.clock.now() });
    if (isNew && !this.#rooms.lent(legId)) this.back(legId);
  }

  async #seat(line: Line): Promise<void> {
    const { desk, clock, switchPort, log } = this.#rooms;
    const { agentId, legId, at, wish } = line;
    [line.phase, line.answeredAt] = ['seating', clock.now()];
    const seat = { kind: 'line', legId, node: switchPort.node, at } as const;
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
    const { agentId, at, isOutside, answeredAt, phase } = line;
    if (isOutside) this.#rooms.outside.ended({ id: legId, answeredAt }, this.#rooms.clock.now());
    if (phase === 'up') void this.#rooms.desk.apply(agentId, { type: 'line-ended', legId });
    if (phase !== 'ringing') return;
    void this.#rooms.desk.apply(agentId, { type: 'line-refused', at, verdict: verdictOf(cause, false) });
  }
}
