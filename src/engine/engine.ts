import { PLAIN_FLOOR } from '../acd/agent-rules.ts';
import type { LegEvent, SwitchEvent } from '../call/switch.ts';
import type { Fact } from '../call/journal.ts';
import { AcdDispatcher, type DispatchWatch } from './acd-dispatcher.ts';
import { AgentDesk } from './agent-desk.ts';
import { bookkeeping } from './bookkeeping.ts';
import { EngineCallbackDesk } from './callback-desk.ts';
import { Callbacks } from './callbacks.ts';
import { Callers } from './callers.ts';
import type { CallState } from './call/state.ts';
import type { CallSession, SessionRooms } from './call-session.ts';
import { DecisionKeeper } from './decision-keeper.ts';
import { CampaignFleet } from './fleet.ts';
import { EngineExplainer } from './explain/explain.ts';
import { EngineFlowDesk } from './flow-desk.ts';
import { FlowKeeper } from './flow-keeper.ts';
import { FlowServices } from './flow-services.ts';
import { HandleTimes } from './handle-times.ts';
import { OutsideLegs } from './outside-legs.ts';
import { EngineFloor } from './floor.ts';
import { EngineTalkDesk } from './talk-desk.ts';
import { FloorCodes } from './floor-codes.ts';
import { Lines } from './lines.ts';
import { Ownership } from './ownership.ts';
import type { PinHasher } from './pin-hash.ts';
import type { CallbackDesk } from './ports/callback-desk.ts';
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
import { Recorder, type Witness } from './recorder.ts';
import { readBackCalls, reconcile } from './recovery.ts';
import { Releases } from './releases.ts';
import { EngineReleaseDesk } from './releases-desk.ts';
import type { Site } from './site.ts';
import { KeyFigures } from './key-figures.ts';
import { isLegEvent, Switchboard } from './switchboard.ts';
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
  readonly recordings: RecordingStore;
  readonly web: WebPort;
  readonly speech: SpeechPort;
  readonly pins: PinHasher;
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

/** Walks calls between the rooms. Everything is put together here once; then events flow. */
export class Engine {
  readonly board: Switchboard;
  readonly desk: AgentDesk;
  readonly dispatcher: AcdDispatcher;
  readonly fleet: CampaignFleet;
  readonly flowDesk: FlowDesk;
  readonly floor: EngineFloor;
  readonly talk: EngineTalkDesk;
  readonly lines: Lines;
  readonly figures: KeyFigures;
  readonly explainer: EngineExplainer;
  readonly policy: QueuePolicy;
  readonly releases: Releases;
  readonly releaseDesk: EngineReleaseDesk;
  readonly tally = new Tally();
  readonly rooms: EngineRooms;
  connected = false;
  /** Counts connections and their ends: only the latest may open the house. */
  #connections = 0;
  readonly #recorder: Recorder;
  readonly #ownership: Ownership;
  readonly #keeper: FlowKeeper;
  readonly #talks: TalkRecordings;
  readonly callbacks: Callbacks;
  readonly callbackDesk: CallbackDesk;
  readonly #decisions: DecisionKeeper;
  readonly #outside: OutsideLegs;
  readonly #codes: FloorCodes;
  #reconciling: Promise<void> = Promise.resolve();
  readonly #redo: (call: CallState) => Promise<void>;
  #stopped = false;

