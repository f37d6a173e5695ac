import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { Campaign } from './ports/history.ts';
import type { SkipReason } from './ports/preflight.ts';

/** Why leads are not dialled now, as their manager reads it. */
export const SKIPPED: Readonly<Record<SkipReason, string>> = {
  'campaign-not-running': 'the campaign does not run',
  'ring-too-short': 'it rings too short',
  'caller-id': 'the caller id may not be shown',
  'abandoned-message': 'the message to people who get no agent lacks something',
  'dnc-register-missing': 'the national do-not-call register is missing or old',
  'lead-not-open': 'not waiting to be dialled',
  'number-dead': 'no number that works, or not his',
  'premium-rate': 'a premium-rate number, which is never dialled',
  dnc: 'on a do-not-call list',
  consent: 'consent too weak for a call of this kind',
  'locked-out': 'abandoned or taken for a machine a short time ago',
  'attempts-cap': 'dialled as often as is allowed, by all campaigns together',
  'not-yet-due': 'not yet due, by the retry rule or a callback',
  'zone-unknown': 'not known in which time zone the person is',
  'calling-hours': 'no hour to call where the person is',
  'no-trunk': 'no trunk leads to its number now, or no number may be shown to it',
  destinations: 'a single call outside that site/destinations.yaml does not allow now',
  filter: 'left out by the filter of the list',
  quota: 'its quota is full',
  stopped: 'stopped by somebody',
  'in-dial': 'being dialled now',
};

/** As `SKIPPED`, of the leads of one campaign: which consent it is that they lack. */
export const skippedBy =
  ({ mode }: Pick<Campaign, 'mode'>, { consent }: Pick<ComplianceProfile, 'consent'>) =>
  (reason: SkipReason): string =>
    reason === 'consent' ? consentLacking(mode, consent) : SKIPPED[reason];

function consentLacking(
  mode: Campaign['mode'],
  { agentless, toAgent, mobileToAgent }: ComplianceProfile['consent'],
): string {
  const where = '(`consent` in its list)';
  if (mode === 'agentless') return `no ${agentless.value} consent, which a call by a flow needs ${where}`;
  const [fixed, mobile] = [toAgent.value, mobileToAgent.value];
  if (fixed === mobile) return `no ${fixed} consent, which a call by an agent needs ${where}`;
  if (fixed === 'none')
    return `no ${mobile} consent, which a call by an agent needs where the number may be mobile ${where}`;
  if (mobile === 'none') return `no ${fixed} consent, which a call by an agent to a fixed line needs ${where}`;
  return `no ${fixed} consent, or no ${mobile} one where the number may be mobile, which a call by an agent needs ${where}`;
}
