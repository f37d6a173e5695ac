import type { AgentId, AttemptId, EpochMs } from '../call/ids.ts';
import { callbackTurn } from '../dialer/callback.ts';
import type { AcdDispatcher } from './acd-dispatcher.ts';
import { AskedAnew } from './asked-anew.ts';
import { callOf, newAttempt } from './campaign-dial.ts';
import type { CampaignLaw, DialPermit, Judged } from './campaign-law.ts';
import type { CampaignTrunks } from './campaign-trunks.ts';
import type { CampaignFloors } from './campaign-floors.ts';
import type { CallState } from './call/state.ts';
import type { CallSession } from './call-session.ts';
import { isAsked, outsideHindrance } from './call-asks.ts';
import type { OutsideRefusal } from './call/world.ts';
import { insist } from './insist.ts';
import { refusedLook } from './refused-words.ts';
import { LeadSource } from './lead-source.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { ClaimRequest } from './ports/leads.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

/** A leased lead whose process died is due again after this; a process that is slow renews what it has yet to dial. */
const LEASE_MS = 60_000;
const RENEW_MS = LEASE_MS / 2;
/** A callback waits so long for its agent when nobody said how long. */
export const CALLBACK_WAIT_MS = 15 * 60_000;
/** So often others are leased for those whom the law forbids; then it is the next tick's turn. */
const MOST_ROUNDS = 20;
/** A promised call whose agent was taken in the last moment is looked at again after this. */
const AGAIN_MS = 1_000;

const GONE = 'The campaign does not run any more, or the lead was stopped or dialled meanwhile.';

type Refused = Extract<Judged<unknown>, { allowed: false }>;

type Claim = Pick<ClaimRequest, 'count' | 'callbackAgents' | 'callbackToTeamAfterMs'> &
  Partial<Pick<ClaimRequest, 'leaseUntil'>>;
type Ask = (lead: Lead) => Promise<Judged<boolean> | null>;

type Picked =
  | { readonly ok: true; readonly lead: Lead; readonly holds: () => boolean }
  /** What the law says when it lets nobody be dialled; null: no lead is due. */
  | { readonly ok: false; readonly because: string | null };

type DialledFor =
  | { readonly ok: true; readonly attemptId: AttemptId }
  | { readonly ok: false; readonly because: string };

/** The call in which the agent who asked for the dial sits. */
interface Seat {
  readonly session: CallSession;
  readonly attemptId: AttemptId;
}

