import type { EpochMs, LegId } from '../../call/ids.ts';
import type { Fact } from '../../call/journal.ts';
import type { SwitchCommand } from '../../call/switch.ts';
import type { FlowEvent } from '../../ivr/state.ts';
import type { Deed } from './deeds.ts';
import { type Seating, seatingOf } from './seating.ts';
import type { CallState } from './state.ts';
import type { CallWorld } from './world.ts';

/** What a call asks of the rooms around it. */
export type CallAction = { readonly type: 'switch'; readonly command: SwitchCommand } | Deed;

/** The growing result of one step. Phases add to it and never look at what others added. */
export class Draft {
  state: CallState;
  readonly now: EpochMs;
  /** By which trunk something that leaves the house goes. */
  readonly wayFor: CallWorld['way'];
  readonly facts: Fact[] = [];
  readonly actions: CallAction[] = [];
  /** How a queue visit or a transfer ended, for the flow to carry on with when the step is otherwise done. */
  pending: FlowEvent | null = null;
  /** Where everybody is, as far as this step has told the switch. */
  seated: Seating;
  /** The last one with whom the customer spoke hung up, as at the end of any talk: he need not go back to the queue. */
  farewell = false;
  /** Why what was asked of the call is not done, in one sentence for who asked. */
  refusal: string | null = null;

  constructor(state: CallState, now: EpochMs, { way }: Pick<CallWorld, 'way'>) {
    this.state = state;
    this.now = now;
    this.wayFor = way;
    this.seated = seatingOf(state);
  }

  set(change: Partial<CallState>): this {
    this.state = { ...this.state, ...change };
    return this;
  }

  record(change: Partial<CallState['record']>): this {
    return this.set({ record: { ...this.state.record, ...change } });
  }

  fact(...facts: readonly Fact[]): this {
    this.facts.push(...facts);
    return this;
  }

  act(...actions: readonly CallAction[]): this {
    this.actions.push(...actions);
    return this;
  }

  tell(command: SwitchCommand): this {
    return this.act({ type: 'switch', command });
  }

  /** This step hangs it up. */
  isLeaving(legId: LegId): boolean {
    return this.actions.some(
      (action) => action.type === 'switch' && action.command.type === 'hangup' && action.command.legId === legId,
    );
  }

  resumeFlow(event: FlowEvent): this {
    this.pending = event;
    return this;
  }

  /** Sets a timer, or with null clears it. */
  timer(name: string, at: EpochMs | null): this {
    const { [name]: _gone, ...others } = this.state.timers;
    return this.set({ timers: at === null ? others : { ...others, [name]: at } });
  }

  /** Clears the timers whose names begin with `prefix`. */
  clearTimers(prefix: string): this {
    const kept = Object.entries(this.state.timers).filter(([name]) => !name.startsWith(prefix));
    return this.set({ timers: Object.fromEntries(kept) });
  }

  /** A new id for a leg, bridge or guest of this call; derived, so that it is the same however often the step is tried. */
  newId(kind: 'leg' | 'bridge' | 'guest'): string {
    const made = this.state.made + 1;
    this.set({ made });
    return `${this.state.id}-${kind}${made}`;
  }
}
