import { CAUSE, type HangupCause } from './cause.ts';

export interface Load {
  readonly calls: number;
  readonly maxCalls: number;
  readonly draining: boolean;
  /** p99 of the last set-ups; on an overloaded switch latency rises long before errors do. */
  readonly setupP99Ms: number;
  readonly maxSetupP99Ms: number;
}

export type Admission =
  | { readonly accept: true }
  | { readonly accept: false; readonly reason: 'draining' | 'full' | 'slow'; readonly cause: HangupCause };

/** May this arriving leg become a call? A refusal is spoken in SIP (503), never by silence. */
export function admit(load: Load): Admission {
  if (load.draining) return { accept: false, reason: 'draining', cause: CAUSE.congestion };
  if (load.calls >= load.maxCalls) return { accept: false, reason: 'full', cause: CAUSE.congestion };
  if (load.setupP99Ms > load.maxSetupP99Ms) return { accept: false, reason: 'slow', cause: CAUSE.congestion };
  return { accept: true };
}
