import type { AgentLive } from '../acd/agent.ts';
import type { EpochMs } from '../call/ids.ts';
import type { AgentProfile } from '../call/routing.ts';
import type { DialerState } from '../dialer/pacing/index.ts';
import type { Campaign } from './ports/history.ts';

/** An agent as pacing sees him: whatever holds him counts as talk. */
export interface CampaignAgent {
  readonly id: string;
  readonly state: 'idle' | 'talk' | 'wrap';
  readonly since: EpochMs;
}

export interface DialInFlight {
  readonly id: string;
  readonly waiting: boolean;
  readonly launchedAt: EpochMs;
  readonly answeredAt: EpochMs | null;
}

/** Agents who are ready and serve the campaign. Not-ready ones are no use to a dialer, so they are not shown to it. */
export function agentsOf(
  campaignId: string,
  agents: readonly { readonly live: AgentLive; readonly profile: AgentProfile }[],
): readonly CampaignAgent[] {
  return agents
    .filter(({ live, profile }) => live.status === 'ready' && serves(profile, campaignId))
    .map(({ live }) => ({ id: live.id, state: seen(live), since: live.since }));
}

const serves = (profile: AgentProfile, campaignId: string) =>
  profile.campaigns.includes('*') || profile.campaigns.includes(campaignId);

/** Who rests or backs off is as good as in wrap-up: nobody may be dialled for him. */
function seen({ state, restUntil, backOffUntil }: AgentLive): CampaignAgent['state'] {
  if (state === 'idle') return restUntil === null && backOffUntil === null ? 'idle' : 'wrap';
  return state === 'wrap-up' ? 'wrap' : 'talk';
}

interface View {
  readonly campaign: Campaign;
  readonly agents: readonly CampaignAgent[];
  readonly dials: readonly DialInFlight[];
  /** Idle agents that other campaigns' dials count on. */
  readonly taken: number;
  readonly now: EpochMs;
}

/** The snapshot that pacing decides on; times in seconds since the campaign was made. */
export function dialerState({ campaign, agents, dials, taken, now }: View): DialerState {
  const seconds = (at: EpochMs) => (at - campaign.createdAt) / 1000;
  const idle = agents.filter((agent) => agent.state === 'idle').slice(taken);
  const busy = agents.filter((agent) => agent.state !== 'idle');
  const shown = [...idle, ...busy].map((agent, id) => ({ id, state: agent.state, since: seconds(agent.since) }));
  const calls = dials.map((dial, id) => ({
    id,
    state: dial.waiting ? ('waiting' as const) : ('ringing' as const),
    launchedAt: seconds(dial.launchedAt),
    ringingAt: -1,
    answeredAt: dial.answeredAt === null ? -1 : seconds(dial.answeredAt),
  }));
  const count = (state: string) => shown.filter((agent) => agent.state === state).length;
  const waiting = calls.filter((call) => call.state === 'waiting').length;
  return {
    now: seconds(now),
    agents: shown,
    calls,
    counts: {
      idle: count('idle'),
      talk: count('talk'),
      wrap: count('wrap'),
      ringing: calls.length - waiting,
      amd: 0,
      waiting,
    },
    totals: {
      launched: 0,
      answered: 0,
      connected: 0,
      abandoned: 0,
      machine: 0,
      noanswer: 0,
      busy: 0,
      cancelled: 0,
    },
    lines: { max: campaign.maxLines, inUse: dials.length },
  };
}
