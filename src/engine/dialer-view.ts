import type { AgentLive } from '../acd/agent.ts';
import { profileNow } from '../acd/pool-agent.ts';
import { type Candidate, qualified } from '../acd/queue.ts';
import type { EpochMs } from '../call/ids.ts';
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

/**
 * The agent, when he is ready and can take the persons of the campaign. A not-ready one is no use to a dialer, so he is not
 * shown to it; nor is one without the skills, for whom nobody may be dialled.
 */
export function seenBy(
  { id, require }: Pick<Campaign, 'id' | 'require'>,
  { live, profile }: Candidate,
): CampaignAgent | null {
  const queue = { name: `campaign:${id}`, require: [] };
  if (live.status !== 'ready' || !qualified(profileNow(profile, live.changed), queue, require)) return null;
  return { id: live.id, state: seen(live), since: live.since };
}

/** Who rests or backs off is as good as in wrap-up: nobody may be dialled for him. */
function seen({ state, restUntil, backOffUntil }: AgentLive): CampaignAgent['state'] {
  if (state === 'idle') return restUntil === null && backOffUntil === null ? 'idle' : 'wrap';
  return state === 'wrap-up' ? 'wrap' : 'talk';
}

interface View {
  readonly campaign: Campaign;
  /** Who is free for it. */
  readonly idle: readonly CampaignAgent[];
  /** All others of its agents, looked up only when pacing wants to see each. */
  readonly busy: () => readonly CampaignAgent[];
  readonly busyCounts: { readonly talk: number; readonly wrap: number };
  readonly dials: readonly DialInFlight[];
  /** Idle agents that other campaigns' dials count on. */
  readonly taken: number;
  readonly now: EpochMs;
}

/** The snapshot that pacing decides on; times in seconds since the campaign was made. */
export function dialerState({ campaign, idle, busy, busyCounts, dials, taken, now }: View): DialerState {
  const seconds = (at: EpochMs) => (at - campaign.createdAt) / 1000;
  const left = idle.slice(taken);
  const calls = dials.map((dial, id) => ({
    id,
    state: dial.waiting ? ('waiting' as const) : ('ringing' as const),
    launchedAt: seconds(dial.launchedAt),
    ringingAt: -1,
    answeredAt: dial.answeredAt === null ? -1 : seconds(dial.answeredAt),
  }));
  const waiting = calls.filter((call) => call.state === 'waiting').length;
  return {
    now: seconds(now),
    get agents() {
      return [...left, ...busy()].map(({ state, since }, id) => ({ id, state, since: seconds(since) }));
    },
    calls,
    counts: {
      idle: left.length,
      ...busyCounts,
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
