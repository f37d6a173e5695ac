import { afterDial, type ProfileOf } from './lead-after.ts';
import type { LeadWays } from './lead-ways.ts';
import type { Attempt, AttemptEnd, History } from './ports/history.ts';
import type { Clock } from './ports/time.ts';

interface ClosingRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly history: Pick<History, 'campaign' | 'endAttempt' | 'endedDials' | 'lead'>;
  /** The compliance profile that a campaign dials by; null: there is none. */
  readonly profileOf: ProfileOf;
  readonly ways: Pick<LeadWays, 'wish' | 'ended'>;
}

type Dial = Pick<Attempt, 'id' | 'campaignId' | 'leadId' | 'callId' | 'number' | 'startedAt'>;
type End = Pick<AttemptEnd, 'endedAt' | 'outcome' | 'q850' | 'sip' | 'agentId' | 'trunk' | 'screened'>;

/** Closes an attempt whose outcome is known, once, and moves its lead on by the campaign's retry rule and its chain. */
export async function closeAttempt(rooms: ClosingRooms, dial: Dial, end: End): Promise<void> {
  const { history, clock, ways } = rooms;
  const { id: attemptId, campaignId, leadId, callId, number, startedAt } = dial;
  const { outcome, agentId } = end;
  const [campaign, lead, before] = await Promise.all([
    history.campaign(campaignId),
    history.lead(leadId),
    history.endedDials(leadId),
  ]);
  const profile = campaign && rooms.profileOf(campaign);
  const next = afterDial(campaign, lead, [...before, { number, startedAt, outcome }], { profile, now: clock.now() });
  const ended = { attemptId, callId, number, agentId };
  const chain = campaign && lead ? ways.wish(campaign, lead, ended) : undefined;
  const about = { ...end, attemptId, lead: next, numberDead: outcome === 'invalid-number' };
  await history.endAttempt({ ...about, ...(chain && { chain }) });
  await ways.ended(campaign, leadId, ended);
}
