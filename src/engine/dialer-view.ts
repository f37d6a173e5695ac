import type { AgentLive } from '../acd/agent.ts';
import { profileNow } from '../acd/pool-agent.ts';
import { type Candidate, qualified, servesCampaign } from '../acd/queue.ts';
import type { AgentId, CallId, CampaignId, EpochMs } from '../call/ids.ts';
import type { Campaign } from './ports/history.ts';

const QUEUE = 'campaign:';

/** An agent as pacing sees him: whatever holds him counts as talk. */
export interface CampaignAgent {
  readonly id: AgentId;
  readonly state: 'idle' | 'talk' | 'wrap';
  readonly since: EpochMs;
  /** The call that he is held for and does not speak with yet. */
  readonly promisedTo: CallId | null;
  /** The campaign with whose person he talks or whose wrap-up he does. */
  readonly serves: CampaignId | null;
}

/**
 * The agent, when he is ready and can take the persons of the campaign. A not-ready one is no use to a dialer, so he is not
 * shown to it; nor is one without the skills, for whom nobody may be dialled.
 */
export function seenBy(
  { id, require }: Pick<Campaign, 'id' | 'require'>,
  { live, profile }: Candidate,
): CampaignAgent | null {
  if (live.status !== 'ready' || !servesCampaign(profile, id)) return null;
  const queue = { name: `${QUEUE}${id}`, require: [] };
  if (!qualified(profileNow(profile, live.changed), queue, require)) return null;
  const promisedTo = live.state === 'reserved' || live.state === 'ringing' ? live.callId : null;
  return { id: live.id, state: seen(live), since: live.since, promisedTo, serves: servedBy(live) };
}

function servedBy({ state, lastCall }: AgentLive): CampaignId | null {
  const queue = state === 'talking' || state === 'wrap-up' ? lastCall?.queue : null;
  return queue?.startsWith(QUEUE) ? queue.slice(QUEUE.length) : null;
}

/** Who rests or backs off is as good as in wrap-up: nobody may be dialled for him. */
function seen({ state, restUntil, backOffUntil }: AgentLive): CampaignAgent['state'] {
  if (state === 'idle') return restUntil === null && backOffUntil === null ? 'idle' : 'wrap';
  return state === 'wrap-up' ? 'wrap' : 'talk';
}
