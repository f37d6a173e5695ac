import type { DialerEvent, DialerState, Policy } from '../dialer/pacing/index.ts';
import type { CampaignAmd } from './campaign-amd.ts';
import { CampaignHorizon } from './campaign-horizon.ts';
import type { CampaignLaw } from './campaign-law.ts';
import type { LedgerSight } from './campaign-ledger.ts';
import { chargedShareOf, policyOf } from './campaign-policy.ts';
import type { CampaignPulse } from './campaign-pulse.ts';
import type { Paced } from './ports/campaigns.ts';
import type { Campaign, History } from './ports/history.ts';
import type { Clock, Log } from './ports/time.ts';

interface PacerRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly history: Pick<History, 'leadCounts'>;
  readonly law: Pick<CampaignLaw, 'profileOf'>;
  readonly amd: Pick<CampaignAmd, 'heardOf'>;
}

/** A policy is made anew when what it charges for AMD's mistakes is off by this share of it, and by no less than so much. */
const OFF = { relative: 0.2, least: 0.002 } as const;

/** The policy of one campaign: made for its settings, its profile and what is known of its detection. */
export class CampaignPacer {
  readonly #rooms: PacerRooms;
  readonly #tickMs: number;
  readonly #horizon: CampaignHorizon;
  #campaign: Campaign;
  #policy: Policy;
  #charged: number;

  constructor(campaign: Campaign, rooms: PacerRooms, tickMs: number) {
    [this.#campaign, this.#rooms, this.#tickMs] = [campaign, rooms, tickMs];
    this.#horizon = new CampaignHorizon(rooms);
    this.#charged = this.#chargedNow();
    this.#policy = this.#make();
  }

  /** Forgets all that it was told. */
  begin(campaign: Campaign): void {
    this.#campaign = campaign;
    this.#charged = this.#chargedNow();
    this.#policy = this.#make();
  }

  /** Agents have told more of who AMD hung up on: what was charged so far is no longer true. */
  get isOver(): boolean {
    const { mode } = this.#campaign;
    if (mode !== 'predictive' && mode !== 'power') return false;
    return Math.abs(this.#chargedNow() - this.#charged) > Math.max(OFF.least, OFF.relative * this.#charged);
  }

  get decidesOnTick(): boolean {
    return this.#policy.decideOn === 'tick';
  }

  on(event: DialerEvent): void {
    this.#policy.on(event);
  }

  decide(state: DialerState, ledger: LedgerSight | null, pace: CampaignPulse['pace']['pace']) {
    const campaign = this.#campaign;
    const profile = this.#rooms.law.profileOf(campaign);
    const window = ledger?.abandoned.tightest ?? null;
    if (campaign.mode === 'predictive') this.#horizon.look({ campaign, profile, totals: state.totals, window, pace });
    const decision = this.#policy.decide(state);
    return typeof decision === 'number' ? { launch: decision } : decision;
  }

  /** What kept the last decision from one more dial, where the policy knows. */
  get limit() {
    return this.#policy.explain?.()?.limit;
  }

  get numbers(): Paced['numbers'] {
    const found = Object.entries(this.#policy.explain?.() ?? {});
    return Object.fromEntries(found.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
  }

  #chargedNow(): number {
    const { amd, law } = this.#rooms;
    const campaign = this.#campaign;
    const profile = campaign.detect ? law.profileOf(campaign) : null;
    return profile ? chargedShareOf(profile, amd.heardOf(campaign.id)) : 0;
  }

  #make(): Policy {
    const { law, clock } = this.#rooms;
    const campaign = this.#campaign;
    return policyOf(campaign, {
      profile: law.profileOf(campaign),
      tickMs: this.#tickMs,
      chargedShare: this.#charged,
      hours: () => this.#horizon.hours(clock.now() - campaign.createdAt),
    });
  }
}
