/**
 * The interface of a pacing policy. A policy is pure state fed by events; the engine asks it on every tick or event how many
 * dials to start, and nothing else decides that. All times are seconds since the campaign began.
 */
export interface PolicyConfig {
  /** Share of answered calls that may be abandoned, e.g. 0.03. */
  readonly abandonTarget: number;
  readonly connectDeadlineSec: number;
  readonly minRingSec: number;
  readonly maxRingSec: number;
  readonly maxLines: number;
  readonly cps: number;
  readonly tickSec: number;
  readonly dayHours: number;
  readonly amd: boolean;
  readonly amdFalsePositiveEstimate: number;
  readonly seed: number;
  /** What `amdFalsePositiveEstimate` is a share of: all persons who answer (when not given), or calls taken for machines. */
  readonly amdEstimateOf?: 'persons' | 'machines';
  /** How hard the guard is; `quantile` when not given. */
  readonly guard?: 'quantile' | 'strict';
}

export interface DialerState {
  readonly now: number;
  /** Logged-in agents only, in any order. */
  readonly agents: readonly {
    readonly id: number;
    readonly state: 'idle' | 'talk' | 'wrap';
    readonly since: number;
  }[];
  /** Dials not yet connected or ended; times are -1 until they come. */
  readonly calls: readonly {
    readonly id: number;
    readonly state: 'ringing' | 'amd' | 'waiting';
    readonly launchedAt: number;
    readonly ringingAt: number;
    readonly answeredAt: number;
  }[];
  readonly counts: Readonly<Record<'idle' | 'talk' | 'wrap' | 'ringing' | 'amd' | 'waiting', number>>;
  readonly totals: Readonly<
    Record<'launched' | 'answered' | 'connected' | 'abandoned' | 'machine' | 'noanswer' | 'busy' | 'cancelled', number>
  >;
  readonly lines: { readonly max: number; readonly inUse: number };
  /** How many may still be abandoned in the legal window (day, 30 days, pooled campaigns), where that is known. */
  readonly budget?: number;
}

export type DialerEvent =
  | { readonly type: 'call.launched' | 'call.ringing'; readonly t: number; readonly callId: number }
  /** `ringSec` counts from the launch. */
  | {
      readonly type: 'call.answered';
      readonly t: number;
      readonly callId: number;
      readonly ringSec: number;
      readonly pendingAmd: boolean;
    }
  | {
      readonly type: 'call.amd';
      readonly t: number;
      readonly callId: number;
      readonly result: 'human' | 'machine';
      readonly tookSec: number;
    }
  | {
      readonly type: 'call.connected';
      readonly t: number;
      readonly callId: number;
      readonly agentId: number;
      readonly waitSec: number;
    }
  | { readonly type: 'call.abandoned'; readonly t: number; readonly callId: number; readonly waitSec: number }
  | {
      readonly type: 'call.ended';
      readonly t: number;
      readonly callId: number;
      readonly cause: 'busy' | 'noanswer' | 'machine' | 'cancelled' | 'hangup';
      readonly ageSec: number;
    }
  /** `live` false: the agent reached a machine. */
  | {
      readonly type: 'call.disposition';
      readonly t: number;
      readonly callId: number;
      readonly agentId: number;
      readonly live: boolean;
    }
  | {
      readonly type: 'agent.state';
      readonly t: number;
      readonly agentId: number;
      readonly state: 'idle' | 'talk' | 'wrap' | 'offline';
      readonly prev: string;
      readonly prevSec: number;
    };

/** Dials to start now; `cancel` names ringing calls to take back, past the legal minimum ring. */
export interface Decision {
  launch: number;
  cancel?: number[];
  because?: string;
}

/** The numbers behind a decision. */
export interface Explanation {
  /** The price: the greatest chance of loss at which a call is launched; and that chance for the last one launched. */
  readonly theta: number;
  readonly pi: number;
  /** How many may still be abandoned, and how many of them are held back. */
  readonly bank: number;
  readonly reserve: number;
  /** How many calls may be at risk, and how many are (or would be with one more, where the guard is the limit). */
  readonly room: number;
  readonly need: number;
  /** Share of dials that people answer, and one standard deviation of it, relative. */
  readonly answerRate: number;
  readonly doubt: number;
  /** Busy agents expected to be free within ten seconds. */
  readonly expectedFree: number;
  /** What kept the decision from one more dial. */
  readonly limit: 'price' | 'guard' | 'window' | 'lines';
}

export interface Policy {
  decideOn?: 'tick' | 'event';
  decide(state: DialerState): number | Decision;
  on(event: DialerEvent): void;
  /** The numbers behind the last decision; only the predictive policy has them. */
  explain?(): Explanation | null;
}
