import type { AgentLive } from '../acd/agent.ts';
import { possibleZones } from '../dialer/compliance/zones.ts';
import { knownNames, unknownSkill } from './known-names.ts';
import { flowSchema } from '../ivr/tools/schema.ts';
import type { AgentProfile, AgentState, AgentStatus } from '../call/routing.ts';
import { linesOn } from './call/way-out.ts';
import type { CallSession } from './call-session.ts';
import type { Engine } from './engine.ts';
import { agentView } from './floor-view.ts';
import { createLeadDesk } from './lead-desk.ts';
import { type ImportWish, type LeadDesk, PLAIN_TERMS } from './ports/leads.ts';
import type { PhoneAccount } from './ports/phone-accounts.ts';
import type { Profiles } from './ports/profiles.ts';
import { EnginePreflight } from './preflight.ts';
import type { Campaign, CampaignSettings, Page } from './ports/history.ts';
import type {
  AgentView,
  Answer,
  CallView,
  CampaignView,
  FlowView,
  HealthView,
  QueueView,
  Service,
  TrunkView,
} from './ports/service.ts';

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** What the outside may see and ask of the engine. It adds nothing: views of state, and commands passed on. */
export class EngineService implements Service {
  readonly #engine: Engine;
  #lists: LeadDesk | null = null;
  #preflight: EnginePreflight | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get releases() {
    return this.#engine.house.releaseDesk;
  }

  calls(): readonly CallView[] {
    return this.#engine.house.board.all().map(callView);
  }

  async call(id: string) {
    const session = this.#engine.house.board.find(id);
    return session ? callView(session) : this.#history.callRecord(id);
  }

  callRecords(page: Page) {
    return this.#history.callRecords(page);
  }

  hangupCall(id: string): Answer {
    const session = this.#engine.house.board.find(id);
    if (!session) return no('not-found', `there is no live call ${id}`);
    session.post({ type: 'hangup' });
    return { ok: true, value: undefined };
  }

  queues(): readonly QueueView[] {
    const { rooms, house } = this.#engine;
    const { releases, dispatcher, tally, policy, desk } = house;
    const now = rooms.clock.now();
    // Each agent is looked at once, not once for each queue: people who serve callers wait meanwhile.
    const serving = new Map<string, AgentLive[]>();
    for (const { live, profile } of desk.all()) {
      for (const queue of live.changed?.queues ?? profile.queues) pushTo(serving, queue, live);
    }
    return [...releases.queues.values()].map((profile) => {
      const waiting = dispatcher.waitingIn(profile.name);
      const longestWaitMs = waiting.reduce((longest, { enqueuedAt }) => Math.max(longest, now - enqueuedAt), 0);
      const agents = countAgents(serving.get(profile.name) ?? []);
      const counts = { waiting: waiting.length, longestWaitMs, agents, ...tally.queue(profile.name) };
      return { profile, ...counts, ...policy.view(profile.name) };
    });
  }

  agents(): readonly AgentView[] {
    const { rooms, house } = this.#engine;
    const { desk, lines } = house;
    return desk.all().map((agent) => agentView(agent, lines.of(agent.live.id), rooms.clock.now()));
  }

  get dialer() {
    return this.#engine.house.campaigns;
  }

  get callAsks() {
    return this.#engine.house.callAsks;
  }

  get previews() {
    return this.#engine.house.previews;
  }

  get talk() {
    return this.#engine.house.talk;
  }

  get dispositions() {
    return this.#engine.house.dispositions;
  }

  get floor() {
    return this.#engine.house.floor;
  }

  setAgentStatus(id: string, status: AgentStatus, reason: string | null): Promise<Answer<AgentView>> {
    return this.floor.setStatus(id, status, reason);
  }

  endWrapUp(id: string): Promise<Answer<AgentView>> {
    return this.floor.endWrapUp(id);
  }

  async saveAgent(profile: AgentProfile): Promise<Answer<AgentView>> {
    if (this.#engine.rooms.site.agents.some((agent) => agent.id === profile.id)) {
      return no('conflict', `agent ${profile.id} is defined in the site's agents.yaml; change it there`);
    }
    const unknown = profile.queues.filter((queue) => !this.#engine.house.releases.queues.has(queue));
    if (unknown.length > 0) return no('invalid', `There is no queue ${unknown.join(', ')}.`);
    const noSkill = unknownSkill(Object.keys(profile.skills), this.#engine.house.releases.current.site.skills);
    if (noSkill !== null) return no('invalid', noSkill);
    await this.#history.saveAgentProfile(profile);
    this.#engine.house.desk.setProfile(profile);
    this.#engine.accounts.follow();
    this.#engine.house.dispatcher.say({ type: 'profiles' });
    return this.#agent(profile.id);
  }

  givePhoneAccount(id: string): Promise<Answer<PhoneAccount>> {
    return this.#engine.accounts.give(id);
  }

  async removeAgent(id: string): Promise<Answer> {
    const agent = this.agents().find(({ profile }) => profile.id === id);
    if (!agent) return no('not-found', `there is no agent ${id}`);
    if (agent.state !== 'idle') return no('conflict', `agent ${id} is ${agent.state}; log him out first`);
    if (!(await this.#history.removeAgentProfile(id))) {
      return no('conflict', `agent ${id} is defined in the site's agents.yaml; remove it there`);
    }
    this.#engine.removeAgent(id);
    this.#engine.house.dispatcher.say({ type: 'profiles' });
    return { ok: true, value: undefined };
  }

  flows(): readonly FlowView[] {
    const { flows, routes } = this.#engine.house.releases.current.site;
    return [...flows.values()].map((flow) => ({
      id: flow.id,
      title: flow.title,
      version: flow.version,
      file: flow.file,
      numbers: routes.filter((route) => route.flow === flow.id).map((route) => route.number),
      nodes: flow.nodes.size,
    }));
  }

  flowSchema(): Readonly<Record<string, unknown>> {
    return flowSchema(knownNames(this.#engine.house.releases.current.site));
  }

  trunks(): readonly TrunkView[] {
    const { board, book } = this.#engine.house;
    return [...this.#engine.rooms.site.trunks.values()].map(({ name, lines, cps }) => {
      const inUse = board.all().reduce((sum, { state }) => sum + linesOn(state, name), 0);
      return { name, lines, cps, inUse, ...book.health(name) };
    });
  }

  profiles(): Profiles {
    return this.#engine.house.releases.current.site.profiles ?? new Map<string, never>();
  }

  async campaigns(): Promise<readonly CampaignView[]> {
    return Promise.all((await this.#history.campaigns()).map((campaign) => this.#campaignView(campaign)));
  }

  async campaign(id: string): Promise<CampaignView | null> {
    const campaign = await this.#history.campaign(id);
    return campaign && this.#campaignView(campaign);
  }

  async createCampaign(settings: CampaignSettings, id?: string): Promise<Answer<CampaignView>> {
    return this.#withView(await this.#engine.house.fleet.create(settings, id));
  }

  async changeCampaign(id: string, change: Partial<CampaignSettings>, by = ''): Promise<Answer<CampaignView>> {
    return this.#withView(await this.#engine.house.fleet.change(id, change, by));
  }

  async commandCampaign(id: string, command: 'start' | 'pause' | 'stop', by = ''): Promise<Answer<CampaignView>> {
    return this.#withView(await this.#engine.house.fleet.command(id, command, by));
  }

  get lists() {
    this.#lists ??= createLeadDesk({
      history: this.#history,
      ids: this.#engine.rooms.ids,
      country: this.#engine.rooms.settings.country,
      zonesOf: possibleZones,
      isAgent: (id) => this.#engine.house.desk.find(id) !== undefined,
      came: (id) => this.#engine.house.fleet.runner(id)?.leadsCame(),
      stopped: (id) => this.#engine.house.ways.noOther(id),
      wake: (id) => this.#engine.house.leadWays.wake(id),
    });
    return this.#lists;
  }

  get preflight(): EnginePreflight {
    const { rooms, house } = this.#engine;
    const { releases } = house;
    this.#preflight ??= new EnginePreflight({
      clock: rooms.clock,
      history: rooms.history,
      dnc: house.dnc.keeper,
      profiles: () => this.profiles(),
      routes: () => releases.current.site.routes,
      desk: house.desk,
      live: rooms.live,
      trunks: rooms.site.trunks,
      usesOf: (name) => rooms.site.trunkGroups?.get(name)?.trunks ?? [{ trunk: name, weight: 1, tier: 0 }],
      flowLimit: (flow) => releases.current.site.flows.get(flow)?.maxCalls ?? null,
      maxCalls: rooms.settings.maxCalls,
      connected: () => this.#engine.connected,
    });
    return this.#preflight;
  }

  importLeads(id: string, csv: AsyncIterable<Uint8Array>, wish: ImportWish = PLAIN_TERMS) {
    return this.lists.read(id, csv, wish);
  }

  leads(id: string, page: Page) {
    return this.#history.leads(id, page);
  }

  attempts(id: string, page: Page) {
    return this.#history.attempts(id, page);
  }

  async health(): Promise<HealthView> {
    const { live, history, switchPort } = this.#engine.rooms;
    const [liveOk, historyOk] = await Promise.all([live.healthy(), history.healthy()]);
    const part = (ok: boolean, good: string, bad: string) => ({ ok, detail: ok ? good : bad });
    const parts = {
      switch: part(this.#engine.connected, `${switchPort.node} connected`, `${switchPort.node} not connected`),
      liveStore: part(liveOk, 'answers', 'does not answer'),
      history: part(historyOk, 'answers', 'does not answer'),
      journal: part(liveOk, 'written with the live store', 'the live store does not answer'),
    };
    return { ready: Object.values(parts).every(({ ok }) => ok), parts };
  }

  get #history() {
    return this.#engine.rooms.history;
  }

  #agent(id: string): Answer<AgentView> {
    const value = this.agents().find(({ profile }) => profile.id === id);
    return value ? { ok: true, value } : no('not-found', `there is no agent ${id}`);
  }

  async #withView(answer: Answer<Campaign>): Promise<Answer<CampaignView>> {
    return answer.ok ? { ok: true, value: await this.#campaignView(answer.value) } : answer;
  }

  async #campaignView(campaign: Campaign): Promise<CampaignView> {
    const [abandonment, refused, leads, outcomes, wordsMissing] = await Promise.all([
      this.#engine.house.ledgers.view(campaign),
      this.#history.refusedLeads(campaign.id),
      this.#history.leadCounts(campaign.id),
      this.#history.attemptCounts(campaign.id),
      this.#history.wordsMissing(campaign.id),
    ]);
    const { amd: heard, law } = this.#engine.house;
    const amd = await heard.view(campaign, law.profileOf(campaign));
    const inFlight = this.#engine.house.board
      .all()
      .filter(({ state }) => state.attempt?.campaignId === campaign.id).length;
    const because = this.#engine.house.fleet.runner(campaign.id)?.because ?? null;
    const live = await this.#engine.house.campaigns.live(campaign, leads, this.preflight.last(campaign.id));
    return { campaign, leads, outcomes, inFlight, live, amd, wordsMissing, abandonment, refused, because };
  }
}

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function callView({ state }: CallSession): CallView {
  const { id, direction, phase, ani, dnis, language, startedAt } = state;
  return {
    id,
    direction,
    phase,
    ani,
    dnis,
    language,
    startedAt,
    flow: state.record.flow,
    node: phase === 'flow' ? (state.flow?.nodeId ?? null) : null,
    queue: state.visit?.request.queue ?? null,
    agentId: state.talk?.agentId ?? state.offers[0]?.agentId ?? null,
    campaignId: state.attempt?.campaignId ?? null,
    priority: state.visit?.request.priority ?? 0,
    queuedAt: state.visit?.enqueuedAt ?? null,
  };
}

function countAgents(agents: readonly AgentLive[]): QueueView['agents'] {
  const counts: Record<AgentState | 'not-ready' | 'logged-out', number> = {
    idle: 0,
    reserved: 0,
    ringing: 0,
    talking: 0,
    'wrap-up': 0,
    'not-ready': 0,
    'logged-out': 0,
  };
  for (const { status, state } of agents) {
    if (state === 'idle' && status !== 'ready') counts[status] += 1;
    else counts[state] += 1;
  }
  return counts;
}
