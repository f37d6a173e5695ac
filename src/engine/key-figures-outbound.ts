import type { CampaignId, EpochMs } from '../call/ids.ts';
import {
  abandonmentAt,
  falsePositiveShare,
  formulaOf,
  type HeardMachines,
  type LedgerView,
  type Rate,
  rateOf,
} from '../dialer/compliance/abandonment.ts';
import { type Ledger, total } from '../dialer/compliance/ledger.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { campaignsUnder, dated, dayBegins, ledgersOf, windowsBegin } from './campaign-ledger-read.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { Campaign, History } from './ports/history.ts';
import type { OutboundAbandonment } from './ports/outbound-figures.ts';

export interface OutboundRooms {
  readonly history: Pick<History, 'campaigns' | 'answeredDays' | 'firstDials'>;
  /** What has happened and is not in the books yet is written there. */
  readonly settle: () => Promise<void>;
  readonly profiles: () => ReadonlyMap<string, ComplianceProfile>;
  /** Machines of the campaign of which it is known what they were. */
  readonly heard: (id: CampaignId) => Promise<HeardMachines>;
}

interface Asked {
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** Told of in any case, also where nobody answered. */
  readonly dialled: ReadonlySet<string>;
}

/**
 * Abandonment of each campaign in a span of time, from the same books as the guard of the dialer and the evidence pack, by the
 * campaign's own profile as it is loaded now: answers count when they were picked up. As far back as the books reach, which
 * forget nothing. A campaign whose profile is not loaded is left out.
 */
export async function outboundOf(rooms: OutboundRooms, asked: Asked): Promise<readonly OutboundAbandonment[]> {
  await rooms.settle();
  const campaigns = await rooms.history.campaigns();
  const names = new Set(campaigns.map(({ profile }) => profile ?? DEFAULT_PROFILE));
  const profiles = [...rooms.profiles().values()].filter(({ name }) => names.has(name));
  const found: OutboundAbandonment[] = [];
  for (const profile of profiles) found.push(...(await ofProfile(rooms, profile, campaigns, asked)));
  return found.toSorted((a, b) => (a.campaignId < b.campaignId ? -1 : 1));
}

async function ofProfile(
  { history, heard }: OutboundRooms,
  profile: ComplianceProfile,
  campaigns: readonly Campaign[],
  { from, until, dialled }: Asked,
): Promise<readonly OutboundAbandonment[]> {
  const rules = profile.abandonment;
  const own = campaignsUnder(profile.name, campaigns);
  const campaignIds = own.map(({ id }) => id);
  const begun = await dated(history, own);
  const windows = dayBegins(windowsBegin(rules, begun, until - 1), rules.zone.value);
  const [within, before] = await Promise.all([
    history.answeredDays({ campaignIds, rules, from, until }),
    history.answeredDays({ campaignIds, rules, from: windows, until }),
  ]);
  const [inSpan, inWindows] = [ledgersOf(rules, begun, within), ledgersOf(rules, begun, before)];
  const answered = new Set(within.map(({ campaignId }) => campaignId));
  const told = own.filter(({ id }) => answered.has(id) || dialled.has(id));
  const each = told.map(async ({ id, name }) => {
    const [span, window] = [inSpan.get(id), inWindows.get(id)];
    if (!span || !window) return [];
    const others = [...inWindows].flatMap(([other, ledger]) => (other === id ? [] : [ledger]));
    const view = { own: window, others, heard: await heard(id) };
    return [{ campaignId: id, name, ...seen(profile, span, view, until) }];
  });
  return (await Promise.all(each)).flat();
}

/** @param span what was answered in it; `view`: what the windows of the limits hold at its end */
function seen(
  { id, abandonment: rules }: ComplianceProfile,
  span: Ledger,
  view: LedgerView,
  until: EpochMs,
): Omit<OutboundAbandonment, 'campaignId' | 'name'> {
  const share = falsePositiveShare(rules, view.heard);
  const days = Object.entries(span.days).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    profile: id,
    zone: span.zone,
    definition: `${formulaOf(rules)}, of this campaign in the span.`,
    ...plain(rateOf(rules, total([span], '0000', '9999'), share)),
    days: days.map(([day, counts]) => ({ day, ...plain(rateOf(rules, counts, share)) })),
    limits: abandonmentAt(rules, view, until - 1).limits.map(({ limit, from, to, definition, ...rate }) => {
      return { ...limit, ...plain(rate), from, to, kept: rate.rate <= limit.cap, definition };
    }),
  };
}

/** Of nobody there is no rate. */
const plain = ({ abandoned, of, rate }: Rate) => ({ abandoned, of, rate: of > 0 ? rate : null });
