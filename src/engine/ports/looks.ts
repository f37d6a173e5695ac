import type { CampaignId, EpochMs } from '../../call/ids.ts';
import type { LastDial } from '../../dialer/lead-gates.ts';
import type { ListCounts } from '../../dialer/list-quality.ts';
import type { Lead } from './history.ts';

/** Leads that go before another one are counted up to so many. */
export const MOST_AHEAD = 10_000;

/** How one lead stands among those of its campaign. */
export interface LeadLook {
  /** Null: it was never dialled. */
  readonly last: LastDial | null;
  /**
   * Leads that are due and are dialled before it, `MOST_AHEAD` at most: callbacks, lists of a higher priority, and those before it
   * in its own list. Lists of the same priority take turns with its own by their shares, and are not among them.
   */
  readonly ahead: number;
}

export interface WaitingLeads {
  /** The latest time that one of them waits for; null: none, or none is left. */
  readonly lastDueAt: EpochMs | null;
  /** The fewest attempts that one of those had that are due first; 0 when none is left. */
  readonly leastAttempts: number;
}

/** What a manager asks of the lists; nothing is dialled by it. */
export interface LookBook {
  /** Leads of the campaign that have this number, as any of their numbers; ten at most, those that are not done first. */
  leadsOfNumber(id: CampaignId, number: string): Promise<readonly Lead[]>;
  leadLook(lead: Lead, now: EpochMs): Promise<LeadLook>;
  /** Of the leads that wait, without those that are held. */
  waitingLeads(id: CampaignId): Promise<WaitingLeads>;
  /** What each list came to so far, by its id; lists without leads are not there. Reads every attempt of the campaign, piece by piece. */
  listCounts(id: CampaignId): Promise<readonly ListCounts[]>;
}
