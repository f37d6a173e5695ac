import type { Why } from '../acd/decision.ts';
import type { Pace } from '../acd/estimate-pool.ts';
import type { Scene } from '../acd/match.ts';
import { poolAgent } from '../acd/pool-agent.ts';
import { type Candidate, PLAIN_TICKET, type WaitingCall } from '../acd/queue.ts';
import type { AgentId, CallId, CampaignId, EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile, Requirement } from '../call/routing.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { DncMessage } from './dnc-message.ts';
import type { ReleaseMessage } from './releases-follower.ts';
import { partsOf } from './call/tickets.ts';
import type { CallSession, OfferInput } from './call-session.ts';
import { freeLapsed } from './dispatch/lapsed.ts';
import { Leadership } from './dispatch/leadership.ts';
import type { Message } from './dispatch/messages.ts';
import { Offers } from './dispatch/offers.ts';
import { Outlook } from './dispatch/outlook.ts';
import { Peers } from './dispatch/peers.ts';
import { Pools } from './dispatch/pools.ts';
import { REST_MS, Rounds } from './dispatch/rounds.ts';
import { type Entry, WaitingList } from './dispatch/waiting-list.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Work } from './work-seen.ts';

/** Queues nobody moved in are looked at this often all the same: positions, lapsed reservations, processes that died. */
const SWEEP_MS = 5_000;
/** What an error of ours spoiled will mostly be spoiled again: it costs other callers no more than this. */
const SPOILED_REST_MS = 5_000;

export interface DispatchWatch {
  /** A pairing whose agents are held. */
  decided(why: Why): void;
  /** From when an agent and a call could be brought together to the command that rings the agent, ms. */
  offerTook(ms: number): void;
}

interface DispatcherRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly recorder: Recorder;
  readonly desk: AgentDesk;
  readonly owner: string;
  readonly watch: DispatchWatch;
  queues(): ReadonlyMap<string, QueueProfile>;
  /** How fast work went lately. */
  readonly pace: (now: EpochMs) => Pace;
  session(id: CallId): CallSession | undefined;
  /** Other processes changed profiles of agents. */
  profilesChanged(): Promise<void>;
  /** Campaigns changed elsewhere, or we lead other pools than before. */
  campaignsChanged(): void;
  /** Another process put somebody on a do-not-call list, or took him off. */
  readonly dncChanged: (change: DncMessage) => void;
  /** Another process told by which release its calls go. */
  readonly releaseTold: (told: ReleaseMessage) => void;
  /** What other processes said may not have been heard. */
  readonly missed: () => void;
  /** Another process told what it saw of the work. */
  readonly worked: (seen: readonly Work[]) => void;
}

/**
 * Brings waiting calls and free agents together, over all processes: each routing pool is led by one, which pairs the tickets
 * of all. Tickets are read from the calls' own states, so nothing is to be kept in step and a restart finds every place
 * again; `acd/pool` decides, and the reservation in the live store is the last word.
 */
