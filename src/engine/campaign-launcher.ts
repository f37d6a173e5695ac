import type { AcdDispatcher } from './acd-dispatcher.ts';
import { callOf, newAttempt } from './campaign-dial.ts';
import type { CampaignLaw, DialPermit, Judged } from './campaign-law.ts';
import type { CampaignTrunks } from './campaign-trunks.ts';
import type { CampaignFloors } from './campaign-floors.ts';
import type { CallState } from './call/state.ts';
import { insist } from './insist.ts';
import { LeadSource } from './lead-source.ts';
import type { Attempt, Campaign, History, Lead } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { ClaimRequest } from './ports/leads.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

/** A leased lead whose process died is dialled again after this. */
const LEASE_MS = 10 * 60_000;
/** A callback waits so long for its agent when nobody said how long. */
export const CALLBACK_WAIT_MS = 15 * 60_000;
/** So often others are leased for those whom the law forbids; then it is the next tick's turn. */
const MOST_ROUNDS = 20;

type Refused = Extract<Judged<unknown>, { allowed: false }>;

interface Launched {
  readonly leased: number;
  readonly dialled: number;
  /** What the law says when it let nobody be dialled. */
  readonly because: string | null;
}

interface LauncherRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Ids;
  readonly history: History;
  readonly board: Switchboard;
  readonly floors: CampaignFloors;
  readonly dispatcher: AcdDispatcher;
  readonly law: CampaignLaw;
  readonly ways: CampaignTrunks;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly owner: string;
  /** The release that a new call takes. */
  release(callId: string): string;
}

interface Asker {
  /** The campaign is dialled here no more: not even the rest of a batch. */
  readonly isStopped: () => boolean;
  readonly dialled: (call: CallState) => void;
}

/** The one place from which a campaign's dials go out. */
export class CampaignLauncher {
  readonly #rooms: LauncherRooms;
  readonly #asker: Asker;
  readonly #leads: LeadSource;

  constructor(rooms: LauncherRooms, asker: Asker) {
    this.#rooms = rooms;
    this.#asker = asker;
    this.#leads = new LeadSource(rooms.history);
  }

  /**
   * Leases so many leads and dials those that the law lets it; others are asked for those that it forbids. Leads that are not
   * dialled after all are due again at once.
   */
  async launch(campaign: Campaign, count: number): Promise<Launched> {
    const because = this.#rooms.law.hindrance(campaign);
    if (because !== null) return { leased: 0, dialled: 0, because };
    const all = { leased: 0, dialled: 0, refused: [] as Refused[] };
    for (let round = 0; round < MOST_ROUNDS && all.dialled < count; round += 1) {
      const { leads, dialled, refused } = await this.#batch(campaign, count - all.dialled);
      all.leased += leads.length;
      all.dialled += dialled;
      all.refused.push(...refused);
      if (leads.length === 0 || dialled + refused.length < leads.length) break;
    }
    await this.#tell(campaign, all.refused);
    const { leased, dialled, refused } = all;
    return { leased, dialled, because: dialled === 0 ? (refused.at(-1)?.sentence ?? null) : null };
  }

