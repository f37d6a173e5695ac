import { giveBack, type Clipped, type Starts, clip } from '../dialer/clip.ts';
import { createPolicy, type Policy } from '../dialer/pacing/index.ts';
import { insist } from './insist.ts';
import { type CampaignFloors, isOut } from './campaign-floors.ts';
import { dialerState, type DialInFlight, seenBy } from './dialer-view.ts';
import { type CallState, outboundCall } from './call/state.ts';
import type { AgentId } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import { PLAIN_REQUEST } from '../call/routing.ts';
import type { AcdDispatcher } from './acd-dispatcher.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

/** A dialer that nobody woke looks again after this long: leads whose time has come, tokens that came back. */
const TICK_MS = 500;
/** A leased lead whose process died is dialled again after this. */
const LEASE_MS = 10 * 60_000;

interface TrunkTerms {
  readonly name: string;
  readonly lines: number;
  readonly cps: number;
}

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
  readonly owner: string;
  readonly trunks: ReadonlyMap<string, TrunkTerms>;
  readonly floors: CampaignFloors;
  /** Call starts of each trunk, shared by the campaigns that use it. */
  readonly trunkStarts: Map<string, Starts>;
  canDial(): boolean;
  /** Free agents who are kept for inbound calls: dials are not to count on them. */
  held(): ReadonlySet<AgentId>;
  finished(campaignId: string): Promise<void>;
}

/**
 * Runs one campaign: on every change it shows pacing what it sees, clips the answer to lines and call starts, leases that many
 * leads and dials them. It decides nothing itself.
 */
