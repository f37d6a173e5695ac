import type { EpochMs } from '../call/ids.ts';
import type { CampaignGate } from '../dialer/campaign-gates.ts';
import { isSpent, type Standing, WINDOW_WORDS } from '../dialer/compliance/abandonment.ts';
import type { LedgerSight } from './campaign-ledger.ts';
import { RISKY } from './campaign-ledger-read.ts';
import type { Campaign } from './ports/history.ts';

/** What pacing says, and which window keeps it from more where one does. `limit`: what pacing itself names as that. */
export function withWindow(
  because: string | null,
  limit: string | undefined,
  sight: LedgerSight | null,
  mode: Campaign['mode'],
): string | null {
  const words = sight && RISKY.has(mode) ? bindingWords(sight, limit === 'window') : null;
  return [because, words].filter((text) => text !== null).join(' ') || null;
}

function bindingWords({ abandoned: { limits, tightest }, profile }: LedgerSight, binds: boolean): string | null {
  const spent = limits.find(isSpent);
  if (spent) return `${spentWords(spent, profile.abandonment.zone.value)} ${MEANWHILE}`;
  if (!binds || !tightest) return null;
  return `The window that binds: ${tallyOf(tightest)}, so ${tightest.budget} more may be.`;
}

/** Whether the law lets more be dialled than there are free agents; it stops no campaign, it slows it down. */
export function abandonmentGate(sight: LedgerSight | null, mode: Campaign['mode']): CampaignGate | null {
  if (!sight || mode === 'agentless') return null;
  const { limits, tightest } = sight.abandoned;
  const zone = sight.profile.abandonment.zone.value;
  const gate = (pass: boolean, text: string) => ({ gate: 'abandonment', pass, text });
  if (!tightest) return gate(true, `Profile ${sight.profile.id} limits no abandonment.`);
  const spent = limits.find(isSpent);
  if (!spent) return gate(true, `Abandoned: ${tallyOf(tightest)}; ${tightest.budget} more may be.`);
  if (!RISKY.has(mode)) return gate(true, `${spentWords(spent, zone)} This mode dials for free agents alone.`);
  return gate(false, `${spentWords(spent, zone)} ${MEANWHILE}`);
}

const MEANWHILE = 'Until the rate allows more it dials one number for each free agent, who is kept for it.';

const spentWords = (spent: Standing, zone: string): string =>
  `Nobody more may be abandoned: ${tallyOf(spent)}. ${mendedBy(spent, zone)}`;

/** What is counted since the campaign began never falls out of its window. */
const mendedBy = ({ limit, endsAt }: Standing, zone: string): string =>
  limit.window === 'campaign'
    ? 'Only people who are put to an agent bring it down: this window does not move on.'
    : `The window moves on at ${clockOf(endsAt, zone)}.`;

function tallyOf({ abandoned, of, rate, limit, from, to }: Standing): string {
  const whose = limit.scope === 'all' ? ' of all campaigns of the profile' : '';
  const span = from === to ? from : `${from} to ${to}`;
  return `${plain(abandoned)} of ${plain(of)}${whose} ${WINDOW_WORDS[limit.window]} (${span}), which is ${percent(rate)} of at most ${percent(limit.cap)}`;
}

const plain = (count: number): string => String(Number(count.toFixed(1)));
const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

const clockOf = (at: EpochMs, zone: string): string => {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return `${time.toPlainDate().toString()} ${time.toPlainTime().toString({ smallestUnit: 'minute' })} (${zone})`;
};
