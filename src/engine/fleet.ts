import type { Candidate } from '../acd/queue.ts';
import type { AgentId } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import { liveFault, modeFault } from '../dialer/campaign-modes.ts';
import type { CampaignCommand } from '../dialer/campaign.ts';
import { campaignStep } from '../dialer/campaign.ts';
import { saysMachine } from '../dialer/evidence.ts';
import type { CallState } from './call/state.ts';
import { resolveChain } from './campaign-chain.ts';
import { CampaignFloors } from './campaign-floors.ts';
import { CampaignRunner, type RunnerRooms } from './campaign-runner.ts';
import { insist } from './insist.ts';
import type { CampaignPreviews } from './preview.ts';
import type { Campaign, CampaignSettings, CampaignStatus } from './ports/history.ts';
import type { Answer } from './ports/service.ts';

type FleetRooms = Omit<RunnerRooms, 'finished' | 'floors'> & {
  /** Is it this process that dials for the campaign? */
  leads(campaignId: string): boolean;
  /** Flows of the release in force. */
  flows(): ReadonlySet<string>;
  /** Dispositions of the release in force. */
  dispositions(): ReadonlySet<string>;
  /** Other processes are to look which campaigns run. */
  changed(): void;
};

const QUEUE = 'campaign:';

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** All campaigns: which of them run here, and the commands a manager gives them. */
export class CampaignFleet {
  readonly #rooms: FleetRooms;
  readonly #runners = new Map<string, CampaignRunner>();
  readonly #floors: CampaignFloors;
  /** Commands and looks are done one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;
  /** Killed, and perhaps not written yet. */
  readonly #killed = new Set<string>();

  constructor(rooms: FleetRooms) {
    this.#rooms = rooms;
    this.#floors = new CampaignFloors(() => rooms.clock.now());
  }

  /** Campaigns that ran when the last process ended run on. */
  async resume(): Promise<void> {
    await this.#rooms.history.expireLeases(this.#rooms.clock.now());
    await this.#inTurn(() => this.#look());
  }

