import type { DialerState, PolicyConfig } from './policy.ts';

/** How many dials the lines and the call starts of one second leave room for. */
export function freeLines({ cps }: PolicyConfig, { lines }: DialerState): number {
  return Math.max(0, Math.min(lines.max - lines.inUse, Math.ceil(cps)));
}
