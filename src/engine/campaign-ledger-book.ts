import type { CampaignId, EpochMs } from '../call/ids.ts';
import { type Abandoned, abandonmentAt, type HeardMachines } from '../dialer/compliance/abandonment.ts';
import { ledgerFactsOf } from '../dialer/compliance/answered.ts';
import { count, dayOf, type Ledger, merged, uncount } from '../dialer/compliance/ledger.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { type Dated, ledgersOf } from './campaign-ledger-read.ts';
import type { DialNews } from './evidence-picker.ts';
import type { AnsweredDay } from './ports/evidence.ts';
import type { Campaign } from './ports/history.ts';

interface Known {
  readonly version: number;
  readonly day: string;
  readonly heard: string;
  readonly abandoned: Abandoned;
}

/** What the books had when they were read at that moment, and what was told meanwhile. */
interface Read {
  readonly begun: readonly Dated[];
  readonly days: readonly AnsweredDay[];
  readonly meanwhile: readonly DialNews[];
  readonly at: EpochMs;
}

/** The ledgers of all campaigns under one profile: what the books had when they were read, and each dial since. */
export class LedgerBook {
  readonly profile: ComplianceProfile;
  readonly campaigns: ReadonlyMap<CampaignId, Campaign>;
  readonly readAt: EpochMs;
  /** An agent spoke of a call that nobody here remembers: the books know what it was. */
  stale = false;
  readonly #ledgers: Map<CampaignId, Ledger>;
  readonly #known = new Map<CampaignId, Known>();
  #version = 0;

  constructor(profile: ComplianceProfile, campaigns: readonly Campaign[], { begun, days, meanwhile, at }: Read) {
    this.profile = profile;
    this.campaigns = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
    this.readAt = at;
    this.#ledgers = new Map(ledgersOf(profile.abandonment, begun, days));
    for (const news of meanwhile) this.see(news);
  }

  has(id: CampaignId): boolean {
    return this.#ledgers.has(id);
  }

  /** A dial counts otherwise than before. */
  see({ campaignId, before, after }: DialNews): void {
    const ledger = this.#ledgers.get(campaignId);
    if (!ledger) return;
    if (!after) this.stale = true;
    const rules = this.profile.abandonment;
    const gone = before ? ledgerFactsOf(rules, before) : [];
    const come = after ? ledgerFactsOf(rules, after) : [];
    if (gone.length === 0 && come.length === 0) return;
    const rest = gone.reduce((sum, fact) => uncount(sum, fact), ledger);
    this.#ledgers.set(
      campaignId,
      come.reduce((sum, fact) => count(sum, fact), rest),
    );
    this.#version += 1;
  }

  ledger(id: CampaignId): Ledger | null {
    return this.#ledgers.get(id) ?? null;
  }

  /** How a campaign stands at this moment; reckoned anew only when something was counted, or a day is over. */
  abandoned(id: CampaignId, machines: HeardMachines, now: EpochMs): Abandoned | null {
    const own = this.#ledgers.get(id);
    if (!own) return null;
    const day = dayOf(now, own.zone);
    const known = this.#known.get(id);
    const heard = `${machines.heard} ${machines.persons}`;
    if (known?.version === this.#version && known.day === day && known.heard === heard) return known.abandoned;
    const [first, ...more] = [...this.#ledgers].flatMap(([each, ledger]) => (each === id ? [] : [ledger]));
    const others = first ? [merged(first, more)] : [];
    const abandoned = abandonmentAt(this.profile.abandonment, { own, others, heard: machines }, now);
    this.#known.set(id, { version: this.#version, day, heard, abandoned });
    return abandoned;
  }
}
