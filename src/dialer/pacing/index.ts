import type { Policy, PolicyConfig } from './policy.ts';
import { progressive } from './progressive.ts';

export type { Decision, DialerEvent, DialerState, Policy, PolicyConfig } from './policy.ts';

/** The policy that paces a campaign. Progressive, whatever the configuration says: the one rule that needs no history. */
export function createPolicy(_config: PolicyConfig): Policy {
  return progressive;
}