export class CampaignRunner {
  campaign: Campaign;
  because: string | null = null;
  readonly #rooms: RunnerRooms;
  readonly #policy: Policy;
  #starts: Starts = [];
  #held: ReadonlySet<AgentId> = new Set();
  #tick: (() => void) | null = null;
  #round: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(campaign: Campaign, rooms: RunnerRooms) {
    this.campaign = campaign;
    this.#rooms = rooms;
    this.#policy = createPolicy({
      abandonTarget: 0.03,
      connectDeadlineSec: campaign.connectDeadlineMs / 1000,
      minRingSec: 15,
      maxRingSec: campaign.ringMs / 1000,
      maxLines: campaign.maxLines,
      cps: campaign.cps,
      tickSec: TICK_MS / 1000,
      dayHours: 8,
      amd: false,
      amdFalsePositiveEstimate: 0,
      seed: 1,
    });
  }

  start(): void {
    this.#lookAround();
    this.kick();
  }

  /** No new dials from now on; what rings is let ring. */
  stop(): void {
    this.#stopped = true;
    this.#tick?.();
    this.#rooms.floors.close(this.campaign.id);
  }

  async idle(): Promise<void> {
    while (this.#round) await this.#round;
  }

  kick(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#round ??= this.#run();
  }

  inFlight(): ReturnType<CampaignFloors['dials']> {
    return this.#rooms.floors.dials(this.campaign.id);
  }

  /** At everybody, which only the tick does. */
  #lookAround(): void {
    const { floors, desk, board } = this.#rooms;
    floors.look(this.campaign, desk.all(), board.all());
    this.#held = this.#rooms.held();
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#pace();
      } catch (error) {
        this.#rooms.log.error({ err: error, campaignId: this.campaign.id }, 'dialer round failed; no lead was lost');
      }
    }
    this.#round = null;
    this.#tick?.();
    const { clock } = this.#rooms;
    if (!this.#stopped) this.#tick = clock.at(clock.now() + TICK_MS, () => this.start());
  }

  async #pace(): Promise<void> {
    const { clock } = this.#rooms;
    if (!this.#rooms.canDial()) {
      this.because = 'The switch is not connected.';
      return;
    }
    const decision = this.#policy.decide(this.#view());
    const wanted = typeof decision === 'number' ? decision : decision.launch;
    this.because = typeof decision === 'number' ? null : (decision.because ?? null);
    if (wanted === 0) return this.#finishWhenDone();
    const clipped = clip(wanted, this.#limits(), clock.now());
    this.because = clipped.because ?? this.because;
    if (clipped.launch > 0) await this.#launch(clipped);
    return undefined;
  }

  #view() {
    const { desk, clock, floors } = this.#rooms;
    const { id } = this.campaign;
    const dials = this.inFlight().flatMap(({ state }): DialInFlight[] => {
      // Once an agent is reserved for it, a dial is that agent's: he is shown as talking.
      const waiting = state.phase === 'queued';
      if (!isOut(state.phase)) return [];
      return [{ id: state.id, waiting, launchedAt: state.startedAt, answeredAt: state.answeredAt }];
    });
    // Who is held back is found out by a look at all agents: only when there is somebody to be dialled for.
    if (floors.counts(id).idle > dials.length) this.#held = this.#rooms.held();
    // One who is being reserved at this moment is counted as idle still: the desk knows better.
    const idle = floors.idle(id).flatMap((agentId) => {
      const agent = this.#held.has(agentId) ? undefined : desk.find(agentId);
      const seen = agent ? seenBy(this.campaign, agent) : null;
      return seen?.state === 'idle' ? [seen] : [];
    });
    const busy = () => floors.agents(id).filter(({ state }) => state !== 'idle');
    const { talk, wrap } = floors.counts(id);
    const taken = floors.taken(id);
    return dialerState({
      campaign: this.campaign,
      idle,
      busy,
      busyCounts: { talk, wrap },
      dials,
      taken,
      now: clock.now(),
    });
  }

  #limits() {
    const { trunks, trunkStarts, board } = this.#rooms;
    const { trunk: name, maxLines, cps } = this.campaign;
    const trunk = trunks.get(name);
    const held = board.all().filter(({ state }) => holdsLine(state) && state.source === name).length;
    const terms = { lines: trunk?.lines ?? 0, cps: trunk?.cps ?? 0 };
    return {
      campaign: {
        title: 'The campaign',
        lines: maxLines,
        linesInUse: this.inFlight().length,
        cps,
        starts: this.#starts,
      },
      trunk: { title: `Trunk ${name}`, ...terms, linesInUse: held, starts: trunkStarts.get(name) ?? [] },
    };
  }

  async #launch(clipped: Clipped): Promise<void> {
    const { clock, trunkStarts, owner, dispatcher } = this.#rooms;
    const now = clock.now();
    this.#starts = clipped.campaign;
    trunkStarts.set(this.campaign.trunk, clipped.trunk);
    const request = { campaignId: this.campaign.id, count: clipped.launch, owner, now, leaseUntil: now + LEASE_MS };
    const release = dispatcher.hold(this.campaign.id, this.campaign.require, clipped.launch);
    const leads = await this.#dialSome(request).finally(release);
    const unused = clipped.launch - leads;
    if (unused > 0) {
      this.#starts = giveBack(this.#starts, unused);
      trunkStarts.set(this.campaign.trunk, giveBack(trunkStarts.get(this.campaign.trunk) ?? [], unused));
    }
    if (leads === 0) this.because = 'No lead is due yet.';
    if (leads === 0) return this.#finishWhenDone();
    return this.#say(leads);
  }

  async #dialSome(request: Parameters<History['claimLeads']>[0]): Promise<number> {
    const { history, owner } = this.#rooms;
    const leads = await history.claimLeads(request);
    let dialled = 0;
    try {
      for (const lead of leads) {
        if (!(await this.#dial(lead))) break;
        dialled += 1;
      }
    } finally {
      // Stopped in the middle, or the store went away: the others wait for no lease to lapse.
      const left = leads.slice(dialled).map(({ id }) => id);
      if (left.length > 0) await insist(this.#rooms, 'leads given back', () => history.giveBackLeads(left, owner));
    }
    return dialled;
  }

  /**
   * The attempt is in the books before the number is dialled: a crash may lose a call, never the fact that it was made. False:
   * the campaign does not run any more.
   */
  async #dial(lead: Lead): Promise<boolean> {
    const { clock, ids, history, board } = this.#rooms;
    const { campaign } = this;
    const [callId, attemptId, legId] = [ids.next('call'), ids.next('attempt'), ids.next('leg')];
    const { id: leadId, number } = lead;
    const startedAt = clock.now();
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    const attempt = { id: attemptId, campaignId: campaign.id, leadId, callId, number, startedAt, ...open };
    if (this.#stopped || !(await history.startAttempt(attempt))) return false;
    const { language, require, ringMs, connectDeadlineMs, wrapUpMs } = campaign;
    const session = board.open(
      outboundCall(
        {
          id: callId,
          legId,
          ani: campaign.callerId,
          dnis: number,
          source: campaign.trunk,
          language,
          attempt: {
            campaignId: campaign.id,
            leadId,
            attemptId,
            phase: 'dialing',
            ringMs,
            connectDeadlineMs,
            wrapUpMs,
          },
          request: {
            queue: `campaign:${campaign.id}`,
            language,
            require: [...require],
            priority: 0,
            maxWaitMs: null,
            ...PLAIN_REQUEST,
          },
        },
        startedAt,
      ),
    );
    this.#rooms.floors.dialled(campaign.id, session);
    this.#rooms.dispatcher.follow(session);
    session.post({ type: 'dial', number, trunk: campaign.trunk, callerId: campaign.callerId });
    return true;
  }

  async #finishWhenDone(): Promise<void> {
    const { campaign } = this;
    const { history } = this.#rooms;
    if (this.inFlight().length > 0) return;
    await history.expireLeases(this.#rooms.clock.now());
    const counts = await history.leadCounts(campaign.id);
    if (counts.pending + counts.leased + counts.done === 0) this.because = 'The campaign has no leads yet.';
    if (counts.pending + counts.leased > 0 || counts.done === 0) return;
    await this.#rooms.finished(campaign.id);
  }

  async #say(launch: number): Promise<void> {
    const { recorder, live } = this.#rooms;
    const data = { campaignId: this.campaign.id, launch, because: this.because ?? '' };
    const events: JournalEvent[] = recorder.events(`campaign/${this.campaign.id}`, [{ type: 'campaign.paced', data }]);
    await live.append(events);
    recorder.tell(events);
  }
}

/** Does this call have a line of a trunk that we dialled? A callback that waits for its turn has none yet. */
const holdsLine = ({ attempt, errand, phase }: CallState): boolean =>
  attempt !== null || (errand !== null && (phase === 'calling-back' || phase === 'talking'));
