import { PLAIN_FLOOR } from '../acd/agent-rules.ts';
import { AcdDispatcher } from './acd-dispatcher.ts';
import { AgentDesk } from './agent-desk.ts';
import { bookkeeping } from './bookkeeping.ts';
import { EngineCallbackDesk } from './callback-desk.ts';
import { Callbacks } from './callbacks.ts';
import { Callers } from './callers.ts';
import type { CallState } from './call/state.ts';
import { EngineCampaignDesk } from './campaign-desk.ts';
import type { EngineCallAsks } from './call-asks.ts';
import type { CampaignAmd } from './campaign-amd.ts';
import { CampaignLaw } from './campaign-law.ts';
import type { CampaignLedgers } from './campaign-ledger.ts';
import { DecisionKeeper } from './decision-keeper.ts';
import { EngineDispositionDesk } from './disposition-desk.ts';
import { EngineDncDesk } from './dnc-desk.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';
import {
  amdOf,
  callAsksOf,
  campaignsOf,
  dispositionsOf,
  fleetOf,
  lawOf,
  ledgersOf,
  leadWaysOf,
  profilesOf,
  trunksOf,
  waysOf,
} from './house-dialer.ts';
import type { FollowUpDesk } from './follow-up-desk.ts';
import type { FollowUpWarden } from './follow-up-warden.ts';
import type { EngineFollowUpCalls } from './follow-up-calls.ts';
import { releasesOf } from './house-releases.ts';
import { thresholdsOf } from './house-thresholds.ts';
import { followUpCallsOf, followUpsOf, promisesOf } from './house-work.ts';
import { EngineExplainer } from './explain/explain.ts';
import type { CallTrunks } from './call-trunks.ts';
import type { CampaignTrunks } from './campaign-trunks.ts';
import { CampaignFleet } from './fleet.ts';
import { FloorCodes } from './floor-codes.ts';
import { EngineFloor } from './floor.ts';
import { EngineFlowDesk } from './flow-desk.ts';
import { FlowKeeper } from './flow-keeper.ts';
import { FlowServices } from './flow-services.ts';
import type { KeyFigures } from './key-figures.ts';
import { figuresOf } from './house-figures.ts';
import { LeadWays } from './lead-ways.ts';
import { Lines } from './lines.ts';
import { OutsideLegs } from './outside-legs.ts';
import { EnginePreviewDesk } from './preview-desk.ts';
import type { CallbackDesk } from './ports/callback-desk.ts';
import type { FlowDesk } from './ports/flow-desk.ts';
import type { EngineRooms, Hooks } from './rooms.ts';
import { QueuePolicy } from './queue-policy.ts';
import { Recorder } from './recorder.ts';
import type { Releases } from './releases.ts';
import type { EngineReleaseDesk } from './releases-desk.ts';
import type { ReleaseFollower } from './releases-follower.ts';
import { Switchboard } from './switchboard.ts';
import { EngineTalkDesk } from './talk-desk.ts';
import type { ThresholdWatch } from './thresholds.ts';
import { TalkRecordings } from './talk-recordings.ts';
import { Tally } from './tally.ts';
import type { TrunkBook } from './trunk-book.ts';

/**
 * Everybody in the engine, put together once, in an order in which most find those they need; who needs somebody that is
 * made later asks for him when he needs him. It decides nothing and starts nothing.
 */
export class House {
  readonly recorder: Recorder;
  readonly tally = new Tally();
  readonly decisions: DecisionKeeper;
  readonly evidence: EvidenceKeeper;
  readonly releases: Releases;
  readonly releaseDesk: EngineReleaseDesk;
  readonly follower: ReleaseFollower;
  readonly desk: AgentDesk;
  readonly dispatcher: AcdDispatcher;
  readonly policy: QueuePolicy;
  readonly outside: OutsideLegs;
  readonly lines: Lines;
  readonly floor: EngineFloor;
  readonly talk: EngineTalkDesk;
  readonly talks: TalkRecordings;
  readonly board: Switchboard;
  /** Does again what a process that died had written and perhaps not done. */
  readonly redo: (call: CallState) => Promise<void>;
  readonly callbacks: Callbacks;
  readonly callbackDesk: CallbackDesk;
  readonly followUpCalls: EngineFollowUpCalls;
  readonly followUps: FollowUpDesk;
  readonly warden: FollowUpWarden;
  readonly thresholds: ThresholdWatch;
  readonly flowDesk: FlowDesk;
  readonly keeper: FlowKeeper;
  readonly figures: KeyFigures;
  readonly explainer: EngineExplainer;
  readonly fleet: CampaignFleet;
  readonly book: TrunkBook;
  readonly callTrunks: CallTrunks;
  readonly ways: CampaignTrunks;
  readonly campaigns: EngineCampaignDesk;
  readonly callAsks: EngineCallAsks;
  readonly previews: EnginePreviewDesk;
  readonly dnc: EngineDncDesk;
  readonly dispositions: EngineDispositionDesk;
  readonly leadWays: LeadWays;
  readonly law: CampaignLaw;
  readonly amd: CampaignAmd;
  readonly ledgers: CampaignLedgers;

