import type { CampaignId, EpochMs } from '../call/ids.ts';
import {
  type Abandoned,
  type HeardMachines,
  isSpent,
  periodOf,
  type Standing,
} from '../dialer/compliance/abandonment.ts';
import { type DayCounts, dayOf, total } from '../dialer/compliance/ledger.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { LedgerBook } from './campaign-ledger-book.ts';
import { campaignsUnder, type Dated, dated, dayBegins, isPooled, RISKY, windowsBegin } from './campaign-ledger-read.ts';
import type { EvidenceKeeper } from './evidence-keeper.ts';
import type { DialNews } from './evidence-picker.ts';
import { faultName } from './flow-services.ts';
import type { AbandonmentView } from './ports/abandonment.ts';
import type { AnsweredDay } from './ports/evidence.ts';
import type { Campaign, History } from './ports/history.ts';
import type { Clock, Log } from './ports/time.ts';

/** What other processes dialled under a pooled limit is known no later than this. */
const POOLED_MS = 30_000;
/** Of a campaign that one process dials, what others end of its calls is little. */
const OWN_MS = 10 * 60_000;
/** What agents say of calls that are long over may wait a little, so that one look serves for many of them. */
const STALE_MS = 5_000;
/** Days that are over change by such words alone. */
const SETTLED_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

interface LedgerRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly history: Pick<History, 'campaigns' | 'answeredDays' | 'firstDials'>;
  readonly keeper: Pick<EvidenceKeeper, 'still' | 'listen'>;
  /** What is known of AMD's machines; `learn` waits until something is. */
  readonly amd: { heardOf(id: CampaignId): HeardMachines; learn(id: CampaignId): Promise<HeardMachines> };
  profileOf(campaign: Campaign): ComplianceProfile | null;
}

interface Settled {
  readonly key: string;
  readonly readAt: EpochMs;
  readonly days: readonly AnsweredDay[];
}

/** What pacing and its managers are told of a campaign's limits. */
export interface LedgerSight {
  readonly abandoned: Abandoned;
  readonly profile: ComplianceProfile;
  /** How many may still be abandoned by this campaign, as `DialerState.budget`; below zero: the budget of a window is spent. */
  readonly budget: number;
  /** Of the campaign alone, in its tightest window. */
  readonly counts: DayCounts;
  /** Another text: a window has moved on. */
  readonly period: string;
}

/**
 * The ledgers of abandonment while campaigns dial: what the books have, read when a campaign begins and again from time to
 * time, and every dial of this process counted on as it happens. Never asks the books for the sake of one dial.
 */
export class CampaignLedgers {
  readonly #rooms: LedgerRooms;
  readonly #books = new Map<string, LedgerBook>();
  readonly #settled = new Map<string, Settled>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(rooms: LedgerRooms) {
    this.#rooms = rooms;
    rooms.keeper.listen((news) => this.#see(news));
  }

  /** Resolves when it can be asked about the campaign; rejects when the books cannot be read. */
  async open(campaign: Campaign): Promise<void> {
    const profile = this.#rooms.profileOf(campaign);
    if (!profile || this.#isCurrent(this.#books.get(profile.name), campaign, profile)) return;
    await this.#reading.get(profile.name)?.catch(() => undefined);
    await this.#rooms.amd.learn(campaign.id);
    if (!this.#isCurrent(this.#books.get(profile.name), campaign, profile)) await this.#read(profile);
  }

  /** How the campaign stands now; null: it is not opened, or there is no such profile. */
  sight(campaign: Campaign): LedgerSight | null {
    const profile = this.#rooms.profileOf(campaign);
    const book = profile && this.#books.get(profile.name);
    if (!profile || !book?.has(campaign.id)) return null;
    const now = this.#rooms.clock.now();
    this.#lookAgain(book, profile, now);
    const abandoned = book.abandoned(campaign.id, this.#rooms.amd.heardOf(campaign.id), now);
    const ledger = book.ledger(campaign.id);
    if (!abandoned || !ledger) return null;
    const period = [profile.id, ...abandoned.limits.map(({ from, to }) => `${from} ${to}`)].join(' ');
    const [first, end] = periodOf(ownWindow(abandoned));
    const counts = total([ledger], first, end);
    return { abandoned, profile, budget: budgetOf(book, abandoned, campaign.id), counts, period };
  }

  /** As `sight`, of a campaign that need not be dialled here; null: no profile of its name is loaded. */
  async view(campaign: Campaign): Promise<AbandonmentView | null> {
    await this.open(campaign);
    const sight = this.sight(campaign);
    if (!sight) return null;
    const { abandoned, profile } = sight;
    const limits = abandoned.limits.map(
      ({ limit, rate, abandoned: lost, of, from, to, endsAt, budget, definition }) => ({
        ...limit,
        rate,
        abandoned: lost,
        of,
        from,
        to,
        zone: profile.abandonment.zone.value,
        endsAt,
        budget,
        binds: abandoned.tightest?.limit === limit,
        definition,
      }),
    );
    return { profile: profile.id, limits };
  }

  #see(news: DialNews): void {
    for (const book of this.#books.values()) book.see(news);
  }

  #isCurrent(book: LedgerBook | undefined, { id, mode, status }: Campaign, profile: ComplianceProfile): boolean {
    const known = book?.campaigns.get(id);
    return book?.profile.id === profile.id && known?.mode === mode && known.status === status;
  }

  #lookAgain(book: LedgerBook, profile: ComplianceProfile, now: EpochMs): void {
    const age = now - book.readAt;
    const isOld = age >= (isPooled(profile.abandonment) ? POOLED_MS : OWN_MS) || book.profile.id !== profile.id;
    if (!isOld && !(book.stale && age >= STALE_MS)) return;
    const { log } = this.#rooms;
    this.#read(profile).catch((error: unknown) =>
      log.warn({ fault: faultName(error), profile: profile.name }, 'ledger of abandonment not read anew: counted on'),
    );
  }

