import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { LeadGateFacts } from '../dialer/lead-gates.ts';
import type { Campaign, Lead } from './ports/history.ts';
import { ASKED_ANEW, type KeepRule } from './ports/law.ts';
import { SKIPPED, skippedBy } from './preflight-words.ts';

/** Rules that say what a value of the profile says: of another profile they may say something else. */
const OF_PROFILE: ReadonlySet<KeepRule> = new Set([
  'consent',
  'locked-out',
  'attempts-cap',
  'zone-unknown',
  'calling-hours',
]);

/**
 * What forbade the last dial of a lead, and by which version of which profile. `profile` is the one that its campaign dials by now;
 * null: the site has none of that name.
 */
export function refusedFacts(
  { refused: rule, refusedBy: by }: Pick<Lead, 'refused' | 'refusedBy'>,
  campaign: Pick<Campaign, 'mode'>,
  profile: ComplianceProfile | null,
): Pick<LeadGateFacts, 'refused' | 'askedAnewBy'> {
  if (rule === undefined) return { refused: null, askedAnewBy: null };
  const isSame = profile !== null && profile.id === by;
  // Which consent it was that another version asked for, nobody knows any more.
  const words = isSame ? skippedBy(campaign, profile)(rule) : SKIPPED[rule];
  const source = OF_PROFILE.has(rule)
    ? `, by rule ${rule} of ${by === undefined ? 'its profile' : `profile ${by}`}`
    : '';
  const isAnew = !isSame && ASKED_ANEW.some((each) => each === rule);
  return { refused: words + source, askedAnewBy: isAnew ? (profile?.id ?? null) : null };
}

type Counts = Readonly<Partial<Record<KeepRule, number>>>;

/** What became of a look for leads in which all were refused, as `All 12 leads looked at were refused: …`; null: none was looked at. */
export function refusedLook(rules: readonly KeepRule[]): string | null {
  if (rules.length === 0) return null;
  const counts: Counts = Object.fromEntries(
    [...Map.groupBy(rules, (rule) => rule)].map(([rule, of]) => [rule, of.length]),
  );
  const who = rules.length === 1 ? 'The one lead looked at was' : `All ${count(rules.length)} leads looked at were`;
  return `${who} refused: ${tally(counts)}.`;
}

/** How many leads of a campaign rules keep back now, or have for good; null: none. */
export function keptBackWords(refused: Counts): string | null {
  const kept = Object.values(refused).reduce((sum, each) => sum + each, 0);
  if (kept === 0) return null;
  return `Rules keep back ${kept === 1 ? 'one lead' : `${count(kept)} leads`}: ${tally(refused)}.`;
}

/** The most frequent first. */
const tally = (counts: Counts): string =>
  (Object.entries(counts) as [KeepRule, number][])
    .toSorted(([, a], [, b]) => b - a)
    .map(([rule, each]) => `${SKIPPED[rule]} ${count(each)}`)
    .join('; ');

const count = (leads: number): string => leads.toLocaleString('en');
