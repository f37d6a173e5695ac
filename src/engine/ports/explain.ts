import type { AgentId, CallId, EpochMs } from '../../call/ids.ts';

/** An answer to "why", in sentences for people. */
export interface Explanation {
  readonly of: 'call' | 'agent' | 'callback';
  readonly id: string;
  readonly at: EpochMs;
  /** The answer in one sentence. */
  readonly headline: string;
  /** What it rests on, in order of time where it has times. */
  readonly lines: readonly ExplainLine[];
}

export interface ExplainLine {
  /** Null: as it is now. */
  readonly at: EpochMs | null;
  readonly text: string;
  readonly details: readonly string[];
}

/** Says why calls and agents are, or were, brought together or not. */
export interface Explainer {
  /** Of a call, or a promised callback. Null when there is no such one, nor was one that is remembered. */
  explainCall(id: CallId): Promise<Explanation | null>;
  explainAgent(id: AgentId): Promise<Explanation | null>;
}