  constructor(rooms: EngineRooms, hooks: Hooks) {
    const { clock, log, live, history } = rooms;
    const recorder = new Recorder(clock, log);
    this.recorder = recorder;
    const board = () => this.board;
    const { releases, follower, releaseDesk } = releasesOf(this, rooms);
    this.releases = releases;
    this.follower = follower;
    this.releaseDesk = releaseDesk;
    this.decisions = new DecisionKeeper({ clock, log, live, history });
    this.evidence = new EvidenceKeeper({ clock, log, live, history });
    this.dnc = new EngineDncDesk({ ...rooms, recorder, board });
    const { book, callTrunks } = trunksOf(this, rooms);
    this.book = book;
    this.callTrunks = callTrunks;
    this.law = lawOf(this, rooms);
    this.amd = amdOf(rooms);
    this.ledgers = ledgersOf(this, rooms);
    this.desk = deskOf(this, rooms);
    this.dispatcher = dispatcherOf(this, rooms, hooks);
    const { desk, dispatcher } = this;
    this.policy = new QueuePolicy({ ...rooms, recorder, releases, desk, dispatcher, board });
    this.outside = outsideOf(this, rooms);
    this.lines = linesOf(this, rooms);
    this.floor = floorOf(this, rooms);
    this.talks = new TalkRecordings({ ...rooms, recorder, board });
    this.talk = talkOf(this, rooms);
    this.leadWays = leadWaysOf(this, rooms);
    const { redo, ...books } = booksOf(this, rooms);
    this.redo = redo;
    this.board = boardOf(this, rooms, hooks, books);
    this.dispositions = dispositionsOf(this, rooms);
    this.callbacks = new Callbacks({
      ...rooms,
      recorder,
      board: this.board,
      site: () => releases.current.site,
      trunks: this.callTrunks,
    });
    this.keeper = new FlowKeeper({ ...rooms, recorder });
    const { callbacks, keeper, talks } = this;
    this.callbackDesk = new EngineCallbackDesk({
      ...rooms,
      callbacks,
      queues: () => releases.queues,
      destinations: () => releases.current.site.destinations,
      country: rooms.settings.country,
    });
    const { followUps, warden } = followUpsOf(this, rooms);
    this.followUps = followUps;
    this.followUpCalls = followUpCallsOf(this, rooms);
    this.warden = warden;
    const { world } = books;
    this.flowDesk = new EngineFlowDesk({ ...rooms, callbacks, keeper, board: this.board, world, talks });
    this.figures = figuresOf(this, rooms);
    this.explainer = new EngineExplainer({ ...rooms, desk, dispatcher, board: this.board });
    this.ways = waysOf(this, rooms);
    this.fleet = fleetOf(this, rooms, hooks);
    this.callAsks = callAsksOf(this, rooms);
    this.previews = new EnginePreviewDesk(this.desk, this.fleet);
    this.campaigns = campaignsOf(this, rooms, hooks);
    this.thresholds = thresholdsOf(this, rooms);
    this.#watchJournal();
  }

  #watchJournal(): void {
    const { recorder, tally, decisions, evidence, policy, fleet, leadWays } = this;
    for (const who of [tally, decisions, evidence, policy.work, fleet, leadWays])
      recorder.witness((event) => who.see(event));
  }
}

type Books = Omit<ReturnType<typeof bookkeeping>, 'redo'>;

const rulesOf = ({ releases }: House) => releases.current.site.floor ?? PLAIN_FLOOR;

function deskOf(house: House, { clock, log, live }: EngineRooms): AgentDesk {
  return new AgentDesk({
    clock,
    log,
    live,
    recorder: house.recorder,
    rules: () => rulesOf(house),
    moved: (agent, at) => {
      house.lines.follow(agent.live);
      house.dispatcher.follows(agent, at);
      house.policy.kick();
      house.fleet.follows(agent);
    },
    leads: (id) => house.dispatcher.leadsAgent(id),
    watches: (id) => house.dispatcher.leadsAgent(id) || house.lines.of(id) !== null,
  });
}

