import type { JournalEvent } from '../call/journal.ts';
import type { RunningCampaign } from '../engine/ports/campaigns.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Instruments } from './instruments.ts';

/** Campaigns with a label of their own; the others are counted together. */
const MOST = 10;
const OTHER = 'other';

const RESULTS = ['connected', 'abandoned', 'machine', 'other'] as const;
type Result = (typeof RESULTS)[number];

const RESULT_OF: Readonly<Record<string, Result>> = {
  connected: 'connected',
  abandoned: 'abandoned',
  machine: 'machine',
  'message-left': 'machine',
};

/** What a dial says of the trunk it went by; picked up at all is answered. */
const TRUNK_RESULT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['connected', 'abandoned', 'machine', 'message-left', 'fax', 'silent'].map((at) => [at, 'answered']),
  ),
  ...Object.fromEntries(['busy', 'no-answer', 'rejected', 'cancelled'].map((at) => [at, 'unanswered'])),
};

/** Campaigns and their attempts: those that run have a name in the metrics, and lose it when they run no more. */
export class CampaignCounts {
  readonly #set: Instruments;
  /** Trunk by attempt. */
  readonly #trunks = new BoundedMap<string>();
  /** Label by id of the campaign. */
  #labels = new Map<string, string>();

  constructor(set: Instruments) {
    this.#set = set;
  }

  take(event: JournalEvent): void {
    if (event.type === 'attempt.started') this.#trunks.set(event.data.attemptId, event.data.trunk);
    if (event.type === 'leg.rerouted') this.#rerouted(event.data);
    if (event.type !== 'attempt.ended') return;
    const { campaignId, attemptId, outcome } = event.data;
    const result = RESULT_OF[outcome] ?? 'other';
    this.#set.inc('callwright_campaign_attempts_total', { campaign: this.#labels.get(campaignId) ?? OTHER, result });
    const trunk = this.#trunks.take(attemptId);
    if (trunk === undefined) return;
    this.#set.inc('callwright_trunk_dials_total', { trunk, result: TRUNK_RESULT[outcome] ?? 'failed' });
  }

  /** One dial that failed, and another by the next trunk. */
  #rerouted({ attemptId, from, trunk }: Extract<JournalEvent, { type: 'leg.rerouted' }>['data']): void {
    if (attemptId === undefined) return;
    this.#set.inc('callwright_trunk_dials_total', { trunk: from, result: 'failed' });
    this.#trunks.set(attemptId, trunk);
  }

  /** Before each scrape: which campaigns run, and how. */
  look(running: readonly RunningCampaign[]): void {
    this.#name(running);
    this.#set.clear(
      'callwright_campaign_dials',
      'callwright_campaign_abandonment_ratio',
      'callwright_campaign_abandonment_cap',
      'callwright_campaign_abandonment_budget',
      'callwright_campaign_dial_level',
      'callwright_campaign_lines',
      'callwright_campaign_agents',
    );
    for (const campaign of running) {
      const label = this.#labels.get(campaign.id);
      if (label !== undefined) this.#show(campaign, label);
    }
  }

  /** Those that had a label keep it; two of one name are told apart by the ends of their ids. */
  #name(running: readonly RunningCampaign[]): void {
    const runs = new Map(running.map(({ id, name }) => [id, name]));
    const kept = new Map([...this.#labels].filter(([id]) => runs.has(id)));
    for (const [id, label] of this.#labels) {
      if (kept.has(id)) continue;
      for (const result of RESULTS) this.#set.drop('callwright_campaign_attempts_total', { campaign: label, result });
    }
    for (const [id, name] of runs) {
      if (kept.size >= MOST) break;
      if (kept.has(id)) continue;
      const taken = name === OTHER || [...kept.values()].includes(name);
      kept.set(id, taken ? `${name} ${id.slice(-6)}` : name);
    }
    this.#labels = kept;
  }

  #show({ callsMade, dialLevel, abandonment, lines, agents }: RunningCampaign, campaign: string): void {
    const set = this.#set;
    set.set('callwright_campaign_dials', { campaign }, callsMade);
    if (dialLevel !== null) set.set('callwright_campaign_dial_level', { campaign }, dialLevel);
    set.set('callwright_campaign_lines', { campaign, kind: 'used' }, lines.inUse);
    set.set('callwright_campaign_lines', { campaign, kind: 'most' }, lines.max);
    for (const state of ['idle', 'talk', 'wrap'] as const)
      set.set('callwright_campaign_agents', { campaign, state }, agents[state]);
    if (abandonment === null) return;
    set.set('callwright_campaign_abandonment_ratio', { campaign }, abandonment.rate);
    set.set('callwright_campaign_abandonment_cap', { campaign }, abandonment.cap);
    set.set('callwright_campaign_abandonment_budget', { campaign }, abandonment.budget);
  }
}
