import type { LegId } from './ids.ts';
import type { DialTarget } from './switch.ts';

/** How an agent is reached: a phone or a number is rung, or his line is up already and only has to be lent. */
export type Reach =
  | { readonly kind: 'dial'; readonly to: DialTarget }
  /** `node`: the switch that it is up on. */
  | { readonly kind: 'line'; readonly legId: LegId; readonly node: string };