interface For {
  readonly seat: Seat | undefined;
  /** To whom the call was promised. */
  readonly prefer: AgentId | null;
  readonly keeps: boolean;
  /** When its trunk was taken. */
  readonly at: EpochMs;
}

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
  /** Why the house lets no single call of that campaign go to the number now; null: it does. */
  readonly outside: (number: string, campaignId: string) => OutsideRefusal | null;
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
  readonly #anew: AskedAnew;

  constructor(rooms: LauncherRooms, asker: Asker) {
    this.#rooms = rooms;
    this.#asker = asker;
    this.#leads = new LeadSource(rooms.history);
    this.#anew = new AskedAnew(rooms);
  }

  /**
   * Leases so many leads and dials those that the law lets it; others are asked for those that it forbids. Leads that are not
   * dialled after all are due again at once. `keeps`: each dial keeps an agent from other calls while it rings.
   */
  launch(campaign: Campaign, count: number, keeps: boolean): Promise<Launched> {
    return this.#rounds(campaign, { count, ...this.#promised(campaign) }, (lead) => this.#ask(campaign, lead, keeps));
  }

  /** One lead whom the law lets be dialled, leased for so long, for this agent to look at. A call that he promised comes first. */
  async pick(campaign: Campaign, agentId: AgentId, leaseMs: number): Promise<Picked> {
    const picked: { lead: Lead; holds: () => boolean }[] = [];
    const leaseUntil = this.#rooms.clock.now() + leaseMs;
    const claim = { count: 1, leaseUntil, callbackAgents: [agentId], callbackToTeamAfterMs: CALLBACK_WAIT_MS };
    const { because } = await this.#rounds(campaign, claim, (lead) =>
      this.#rooms.law.ask(campaign, lead, async ({ holds }) => picked.push({ lead, holds }) > 0),
    );
    const [first] = picked;
    return first ? { ok: true, ...first } : { ok: false, because };
  }

  /**
   * Dials a lead for an agent who looked at it and sits on the line now. The law is asked anew: he may have read for long. Who
   * is not dialled after all is put back.
   */
  async dialFor(campaign: Campaign, lead: Lead, seat: CallSession): Promise<DialledFor> {
    const { law, history, owner } = this.#rooms;
    const barred = law.hindrance(campaign);
    const attemptId = this.#rooms.ids.next('attempt');
    const asked = barred === null ? await this.#ask(campaign, lead, true, { session: seat, attemptId }) : null;
    if (asked?.allowed && asked.value) return { ok: true, attemptId };
    if (asked && !asked.allowed) {
      await insist(this.#rooms, 'leads refused', () => history.refuseLeads([asked.refusal], owner));
      await this.#tell(campaign, [asked]);
      return { ok: false, because: asked.sentence };
    }
    await insist(this.#rooms, 'leads given back', () => history.giveBackLeads([lead.id], owner));
    return { ok: false, because: barred ?? (asked ? GONE : 'No trunk takes a call.') };
  }

  async #rounds(campaign: Campaign, claim: Claim, ask: Ask): Promise<Launched> {
    const { count } = claim;
    const because = this.#rooms.law.hindrance(campaign);
    if (because !== null) return { leased: 0, dialled: 0, because };
    await this.#anew.ask(campaign);
    const all = { leased: 0, dialled: 0, refused: [] as Refused[] };
    for (let round = 0; round < MOST_ROUNDS && all.dialled < count; round += 1) {
      const { leads, dialled, refused } = await this.#batch(campaign, { ...claim, count: count - all.dialled }, ask);
      all.leased += leads.length;
      all.dialled += dialled;
      all.refused.push(...refused);
      if (leads.length === 0 || dialled + refused.length < leads.length) break;
    }
    await this.#tell(campaign, all.refused);
    const { leased, dialled, refused } = all;
    return { leased, dialled, because: dialled === 0 ? refusedLook(refused.map(({ refusal }) => refusal.rule)) : null };
  }

  async #batch(campaign: Campaign, claim: Claim, ask: Ask) {
    const { history, owner, clock } = this.#rooms;
    const now = clock.now();
    const order = { campaignId: campaign.id, owner, now, leaseUntil: now + LEASE_MS };
    const leads = await this.#leads.claim({ ...order, ...claim });
    const refused: Refused[] = [];
    let dialled = 0;
    const areOurs = this.#keeper(leads, now);
    try {
      for (const [nth, lead] of leads.entries()) {
        if (!(await areOurs(nth))) break;
        const asked = await ask(lead);
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

  /** Keeps the leads of a batch that are not dialled yet; false: the store was away for so long that others may have them. */
  #keeper(leads: readonly Lead[], leasedAt: number): (nth: number) => Promise<boolean> {
    const { clock, history, owner } = this.#rooms;
    let heldAt = leasedAt;
    return async (nth) => {
      const now = clock.now();
      if (now < heldAt + RENEW_MS) return true;
      heldAt = now;
      const rest = leads.slice(nth).map(({ id }) => id);
      return (await history.renewLeases(rest, owner, now + LEASE_MS)).length === rest.length;
    };
  }

  /** Takes a line and a number to show, and asks the law for the dial as it would be made; null: no trunk takes any call now. */
  async #ask(campaign: Campaign, lead: Lead, keeps: boolean, seat?: Seat): Promise<Judged<boolean> | null> {
    const { ways, law, clock } = this.#rooms;
    const { prefer, wait } = this.#turn(campaign, lead);
    if (wait !== null && !seat) {
      const refusal = { leadId: lead.id, rule: 'not-yet-due', until: clock.now() + AGAIN_MS } as const;
      return { allowed: false, refusal, sentence: wait };
    }
    const barred = isAsked(lead.id) ? this.#rooms.outside(lead.number, campaign.id) : null;
    if (barred !== null) {
      const { rule, until, sentence } = outsideHindrance(barred, clock.now());
      return { allowed: false, refusal: { leadId: lead.id, rule, until }, sentence };
    }
    const way = ways.take(campaign, lead, (callerId) => law.hindrance({ ...campaign, callerId }));
    if (!way.ok && way.who === 'all') return null;
    if (!way.ok) {
      const { until, because: sentence } = way;
      return { allowed: false, refusal: { leadId: lead.id, rule: 'no-trunk', until }, sentence };
    }
    const { trunk, callerId, at } = way;
    const shown = { ...campaign, trunk, callerId };
    let went = false;
    try {
      const asked = await law.ask(shown, lead, (permit) =>
        this.#dial(shown, lead, permit, { seat, prefer, keeps, at }),
      );
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

  /** Whom a promised call is for: he was free when it was leased, and may not be any more. */
  #turn({ id, mode }: Campaign, lead: Lead): { readonly prefer: AgentId | null; readonly wait: string | null } {
    const { callbackAt: at, callbackAgent: agentId = null, callbackWaitMs: waitMs = CALLBACK_WAIT_MS } = lead;
    const { clock, floors } = this.#rooms;
    if (at === undefined || agentId === null || mode === 'agentless') return { prefer: null, wait: null };
    const agent = floors.idle(id).includes(agentId) ? 'ready' : floors.agent(id, agentId) ? 'busy' : 'away';
    const turn = callbackTurn({ at, agentId, waitMs }, agent, clock.now());
    return { prefer: turn.to === 'agent' ? agentId : null, wait: turn.to === 'wait' ? turn.why : null };
  }

  /**
   * The attempt is in the books before the number is dialled: a crash may lose a call, never the fact that it was made. False:
   * neither the campaign nor the lead may be dialled any more, or while it was written down nobody might be called there.
   */
  async #dial(campaign: Campaign, lead: Lead, permit: DialPermit, { seat, prefer, keeps, at }: For): Promise<boolean> {
    const { clock, ids, history, board, floors, dispatcher, ways } = this.#rooms;
    const { isStopped, dialled } = this.#asker;
    const callId = seat?.session.id ?? (isAsked(lead.id) && lead.attempts <= 1 ? lead.id : ids.next('call'));
    const [id, legId] = [seat?.attemptId ?? ids.next('attempt'), ids.next('leg')];
    const attempt = newAttempt(campaign, lead, { id, callId, startedAt: clock.now() });
    if (isStopped() || !(await history.startAttempt(attempt, permit.seen))) return false;
    const isGone = seat !== undefined && seat.session.state.phase !== 'briefing';
    if (isStopped() || isGone || !permit.holds()) return this.takeBack(id, lead);
    const { number, externalId = null, name, fields } = lead;
    const { trunk, callerId } = campaign;
    const order = { type: 'dial', number, trunk, callerId, at, lead: { externalId, name, fields } } as const;
    const release = this.#rooms.release(callId);
    const call = callOf(campaign, attempt, { legId, release, permit, prefer, keeps }, attempt.startedAt);
    const session = seat?.session ?? board.open(call);
    floors.dialled(campaign.id, session);
    ways.dialled(lead.id, () => !isStopped() && permit.holds());
    if (!seat) {
      dialled(session.state);
      dispatcher.follow(session);
    }
    session.post(seat && call.attempt ? { ...order, attempt: call.attempt } : order);
    return true;
  }

  /** A kill, or the law, or an agent who put down, came while the attempt was being written down. */
  async takeBack(attemptId: AttemptId, lead: Lead): Promise<false> {
    const { history, clock, ways } = this.#rooms;
    const now = clock.now();
    const end = { attemptId, endedAt: now, outcome: 'cancelled', q850: 16, sip: null, agentId: null } as const;
    const { callbackAt, callbackAgent: agentId = null, callbackWaitMs: waitMs } = lead;
    const owed = { at: callbackAt ?? now, agentId, ...(waitMs !== undefined && { waitMs }) };
    const next = { status: 'pending', notBefore: now, ...(callbackAt !== undefined && { callback: owed }) } as const;
    ways.giveBack(lead.id);
    await insist(this.#rooms, 'dial taken back', () => history.endAttempt({ ...end, lead: next }));
    return false;
  }
}
