import { guaranteesAgent, keepsAgent } from '../dialer/campaign-modes.ts';
import type { DialerState } from '../dialer/pacing/index.ts';
import type { LedgerSight } from './campaign-ledger.ts';
import { RISKY } from './campaign-ledger-read.ts';
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

/**
 * Is an agent kept from other calls while a dial rings? Always where the mode keeps one, and in the others while the window
 * leaves less than one person to lose: a caller who took the agent that the dial counts on would have one abandoned.
 */
export const keepsAgents = (mode: Campaign['mode'], ledger: Pick<LedgerSight, 'budget'> | null): boolean =>
  keepsAgent(mode) || (RISKY.has(mode) && ledger !== null && ledger.budget < 1);

/** Dials that are over, and so tell how many of them a person answers. */
const ENOUGH_DIALS = 50;

/** How many agents a dial that rings will want, 0–1; those that ring yet tell nothing. */
export function agentsADial(mode: Campaign['mode'], keeps: boolean, { totals, counts }: DialerState): number {
  // One who asked for the dial is on the line already.
  if (mode === 'agentless' || guaranteesAgent(mode)) return 0;
  const told = totals.launched - counts.ringing - counts.amd;
  return keeps || told < ENOUGH_DIALS ? 1 : Math.min(1, totals.answered / told);
}

/**
 * Is it shown agents for whom no dial is out? Who is, and dials nobody for them, leaves them to other campaigns until it does.
 */
export const hasIdle = ({ counts: { idle, ringing, amd, waiting } }: DialerState): boolean =>
  idle > ringing + amd + waiting;
