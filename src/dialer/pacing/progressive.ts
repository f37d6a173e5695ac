import type { Decision, DialerState, Policy } from './policy.ts';

/**
 * Progressive dialling: one dial for each free agent and never more, so that whoever answers has an agent waiting. A person
 * who waits for his agent still counts as a dial that is out.
 */
export const progressive: Policy = {
  decideOn: 'event',
  decide,
  on: () => undefined, // it learns nothing: the snapshot says it all
};

function decide({ counts, lines }: DialerState): Decision {
  const out = counts.ringing + counts.amd + counts.waiting;
  const uncovered = Math.max(0, counts.idle - out);
  const free = Math.max(0, lines.max - lines.inUse);
  const launch = Math.min(uncovered, free);
  return { launch, because: because(counts.idle, out, launch, free) };
}

function because(idle: number, out: number, launch: number, free: number): string {
  if (idle === 0) return 'No agent is free.';
  const agents = idle === 1 ? '1 agent is free' : `${idle} agents are free`;
  const dials = out === 0 ? 'no dial is out' : out === 1 ? '1 dial is out' : `${out} dials are out`;
  if (out >= idle) return `${agents} and ${dials}: each has a dial.`;
  if (launch < idle - out) return `${agents} and ${dials}, but only ${free} of the lines are free.`;
  return `${agents} and ${dials}.`;
}
