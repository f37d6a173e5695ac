import { PLAIN_FLOOR } from '../acd/agent-rules.ts';
import { AcdDispatcher, type DispatchWatch } from './acd-dispatcher.ts';
import { AgentDesk } from './agent-desk.ts';
import { bookkeeping } from './bookkeeping.ts';
import { EngineCallbackDesk } from './callback-desk.ts';
import { Callbacks } from './callbacks.ts';
import { Callers } from './callers.ts';
import type { CallState } from './call/state.ts';
import { EngineCampaignDesk } from './campaign-desk.ts';
import { CampaignLaw } from './campaign-law.ts';
import type { CallSession } from './call-session.ts';
import { DecisionKeeper } from './decision-keeper.ts';
import { EngineDispositionDesk } from './disposition-desk.ts';
import { EngineDncDesk } from './dnc-desk.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';
import { EngineExplainer } from './explain/explain.ts';
import { CampaignTrunks } from './campaign-trunks.ts';
import { CampaignFleet } from './fleet.ts';
import { FloorCodes } from './floor-codes.ts';
import { EngineFloor } from './floor.ts';
import { EngineFlowDesk } from './flow-desk.ts';
import { FlowKeeper } from './flow-keeper.ts';
import { FlowServices } from './flow-services.ts';
import { KeyFigures } from './key-figures.ts';
import type { ProfileOf } from './lead-after.ts';
import { Lines } from './lines.ts';
import { OutsideLegs } from './outside-legs.ts';
import type { SecretHasher } from './ports/secrets.ts';
import type { CallbackDesk } from './ports/callback-desk.ts';
import type { DncStore } from './ports/dnc.ts';
import type { FlowDesk } from './ports/flow-desk.ts';
import type { FlowStore } from './ports/flow-store.ts';
import type { History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { RecordingStore } from './ports/recordings.ts';
import type { Draft, ReleaseMaker } from './ports/releases.ts';
import type { SpeechPort } from './ports/speech.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { WebPort } from './ports/web.ts';
import { QueuePolicy } from './queue-policy.ts';
import { Recorder } from './recorder.ts';
import { Releases } from './releases.ts';
import { EngineReleaseDesk } from './releases-desk.ts';
import type { Site } from './site.ts';
import { Switchboard } from './switchboard.ts';
import { EngineTalkDesk } from './talk-desk.ts';
import { TalkRecordings } from './talk-recordings.ts';
import { Tally } from './tally.ts';

export interface EngineRooms {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly switchPort: SwitchPort;
  readonly live: LiveStore;
  readonly history: History;
  readonly flows: FlowStore;
  readonly dnc: DncStore;
  readonly recordings: RecordingStore;
  readonly web: WebPort;
  readonly speech: SpeechPort;
  readonly pins: SecretHasher;
  /** What flows may read as `${env.NAME}`. */
  readonly env: ReadonlyMap<string, string>;
  /** Its agents and trunks are in force to the end of this process; all else comes from the releases. */
  readonly site: Site;
  readonly maker: ReleaseMaker;
  /** What the start found in the folder of the flows. */
  readonly draft: Draft;
  readonly settings: EngineSettings;
  readonly watch?: Partial<DispatchWatch>;
  /** Another process has taken over; this one must stop acting, and best of all end. */
  readonly fenced: (reason: string) => void;
}

interface EngineSettings {
  /** Name of this process in leases. */
  readonly owner: string;
  readonly maxCalls: number;
  readonly maxSetupP99Ms: number;
  /** ISO 3166 country of numbers written without `+`; null refuses them. */
  readonly country: string | null;
}

/** What the house tells the engine, or asks it. */
export interface Hooks {
  /** Is the switch there, and reconciled? */
  connected(): boolean;
  moved(session: CallSession, before: CallState): void;
  /** Another process changed who the agents are. */
  profilesChanged(): Promise<void>;
}

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
  readonly flowDesk: FlowDesk;
  readonly keeper: FlowKeeper;
  readonly figures: KeyFigures;
  readonly explainer: EngineExplainer;
  readonly fleet: CampaignFleet;
  readonly ways: CampaignTrunks;
  readonly campaigns: EngineCampaignDesk;
  readonly dnc: EngineDncDesk;
  readonly dispositions: EngineDispositionDesk;
  readonly law: CampaignLaw;

  constructor(rooms: EngineRooms, hooks: Hooks) {
    const { clock, log, live, history, site } = rooms;
    const recorder = new Recorder(clock, log);
    this.recorder = recorder;
    const board = () => this.board;
    const inCalls = () => this.board.all().map(({ state }) => state.release);
    const releases = new Releases({ ...rooms, recorder, inCalls, changed: () => this.policy.rulesChanged() });
    this.releases = releases;
    this.releaseDesk = new EngineReleaseDesk({ ...rooms, releases, inCalls });
    this.decisions = new DecisionKeeper({ clock, log, live, history });
    this.evidence = new EvidenceKeeper({ clock, log, live, history });
    this.dnc = new EngineDncDesk({ ...rooms, recorder, board });
    this.law = lawOf(this, rooms);
    this.desk = deskOf(this, rooms);
    this.dispatcher = dispatcherOf(this, rooms, hooks);
    const { desk, dispatcher } = this;
    this.policy = new QueuePolicy({ ...rooms, recorder, releases, desk, dispatcher, board });
    this.outside = outsideOf(this, rooms);
    this.lines = linesOf(this, rooms);
    this.floor = floorOf(this, rooms);
    this.talks = new TalkRecordings({ ...rooms, recorder, board });
    this.talk = talkOf(this, rooms);
    const { redo, ...books } = booksOf(this, rooms);
    this.redo = redo;
    this.board = boardOf(this, rooms, hooks, books);
    this.dispositions = dispositionsOf(this, rooms);
    this.callbacks = new Callbacks({
      ...rooms,
      recorder,
      board: this.board,
      site: () => releases.current.site,
      trunks: site.trunks,
    });
    this.keeper = new FlowKeeper({ ...rooms, recorder });
    const { callbacks, keeper, talks } = this;
    this.callbackDesk = new EngineCallbackDesk({ ...rooms, callbacks });
    const { world } = books;
    this.flowDesk = new EngineFlowDesk({ ...rooms, callbacks, keeper, board: this.board, world, talks });
    this.figures = figuresOf(this, rooms);
    this.explainer = explainerOf(this, rooms);
    this.ways = new CampaignTrunks({
      ...rooms,
      recorder,
      board: this.board,
      trunks: site.trunks,
      pools: () => releases.current.site.callerIds ?? new Map(),
    });
    this.fleet = fleetOf(this, rooms, hooks);
    const { fleet } = this;
    const connected = () => hooks.connected();
    this.campaigns = new EngineCampaignDesk({
      clock,
      history,
      live,
      board: this.board,
      desk,
      fleet,
      ways: this.ways,
      connected,
      law: this.law,
    });
    this.#watchJournal();
  }

  #watchJournal(): void {
    const { recorder, tally, decisions, evidence, policy, fleet } = this;
    for (const who of [tally, decisions, evidence, policy.work, fleet]) recorder.witness((event) => who.see(event));
  }
}