function dispatcherOf(house: House, { clock, log, live, settings, watch }: EngineRooms, hooks: Hooks): AcdDispatcher {
  const { recorder, desk, releases } = house;
  return new AcdDispatcher({
    clock,
    log,
    live,
    recorder,
    desk,
    owner: settings.owner,
    watch: { decided: () => undefined, offerTook: () => undefined, ...watch },
    queues: () => releases.queues,
    pace: (now) => house.policy.pace(now),
    session: (id) => house.board.find(id),
    profilesChanged: () => hooks.profilesChanged(),
    campaignsChanged: () => {
      house.fleet.look();
      house.leadWays.look();
    },
    dncChanged: (change) => house.dnc.keeper.hear(change),
    releaseTold: (told) => house.follower.hear(told),
    missed: () => {
      house.dnc.keeper.look();
      house.follower.missed();
    },
    worked: (seen) => house.policy.work.hear(seen),
  });
}

function outsideOf(house: House, rooms: EngineRooms): OutsideLegs {
  return new OutsideLegs({
    ...rooms,
    destinations: () => house.releases.current.site.destinations,
    states: () => house.board.all().map(({ state }) => state),
    lines: () => house.lines.outside(),
  });
}

function linesOf(house: House, { clock, log, ids, switchPort }: EngineRooms): Lines {
  const { desk, outside, callTrunks: trunks } = house;
  const lent = (legId: string) => house.board.has(legId);
  return new Lines({ clock, log, ids, switchPort, desk, outside, trunks, rules: () => rulesOf(house), lent });
}

function floorOf(house: House, { clock, switchPort }: EngineRooms): EngineFloor {
  const { desk, lines, outside, releases, book: trunks } = house;
  const rooms = { clock, switchPort, desk, lines, trunks };
  return new EngineFloor({
    ...rooms,
    rules: () => rulesOf(house),
    queues: () => releases.queues,
    skills: () => releases.current.site.skills,
    outsideRefusal: (number) => outside.refusal(number),
    leavesLead: (id) => house.previews.leave(id),
    campaigns: () => house.dispositions,
  });
}

function talkOf(house: House, { switchPort, settings: { country } }: EngineRooms): EngineTalkDesk {
  const board = { find: (id: string) => house.board.find(id), all: () => house.board.all() };
  const flows = (release: string) => house.releases.site(release).flows;
  const queues = () => house.releases.queues;
  const { desk, callTrunks: trunks } = house;
  return new EngineTalkDesk({ switchPort, desk, board, trunks, country, flows, queues });
}

function booksOf(house: House, rooms: EngineRooms) {
  const { desk, dispatcher, floor, talk, talks, releases, outside, lines, leadWays: ways } = house;
  const codes = new FloorCodes({ clock: rooms.clock, desk, floor, talk, trunks: rooms.site.trunks });
  const services = new FlowServices({
    ...rooms,
    dispatcher,
    site: () => releases.current.site,
    codes: (source, request) => codes.serve(source, request),
    promised: () => house.callbacks.promised(),
    optOut: (number, campaignId) => house.dnc.optOut(number, campaignId),
    promise: (...wish) => house.followUps.create(...wish),
    country: rooms.settings.country,
  });
  const callers = new Callers({ ...rooms, callbacks: () => house.callbacks });
  const optOut = (number: string) => house.dnc.optOut(number, null);
  const profileOf = profilesOf(house);
  const told = { talks, callers, releases, desk, dispatcher, services, outside, lines, optOut, profileOf, ways };
  return bookkeeping({ ...rooms, ...told, ...promisesOf(house, rooms) });
}

function boardOf(house: House, rooms: EngineRooms, hooks: Hooks, books: Books): Switchboard {
  const { clock, log, live, switchPort, ids, settings } = rooms;
  const { owner, ...limits } = settings;
  const { recorder, dispatcher, releases } = house;
  return new Switchboard({
    clock,
    log,
    live,
    switchPort,
    ids,
    recorder,
    owner,
    limits,
    ...books,
    took: (state, before) => house.callTrunks.took(state, before),
    moved: (session, before) => hooks.moved(session, before),
    offered: (call, offer, spoiled) => dispatcher.offered(call, offer, spoiled),
    release: (callId) => releases.forCall(callId),
  });
}
