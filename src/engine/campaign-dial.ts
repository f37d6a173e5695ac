import type { CallId, EpochMs, LegId } from '../call/ids.ts';
import { PLAIN_REQUEST } from '../call/routing.ts';
import { countFromOf } from '../dialer/amd-policy.ts';
import { keepsAgent } from '../dialer/campaign-modes.ts';
import { type CallState, outboundCall } from './call/state.ts';
import type { DialPermit } from './campaign-law.ts';
import type { Attempt, Campaign } from './ports/history.ts';

/** The call with which a campaign dials a lead; without leave of the law there is none. */
export function callOf(
  campaign: Campaign,
  attempt: Attempt,
  { legId, release, permit }: { readonly legId: LegId; readonly release: string; readonly permit: DialPermit },
  now: EpochMs,
): CallState {
  const { mode, flow, message } = campaign;
  const talks = mode === 'agentless' && flow !== undefined ? flow : null;
  const { id: campaignId, callerId: ani, trunk: source, language, require } = campaign;
  const { ringMs, connectDeadlineMs, wrapUpMs } = campaign;
  const { id: attemptId, leadId, callId, number } = attempt;
  const terms = { ringMs, connectDeadlineMs, wrapUpMs };
  const request = {
    queue: `campaign:${campaignId}`,
    language,
    require: [...require],
    priority: 0,
    maxWaitMs: null,
    ...PLAIN_REQUEST,
  };
  const about = {
    campaignId,
    leadId,
    attemptId,
    phase: 'dialing',
    ...(campaign.detect && {
      detect: { ...campaign.detect, countFrom: countFromOf(campaign.detect, permit.countsFrom) },
    }),
    ...terms,
    ...(talks !== null && { flow: talks }),
    profile: permit.profile,
    ...(message && { message: message.prompt }),
    ...(!keepsAgent(mode) && ({ keeps: 'nobody' } as const)),
  } as const;
  const ends = { id: callId, legId, ani, dnis: number, source, language, release: talks === null ? '' : release };
  return outboundCall({ ...ends, attempt: about, request: talks === null ? request : null }, now);
}

/** An attempt that is about to begin. */
export function newAttempt(
  { id: campaignId, trunk, callerId }: Pick<Campaign, 'id' | 'trunk' | 'callerId'>,
  { id: leadId, number }: { readonly id: string; readonly number: string },
  { id, callId, startedAt }: { readonly id: string; readonly callId: CallId; readonly startedAt: EpochMs },
): Attempt {
  const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
  return { id, campaignId, leadId, callId, number, startedAt, ...open, trunk, callerId };
}