  #read(profile: ComplianceProfile): Promise<void> {
    const reading = this.#reading.get(profile.name) ?? this.#readNow(profile);
    this.#reading.set(profile.name, reading);
    return reading;
  }

  async #readNow(profile: ComplianceProfile): Promise<void> {
    const { clock, history, keeper } = this.#rooms;
    const { name } = profile;
    try {
      const at = clock.now();
      const read = async () => {
        const campaigns = campaignsUnder(name, await history.campaigns());
        const begun = await dated(history, campaigns);
        return { campaigns, begun, days: await this.#days(profile, begun, at) };
      };
      await keeper.still(read, ({ campaigns, ...known }, meanwhile) => {
        this.#books.set(name, new LedgerBook(profile, campaigns, { ...known, meanwhile, at }));
      });
    } finally {
      this.#reading.delete(name);
    }
  }

  /** Days that are over are asked for seldom: they are many, and change little. */
  async #days(profile: ComplianceProfile, campaigns: readonly Dated[], now: EpochMs): Promise<readonly AnsweredDay[]> {
    const { history } = this.#rooms;
    const { name, id, abandonment: rules } = profile;
    const zone = rules.zone.value;
    const campaignIds = campaigns.map((campaign) => campaign.id);
    const from = dayBegins(windowsBegin(rules, campaigns, now), zone);
    const yesterday = dayBegins(dayOf(now - DAY_MS, zone), zone);
    const key = [id, from, yesterday, ...campaignIds].join(' ');
    const known = this.#settled.get(name);
    const isFresh = known?.key === key && now - known.readAt < SETTLED_MS && this.#books.get(name)?.stale !== true;
    const days = isFresh ? known.days : await history.answeredDays({ campaignIds, rules, from, until: yesterday });
    if (!isFresh) this.#settled.set(name, { key, readAt: now, days });
    const late = { campaignIds, rules, from: Math.max(from, yesterday), until: now + DAY_MS };
    return [...days, ...(await history.answeredDays(late))];
  }
}

/** The window that leaves the campaign least, of those that it has for itself where there are any. */
function ownWindow({ limits, tightest }: Abandoned): Standing | null {
  const own = limits.filter(({ limit }) => limit.scope === 'campaign');
  return own.toSorted((a, b) => a.bank - b.bank)[0] ?? tightest;
}

/** Campaigns that may spend a pooled budget at this moment have equal parts of it, so that together they cannot pass it. */
function budgetOf({ campaigns }: LedgerBook, { limits }: Abandoned, id: CampaignId): number {
  const running = [...campaigns.values()].filter(
    (campaign) => campaign.status === 'running' && RISKY.has(campaign.mode),
  );
  const sharers = Math.max(1, running.length + (running.some((campaign) => campaign.id === id) ? 0 : 1));
  const parts = limits.map((limit) => {
    if (isSpent(limit)) return Math.min(-1, limit.bank);
    return limit.limit.scope === 'all' && limit.bank > 0 ? limit.bank / sharers : limit.bank;
  });
  return Math.min(Number.POSITIVE_INFINITY, ...parts);
}
