import { type FinishFacts, finishOf } from '../dialer/finish.ts';
import type { CampaignPulse } from './campaign-pulse.ts';
import type { CampaignFinish } from './ports/campaigns.ts';
import type { Campaign, LeadStatus } from './ports/history.ts';
import type { WaitingLeads } from './ports/looks.ts';
import type { Preflight } from './ports/preflight.ts';

/** A forecast that was made longer ago says nothing of a campaign that dials by now. */
const STALE_MS = 6 * 3_600_000;

interface Seen {
  readonly now: number;
  readonly campaign: Campaign;
  readonly leads: Readonly<Record<LeadStatus, number>>;
  readonly dials: number;
  readonly lines: number;
  readonly pulse: Pick<CampaignPulse, 'pace'>;
  readonly waiting: WaitingLeads;
  /** The last preflight of it; null: nobody asked for one. */
  readonly prior: Preflight | null;
}

/** By the pace of the last minutes; until there is one, as the last preflight had it; null: nobody can tell. */
export function campaignFinish({ prior, pulse, campaign, ...seen }: Seen): CampaignFinish | null {
  const { now, leads, dials, lines, waiting } = seen;
  const { maxAttempts, retryAfterMs, cps } = campaign;
  const facts: FinishFacts = {
    ...pulse.pace,
    ...waiting,
    now,
    leads: leads.pending + leads.leased,
    done: leads.done,
    dials,
    maxAttempts,
    retryAfterMs,
    cps,
    lines,
    hours: prior?.hours ?? null,
  };
  const range = finishOf(facts);
  if (range) return { ...range, from: 'pace' };
  const { low, middle, high } = prior?.expected?.finishAt ?? { low: null, middle: null, high: null };
  if (!prior || now - prior.at > STALE_MS || low === null || middle === null || high === null) return null;
  return low > now ? { low, likely: middle, high, from: 'preflight' } : null;
}
