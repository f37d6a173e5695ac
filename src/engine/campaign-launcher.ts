import type { AcdDispatcher } from './acd-dispatcher.ts';
import { callOf, newAttempt } from './campaign-dial.ts';
import type { CampaignFloors } from './campaign-floors.ts';
import type { CallState } from './call/state.ts';
import { insist } from './insist.ts';
import { LeadSource } from './lead-source.ts';
import type { Attempt, Campaign, History, Lead } from './ports/history.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Switchboard } from './switchboard.ts';

/** A leased lead whose process died is dialled again after this. */
const LEASE_MS = 10 * 60_000;

interface LauncherRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Ids;
  readonly history: History;
  readonly board: Switchboard;
  readonly floors: CampaignFloors;
  readonly dispatcher: AcdDispatcher;
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

  /** Leases so many leads and dials them; those that it does not dial after all are due again at once. */
  async launch(campaign: Campaign, count: number): Promise<{ readonly leased: number; readonly dialled: number }> {
    const { history, owner, clock } = this.#rooms;
    const now = clock.now();
    const leads = await this.#leads.claim({ campaignId: campaign.id, count, owner, now, leaseUntil: now + LEASE_MS });
    let dialled = 0;
    try {
      for (const lead of leads) {
        if (!(await this.#dial(campaign, lead))) break;
        dialled += 1;
      }
    } finally {
      // Stopped in the middle, or the store went away: the others wait for no lease to lapse.
      const left = leads.slice(dialled).map(({ id }) => id);
      if (left.length > 0) await insist(this.#rooms, 'leads given back', () => history.giveBackLeads(left, owner));
    }
    return { leased: leads.length, dialled };
  }

  /**
   * The attempt is in the books before the number is dialled: a crash may lose a call, never the fact that it was made. False:
   * the campaign does not run any more.
   */
  async #dial(campaign: Campaign, lead: Lead): Promise<boolean> {
    const { clock, ids, history, board, floors, dispatcher } = this.#rooms;
    const { isStopped, dialled } = this.#asker;
    const [callId, id, legId] = [ids.next('call'), ids.next('attempt'), ids.next('leg')];
    const attempt = newAttempt(campaign, lead, { id, callId, startedAt: clock.now() });
    if (isStopped() || !(await history.startAttempt(attempt))) return false;
    if (isStopped()) return this.#takeBack(attempt);
    const release = this.#rooms.release(callId);
    const session = board.open(callOf(campaign, attempt, { legId, release }, attempt.startedAt));
    floors.dialled(campaign.id, session);
    dialled(session.state);
    dispatcher.follow(session);
    session.post({ type: 'dial', number: lead.number, trunk: campaign.trunk, callerId: campaign.callerId });
    return true;
  }

  /** A kill came while the attempt was being written down. */
  async #takeBack({ id: attemptId }: Attempt): Promise<false> {
    const { history, clock } = this.#rooms;
    const now = clock.now();
    const end = { attemptId, endedAt: now, outcome: 'cancelled', q850: 16, sip: null, agentId: null } as const;
    const lead = { status: 'pending', notBefore: now } as const;
    await insist(this.#rooms, 'dial taken back', () => history.endAttempt({ ...end, lead }));
    return false;
  }
}
