import type { Starts } from '../dialer/clip.ts';
import type { AgentId } from '../call/ids.ts';
import type { LeadLook } from '../dialer/campaign-gates.ts';
import type { AcdDispatcher } from './acd-dispatcher.ts';
import type { AgentDesk } from './agent-desk.ts';
import { type CampaignFloors, isOut } from './campaign-floors.ts';
import type { CampaignLaw } from './campaign-law.ts';
import type { CampaignLedgers } from './campaign-ledger.ts';
import { withWindow } from './campaign-ledger-words.ts';
import type { CampaignAmd } from './campaign-amd.ts';
import type { CampaignCapacity } from './campaign-capacity.ts';
import { PacedLog } from './campaign-paced.ts';
import { CampaignPreviews } from './preview.ts';
import { CampaignPacer } from './campaign-pacer.ts';
import { minRingOf } from './campaign-policy.ts';
import { CampaignLauncher } from './campaign-launcher.ts';
import { CampaignRounds, TICK_MS } from './campaign-rounds.ts';
import { CampaignPulse } from './campaign-pulse.ts';
import { agentsADial, hasIdle, keepsAgents, linesSeen } from './campaign-room.ts';
import { CampaignStarts } from './campaign-starts.ts';
import { CampaignSight } from './campaign-sight.ts';
import { customer } from './call/state.ts';
import type { OutsideRefusal } from './call/world.ts';
import type { CampaignTrunks } from './campaign-trunks.ts';
import type { Paced } from './ports/campaigns.ts';
import type { Campaign, History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

/** Nothing to dial is asked of the database again after this, unless leads were added. */
const ASK_AGAIN_MS = 5_000;

export interface RunnerRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Ids;
  readonly live: LiveStore;
  readonly history: History;
  readonly recorder: Recorder;
  readonly board: Switchboard;
  readonly desk: AgentDesk;
  readonly dispatcher: AcdDispatcher;
  readonly law: CampaignLaw;
  readonly owner: string;
  readonly ways: CampaignTrunks;
  readonly floors: CampaignFloors;
  readonly ledgers: CampaignLedgers;
  readonly amd: CampaignAmd;
  readonly capacity: CampaignCapacity;
  canDial(): boolean;
  /** Free agents who are kept for inbound calls: dials are not to count on them. */
  held(): ReadonlySet<AgentId>;
  /** Why the house lets no single call of that campaign go to the number now; null: it does. */
  readonly outside: (number: string, campaignId: string) => OutsideRefusal | null;
  /** The release that a new call takes. */
  release(callId: string): string;
  finished(campaignId: string): Promise<void>;
}

/**
 * Runs one campaign: on every change it shows pacing what it sees, clips the answer to lines and call starts, leases that many
 * leads and dials them. It decides nothing itself.
 */
export class CampaignRunner {
  campaign: Campaign;
  because: string | null = null;
  readonly pulse = new CampaignPulse();
  readonly sight: CampaignSight;
  /** Pacing's decisions, as they are shown and written. */
  readonly paced = new PacedLog();
  /** Leads that agents look at before they are dialled. */
  readonly previews: CampaignPreviews;
  readonly #rooms: RunnerRooms;
  readonly #pacer: CampaignPacer;
  readonly #launcher: CampaignLauncher;
  readonly #starts: CampaignStarts;
  /** What the law said when it last let nobody be dialled. */
  #barred: string | null = null;
  /** The law was asked of leads when they were last looked for, and forbade all of them. */
  #isRefused = false;
  /** The tick came, on which some policies decide and on nothing else. */
  #ticked = true;
  /** When the database said that nothing is due, and when it was asked whether all is done. */
  #dryUntil = 0;
  #doneAskedAt = -Infinity;
  #expiredAt = -Infinity;
  readonly #rounds: CampaignRounds;
  #stopped = false;

