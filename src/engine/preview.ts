import type { Candidate } from '../acd/queue.ts';
import type { AgentId, CallId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import { previewEnd, readerGone } from '../dialer/preview.ts';
import type { AcdDispatcher } from './acd-dispatcher.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { CallState } from './call/state.ts';
import type { CallSession } from './call-session.ts';
import { previewCall } from './campaign-dial.ts';
import type { CampaignFloors } from './campaign-floors.ts';
import type { CampaignLauncher } from './campaign-launcher.ts';
import { insist } from './insist.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { PreviewView } from './ports/preview.ts';
import type { Answer } from './ports/service.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';
import { ended, type How, offered, type Round, type Shown, viewOf } from './preview-shown.ts';
import { Under } from './under.ts';

/** How long an agent and a lead are held without a word of this process. Nobody is held for a lead that another may be shown. */
const HOLD_MS = 60_000;
const LEASE_MS = 2 * HOLD_MS;
const RENEW_MS = 20_000;
/** His own phone rings for so long. */
const RING_MS = 20_000;

interface PreviewRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Ids;
  readonly history: Pick<History, 'giveBackLeads' | 'renewLeases' | 'refuseLeads'>;
  readonly live: Pick<LiveStore, 'append' | 'confirmReservation' | 'endReservation'>;
  readonly recorder: Recorder;
  readonly board: Pick<Switchboard, 'open'>;
  readonly desk: Pick<AgentDesk, 'reserve' | 'apply' | 'find'>;
  readonly dispatcher: Pick<AcdDispatcher, 'hold'>;
  readonly floors: CampaignFloors;
  readonly owner: string;
  /** Free agents who are kept for inbound calls. */
  held(): ReadonlySet<AgentId>;
}

interface Asker {
  readonly campaign: () => Campaign;
  readonly launcher: Pick<CampaignLauncher, 'pick' | 'dialFor' | 'takeBack'>;
  /** Takes a line and a call start of the campaign; why there is none. */
  readonly room: () => string | null;
}

const TAKEN_OFF = { ok: false, because: 'The lead was taken off.' } as const;

const no = (why: 'not-found' | 'conflict', sentence: string) => ({ ok: false, why, sentence }) as const;

/**
 * The leads of one campaign that agents look at before they are dialled. An agent and a lead are held by what all processes
 * see, so that a process that dies leaves both to others; what an agent was shown is known here alone.
 */
export class CampaignPreviews {
  readonly #rooms: PreviewRooms;
  readonly #asker: Asker;
  readonly #shown = new Map<AgentId, Shown>();
  /** By call, as long as the lead is not dialled: also of those who are shown it no more. */
  readonly #seats = new Map<CallId, Shown>();
  readonly #under = new Under();
  #stopped = false;

  constructor(rooms: PreviewRooms, asker: Asker) {
    this.#rooms = rooms;
    this.#asker = asker;
  }

