import type { SwitchCommand } from '../../src/call/switch.ts';
import type { CallAction } from '../../src/engine/call/actions.ts';

type AgentState = 'idle' | 'reserved' | 'talking';

/**
 * A switch and a floor of agents, as one call sees them: who is in which bridge, who hears music, who was hung up and has not
 * been told of yet. It throws on what a real one would not take, or would do in silence.
 */
export class TalkModel {
  readonly bridges = new Map<string, Set<string>>();
  readonly music = new Set<string>();
  readonly muted = new Set<string>();
  readonly monitors = new Map<string, string>();
  /** Legs that were rung and have not ended, by id. */
  readonly live = new Set<string>();
  readonly leaving = new Set<string>();
  readonly agents = new Map<string, AgentState>();
  /** How often each agent was let go. */
  released = 0;
  answered = 0;

  take(actions: readonly CallAction[]): void {
    for (const action of actions) {
      if (action.type === 'switch') this.#do(action.command);
      else if (action.type === 'agent') this.#agent(action.agentId, action.event.type);
    }
  }

  reserve(agentId: string): void {
    this.#from(agentId, 'idle', 'reserved');
  }

  idle(agentId: string): boolean {
    return (this.agents.get(agentId) ?? 'idle') === 'idle';
  }

  /** The leg is gone. */
  end(legId: string): void {
    for (const members of this.bridges.values()) members.delete(legId);
    for (const set of [this.live, this.leaving, this.music, this.muted]) set.delete(legId);
    for (const [by, target] of this.monitors) if (by === legId || target === legId) this.monitors.delete(by);
  }

  roomOf(legId: string): readonly string[] | null {
    for (const members of this.bridges.values()) if (members.has(legId)) return [...members];
    return null;
  }

  /** Hears nobody and nothing. */
  isInSilence(legId: string): boolean {
    const room = this.roomOf(legId);
    return !this.music.has(legId) && !this.monitors.has(legId) && (room === null || room.length < 2);
  }

  #agent(agentId: string, event: 'ring' | 'answer' | 'release' | 'fail'): void {
    if (event === 'answer') this.answered += 1;
    if (event === 'release') this.released += 1;
    if (event === 'answer') this.#from(agentId, 'reserved', 'talking');
    if (event === 'release') this.#from(agentId, 'talking', 'idle');
    if (event === 'fail') this.#from(agentId, 'reserved', 'idle');
  }

  #from(agentId: string, expected: AgentState, next: AgentState): void {
    const is = this.agents.get(agentId) ?? 'idle';
    if (is !== expected) throw new Error(`agent ${agentId} is ${is} and cannot become ${next}`);
    this.agents.set(agentId, next);
  }

  #do(command: SwitchCommand): void {
    switch (command.type) {
      case 'originate':
        if (this.live.has(command.legId)) throw new Error(`leg ${command.legId} is rung twice`);
        this.live.add(command.legId);
        return;
      case 'bridge':
        return this.#bridge(command.bridgeId, command.legIds);
      case 'part':
        this.bridges.get(command.bridgeId)?.delete(command.legId);
        return;
      case 'unbridge':
        this.bridges.delete(command.bridgeId);
        return;
      case 'music.start':
        this.#mayHear(command.legId, 'music');
        this.music.add(command.legId);
        return;
      case 'play':
        this.#mayHear(command.legId, command.playbackId);
        this.music.delete(command.legId);
        return;
      case 'music.stop':
        this.music.delete(command.legId);
        return;
      case 'mute':
        if (command.on) this.muted.add(command.legId);
        else this.muted.delete(command.legId);
        return;
      case 'monitor':
        this.monitors.set(command.legId, command.target);
        return;
      case 'monitor.stop':
        this.monitors.delete(command.legId);
        return;
      case 'hangup':
        if (this.live.has(command.legId)) this.leaving.add(command.legId);
        return;
      default:
        // Nothing of who is with whom.
        return;
    }
  }

  #bridge(bridgeId: string, legIds: readonly string[]): void {
    for (const legId of legIds) {
      if (!this.live.has(legId)) throw new Error(`leg ${legId} is joined after its end`);
      for (const members of this.bridges.values()) members.delete(legId);
      this.music.delete(legId);
    }
    const members = this.bridges.get(bridgeId) ?? new Set();
    this.bridges.set(bridgeId, members);
    for (const legId of legIds) members.add(legId);
  }

  #mayHear(legId: string, what: string): void {
    if (this.live.has(legId) && this.roomOf(legId)) throw new Error(`${what} for leg ${legId}, which is in a bridge`);
  }
}
