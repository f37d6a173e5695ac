import type { EpochMs } from '../call/ids.ts';
import { nextOpening } from '../dialer/compliance/hours.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { afterAttempt, type LeadHistory, type Next, type RetryWhen, retryRule } from '../dialer/retry.ts';
import { zonesOf } from './campaign-law-facts.ts';
import type { EndedDial } from './ports/dispositions.ts';
import type { AttemptEnd, Campaign, Lead } from './ports/history.ts';

/** The rules by which a campaign dials; null: nobody told it any, and every hour will do. */
type Hours = Pick<ComplianceProfile, 'hours'> | null;

/** The compliance profile that a campaign dials by; null: there is none. */
export type ProfileOf = (campaign: Campaign) => ComplianceProfile | null;

/** When the lead may be dialled, and by which clock the parts of its day go. */
export function whenOf(lead: Pick<Lead, 'number' | 'zones' | 'address'>, profile: Hours, now: EpochMs): RetryWhen {
  const zones = zonesOf(lead.number, lead);
  const nextAllowed = (at: EpochMs) => (profile ? nextOpening(profile.hours, zones, at) : at);
  return { now, zone: zones[0] ?? null, nextAllowed };
}

/** Numbers of the lead in their order. */
export const numbersOf = ({ number, numbers, kind = '' }: Lead): NonNullable<Lead['numbers']> =>
  numbers ?? [{ number, kind, attempts: 0, status: 'open' }];

/** A dial of a number that was taken off the lead since counts for the lead, and for none of its numbers. */
function historyOf(lead: Lead, dials: readonly EndedDial[]): LeadHistory {
  const numbers = numbersOf(lead);
  return {
    numbers: numbers.map(({ kind, status }) => ({ kind: kind === '' ? null : kind, out: status === 'dead' })),
    tries: dials.map(({ number, startedAt: at, outcome }) => ({
      number: numbers.findIndex((one) => one.number === number),
      at,
      outcome,
    })),
  };
}

/**
 * What becomes of a lead by its campaign's retry rule. `dials`: all that ended, the last one last. A lead that was dialled
 * because a call was promised to him, and was not reached, is still owed that call.
 */
export function afterDial(
  campaign: Campaign | null,
  lead: Lead | null,
  dials: readonly EndedDial[],
  { profile, now }: { readonly profile: Hours; readonly now: EpochMs },
): AttemptEnd['lead'] {
  if (!campaign || !lead) return { status: 'done' };
  const next: Next = afterAttempt(retryRule(campaign), historyOf(lead, dials), whenOf(lead, profile, now));
  if (next.status === 'done') return { status: 'done' };
  const { notBefore, numberIndex } = next;
  const { callbackAt, callbackAgent: agentId = null, callbackWaitMs: waitMs } = lead;
  const isOwed = callbackAt !== undefined && callbackAt <= now;
  const callback = { at: notBefore, agentId, ...(waitMs === undefined ? {} : { waitMs }) };
  return { status: 'pending', notBefore, numberIndex, ...(isOwed ? { callback } : {}) };
}
