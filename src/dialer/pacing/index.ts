import type { Policy, PolicyConfig } from './policy.ts';
import { Power } from './power.ts';
import { Predictive } from './predictive.ts';

export type { Decision, DialerEvent, DialerState, Policy, PolicyConfig } from './policy.ts';
export { progressive } from './progressive.ts';

/** The policy that paces a predictive campaign: pure state, fed by events; it learns from the first call on. */
export function createPolicy(config: PolicyConfig): Policy {
  return new Predictive(config);
}

/** A fixed ratio of dials for each idle agent (such as 2.5), inside the guard of the cap. */
export function createPower(config: PolicyConfig, ratio: number): Policy {
  return new Power(config, ratio);
}
