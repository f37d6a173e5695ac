import type { AgentId, AttemptId, CallId, CampaignId, LeadId } from '../call/ids.ts';
import type { Fact, JournalEvent } from '../call/journal.ts';
import type { AgentDesk } from './agent-desk.ts';
import { chainOf } from './campaign-chain.ts';
import { insist } from './insist.ts';
import type { ChainWish, UnsaidTalk } from './ports/chain.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

interface WayRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Pick<Ids, 'next'>;
  readonly history: Pick<
    History,
    'attemptOf' | 'campaign' | 'campaigns' | 'lead' | 'missWord' | 'owingCampaigns' | 'unsaidTalks'
  >;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly desk: Pick<AgentDesk, 'find'>;
  /** Nobody may call the number; while that is not known it may go on, since each dial is asked again. */
  readonly isBarred: (number: string) => boolean;
  /** There is a lead to dial in a campaign that may have finished. */
  readonly again: (id: CampaignId, by: string) => Promise<unknown>;
}

interface Ended {
  readonly attemptId: AttemptId;
  readonly callId: CallId;
  readonly number: string;
  /** Who talked with him; null: no agent. */
  readonly agentId: AgentId | null;
}

/** Talks that ended longer ago than this were given up when somebody looked before. */
const LOOK_BACK_MS = 24 * 60 * 60_000;
const BY = 'the dialer';

/**
 * Where leads go when a campaign is done with them, and who still has to say something of his talk. The move itself is made by
 * the store, with the end of the lead; here it is decided before, and told after.
 */
export class LeadWays {
  readonly #rooms: WayRooms;

  constructor(rooms: WayRooms) {
    this.#rooms = rooms;
  }

  /** The way of a lead if its end makes it done. A lead whose agent is still to speak of it stays until he has, or his time is over. */
  wish(campaign: Campaign, lead: Lead, { number, agentId }: Ended, said = false): ChainWish | undefined {
    const { clock, ids, isBarred } = this.#rooms;
    const about = { now: clock.now(), barred: isBarred(number), awaitsWord: agentId !== null && !said };
    return (campaign.chain ?? []).length === 0
      ? undefined
      : chainOf(campaign, lead, { ...about, newId: ids.next('lead') });
  }

  /** The attempt is closed, perhaps by a process that has died since and told nobody. */
  async ended(campaign: Campaign | null, leadId: LeadId, { attemptId, callId, agentId }: Ended): Promise<void> {
    if (!campaign) return;
    await this.told(campaign, leadId, attemptId);
    if (agentId === null || this.#isOn(agentId, callId)) return;
    await this.#missed(campaign, { attemptId, campaignId: campaign.id, leadId, callId, agentId });
  }

  /** Tells that the lead went on with this attempt, if it has; told again after a crash rather than never. */
  async told({ chain = [], id: campaignId }: Campaign, leadId: LeadId, attemptId: AttemptId): Promise<void> {
    if (chain.length === 0) return;
    const { history, again } = this.#rooms;
    const lead = await history.lead(leadId);
    const next =
      lead?.chainedTo !== undefined && lead.chainedBy === attemptId ? await history.lead(lead.chainedTo) : null;
    if (!next) return;
    const { id: toLeadId, campaignId: toCampaignId, notBefore } = next;
    const data = { campaignId, leadId, attemptId, toCampaignId, toLeadId, notBefore };
    await this.#tell(campaignId, { type: 'lead.chained', data });
    await again(toCampaignId, BY);
  }

  /** An agent is done with his talk and his wrap-up. */
  see(event: JournalEvent): void {
    if (event.type !== 'agent.state.changed' || event.data.state === 'wrap-up') return;
    const { agentId, previous } = event.data;
    if (previous !== 'talking' && previous !== 'wrap-up') return;
    const last = this.#rooms.desk.find(agentId)?.live.lastCall;
    if (!last?.queue?.startsWith('campaign:') || last.disposition !== null) return;
    void insist(this.#rooms, 'a talk without a disposition', () => this.#silent(last.callId));
  }

  /** Looks for what a process that died may have left undone. */
  look(): void {
    void insist(this.#rooms, 'look for talks without a disposition', () => this.#sweep());
    void insist(this.#rooms, 'look for leads of finished campaigns', () => this.wake());
  }

  /** Campaigns that have finished and have a lead to dial again go on; one of them, or all. */
  async wake(only: CampaignId | null = null): Promise<void> {
    const owing = await this.#rooms.history.owingCampaigns();
    for (const id of owing) if (only === null || id === only) await this.#rooms.again(id, BY);
  }

  /** Talks whose agents went on while no process saw it. */
  async #sweep(): Promise<void> {
    const { history, clock } = this.#rooms;
    const campaigns = new Map((await history.campaigns()).filter(wantsWords).map((one) => [one.id, one]));
    const talks = await history.unsaidTalks([...campaigns.keys()], clock.now() - LOOK_BACK_MS);
    for (const talk of talks.filter(({ agentId, callId }) => !this.#isOn(agentId, callId))) {
      const campaign = campaigns.get(talk.campaignId);
      if (campaign) await this.#missed(campaign, talk);
    }
  }

  async #silent(callId: CallId): Promise<void> {
    const { history } = this.#rooms;
    const found = await history.attemptOf(callId);
    if (!found || found.word || found.attempt.endedAt === null || found.attempt.agentId === null) return;
    const { id: attemptId, campaignId, leadId, agentId } = found.attempt;
    const campaign = await history.campaign(campaignId);
    if (campaign) await this.#missed(campaign, { attemptId, campaignId, leadId, callId, agentId });
  }

  /** Told where the campaign asks for a word; its lead goes on without one either way. */
  async #missed(campaign: Campaign, talk: UnsaidTalk): Promise<void> {
    if (!wantsWords(campaign)) return;
    const { history, clock } = this.#rooms;
    const lead = await history.lead(talk.leadId);
    const { attemptId, callId, agentId } = talk;
    const chain = lead
      ? this.wish(campaign, lead, { attemptId, callId, agentId, number: lead.number }, true)
      : undefined;
    if (!(await history.missWord(attemptId, clock.now(), chain))) return;
    if (campaign.asksDisposition) await this.#tell(campaign.id, { type: 'disposition.missing', data: { ...talk } });
    await this.told(campaign, talk.leadId, attemptId);
  }

  /** He talks in this call, or is in the wrap-up after it. */
  #isOn(agentId: AgentId, callId: CallId): boolean {
    const live = this.#rooms.desk.find(agentId)?.live;
    if (live?.state === 'wrap-up') return live.lastCall?.callId === callId;
    return live?.state === 'talking' && live.callId === callId;
  }

  async #tell(campaignId: CampaignId, fact: Fact): Promise<void> {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`campaign/${campaignId}`, [fact]);
    await live.append(events);
    recorder.tell(events);
  }
}

const wantsWords = ({ chain = [], asksDisposition = false }: Campaign) => asksDisposition || chain.length > 0;