  /** Looks which campaigns run, and which of them are ours to dial: another process changed them, or died. */
  look(): void {
    void insist(this.#rooms, 'look at the campaigns', () => this.#inTurn(() => this.#look()));
  }

  runner(id: string): CampaignRunner | undefined {
    return this.#runners.get(id);
  }

  running(): readonly CampaignRunner[] {
    return [...this.#runners.values()];
  }

  /** The campaign that shows the agent a lead. */
  previewsOf(id: AgentId): CampaignPreviews | undefined {
    return [...this.#runners.values()].find(({ previews }) => previews.of(id) !== null)?.previews;
  }

  /** What is known of an agent changed. */
  follows(agent: Candidate): void {
    this.#floors.follow(agent);
    for (const { previews } of this.#runners.values()) previews.follows(agent);
    this.kick();
  }

  forget(id: AgentId): void {
    this.#floors.forget(id);
  }

  /** A campaign's call moved. */
  moved(state: CallState, before: CallState): void {
    this.#rooms.ways.moved(state, before);
    const campaignId = state.attempt?.campaignId ?? state.preview?.campaignId ?? '';
    if (state.phase === 'ended') this.#floors.ended(campaignId, state.id);
    const runner = this.#runners.get(campaignId);
    runner?.sight.moved(state);
    runner?.previews.moved(state, before);
    if (state.phase !== before.phase) this.kick();
  }

  /** An agent says whom he met: that pacing took a machine for a person costs the campaign's cap. */
  see(event: JournalEvent): void {
    if (event.type !== 'call.disposed' || !event.data.queue?.startsWith(QUEUE)) return;
    const { callId, agentId, queue } = event.data;
    this.#runners.get(queue.slice(QUEUE.length))?.sight.disposed(callId, agentId, !saysMachine(event.data));
  }

  /** Something changed that a dialer may be waiting for: a call's end, new leads. */
  kick(): void {
    for (const runner of this.#runners.values()) runner.kick();
  }

  stop(): void {
    this.#stopped = true;
    for (const runner of this.#runners.values()) runner.stop();
  }

  async idle(): Promise<void> {
    await this.#turn;
    await Promise.all([...this.#runners.values()].map((runner) => runner.idle()));
  }

  /** One that has this id already is answered instead: it was asked for twice. */
  async create(settings: CampaignSettings, id = this.#rooms.ids.next('campaign')): Promise<Answer<Campaign>> {
    const { clock, history } = this.#rooms;
    const known = await history.campaign(id);
    if (known) return { ok: true, value: known };
    const read = await this.#withChain(settings, null);
    const fault = read.ok ? this.#fault(settings) : read.sentence;
    if (!read.ok || fault !== null) return no('invalid', fault ?? '');
    const campaign: Campaign = { ...settings, ...read.value, id, status: 'draft', createdAt: clock.now() };
    await history.createCampaign(campaign);
    return { ok: true, value: campaign };
  }

  /** Changes how it dials; while it runs what may be changed live, and from the next dial on. */
  change(id: string, change: Partial<CampaignSettings>, by: string): Promise<Answer<Campaign>> {
    return this.#inTurn(() => this.#change(id, change, by));
  }

  async #change(id: string, change: Partial<CampaignSettings>, by: string): Promise<Answer<Campaign>> {
    const campaign = await this.#rooms.history.campaign(id);
    if (!campaign) return no('not-found', `there is no campaign ${id}`);
    const stuck = campaign.status === 'running' ? liveFault(campaign, change) : null;
    if (stuck) return no('conflict', stuck);
    const read = await this.#withChain(change, id);
    const fault = read.ok ? this.#fault({ ...campaign, ...change }) : read.sentence;
    if (!read.ok || fault !== null) return no('invalid', fault ?? '');
    const updated = await this.#update(id, { ...change, ...read.value });
    if (!updated.ok) return updated;
    this.#runners.get(id)?.change(updated.value);
    this.#rooms.changed();
    await this.#say(updated.value, campaign, by);
    return updated;
  }

  command(id: string, command: CampaignCommand, by: string): Promise<Answer<Campaign>> {
    return this.#inTurn(() => this.#command(id, command, by));
  }

  /** Leads are due again, by somebody's word: a campaign that had finished goes on. */
  async again(id: string, by: string): Promise<void> {
    this.#runners.get(id)?.leadsCame();
    const campaign = await this.#rooms.history.campaign(id);
    if (campaign?.status === 'finished') await this.command(id, 'start', by);
  }

  /**
   * Stops new dials at once: those of this process before anything is asked of a store, those of others by what is written,
   * which each dial reads. Answers which campaigns ran. `id` null: all.
   */
  async kill(id: string | null, by: string): Promise<readonly Campaign[]> {
    const ours = [...this.#runners.keys()].filter((each) => id === null || each === id);
    for (const each of ours) {
      this.#killed.add(each);
      this.#end(each);
    }
    const all = id === null ? await this.#rooms.history.campaigns() : [await this.#rooms.history.campaign(id)];
    const running = all.filter((campaign) => campaign?.status === 'running').filter((campaign) => campaign !== null);
    await Promise.all(running.map((campaign) => this.#pauseNow(campaign, by)));
    return running;
  }

  /** Not in turn: a store that is slow to somebody else's wish does not hold up who pulls the switch. */
  async #pauseNow(campaign: Campaign, by: string): Promise<void> {
    this.#killed.add(campaign.id);
    await insist(this.#rooms, 'kill of a campaign', async () => {
      await this.#rooms.history.updateCampaign(campaign.id, { status: 'paused' });
      this.#killed.delete(campaign.id);
      this.#rooms.changed();
    });
    await this.#say({ ...campaign, status: 'paused' }, campaign, by);
  }

  async #command(id: string, command: CampaignCommand, by: string): Promise<Answer<Campaign>> {
    const campaign = await this.#rooms.history.campaign(id);
    if (!campaign) return no('not-found', `there is no campaign ${id}`);
    const step = campaignStep(campaign.status, command);
    if (!step.ok) return no('conflict', step.sentence);
    const fault = command === 'start' ? this.#fault(campaign) : null;
    if (fault) return no('conflict', fault);
    const updated = await this.#update(id, { status: step.status });
    if (!updated.ok) return updated;
    this.#end(id);
    if (step.status === 'running' && this.#rooms.leads(id)) this.#run(updated.value);
    this.#rooms.changed();
    await this.#say(updated.value, campaign, by);
    return updated;
  }

  async #look(): Promise<void> {
    const all = await this.#rooms.history.campaigns();
    const running = all.filter(({ id, status }) => status === 'running' && !this.#killed.has(id));
    const ours = running.filter(({ id }) => this.#rooms.leads(id));
    const ids = new Set(ours.map(({ id }) => id));
    for (const id of this.#runners.keys()) if (!ids.has(id)) this.#end(id);
    for (const campaign of ours) {
      const runner = this.#runners.get(campaign.id);
      if (!runner && !this.#stopped) this.#run(campaign);
      if (runner && changesOf(runner.campaign, campaign).length > 0) runner.change(campaign);
    }
  }

  #end(id: string): void {
    this.#runners.get(id)?.stop();
    this.#runners.delete(id);
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #run(campaign: Campaign): void {
    const finished = async (id: string) => void (await this.command(id, 'finish', DIALER));
    const runner = new CampaignRunner(campaign, {
      ...this.#rooms,
      floors: this.#floors,
      finished,
    });
    this.#runners.set(campaign.id, runner);
    runner.start();
  }

  async #update(id: string, change: Partial<CampaignSettings & { status: CampaignStatus }>): Promise<Answer<Campaign>> {
    const campaign = await this.#rooms.history.updateCampaign(id, change);
    return campaign ? { ok: true, value: campaign } : no('not-found', `there is no campaign ${id}`);
  }

  /** The rules of its chain by the ids of the campaigns they name. */
  async #withChain(
    { chain }: Partial<CampaignSettings>,
    own: string | null,
  ): Promise<Answer<Partial<CampaignSettings>>> {
    if (chain === undefined) return { ok: true, value: {} };
    const dispositions = this.#rooms.dispositions();
    const read = resolveChain(chain, await this.#rooms.history.campaigns(), { own, dispositions });
    return read.ok ? { ok: true, value: { chain: read.chain } } : no('invalid', read.sentence);
  }

  #fault(settings: CampaignSettings): string | null {
    const { ways, law } = this.#rooms;
    return ways.fault(settings) ?? modeFault(settings, this.#rooms.flows()) ?? law.fault(settings);
  }

  async #say(campaign: Campaign, before: Campaign, by: string): Promise<void> {
    const { recorder, live } = this.#rooms;
    const { id: campaignId, status } = campaign;
    const data = { campaignId, status, previous: before.status, by, changes: changesOf(before, campaign) };
    const events = recorder.events(`campaign/${campaignId}`, [{ type: 'campaign.changed', data }]);
    recorder.tell(events);
    await insist(this.#rooms, 'change of a campaign', () => live.append(events));
  }
}

/** Who finishes a campaign when every lead is done. */
const DIALER = 'the dialer';

/** The settings that differ, as JSON. */
function changesOf(before: Campaign, after: Campaign): { setting: string; from: string; to: string }[] {
  const settings = ({ id: _id, status: _status, createdAt: _at, ...rest }: Campaign): Record<string, unknown> => rest;
  const [from, to] = [settings(before), settings(after)];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const told = names.map((setting) => ({ setting, from: asText(from[setting]), to: asText(to[setting]) }));
  return told.filter((change) => change.from !== change.to);
}

const asText = (value: unknown): string => JSON.stringify(value) ?? '';
