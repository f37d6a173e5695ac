import type { AgentId, CallId, EpochMs, LegId } from '../call/ids.ts';
import { PLAIN_REQUEST } from '../call/routing.ts';
import { countFromOf } from '../dialer/amd-policy.ts';
import { guaranteesAgent } from '../dialer/campaign-modes.ts';
import { type CallState, inboundCall, outboundCall } from './call/state.ts';
import { isAsked } from './call-asks.ts';
import type { DialPermit } from './campaign-law.ts';
import { nameOf } from './outside-legs.ts';
import type { Attempt, Campaign, Lead } from './ports/history.ts';

interface Terms {
  readonly legId: LegId;
  readonly release: string;
  readonly permit: DialPermit;
  /** Who promised the call, and was free when it was leased. */
  readonly prefer: AgentId | null;
  /** An agent is kept from other calls while it rings. */
  readonly keeps: boolean;
}

/** A call in which an agent takes his seat before the lead he saw is dialled. */
export function previewCall(
  campaign: Campaign,
  { id: leadId, number }: Pick<Lead, 'id' | 'number'>,
  { id, legId, agentId }: { readonly id: CallId; readonly legId: LegId; readonly agentId: AgentId },
  now: EpochMs,
): CallState {
  const { id: campaignId, callerId: ani, language } = campaign;
  const request = requestOf(campaign);
  const call = inboundCall({ id, legId, ani, dnis: number, source: '', language }, now);
  return {
    ...call,
    phase: 'promised',
    direction: 'outbound',
    legs: call.legs.map((leg) => ({ ...leg, planned: true })),
    preview: { campaignId, leadId, agentId },
    visit: { request, enqueuedAt: now, treatment: null, position: 0 },
    record: { ...call.record, queue: request.queue },
  };
}

const requestOf = ({ id, language, require }: Pick<Campaign, 'id' | 'language' | 'require'>) => ({
  queue: `campaign:${id}`,
  language,
  require: [...require],
  priority: 0,
  maxWaitMs: null,
  ...PLAIN_REQUEST,
});

/**
 * The switch begins to play so long after it was told to, at the most. The search for an agent ends so much earlier: a message
 * must have begun within the profile's time, `message.startsWithin`.
 */
const PLAYS_WITHIN_MS = 150;

/** The call with which a campaign dials a lead; without leave of the law there is none. */
export function callOf(
  campaign: Campaign,
  attempt: Attempt,
  { legId, release, permit, prefer, keeps }: Terms,
  now: EpochMs,
): CallState {
  const { mode, flow, message } = campaign;
  const talks = mode === 'agentless' && flow !== undefined ? flow : null;
  const { id: campaignId, callerId: ani, trunk: source, language } = campaign;
  const { ringMs, wrapUpMs } = campaign;
  const connectDeadlineMs = Math.max(0, Math.min(campaign.connectDeadlineMs, permit.messageWithinMs - PLAYS_WITHIN_MS));
  const { id: attemptId, leadId, callId, number } = attempt;
  const terms = { ringMs, connectDeadlineMs, wrapUpMs };
  const about = {
    campaignId,
    leadId,
    attemptId,
    phase: 'dialing',
    ...(campaign.detect &&
      !guaranteesAgent(mode) && {
        detect: { ...campaign.detect, countFrom: countFromOf(campaign.detect, permit.countsFrom) },
      }),
    ...terms,
    ...(talks !== null && { flow: talks }),
    profile: permit.profile,
    ...(message && { message: message.prompt }),
    ...(message?.recordingDays !== undefined && { recordingDays: message.recordingDays }),
    ...(permit.endsOnOptOut && ({ endsOnOptOut: true } as const)),
    ...(!keeps && ({ keeps: 'nobody' } as const)),
  } as const;
  const ends = { id: callId, legId, ani, dnis: number, source, language, release: talks === null ? '' : release };
  const dialled = outboundCall({ ...ends, attempt: about, request: talks === null ? requestOf(campaign) : null }, now);
  const call = isAsked(leadId) ? countedOutside(dialled) : dialled;
  if (prefer === null || !call.visit) return call;
  return { ...call, visit: { ...call.visit, prefer: { agentId: prefer, until: now + ringMs } } };
}

/** A single call counts among the legs that the house has outside, in the name of its campaign. */
const countedOutside = (call: CallState): CallState => {
  const askedBy = nameOf({ kind: 'campaign', name: call.attempt?.campaignId ?? '' });
  return { ...call, legs: call.legs.map((leg) => ({ ...leg, number: call.dnis, askedBy })) };
};

/** An attempt that is about to begin. */
export function newAttempt(
  { id: campaignId, trunk, callerId }: Pick<Campaign, 'id' | 'trunk' | 'callerId'>,
  { id: leadId, number }: { readonly id: string; readonly number: string },
  { id, callId, startedAt }: { readonly id: string; readonly callId: CallId; readonly startedAt: EpochMs },
): Attempt {
  const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
  return { id, campaignId, leadId, callId, number, startedAt, ...open, trunk, callerId };
}