  /** Looks after those who read, and shows a lead to each free agent. `dry`: no lead is due, so none is asked for. */
  async round(dry: boolean): Promise<Round> {
    await this.#renew();
    for (const shown of this.#shown.values()) this.#look(shown);
    const campaign = this.#asker.campaign();
    const free = dry || this.#stopped ? [] : this.#free(campaign);
    const release = this.#rooms.dispatcher.hold(campaign.id, campaign.require, free.length);
    let count = 0;
    try {
      for (const agentId of free) {
        const { because, ok, due } = await this.#show(campaign, agentId);
        if (ok) count += 1;
        if (!due) return { shown: count, because, dry: because === null };
      }
    } finally {
      release();
    }
    return { shown: count, because: null, dry: false };
  }

  /** What the agent is shown; null: nothing. */
  of(agentId: AgentId): PreviewView | null {
    const shown = this.#shown.get(agentId);
    return shown ? viewOf(shown, this.#asker.campaign()) : null;
  }

  /** His phone rings; when he is on the line the lead is dialled. */
  dial(agentId: AgentId): Answer<PreviewView> {
    const shown = this.#shown.get(agentId);
    if (!shown) return no('not-found', `Agent ${agentId} is shown no lead.`);
    if (shown.session) return no('conflict', `The lead of agent ${agentId} is being called already.`);
    const because = this.#asker.room();
    if (because !== null) return no('conflict', because);
    const { clock, ids, board } = this.#rooms;
    const { lead, callId: id, fence, reach } = shown;
    const session = board.open(
      previewCall(this.#asker.campaign(), lead, { id, legId: ids.next('leg'), agentId }, clock.now()),
    );
    shown.session = session;
    this.#seats.set(id, shown);
    session.post({ type: 'offer', for: 'visit', agents: [{ agentId, reach, fence }], ringMs: RING_MS, wrapUpMs: 0 });
    const value = this.of(agentId);
    return value ? { ok: true, value } : no('not-found', `Agent ${agentId} is shown no lead.`);
  }

  /** The lead is due again after the campaign's time between attempts, and none is counted. */
  async skip(agentId: AgentId, reason: string): Promise<Answer> {
    const shown = this.#shown.get(agentId);
    if (!shown) return no('not-found', `Agent ${agentId} is shown no lead.`);
    if (shown.session) return no('conflict', 'It is being called already: hang up instead.');
    const { history, owner, clock } = this.#rooms;
    const until = clock.now() + this.#asker.campaign().retryAfterMs;
    const refusal = { leadId: shown.lead.id, rule: 'not-yet-due', until } as const;
    this.#end(shown, 'skipped', reason);
    await insist(this.#rooms, 'lead skipped', () => history.refuseLeads([refusal], owner));
    return { ok: true, value: undefined };
  }

  /** He logs out; resolves when he is not held any more. */
  async leave(agentId: AgentId): Promise<void> {
    const shown = this.#shown.get(agentId);
    if (!shown || shown.session) return;
    this.#end(shown, 'withdrawn', readerGone({ status: 'logged-out', held: true }));
    await this.#giveBack(shown.lead);
    await this.#under.idle();
  }

  /** What is known of an agent changed. */
  follows({ live }: Candidate): void {
    const shown = this.#shown.get(live.id);
    if (!shown || shown.session) return;
    const held = live.state === 'reserved' && live.callId === shown.callId;
    const gone = readerGone({ status: live.status, held });
    if (gone !== null) this.#withdraw(shown, gone);
  }

  /** A call in which an agent takes his seat moved. */
  moved({ id, phase, attempt }: CallState, before: CallState): void {
    const shown = this.#seats.get(id);
    if (!shown?.session) return;
    if (attempt || phase === 'ended') this.#seats.delete(id);
    if (attempt) return this.#end(shown, 'dialled', null);
    if (phase === 'briefing' && before.phase !== 'briefing') return this.#under.add(this.#go(shown, shown.session));
    if (phase === 'ended') this.#seatLost(shown);
  }

  /** Nobody is shown a lead of it from now on, and who reads one reads no more; what is dialled already is let ring. */
  stop(): void {
    this.#stopped = true;
    this.clear('The campaign is not dialled any more.');
  }

  clear(why: string): void {
    for (const shown of this.#shown.values()) this.#withdraw(shown, why);
  }

  idle(): Promise<void> {
    return this.#under.idle();
  }

  /** Agents of the campaign whom nobody else has a claim on. */
  #free({ id }: Campaign): readonly AgentId[] {
    const { floors, desk } = this.#rooms;
    const kept = this.#rooms.held();
    const isOut = (agentId: AgentId) =>
      kept.has(agentId) || this.#shown.has(agentId) || desk.find(agentId)?.live.state !== 'idle';
    const others = new Set(floors.left(id, isOut));
    return floors.idle(id).filter((agentId) => !isOut(agentId) && !others.has(agentId));
  }

  /** `due`: there may be more leads to show. */
  async #show(campaign: Campaign, agentId: AgentId) {
    const { clock, ids, desk } = this.#rooms;
    const picked = await this.#asker.launcher.pick(campaign, agentId, LEASE_MS);
    if (!picked.ok) return { ok: false, due: false, because: picked.because };
    const { lead, holds } = picked;
    const callId = ids.next('call');
    const held = this.#stopped ? null : await desk.reserve(agentId, callId, HOLD_MS).catch(() => null);
    if (!held) {
      await this.#giveBack(lead);
      return { ok: false, due: !this.#stopped, because: null };
    }
    const now = clock.now();
    const about = { agentId, lead, callId, fence: held.fence, reach: held.reach, holds };
    const shown: Shown = { ...about, shownAt: now, renewedAt: -Infinity, session: null, attemptId: null };
    this.#shown.set(agentId, shown);
    this.#tell(offered(shown, campaign));
    if (this.#stopped) this.stop();
    const agent = desk.find(agentId);
    if (agent) this.follows(agent);
    return { ok: true, due: true, because: null };
  }

  /** What time, or the law, does to a lead that is read. */
  #look(shown: Shown): void {
    if (shown.session || this.#shown.get(shown.agentId) !== shown) return;
    if (!shown.holds()) return this.#withdraw(shown, 'The lead may not be dialled any more.');
    const { at, atEnd } = previewEnd(this.#asker.campaign(), shown.shownAt);
    if (this.#rooms.clock.now() < at) return;
    // With no line free he is asked again in the next round.
    if (atEnd === 'dial') return void this.dial(shown.agentId);
    this.#end(shown, 'lapsed', 'The agent neither dialled nor skipped it in time.');
    this.#under.add(this.#giveBack(shown.lead));
  }

  /** Both holds go on; where one was lost, to a stop of the lead or to another process, nobody is dialled. */
  async #renew(): Promise<void> {
    const { clock, history, live, owner } = this.#rooms;
    const now = clock.now();
    const due = [...this.#shown.values()].filter(({ renewedAt }) => now >= renewedAt + RENEW_MS);
    if (due.length === 0) return;
    const ids = due.map(({ lead }) => lead.id);
    const kept = new Set(await history.renewLeases(ids, owner, now + LEASE_MS));
    for (const shown of due) {
      shown.renewedAt = now;
      const isHis = shown.session || (await live.confirmReservation(shown.callId, shown.fence, HOLD_MS));
      if (!kept.has(shown.lead.id)) this.#withdraw(shown, 'The lead was taken off.');
      else if (!isHis) this.#withdraw(shown, 'The agent is not held for it any more.');
    }
  }

  /** The agent is on the line: the number is dialled now, or he is let go. */
  async #go(shown: Shown, session: CallSession): Promise<void> {
    const { history, owner, clock } = this.#rooms;
    const { lead, agentId } = shown;
    const ours = await history.renewLeases([lead.id], owner, clock.now() + LEASE_MS).catch(() => []);
    const campaign = this.#asker.campaign();
    const went = ours.length > 0 ? await this.#asker.launcher.dialFor(campaign, lead, session) : TAKEN_OFF;
    if (went.ok) shown.attemptId = went.attemptId;
    if (went.ok && session.state.phase === 'ended') return this.#seatLost(shown);
    if (went.ok || this.#shown.get(agentId) !== shown) return undefined;
    session.post({ type: 'hangup' });
    return this.#end(shown, 'withdrawn', went.because);
  }

  /** He did not come to his phone, or put it down before the number was dialled. */
  #seatLost(shown: Shown): void {
    const { lead, agentId, attemptId, session } = shown;
    if (session?.state.attempt) return;
    if (attemptId !== null) this.#under.add(this.#asker.launcher.takeBack(attemptId, lead));
    if (this.#shown.get(agentId) !== shown) return;
    this.#end(shown, 'lapsed', 'The agent was not on the line.');
    if (attemptId === null) this.#under.add(this.#giveBack(lead));
  }

  #withdraw(shown: Shown, why: string): void {
    // In the books already: it is dialled, or taken back by who writes it.
    if (this.#shown.get(shown.agentId) !== shown || shown.attemptId !== null) return;
    this.#end(shown, 'withdrawn', why);
    shown.session?.post({ type: 'hangup' });
    this.#under.add(this.#giveBack(shown.lead));
  }

  #giveBack({ id }: Lead): Promise<void> {
    const { history, owner } = this.#rooms;
    return insist(this.#rooms, 'leads given back', () => history.giveBackLeads([id], owner));
  }

  /** He is shown it no more. Who sits in its call follows that; who only read is free, or was not there. */
  #end(shown: Shown, how: How, why: string | null): void {
    const { agentId, session } = shown;
    if (this.#shown.get(agentId) !== shown) return;
    this.#shown.delete(agentId);
    this.#tell(ended(shown, this.#asker.campaign().id, how, why, this.#rooms.clock.now()));
    if (!session) this.#under.add(this.#letGo(shown, how));
  }

  async #letGo({ agentId, callId, fence }: Shown, how: How): Promise<void> {
    const { live, desk } = this.#rooms;
    await insist(this.#rooms, 'end of a reservation', () => live.endReservation(callId, fence));
    await desk.apply(agentId, { type: 'fail', verdict: how === 'lapsed' ? 'no-answer' : 'cancelled' }, callId);
  }

  #tell(fact: Fact): void {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`campaign/${this.#asker.campaign().id}`, [fact]);
    recorder.tell(events);
    this.#under.add(insist(this.#rooms, 'news of a preview', () => live.append(events)));
  }
}
