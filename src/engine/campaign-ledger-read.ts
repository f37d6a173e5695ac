import type { CampaignId, EpochMs } from '../call/ids.ts';
import { windowOf } from '../dialer/compliance/abandonment.ts';
import { countOn, dayOf, emptyLedger, firstStart, type Ledger } from '../dialer/compliance/ledger.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { AnsweredDay, EvidenceBook } from './ports/evidence.ts';
import type { Campaign } from './ports/history.ts';

type Abandonment = ComplianceProfile['abandonment'];

/** A campaign and when it dialled first; of one that has not `dialled`, when it was made. */
export interface Dated {
  readonly id: CampaignId;
  readonly startedAt: EpochMs;
  readonly dialled: boolean;
}

/** Since when the windows of these campaigns run. */
export async function dated(
  history: Pick<EvidenceBook, 'firstDials'>,
  campaigns: readonly Pick<Campaign, 'id' | 'createdAt'>[],
): Promise<readonly Dated[]> {
  const first = await history.firstDials(campaigns.map(({ id }) => id));
  return campaigns.map(({ id, createdAt }) => ({ id, startedAt: first.get(id) ?? createdAt, dialled: first.has(id) }));
}

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
  const starts = campaigns.map(({ startedAt, dialled }) => ({ startedOn: dayOf(startedAt, zone), dialled }));
  const first = firstStart(starts) ?? today;
  // Of campaigns held apart, each is in the period that its own start sets.
  const begins = rules.limits.value.flatMap(({ window, scope }) =>
    (scope === 'all' ? [first] : starts.map(({ startedOn }) => startedOn)).map(
      (on) => windowOf(window, on, today).from,
    ),
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
  const zone = rules.zone.value;
  const ledgers = new Map(campaigns.map(({ id, startedAt, dialled }) => [id, emptyLedger(zone, startedAt, dialled)]));
  for (const { campaignId, day, type, screened, count } of days) {
    const ledger = ledgers.get(campaignId);
    if (ledger) ledgers.set(campaignId, countOn(ledger, day, { type, screened }, count));
  }
  return ledgers;
}

/** Ledgers of the other campaigns under each profile that pools them, up to a moment; by the profile's name. */
export async function othersOf(
  history: Pick<EvidenceBook, 'answeredDays' | 'firstDials'>,
  profiles: readonly ComplianceProfile[],
  {
    id,
    campaigns,
    until,
  }: { readonly id: CampaignId; readonly campaigns: readonly Campaign[]; readonly until: EpochMs },
): Promise<ReadonlyMap<string, readonly Ledger[]>> {
  const pooled = profiles.filter(({ abandonment }) => isPooled(abandonment));
  const found = pooled.map(async ({ name, abandonment: rules }) => {
    const others = await dated(
      history,
      campaignsUnder(name, campaigns).filter((campaign) => campaign.id !== id),
    );
    const from = dayBegins(windowsBegin(rules, others, until - 1), rules.zone.value);
    const days = await history.answeredDays({ campaignIds: others.map((other) => other.id), rules, from, until });
    return [name, [...ledgersOf(rules, others, days).values()]] as const;
  });
  return new Map(await Promise.all(found));
}
