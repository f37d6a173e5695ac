import type { CampaignId, EpochMs } from '../call/ids.ts';
import { windowOf } from '../dialer/compliance/abandonment.ts';
import { countOn, dayOf, emptyLedger, type Ledger } from '../dialer/compliance/ledger.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { AnsweredDay, EvidenceBook } from './ports/evidence.ts';
import type { Campaign } from './ports/history.ts';

type Abandonment = ComplianceProfile['abandonment'];
type Dated = Pick<Campaign, 'id' | 'createdAt'>;

/** Modes that dial more than there are free agents. */
export const RISKY: ReadonlySet<Campaign['mode']> = new Set<Campaign['mode']>(['predictive', 'power']);

/** Does a limit of the profile hold all its campaigns to one rate? */
export const isPooled = ({ limits }: Abandonment): boolean => limits.value.some(({ scope }) => scope === 'all');

/** Campaigns that dial by the profile of this name, whatever they do at the moment. */
export const campaignsUnder = (profile: string, campaigns: readonly Campaign[]): readonly Campaign[] =>
  campaigns.filter((campaign) => (campaign.profile ?? DEFAULT_PROFILE) === profile);

/** First date of the earliest window that these campaigns are in. */
export function windowsBegin(rules: Abandonment, campaigns: readonly Dated[], now: EpochMs): string {
  const zone = rules.zone.value;
  const today = dayOf(now, zone);
  const startedOn = campaigns.map(({ createdAt }) => dayOf(createdAt, zone)).reduce(earlier, today);
  const starts = campaigns.map(({ createdAt }) => dayOf(createdAt, zone));
  // Of campaigns held apart, each is in the period that its own start sets.
  const begins = rules.limits.value.flatMap(({ window, scope }) =>
    scope === 'all' ? [windowOf(window, startedOn, today).from] : starts.map((on) => windowOf(window, on, today).from),
  );
  return begins.reduce(earlier, today);
}

const earlier = (a: string, b: string): string => (b < a ? b : a);

/** The first instant of a local date. */
export const dayBegins = (day: string, zone: string): EpochMs =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;

/** The ledger of each of these campaigns, of what the books have. */
export function ledgersOf(
  rules: Abandonment,
  campaigns: readonly Dated[],
  days: readonly AnsweredDay[],
): ReadonlyMap<CampaignId, Ledger> {
  const ledgers = new Map(campaigns.map(({ id, createdAt }) => [id, emptyLedger(rules.zone.value, createdAt)]));
  for (const { campaignId, day, type, screened, count } of days) {
    const ledger = ledgers.get(campaignId);
    if (ledger) ledgers.set(campaignId, countOn(ledger, day, { type, screened }, count));
  }
  return ledgers;
}

/** Ledgers of the other campaigns under each profile that pools them, up to a moment; by the profile's name. */
export async function othersOf(
  history: Pick<EvidenceBook, 'answeredDays'>,
  profiles: readonly ComplianceProfile[],
  {
    id,
    campaigns,
    until,
  }: { readonly id: CampaignId; readonly campaigns: readonly Campaign[]; readonly until: EpochMs },
): Promise<ReadonlyMap<string, readonly Ledger[]>> {
  const pooled = profiles.filter(({ abandonment }) => isPooled(abandonment));
  const found = pooled.map(async ({ name, abandonment: rules }) => {
    const others = campaignsUnder(name, campaigns).filter((campaign) => campaign.id !== id);
    const from = dayBegins(windowsBegin(rules, others, until - 1), rules.zone.value);
    const days = await history.answeredDays({ campaignIds: others.map((other) => other.id), rules, from, until });
    return [name, [...ledgersOf(rules, others, days).values()]] as const;
  });
  return new Map(await Promise.all(found));
}
