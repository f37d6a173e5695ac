import type { DialerState, Policy } from '../../../src/dialer/pacing/policy.ts';

/** Dials that bring the lines in use up to so many for each agent, those in talk included: what VICIdial calls the dial level. */
export const upTo = (level: number, { agents, lines }: DialerState): number =>
  Math.max(0, Math.floor(level * agents.length) - lines.inUse);

/** A level that somebody chose and nothing changes (VICIdial's RATIO mode). */
export const constantRatio = (level: number) => (): Policy => ({
  decide: (state) => upTo(level, state),
  on: () => undefined,
});
