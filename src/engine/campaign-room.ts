import { keepsAgent } from '../dialer/campaign-modes.ts';
import type { DialerState } from '../dialer/pacing/index.ts';
import type { CallState } from './call/state.ts';
import type { Campaign } from './ports/history.ts';

interface Lines {
  readonly campaign: { readonly lines: number; readonly inUse: number };
  readonly trunk: { readonly lines: number; readonly inUse: number };
}

/** The room that there is for dials, whichever of the two is short. */
export function linesSeen({ campaign, trunk }: Lines): DialerState['lines'] {
  const room = Math.max(0, Math.min(campaign.lines - campaign.inUse, trunk.lines - trunk.inUse));
  return { max: campaign.inUse + room, inUse: campaign.inUse };
}

/** Does this call have a line of a trunk that we dialled? A callback that waits for its turn has none yet. */
export const holdsLine = ({ attempt, errand, phase }: CallState): boolean =>
  attempt !== null || (errand !== null && (phase === 'calling-back' || phase === 'talking'));

/** Dials so far that tell how many of them a person answers. */
const ENOUGH_DIALS = 50;

/** How many agents a dial that rings will want. */
export function agentsADial(mode: Campaign['mode'], { answered, launched }: DialerState['totals']): number {
  if (mode === 'agentless') return 0;
  return keepsAgent(mode) || launched < ENOUGH_DIALS ? 1 : answered / launched;
}