export class AcdDispatcher {
  readonly #rooms: DispatcherRooms;
  readonly #pools: Pools;
  readonly #list: WaitingList;
  readonly #offers: Offers;
  readonly #rounds: Rounds;
  readonly #leadership: Leadership;
  readonly #peers: Peers;
  readonly outlook: Outlook;
  #holds = 0;
  #open = false;
  #sweep: (() => void) | null = null;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(rooms: DispatcherRooms) {
    this.#rooms = rooms;
    const { clock, owner } = rooms;
    this.#pools = new Pools(rooms.queues());
    const list = new WaitingList(owner, this.#pools);
    list.setOpen(owner, false, clock.now());
    this.#list = list;
    const again = (agentIds: readonly AgentId[], entry: Entry | null) => this.#again(agentIds, entry);
    const touched = (pools: readonly string[]) => this.#rounds.touch(pools);
    this.#offers = new Offers({
      ...rooms,
      list,
      again,
      open: () => this.#open,
      shut: (other) => touched(list.setOpen(other, false, clock.now())),
    });
    this.#peers = new Peers({
      ...rooms,
      list,
      touched,
      offered: (offer) => this.#offers.accept(offer, rooms.session(partsOf(offer.ticketId).callId)),
      declined: (entry) => void clock.at(clock.now() + REST_MS, () => again([], entry)),
      missed: () => this.#hearAgain(),
    });
    const leads = (queue: QueueName) => this.leads(queue);
    this.outlook = new Outlook({ ...rooms, pools: this.#pools, list, leads });
    const names = () => this.#pools.names(clock.now());
    this.#leadership = new Leadership({ ...rooms, names, changed: (gained) => this.#leadsOthers(gained) });
    const parts = { pools: this.#pools, list, offers: this.#offers, leadership: this.#leadership };
    this.#rounds = new Rounds({ ...rooms, ...parts, again: (agentIds) => again(agentIds, null) });
  }

  /** Listens to other processes; agents are to be loaded after it, and calls read back. */
  async listen(): Promise<void> {
    await this.#peers.listen();
  }

  /** Takes up all agents and tickets there are, and leads what nobody else does. */
  async start(): Promise<void> {
    this.outlook.readAgents();
    await this.#peers.readTickets();
    await this.#leadership.renew();
    this.#sweepLater();
  }

  stop(): void {
    this.#sweep?.();
    this.#leadership.stop();
    this.#peers.stop();
    this.#rounds.stop();
  }

  /** Gives the pools to other processes at once. */
  release(): Promise<void> {
    return this.#leadership.release();
  }

  async idle(): Promise<void> {
    await this.#sweeping;
    await this.#peers.idle();
    await this.#offers.idle();
  }

  /** Whether our own calls can be offered: the switch is there and reconciled. */
  setOpen(open: boolean): void {
    const { owner, clock } = this.#rooms;
    if (open === this.#open) return;
    this.#open = open;
    const touched = this.#list.setOpen(owner, open, clock.now());
    this.#sayOpen();
    this.#rounds.touch(touched);
  }

  #sayOpen(): void {
    this.#peers.say({ type: this.#open ? 'opened' : 'closed', from: this.#rooms.owner });
  }

  /** Who was taken for gone may only not have been heard; who is closed will decline. */
  #hearAgain(): void {
    this.#rounds.touch(this.#list.reopenOthers(this.#rooms.clock.now()));
    this.#sayOpen();
    this.#rooms.missed();
  }

  say(message: Extract<Message, { type: 'profiles' | 'campaigns' | 'release' }>): void {
    this.#peers.say(message);
  }

  /** Tells other processes, if there are any, what this one saw of the work. */
  share(seen: readonly Work[]): void {
    this.#peers.share({ type: 'work', seen });
  }

  /** Does this process pair the calls of the queue? */
  leads(queue: QueueName): boolean {
    return this.#leadership.leads(this.#pools.nameOf({ queue, only: null }, this.#rooms.clock.now()));
  }

  /** Does this process pair, and so dial, the persons of a campaign? One at a time does. */
  leadsCampaign(id: CampaignId): boolean {
    const name = this.#pools.open(`campaign:${id}`, this.#rooms.clock.now());
    if (!this.#leadership.knows(name)) void this.#leadership.renew();
    return this.#leadership.leads(name);
  }

  leadsAgent(id: AgentId): boolean {
    const name = this.#pools.nameOfAgent(id, this.#rooms.clock.now());
    return name !== null && this.#leadership.leads(name);
  }

  /** A call moved: it waits now, or waits no more. */
  follow(session: CallSession): void {
    const now = this.#rooms.clock.now();
    const touched = this.#list.follow(session, now);
    if (touched.length > 0) this.#rounds.touch(touched, { at: now, callId: session.id });
    // Everybody behind moves up with each who goes, but at first only who came is told his place.
    if (session.waits.length > 0 && session.state.visit?.position === 0) this.outlook.tellPlace(session, now);
  }

  /** What is known of an agent changed at that time. */
  follows(agent: Candidate, at: EpochMs): void {
    const now = this.#rooms.clock.now();
    const name = this.#pools.putAgent(poolAgent(agent, now), now);
    if (!this.#leadership.knows(name)) void this.#leadership.renew();
    this.#rounds.pair(name, { at, agentId: agent.live.id });
  }

  forget(id: AgentId): void {
    this.#pools.removeAgent(id);
  }

  /** An offer was handled: when it was not taken up, the ticket waits on. */
  offered(session: CallSession, { since }: OfferInput, spoiled = false): void {
    const now = this.#rooms.clock.now();
    if (session.state.offers.length > 0 && since !== undefined) this.#rooms.watch.offerTook(now - since);
    for (const { ticket } of session.waits) {
      const entry = this.#list.get(ticket.callId);
      const restMs = spoiled ? SPOILED_REST_MS : REST_MS;
      if (entry?.offering) this.#rooms.clock.at(now + restMs, () => this.#again([], entry));
    }
  }

  /** Keeps agents for dials that are about to be made, until the returned function is called. */
  hold(campaignId: string, require: readonly Requirement[], count: number): () => void {
    const now = this.#rooms.clock.now();
    const about = { ...PLAIN_TICKET, kind: 'campaign', queue: `campaign:${campaignId}`, require, campaignId } as const;
    const ids = Array.from({ length: count }, () => `hold-${(this.#holds += 1)}`);
    for (const callId of ids) this.#pools.hold({ ...about, callId, enqueuedAt: now }, now);
    return () => this.#rounds.touch(ids.flatMap((id) => this.#pools.release(id, this.#rooms.clock.now()) ?? []));
  }

  waitingIn(queue: string): readonly WaitingCall[] {
    return [...this.#list.waitingIn(queue)];
  }

  /** Everybody who waits and who serves, for who asks why. */
  scene(): Scene {
    const now = this.#rooms.clock.now();
    const tickets = [...this.#list.all()].filter(({ wait }) => !wait.expected).map(({ wait }) => wait.ticket);
    const agents = this.#rooms.desk.all().map((agent) => poolAgent(agent, now));
    return { calls: tickets, agents, queues: this.#rooms.queues(), kept: new Set(this.#pools.kept()) };
  }

  /** Looks again everywhere: rules or agents may be others. */
  kick(): void {
    const now = this.#rooms.clock.now();
    this.#pools.setQueues(this.#rooms.queues(), now);
    this.#rounds.touch(this.#pools.names(now));
  }

  /** After an offer that came to nothing: what is known of the agents is put anew, and the ticket waits on. */
  #again(agentIds: readonly AgentId[], entry: Entry | null): void {
    const { desk, clock } = this.#rooms;
    const touched = entry ? this.#list.giveBack(entry, clock.now()) : [];
    for (const id of agentIds) {
      const agent = desk.find(id);
      if (agent) this.follows(agent, clock.now());
    }
    this.#rounds.touch(touched);
  }

  #leadsOthers(gained: readonly string[]): void {
    this.outlook.readAgents();
    this.#rounds.touch(gained);
    this.#rooms.campaignsChanged();
  }

  #sweepLater(): void {
    const { clock } = this.#rooms;
    this.#sweep = clock.at(clock.now() + SWEEP_MS, () => {
      this.#sweeping = this.#sweepNow();
      this.#sweepLater();
    });
  }

  async #sweepNow(): Promise<void> {
    const now = this.#rooms.clock.now();
    this.kick();
    for (const { session } of this.#list.all()) if (session) this.outlook.tellPlace(session, now + 2 * SWEEP_MS);
    try {
      await this.#peers.sweep();
      await freeLapsed(this.#rooms, ({ live }) => this.leadsAgent(live.id));
    } catch (error) {
      this.#rooms.log.warn({ err: error }, 'live store away: what died processes left is looked at later');
    }
  }
}
