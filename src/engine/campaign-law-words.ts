import type { CampaignGate } from '../dialer/campaign-gates.ts';
import type { DialFacts } from '../dialer/compliance/dial-facts.ts';
import { type DialRule, gates, type GateSeen } from '../dialer/compliance/may-dial.ts';
import type { LeadGate } from '../dialer/lead-gates.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { CampaignSettings } from './ports/history.ts';

/** What is so when a rule does not forbid. */
const PASSED: Readonly<Record<DialRule, string>> = {
  'campaign-not-running': 'The campaign is running.',
  'ring-too-short': 'It rings long enough.',
  'caller-id': 'The caller id may be shown.',
  'abandoned-message': 'The message to people who get no agent is as the profile asks.',
  'dnc-register-missing': 'The national register is there where it is asked for.',
  'lead-not-open': 'The lead waits to be dialled.',
  'number-dead': 'The number is not known to be dead.',
  'premium-rate': 'The number is not of premium rate.',
  dnc: 'The number is on no do-not-call list.',
  consent: 'The consent is enough for a call of this kind.',
  'locked-out': 'The number is not locked out.',
  'attempts-cap': 'The number was not dialled too often.',
  'not-yet-due': 'It is time for the lead.',
  'zone-unknown': 'It is known in which time zones the person may be.',
  'calling-hours': 'It is an hour to call in all of them.',
};

/** Rules that are about the campaign and not about whom it calls; its status has a gate of its own. */
const OF_CAMPAIGN: ReadonlySet<DialRule> = new Set([
  'ring-too-short',
  'caller-id',
  'abandoned-message',
  'dnc-register-missing',
]);

export const campaignGatesOf = (facts: DialFacts): readonly CampaignGate[] =>
  gates(facts)
    .filter(({ rule }) => OF_CAMPAIGN.has(rule))
    .map(({ rule, pass, sentence }) => ({ gate: rule, pass, text: sentence ?? PASSED[rule] }));

/** Rules about the person and the number; those about the campaign and about the lead's turn have gates of their own. */
const OF_NUMBER: ReadonlySet<DialRule> = new Set([
  'number-dead',
  'premium-rate',
  'dnc',
  'consent',
  'locked-out',
  'attempts-cap',
  'zone-unknown',
  'calling-hours',
]);

export const numberGatesOf = (rules: readonly GateSeen[]): readonly LeadGate[] =>
  rules
    .filter(({ rule }) => OF_NUMBER.has(rule))
    .map(({ rule, pass, sentence, until }) => ({ gate: rule, pass, text: sentence ?? PASSED[rule], until }));

/** The lowest cap of the profile, 0–1; 1 when it has none. */
export const capOf = ({ abandonment }: ComplianceProfile): number =>
  Math.min(1, ...abandonment.limits.value.map(({ cap }) => cap));

/** Where the settings are laxer than the profile, in words and with the rule; null: nowhere. */
export function settingsFault(settings: CampaignSettings, profile: ComplianceProfile): string | null {
  const { mode, connectDeadlineMs, ringMs, abandonCap = 0 } = settings;
  const { connectWithinMs, limits } = profile.abandonment;
  const { minimumMs } = profile.ring;
  if (mode !== 'agentless' && connectDeadlineMs > connectWithinMs.value)
    return `Profile ${profile.name} asks for an agent within ${seconds(connectWithinMs.value)}, and the campaign says ${seconds(connectDeadlineMs)}: ${connectWithinMs.cite}.`;
  if (ringMs < minimumMs.value)
    return `Profile ${profile.name} asks for a ring of at least ${seconds(minimumMs.value)}, and the campaign says ${seconds(ringMs)}: ${minimumMs.cite}.`;
  if (abandonCap > capOf(profile))
    return `Profile ${profile.name} lets ${percent(capOf(profile))} be abandoned, and the campaign says ${percent(abandonCap)}: ${limits.cite}.`;
  return null;
}

const seconds = (ms: number): string => `${ms / 1_000} s`;
const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;