  async #batch(campaign: Campaign, count: number) {
    const { history, owner, clock } = this.#rooms;
    const now = clock.now();
    const request = { campaignId: campaign.id, count, owner, now, leaseUntil: now + LEASE_MS };
    const leads = await this.#leads.claim({ ...request, ...this.#promised(campaign) });
    const refused: Refused[] = [];
    let dialled = 0;
    try {
      for (const lead of leads) {
        const asked = await this.#ask(campaign, lead);
        if (!asked || (asked.allowed && !asked.value)) break;
        if (asked.allowed) dialled += 1;
        else refused.push(asked);
      }
    } finally {
      const refusals = refused.map(({ refusal }) => refusal);
      if (refusals.length > 0) await insist(this.#rooms, 'leads refused', () => history.refuseLeads(refusals, owner));
      // Stopped in the middle, or the store went away: the others wait for no lease to lapse.
      const left = leads.slice(dialled + refused.length).map(({ id }) => id);
      if (left.length > 0) await insist(this.#rooms, 'leads given back', () => history.giveBackLeads(left, owner));
    }
    return { leads, dialled, refused };
  }

  /** Takes a line and a number to show, and asks the law for the dial as it would be made; null: no trunk takes any call now. */
  async #ask(campaign: Campaign, lead: Lead): Promise<Judged<boolean> | null> {
    const { ways, law } = this.#rooms;
    const way = ways.take(campaign, lead, (callerId) => law.hindrance({ ...campaign, callerId }));
    if (!way.ok && way.who === 'all') return null;
    if (!way.ok) {
      const { until, because: sentence } = way;
      return { allowed: false, refusal: { leadId: lead.id, rule: 'no-trunk', until }, sentence };
    }
    const { trunk, callerId } = way;
    const shown = { ...campaign, trunk, callerId };
    let went = false;
    try {
      const asked = await law.ask(shown, lead, (permit) => this.#dial(shown, lead, permit));
      went = asked.allowed && asked.value;
      return asked;
    } finally {
      if (!went) ways.giveBack(lead.id);
    }
  }

  async #tell({ id: campaignId }: Campaign, refused: readonly Refused[]): Promise<void> {
    if (refused.length === 0) return;
    const { recorder, live } = this.#rooms;
    const facts = refused.map(({ refusal: { leadId, rule, until } }) => ({
      type: 'attempt.refused' as const,
      data: { campaignId, leadId, rule, until },
    }));
    const events = recorder.events(`campaign/${campaignId}`, facts);
    await live.append(events);
    recorder.tell(events);
  }

  /** A call that was promised by an agent is made when he is free; when he is not for long, whoever is makes it. */
  #promised({ id, mode }: Campaign): Pick<ClaimRequest, 'callbackAgents' | 'callbackToTeamAfterMs'> {
    if (mode === 'agentless') return {};
    return { callbackAgents: this.#rooms.floors.idle(id), callbackToTeamAfterMs: CALLBACK_WAIT_MS };
  }

  /**
   * The attempt is in the books before the number is dialled: a crash may lose a call, never the fact that it was made. False:
   * the campaign does not run any more, or while it was written down nobody might be called there any more.
   */
  async #dial(campaign: Campaign, lead: Lead, permit: DialPermit): Promise<boolean> {
    const { clock, ids, history, board, floors, dispatcher } = this.#rooms;
    const { isStopped, dialled } = this.#asker;
    const [callId, id, legId] = [ids.next('call'), ids.next('attempt'), ids.next('leg')];
    const attempt = newAttempt(campaign, lead, { id, callId, startedAt: clock.now() });
    if (isStopped() || !(await history.startAttempt(attempt, permit.seen))) return false;
    if (isStopped() || !permit.holds()) return this.#takeBack(attempt);
    const release = this.#rooms.release(callId);
    const session = board.open(callOf(campaign, attempt, { legId, release, permit }, attempt.startedAt));
    floors.dialled(campaign.id, session);
    dialled(session.state);
    dispatcher.follow(session);
    session.post({ type: 'dial', number: lead.number, trunk: campaign.trunk, callerId: campaign.callerId });
    return true;
  }

  /** A kill, or the law, came while the attempt was being written down. */
  async #takeBack({ id: attemptId }: Attempt): Promise<false> {
    const { history, clock } = this.#rooms;
    const now = clock.now();
    const end = { attemptId, endedAt: now, outcome: 'cancelled', q850: 16, sip: null, agentId: null } as const;
    const lead = { status: 'pending', notBefore: now } as const;
    await insist(this.#rooms, 'dial taken back', () => history.endAttempt({ ...end, lead }));
    return false;
  }
}