  constructor(campaign: Campaign, rooms: RunnerRooms) {
    this.campaign = campaign;
    this.#rooms = rooms;
    this.#rounds = new CampaignRounds({
      clock: rooms.clock,
      round: () => this.#round(),
      tick: () => this.start(),
      nth: rooms.floors.size,
    });
    this.#pacer = new CampaignPacer(campaign, rooms, TICK_MS);
    this.#launcher = new CampaignLauncher(rooms, {
      isStopped: () => this.#stopped,
      dialled: (call) => this.sight.moved(call),
    });
    const own = () => this.campaign;
    this.#starts = new CampaignStarts(rooms, { campaign: own, linesInUse: () => this.#linesInUse() });
    const room = () => this.#starts.one();
    this.previews = new CampaignPreviews(rooms, { campaign: own, launcher: this.#launcher, room });
    this.sight = new CampaignSight(
      () => this.campaign,
      rooms,
      (event) => {
        this.#pacer.on(event);
        this.pulse.see(event);
      },
    );
  }

  start(): void {
    this.sight.lookAround();
    this.#rooms.ways.look();
    this.#ticked = true;
    this.kick();
  }

  /** No new dials from now on, in the middle of a batch too; what rings is let ring. */
  stop(): void {
    this.#stopped = true;
    this.#rounds.stop();
    this.previews.stop();
    this.#rooms.floors.close(this.campaign.id);
  }

  /** Other settings from the next dial on. A policy that was made for others begins anew, and is told what was. */
  change(campaign: Campaign): void {
    if (campaign.mode !== 'preview') this.previews.clear('The campaign shows agents no leads any more.');
    this.campaign = campaign;
    this.#beginAnew();
    this.kick();
  }

  /** Other settings, or another window of the law: what was reckoned with so far is told again, or is no more. */
  #beginAnew(): void {
    this.#pacer.begin(this.campaign);
    this.sight.forget();
    this.#ticked = true;
  }

  /** Leads came: what was said of none being due holds no more. */
  leadsCame(): void {
    [this.#dryUntil, this.#doneAskedAt, this.#ticked] = [0, -Infinity, true];
    this.kick();
  }

  async idle(): Promise<void> {
    await this.#rounds.idle();
    await this.previews.idle();
  }

  kick(): void {
    this.#rounds.kick();
  }

  inFlight(): ReturnType<CampaignFloors['dials']> {
    return this.#rooms.floors.dials(this.campaign.id);
  }

  /** The last look for leads found none whose time has come. */
  get isDry(): boolean {
    return this.#rooms.clock.now() < this.#dryUntil;
  }

  get look(): LeadLook {
    if (this.isDry) return 'none';
    return this.#isRefused ? 'refused' : 'due';
  }

  /** Its agents, by what they do. */
  agents() {
    const { idle, talk, wrap } = this.#rooms.floors.counts(this.campaign.id);
    return { idle, talk, wrap };
  }

  /** Dials that have no agent yet. */
  out(): number {
    return this.inFlight().filter(({ state }) => isOut(state.phase)).length;
  }

  /** What forbids a call start at this moment, whatever the campaign's lines; null: nothing. */
  startsFault(): string | null {
    return this.#starts.fault();
  }

  /** Lines of the campaign and of its trunks, and what is used of each: of the trunks as they were last looked at. */
  lines() {
    const { lines, linesInUse } = this.#rooms.ways.room(this.campaign);
    return {
      campaign: { lines: this.campaign.maxLines, inUse: this.#linesInUse() },
      trunk: { lines, inUse: linesInUse },
    };
  }

  #linesInUse(): number {
    return this.#rooms.floors.inUse(this.campaign.id);
  }

  async #round(): Promise<void> {
    try {
      await this.#pace();
    } catch (error) {
      this.#rooms.log.error({ err: error, campaignId: this.campaign.id }, 'dialer round failed; no lead was lost');
    }
  }

  async #pace(): Promise<void> {
    const { clock } = this.#rooms;
    if (!this.#rooms.canDial()) {
      this.because = 'The switch is not connected.';
      return;
    }
    // On a large floor all dialers are woken a hundred times between two ticks.
    if (this.#pacer.decidesOnTick && !this.#ticked) return;
    if (this.sight.isOver || this.#pacer.isOver) this.#beginAnew();
    await this.sight.learn();
    this.#ticked = false;
    const state = this.sight.state(linesSeen(this.lines()));
    if (!state || this.#stopped) return;
    this.pulse.sample(clock.now(), state.totals.launched, state.lines.inUse);
    this.#rooms.floors.weigh(this.campaign.id, agentsADial(this.campaign.mode, this.#keeps(), state));
    const { ledger } = this.sight;
    const { launch: wanted, cancel, because } = this.#pacer.decide(state, ledger, this.pulse.pace.pace);
    this.because = withWindow(because ?? null, this.#pacer.limit, ledger, this.campaign.mode);
    this.#takeBack(cancel ?? []);
    const clipped = this.#starts.clipped(wanted);
    if (wanted > 0) this.because = clipped.because ?? this.because;
    const dialled = clipped.launch > 0 && clock.now() >= this.#dryUntil ? await this.#launch(clipped) : 0;
    const launched = this.campaign.mode === 'preview' ? await this.#show() : dialled;
    if (clipped.launch > 0 && launched === 0 && !this.#stopped) this.because = this.#barred ?? 'No lead is due yet.';
    this.#rooms.floors.wants(this.campaign.id, launched > 0 || !hasIdle(state));
    await this.#say(launched);
    await this.#expireLeases();
    if (launched === 0) await this.#finishWhenDone();
  }

  /** Leads that a dead process had leased are due again, also while others are dialled. */
  async #expireLeases(): Promise<void> {
    const { history, clock } = this.#rooms;
    if (clock.now() - this.#expiredAt < ASK_AGAIN_MS) return;
    this.#expiredAt = clock.now();
    await history.expireLeases(clock.now());
  }

  /** Calls that have rung as long as the law asks and that pacing would rather not have answered. */
  #takeBack(numbers: readonly number[]): void {
    if (numbers.length === 0) return;
    const { board, clock, law } = this.#rooms;
    const leastMs = minRingOf(law.profileOf(this.campaign));
    for (const id of this.sight.callsNumbered(numbers)) {
      const session = board.find(id);
      // The timer of the ring time, come early: a call that was answered meanwhile is let be.
      if (session && clock.now() - customer(session.state).startedAt >= leastMs)
        session.post({ type: 'timer', name: 'call:dial' });
    }
  }

  #keeps(): boolean {
    return keepsAgents(this.campaign.mode, this.sight.ledger);
  }

  async #launch(clipped: { readonly launch: number; readonly starts: Starts }): Promise<number> {
    const { clock, dispatcher } = this.#rooms;
    this.#starts.take(clipped.starts);
    const keeps = this.#keeps();
    const release = dispatcher.hold(this.campaign.id, this.campaign.require, keeps ? clipped.launch : 0);
    const went = await this.#launcher.launch(this.campaign, clipped.launch, keeps).finally(release);
    const { leased, dialled: leads } = went;
    this.#barred = went.because;
    this.#isRefused = went.leased > 0 && went.because !== null;
    // Where the law lets nobody be dialled, no lead was looked for.
    if (leased === 0 && went.because === null) this.#dryUntil = clock.now() + TICK_MS;
    this.#starts.giveBack(clipped.launch - leads);
    return leads;
  }

  /** Shows leads to agents instead of dialling them. */
  async #show(): Promise<number> {
    const { clock } = this.#rooms;
    const { shown, because, dry } = await this.previews.round(clock.now() < this.#dryUntil);
    if (dry) this.#dryUntil = clock.now() + TICK_MS;
    this.#isRefused = because !== null && this.#rooms.law.hindrance(this.campaign) === null;
    this.because = because ?? (this.isDry ? 'No lead is due yet.' : this.because);
    return shown;
  }

  async #finishWhenDone(): Promise<void> {
    const { campaign } = this;
    const { history, clock } = this.#rooms;
    if (this.#stopped || this.#linesInUse() > 0 || clock.now() - this.#doneAskedAt < ASK_AGAIN_MS) return;
    this.#doneAskedAt = clock.now();
    const counts = await history.leadCounts(campaign.id);
    if (counts.pending + counts.leased + counts.done === 0) this.because = 'The campaign has no leads yet.';
    if (counts.pending + counts.leased > 0 || counts.done === 0) return;
    await this.#rooms.finished(campaign.id);
  }

  async #say(launch: number): Promise<void> {
    const { recorder, live, clock } = this.#rooms;
    const decision: Paced = { at: clock.now(), launch, because: this.because ?? '', numbers: this.#pacer.numbers };
    const due = this.paced.add(decision);
    if (!due) return;
    const data = { campaignId: this.campaign.id, launch: due.launch, because: due.because, numbers: due.numbers };
    const events = recorder.events(`campaign/${this.campaign.id}`, [{ type: 'campaign.paced', data }]);
    await live.append(events);
    recorder.tell(events);
  }
}