type Books = Omit<ReturnType<typeof bookkeeping>, 'redo'>;

/** By which compliance profile a campaign dials. */
const profilesOf =
  (house: House): ProfileOf =>
  (campaign) =>
    house.law.profileOf(campaign);

function dispositionsOf(house: House, rooms: EngineRooms): EngineDispositionDesk {
  return new EngineDispositionDesk({
    ...rooms,
    recorder: house.recorder,
    desk: house.desk,
    dnc: house.dnc,
    board: () => house.board,
    profileOf: profilesOf(house),
    dispositions: () => house.releases.current.site.dispositions ?? new Map<string, never>(),
    again: (id, by) => house.fleet.again(id, by),
  });
}

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

function lawOf({ dnc, releases }: House, { clock, history }: EngineRooms): CampaignLaw {
  const site = () => releases.current.site;
  const profiles = () => site().profiles ?? new Map<string, never>();
  return new CampaignLaw({
    clock,
    history,
    dnc: dnc.keeper,
    profiles,
    prompts: () => site().prompts,
    routes: () => site().routes,
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
    campaignsChanged: () => house.fleet.look(),
    dncChanged: (change) => house.dnc.keeper.hear(change),
    missed: () => house.dnc.keeper.look(),
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
  const { desk, outside } = house;
  const lent = (legId: string) => house.board.has(legId);
  return new Lines({ clock, log, ids, switchPort, desk, outside, rules: () => rulesOf(house), lent });
}

function floorOf(house: House, { clock, switchPort, site: { trunks } }: EngineRooms): EngineFloor {
  const { desk, lines, outside, releases } = house;
  const rooms = { clock, switchPort, desk, lines, trunks };
  return new EngineFloor({
    ...rooms,
    rules: () => rulesOf(house),
    queues: () => releases.queues,
    skills: () => releases.current.site.skills,
    outsideRefusal: (number) => outside.refusal(number),
  });
}

function talkOf(house: House, { switchPort, site: { trunks }, settings: { country } }: EngineRooms): EngineTalkDesk {
  const board = { find: (id: string) => house.board.find(id), all: () => house.board.all() };
  const flows = (release: string) => house.releases.site(release).flows;
  const queues = () => house.releases.queues;
  return new EngineTalkDesk({ switchPort, desk: house.desk, board, trunks, country, flows, queues });
}

function booksOf(house: House, rooms: EngineRooms) {
  const { desk, dispatcher, floor, talk, talks, releases, outside, lines } = house;
  const codes = new FloorCodes({ clock: rooms.clock, desk, floor, talk, trunks: rooms.site.trunks });
  const services = new FlowServices({
    ...rooms,
    dispatcher,
    site: () => releases.current.site,
    codes: (source, request) => codes.serve(source, request),
    promised: () => house.callbacks.promised(),
    optOut: (number, campaignId) => house.dnc.optOut(number, campaignId),
    country: rooms.settings.country,
  });
  const callers = new Callers({ ...rooms, callbacks: () => house.callbacks });
  const optOut = (number: string) => house.dnc.optOut(number, null);
  const profileOf = profilesOf(house);
  const told = { talks, callers, releases, desk, dispatcher, services, outside, lines, optOut, profileOf };
  return bookkeeping({ ...rooms, ...told });
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
    moved: (session, before) => hooks.moved(session, before),
    offered: (call, offer, spoiled) => dispatcher.offered(call, offer, spoiled),
    release: (callId) => releases.forCall(callId),
  });
}

function figuresOf({ releases, desk }: House, { live }: EngineRooms): KeyFigures {
  return new KeyFigures({
    live,
    queues: () => releases.queues,
    agents: () => desk.all().map(({ profile }) => profile),
    settings: () => releases.current.site.kpis,
  });
}

function explainerOf({ desk, dispatcher, board }: House, rooms: EngineRooms): EngineExplainer {
  return new EngineExplainer({ ...rooms, desk, dispatcher, board });
}

function fleetOf(house: House, rooms: EngineRooms, hooks: Hooks): CampaignFleet {
  const { clock, log, ids, live, history, settings } = rooms;
  const { recorder, board, desk, dispatcher, policy, law } = house;
  const shared = { clock, log, ids, live, history, recorder, board, desk, dispatcher, law };
  return new CampaignFleet({
    ...shared,
    owner: settings.owner,
    ways: house.ways,
    canDial: () => hooks.connected(),
    held: () => policy.held(),
    leads: (campaignId) => dispatcher.leadsCampaign(campaignId),
    release: (callId) => house.releases.forCall(callId).id,
    flows: () => new Set(house.releases.current.site.flows.keys()),
    changed: () => dispatcher.say({ type: 'campaigns' }),
  });
}