  constructor(rooms: EngineRooms) {
    this.rooms = rooms;
    const { clock, log, live, site, ids, switchPort, history, settings } = rooms;
    this.#recorder = new Recorder(clock, log);
    const inCalls = () => this.board.all().map(({ state }) => state.release);
    const releases = new Releases({ ...rooms, recorder: this.#recorder, inCalls });
    this.releases = releases;
    this.releaseDesk = new EngineReleaseDesk({ ...rooms, releases, inCalls });
    const handleTimes = new HandleTimes(() => releases.queues);
    this.#recorder.witness((event) => this.tally.see(event));
    this.#recorder.witness((event) => handleTimes.see(event));
    this.#decisions = new DecisionKeeper({ clock, log, live, history });
    this.#recorder.witness((event) => this.#decisions.see(event));
    const recorder = this.#recorder;
    const { owner, ...limits } = settings;
    const rules = () => releases.current.site.floor ?? PLAIN_FLOOR;
    this.desk = new AgentDesk({
      clock,
      log,
      live,
      recorder,
      rules,
      moved: (agent, at) => {
        this.lines.follow(agent.live);
        this.dispatcher.follows(agent, at);
        this.policy.kick();
        this.fleet.kick();
      },
      leads: (id) => this.dispatcher.leadsAgent(id),
      watches: (id) => this.dispatcher.leadsAgent(id) || this.lines.of(id) !== null,
    });
    this.dispatcher = new AcdDispatcher({
      clock,
      log,
      live,
      recorder,
      desk: this.desk,
      owner,
      watch: { decided: () => undefined, offerTook: () => undefined, ...rooms.watch },
      queues: () => releases.queues,
      meanHandleMs: (queue) => handleTimes.meanMs(queue, clock.now()),
      session: (id) => this.board.find(id),
      profilesChanged: () => this.#readProfiles(),
      campaignsChanged: () => this.fleet.look(),
    });
    const { dispatcher } = this;
    const board = () => this.board;
    this.policy = new QueuePolicy({ ...rooms, recorder, releases, desk: this.desk, dispatcher, handleTimes, board });
    recorder.witness((event) => this.policy.see(event));
    const services = new FlowServices({
      ...rooms,
      dispatcher,
      site: () => releases.current.site,
      codes: (source, request) => this.#codes.serve(source, request),
      promised: () => this.callbacks.promised(),
      country: settings.country,
    });
    const outside = new OutsideLegs({
      ...rooms,
      destinations: () => releases.current.site.destinations,
      states: () => this.board.all().map(({ state }) => state),
      lines: () => this.lines.outside(),
    });
    this.#outside = outside;
    const { desk } = this;
    const lent = (legId: string) => this.board.has(legId);
    const lines = new Lines({ clock, log, ids, live, recorder, switchPort, desk, outside, rules, lent });
    this.lines = lines;
    const { trunks } = site;
    const outsideRefusal = (number: string) => outside.refusal(number);
    this.floor = new EngineFloor({ clock, desk, lines, rules, queues: () => releases.queues, trunks, outsideRefusal });
    const callers = new Callers({ ...rooms, callbacks: () => this.callbacks });
    const talks = new TalkRecordings({ ...rooms, recorder, board });
    this.#talks = talks;
    const find = { find: (id: string) => this.board.find(id), all: () => this.board.all() };
    const flows = (release: string) => releases.site(release).flows;
    this.talk = new EngineTalkDesk({ desk, board: find, trunks, country: settings.country, flows });
    this.#codes = new FloorCodes({ clock, desk, floor: this.floor, talk: this.talk, trunks });
    const { redo, ...books } = bookkeeping({
      ...rooms,
      talks,
      callers,
      releases,
      desk: this.desk,
      dispatcher,
      services,
      outside,
      lines,
    });
    const moved = (session: CallSession, before: CallState) => this.#moved(session, before);
    const offered: SessionRooms['offered'] = (call, offer) => this.dispatcher.offered(call, offer);
    const session = { clock, log, live, switchPort, recorder, owner, ...books, moved, offered };
    this.#redo = redo;
    this.board = new Switchboard({ ...session, ids, release: (callId) => releases.forCall(callId), limits });
    this.figures = new KeyFigures({
      live,
      queues: () => releases.queues,
      agents: () => this.desk.all().map(({ profile }) => profile),
      settings: () => releases.current.site.kpis,
    });
    const startedAt = (id: string) => this.board.find(id)?.state.startedAt ?? null;
    this.explainer = new EngineExplainer({
      clock,
      live,
      history,
      desk: this.desk,
      dispatcher: this.dispatcher,
      startedAt,
    });
    this.flowDesk = new EngineFlowDesk({
      ...rooms,
      callbacks: () => this.callbacks,
      board: this.board,
      world: books.world,
      talks,
    });
    this.#keeper = new FlowKeeper({ ...rooms, recorder });
    const now = () => releases.current.site;
    this.callbacks = new Callbacks({ ...rooms, recorder, board: this.board, site: now, trunks: site.trunks });
    this.callbackDesk = new EngineCallbackDesk({ ...rooms, callbacks: this.callbacks });
    const dialling = {
      clock,
      log,
      ids,
      live,
      history,
      recorder,
      board: this.board,
      desk: this.desk,
      dispatcher: this.dispatcher,
      owner,
    };
    this.fleet = new CampaignFleet({
      ...dialling,
      trunks: site.trunks,
      canDial: () => this.connected,
      leads: (id) => this.dispatcher.leadsCampaign(id),
      changed: () => this.dispatcher.say({ type: 'campaigns' }),
      held: () => this.policy.held(),
    });
    this.#ownership = new Ownership(switchPort.node, { clock, log, live, owner });
  }

  witness(witness: Witness): void {
    this.#recorder.witness(witness);
  }

  /** Reads back what was going on, takes the switch, and begins. Rejects with a clear sentence when the switch refuses us. */
  async start(): Promise<void> {
    const { site, history, switchPort } = this.rooms;
    await this.#ownership.acquire(() => this.#fence('the lease on the switch is in other hands'));
    await this.releases.open(this.rooms.draft);
    await this.dispatcher.listen();
    await this.desk.load([...site.agents, ...(await history.agentProfiles())]);
    await this.#outside.load();
    const house = { ...this.rooms, recorder: this.#recorder, board: this.board, desk: this.desk };
    await readBackCalls(house, this.#redo);
    for (const session of this.board.all()) this.#waits(session);
    await this.dispatcher.start();
    await switchPort.start((event) => this.#take(event));
    await this.#reconciling;
    this.#keeper.start();
    this.#talks.start();
    this.callbacks.start();
    await this.#decisions.catchUp();
    this.policy.start();
    await this.fleet.resume();
  }

  /** Ends acting without touching a call: another process carries them on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.board.draining = true;
    this.connected = false;
    this.fleet.stop();
    this.policy.stop();
    this.dispatcher.stop();
    await this.#keeper.stop();
    await this.#talks.stop();
    await this.callbacks.stop();
    await this.#decisions.stop();
    await this.idle();
    await this.rooms.switchPort.stop();
    for (const session of this.board.all()) session.release();
    this.desk.release();
    await this.dispatcher.release();
    await this.#ownership.release();
  }

  /** Resolves when nothing is under way inside; calls may go on. */
  async idle(): Promise<void> {
    await this.#reconciling;
    await this.fleet.idle();
    await this.dispatcher.idle();
    await this.board.idle();
  }

  #take(event: SwitchEvent): void {
    if (this.#stopped) return;
    if (isLegEvent(event)) return this.#takeOfLeg(event);
    if (event.type === 'switch.fenced') return this.#fence('the switch gave our events to another process');
    this.#journal(switchFact(event, this.rooms.switchPort.node));
    this.connected = false;
    this.dispatcher.setOpen(false);
    this.#connections += 1;
    if (event.type === 'switch.disconnected') return undefined;
    this.#reconciling = this.#reconcile();
    return undefined;
  }

  #takeOfLeg(event: LegEvent): void {
    this.lines.take(event);
    this.board.take(event);
  }

  async #reconcile(): Promise<void> {
    const connection = this.#connections;
    try {
      await this.dispatcher.idle();
      await reconcile({
        ...this.rooms,
        recorder: this.#recorder,
        board: this.board,
        desk: this.desk,
        lines: this.lines,
      });
    } catch (error) {
      this.rooms.log.error({ err: error }, 'reconciliation failed; tried again at the next connection');
    }
    if (connection !== this.#connections || this.#stopped) return;
    this.connected = true;
    this.dispatcher.setOpen(true);
    this.fleet.kick();
  }

  #fence(reason: string): void {
    if (this.#stopped) return;
    void this.callbacks.stop();
    this.#stopped = true;
    this.connected = false;
    this.fleet.stop();
    this.policy.stop();
    this.dispatcher.stop();
    for (const session of this.board.all()) session.release();
    this.rooms.fenced(reason);
  }

  #moved(session: CallSession, before: CallState): void {
    this.board.follow(session);
    this.#waits(session);
    this.#outside.follow(before, session.state);
    if (session.state.phase !== before.phase && session.state.attempt) this.fleet.kick();
  }

  /** Agents whom another process defined, changed or removed. */
  async #readProfiles(): Promise<void> {
    const { site, history } = this.rooms;
    const profiles = [...site.agents, ...(await history.agentProfiles())];
    const there = new Set(profiles.map(({ id }) => id));
    for (const profile of profiles) this.desk.setProfile(profile);
    for (const { profile } of this.desk.all()) if (!there.has(profile.id)) this.removeAgent(profile.id);
  }

  removeAgent(id: string): void {
    this.desk.remove(id);
    this.lines.drop(id);
    this.dispatcher.forget(id);
  }

  #waits(session: CallSession): void {
    this.dispatcher.follow(session);
    this.policy.follow(session);
  }

  #journal(fact: Fact): void {
    const events = this.#recorder.events(`switch/${this.rooms.switchPort.node}`, [fact]);
    this.#recorder.tell(events);
    this.rooms.live
      .append(events)
      .catch((error: unknown) => this.rooms.log.warn({ err: error }, 'switch event not journalled: live store away'));
  }
}

function switchFact(
  event: Extract<SwitchEvent, { type: 'switch.connected' | 'switch.disconnected' }>,
  node: string,
): Fact {
  if (event.type === 'switch.disconnected')
    return { type: 'switch.disconnected', data: { node, reason: event.reason } };
  return { type: 'switch.connected', data: { node, version: event.version, restarted: event.restarted } };
}
