import type { CampaignCommand } from '../dialer/campaign.ts';
import { campaignStep } from '../dialer/campaign.ts';
import type { Starts } from '../dialer/clip.ts';
import { CampaignRunner, type RunnerRooms } from './campaign-runner.ts';
import { insist } from './insist.ts';
import type { Campaign, CampaignSettings, CampaignStatus } from './ports/history.ts';
import type { Answer } from './ports/service.ts';

type FleetRooms = Omit<RunnerRooms, 'trunkStarts' | 'finished'>;

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** All campaigns: which of them run, and the commands a manager gives them. */
export class CampaignFleet {
  readonly #rooms: FleetRooms;
  readonly #runners = new Map<string, CampaignRunner>();
  readonly #trunkStarts = new Map<string, Starts>();

  constructor(rooms: FleetRooms) {
    this.#rooms = rooms;
  }

  /** Campaigns that ran when the last process ended run on. */
  async resume(): Promise<void> {
    await this.#rooms.history.expireLeases(this.#rooms.clock.now());
    for (const campaign of await this.#rooms.history.campaigns()) {
      if (campaign.status === 'running') this.#run(campaign);
    }
  }

  runner(id: string): CampaignRunner | undefined {
    return this.#runners.get(id);
  }

  /** Something changed that a dialer may be waiting for: an agent, a call's end, new leads. */
  kick(): void {
    for (const runner of this.#runners.values()) runner.kick();
  }

  stop(): void {
    for (const runner of this.#runners.values()) runner.stop();
  }

  async idle(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.idle()));
  }

  async create(settings: CampaignSettings): Promise<Answer<Campaign>> {
    const fault = this.#fault(settings);
    if (fault) return no('invalid', fault);
    const { ids, clock, history } = this.#rooms;
    const campaign: Campaign = { ...settings, id: ids.next('campaign'), status: 'draft', createdAt: clock.now() };
    await history.createCampaign(campaign);
    return { ok: true, value: campaign };
  }

  async change(id: string, change: Partial<CampaignSettings>): Promise<Answer<Campaign>> {
    const campaign = await this.#rooms.history.campaign(id);
    if (!campaign) return no('not-found', `there is no campaign ${id}`);
    if (campaign.status === 'running')
      return no('conflict', 'The campaign is running; pause it to change its settings.');
    const fault = this.#fault({ ...campaign, ...change });
    if (fault) return no('invalid', fault);
    return this.#update(id, change);
  }

  async command(id: string, command: CampaignCommand): Promise<Answer<Campaign>> {
    const campaign = await this.#rooms.history.campaign(id);
    if (!campaign) return no('not-found', `there is no campaign ${id}`);
    const step = campaignStep(campaign.status, command);
    if (!step.ok) return no('conflict', step.sentence);
    const fault = command === 'start' ? this.#fault(campaign) : null;
    if (fault) return no('conflict', fault);
    const updated = await this.#update(id, { status: step.status });
    if (!updated.ok) return updated;
    this.#runners.get(id)?.stop();
    this.#runners.delete(id);
    if (step.status === 'running') this.#run(updated.value);
    await this.#say(id, step.status, campaign.status);
    return updated;
  }

  #run(campaign: Campaign): void {
    const finished = async (id: string) => void (await this.command(id, 'finish'));
    const runner = new CampaignRunner(campaign, { ...this.#rooms, trunkStarts: this.#trunkStarts, finished });
    this.#runners.set(campaign.id, runner);
    runner.start();
  }

  async #update(id: string, change: Partial<CampaignSettings & { status: CampaignStatus }>): Promise<Answer<Campaign>> {
    const campaign = await this.#rooms.history.updateCampaign(id, change);
    return campaign ? { ok: true, value: campaign } : no('not-found', `there is no campaign ${id}`);
  }

  #fault({ trunk }: CampaignSettings): string | null {
    const { trunks } = this.#rooms;
    if (trunks.has(trunk)) return null;
    const known = [...trunks.keys()].join(', ') || 'none: add one to trunks.yaml';
    return `There is no trunk '${trunk}'; the site has ${known}.`;
  }

  async #say(campaignId: string, status: CampaignStatus, previous: CampaignStatus): Promise<void> {
    const { recorder, live } = this.#rooms;
    const data = { campaignId, status, previous };
    const events = recorder.events(`campaign/${campaignId}`, [{ type: 'campaign.changed', data }]);
    recorder.tell(events);
    await insist(this.#rooms, 'change of a campaign', () => live.append(events));
  }
}
