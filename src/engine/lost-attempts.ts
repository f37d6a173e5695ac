import type { CallState } from './call/state.ts';
import type { LeadWays } from './lead-ways.ts';
import type { Attempt, History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock } from './ports/time.ts';
import type { Switchboard } from './switchboard.ts';

export interface LostRooms {
  readonly clock: Clock;
  readonly live: Pick<LiveStore, 'callIds'>;
  readonly history: Pick<History, 'campaign' | 'endAttempt' | 'lead' | 'openAttempts'>;
  readonly board: Pick<Switchboard, 'find'>;
  readonly ways: Pick<LeadWays, 'wish' | 'told'>;
}

/**
 * Attempts whose call is gone without a word: closed as failed, so that every lead ends with one outcome. The number may have
 * rung, so it is not dialled again here; where the campaign leads on, the lead goes on as one that ended by itself does.
 */
export async function closeLostAttempts(rooms: LostRooms): Promise<void> {
  const { board, history, live } = rooms;
  const open = await history.openAttempts();
  const stored = open.length > 0 ? await live.callIds() : new Set();
  for (const attempt of open) {
    const call = board.find(attempt.callId);
    if (call && neverDialled(call.state)) await giveBack(rooms, attempt);
    else if (!call && !stored.has(attempt.callId)) await closeLost(rooms, attempt);
  }
}

const FAILED = { outcome: 'failed', q850: 0, sip: null, agentId: null } as const;

/** The lead is due again at once: nobody has heard of us. */
async function giveBack({ history, clock }: LostRooms, { id: attemptId }: Attempt): Promise<void> {
  const now = clock.now();
  await history.endAttempt({ attemptId, endedAt: now, ...FAILED, lead: { status: 'pending', notBefore: now } });
}

async function closeLost({ history, clock, ways }: LostRooms, attempt: Attempt): Promise<void> {
  const { id: attemptId, callId, campaignId, leadId, number } = attempt;
  const [campaign, lead] = await Promise.all([history.campaign(campaignId), history.lead(leadId)]);
  const ended = { attemptId, callId, number, agentId: null };
  const chain = campaign && lead ? ways.wish(campaign, lead, ended) : undefined;
  const end = { attemptId, endedAt: clock.now(), ...FAILED, lead: { status: 'done' } } as const;
  if ((await history.endAttempt({ ...end, ...(chain && { chain }) })) && campaign)
    await ways.told(campaign, leadId, attemptId);
}

/** Its agent was on the line and the attempt in the books, but the number was not dialled any more. */
const neverDialled = ({ preview, attempt, phase }: CallState): boolean =>
  preview !== null && attempt === null && (phase === 'ending' || phase === 'ended');
