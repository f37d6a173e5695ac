import { countFromOf, type DetectionPlan } from '../dialer/amd-policy.ts';
import { detectionNeedMs } from '../dialer/amd-need.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { CampaignSettings } from './ports/history.ts';

type Listening = Pick<CampaignSettings, 'mode' | 'detect' | 'connectDeadlineMs'>;

/** Why a campaign cannot listen for machines as it is set; null: it can, or it does not. */
export function detectionFault(settings: Listening, profile: ComplianceProfile): string | null {
  const { detect, mode } = settings;
  if (!detect || mode === 'agentless') return null;
  return laxFault(detect, profile) ?? lateFault(detect, settings.connectDeadlineMs, profile);
}

function laxFault({ countFrom }: DetectionPlan, { name, abandonment: { countsFrom } }: ComplianceProfile) {
  if (countFrom !== 'greeting-end' || countsFrom.value === 'greeting-end') return null;
  const words = countsFrom.value === 'pick-up' ? 'pick-up' : "greeting's start";
  return `Profile ${name} counts an agent's time from the ${words}, and the campaign's \`detect\` from the greeting's end: ${countsFrom.cite}. Set \`countFrom\` to \`profile\`.`;
}

/** Listening takes of the agent's time: where it takes all, who was listened to is abandoned whatever agents do. */
function lateFault(plan: DetectionPlan, deadlineMs: number, { name, abandonment }: ComplianceProfile): string | null {
  const { countsFrom, connectWithinMs } = abandonment;
  const from = countFromOf(plan, countsFrom.value);
  const needMs = detectionNeedMs(plan, from);
  if (needMs < deadlineMs) return null;
  const words = from === 'pick-up' ? 'pick-up' : "greeting's end";
  return `The campaign listens for machines: a person is mostly known for one ${seconds(needMs)} after the ${words}, and an agent has to be there ${seconds(deadlineMs)} after it, so that nearly everybody who answers would be abandoned. Profile ${name}: ${connectWithinMs.cite}. Set \`detect\` to null, or dial by a profile that counts from the greeting's end.`;
}

const seconds = (ms: number): string => `${Number((ms / 1_000).toFixed(1))} s`;
