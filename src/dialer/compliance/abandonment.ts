import type { EpochMs } from '../../call/ids.ts';
import { type DayCounts, dayOf, firstStart, type Ledger, total } from './ledger.ts';
import type { AbandonmentLimit, ComplianceProfile, WindowKind } from './profile.ts';

type Abandonment = ComplianceProfile['abandonment'];

/** Recordings of calls that AMD took for machines, heard by people, and how many of them were persons. */
export interface HeardMachines {
  readonly heard: number;
  readonly persons: number;
}

/** Below and above the line of one rate, estimates included, so they need not be whole. */
export interface Rate {
  readonly abandoned: number;
  readonly of: number;
  /** 0–1; 0 while nobody has answered. */
  readonly rate: number;
}

/** With fewer recordings heard than this, the estimate is not taken below what the profile assumes. */
const ENOUGH_HEARD = 100;

/** The share (0–1) of AMD's machines that were persons: what was heard, or the profile's assumption until enough was. */
export function falsePositiveShare({ assumedFalsePositives }: Abandonment, { heard, persons }: HeardMachines): number {
  const measured = heard > 0 ? persons / heard : 0;
  return heard >= ENOUGH_HEARD ? measured : Math.max(measured, assumedFalsePositives.value);
}

/**
 * The abandonment rate of some counts by the profile's formula. Estimates as Ofcom's annex has them: persons whom AMD took
 * for machines (F) are abandoned calls, above and below the line; of calls that no AMD had heard, the share that agents find
 * to be machines is taken off the abandoned too.
 */
export function rateOf(rules: Abandonment, counts: DayCounts, falsePositives: number): Rate {
  const estimated = rules.falsePositives.value === 'both-sides' ? counts.takenForMachine * falsePositives : 0;
  const left = rules.leftInTime.value === 'abandoned' ? counts.leftInTime : 0;
  const all = counts.abandoned + left + estimated;
  const abandoned = all - (rules.machines.value === 'deduct-unscreened' ? machinesAmong(counts) : 0);
  const persons = Math.max(0, counts.connected - counts.connectedToMachine);
  const answered = rules.denominator.value === 'answered-by-person' ? counts.leftInTime - left : 0;
  const of = abandoned + persons + answered;
  return { abandoned, of, rate: of > 0 ? abandoned / of : 0 };
}

function machinesAmong({ unscreenedAbandoned, unscreenedConnected, unscreenedToMachine }: DayCounts): number {
  return unscreenedConnected > 0 ? unscreenedAbandoned * Math.min(1, unscreenedToMachine / unscreenedConnected) : 0;
}

/** One limit of the profile as it stands now. */
export interface Standing extends Rate {
  readonly limit: AbandonmentLimit;
  /** First and last local date of the window. */
  readonly from: string;
  readonly to: string;
  /** When the window ends, or with a rolling one when its oldest day falls out. */
  readonly endsAt: EpochMs;
  /** Cap × answered − abandoned: calls that may still be abandoned as things stand; below zero the cap is passed. */
  readonly bank: number;
  /** How many more calls may be abandoned, one after the other and nobody else answering, without passing the cap. */
  readonly budget: number;
  /** What the numbers mean, for whoever sees them. */
  readonly definition: string;
}

export interface Abandoned {
  /** In the order of the profile. */
  readonly limits: readonly Standing[];
  /** The one with the least left: the guard goes by it. */
  readonly tightest: Standing | null;
  /** Its budget; infinite when the profile has no limit. */
  readonly budget: number;
  readonly bank: number;
}

export interface LedgerView {
  /** The campaign's own. */
  readonly own: Ledger;
  /** Those of the other campaigns under the same profile, for limits that pool them. */
  readonly others: readonly Ledger[];
  readonly heard: HeardMachines;
}

/** How a campaign stands against every limit of its profile. */
export function abandonmentAt(rules: Abandonment, view: LedgerView, now: EpochMs): Abandoned {
  const limits = rules.limits.value.map((limit) => standingOf(rules, limit, view, now));
  const tightest = limits.toSorted((a, b) => a.bank - b.bank)[0] ?? null;
  return {
    limits,
    tightest,
    budget: Math.min(...limits.map(({ budget }) => budget)),
    bank: tightest?.bank ?? Number.POSITIVE_INFINITY,
  };
}

function standingOf(rules: Abandonment, limit: AbandonmentLimit, view: LedgerView, now: EpochMs): Standing {
  const ledgers = limit.scope === 'campaign' ? [view.own] : [view.own, ...view.others];
  const { zone } = view.own;
  const { from, until } = windowOf(limit.window, firstStart(ledgers) ?? view.own.startedOn, dayOf(now, zone));
  const rate = rateOf(rules, total(ledgers, from, until), falsePositiveShare(rules, view.heard));
  const bank = limit.cap * rate.of - rate.abandoned;
  const last = Temporal.PlainDate.from(until).subtract({ days: 1 }).toString();
  return {
    ...rate,
    limit,
    from,
    to: last,
    endsAt: Temporal.PlainDate.from(until).toZonedDateTime(zone).epochMilliseconds,
    bank,
    budget: budgetOf(limit.cap, bank),
    definition: definitionOf(rules, limit, from, last, zone),
  };
}

/** Somebody was abandoned, and nobody more may be. Where nobody was, there is nothing to make good. */
export const isSpent = ({ budget, abandoned }: Standing): boolean => abandoned > 0 && budget < 1;

/** Its first date, and the first that is outside; without a limit everything is inside. */
export const periodOf = (standing: Pick<Standing, 'from' | 'to'> | null): readonly [string, string] =>
  standing ? [standing.from, nextDay(standing.to)] : ['0000', '9999'];

/** With a cap of all, all may be abandoned: a number that can be shown and sent, which Infinity cannot. */
const WITHOUT_END = Number.MAX_SAFE_INTEGER;

/** An abandoned call was answered too: with k more, (a + k) ÷ (n + k) ≤ cap. The crumb is for 0.03 × 100 being 3.0000…04. */
const budgetOf = (cap: number, bank: number): number =>
  cap >= 1 ? WITHOUT_END : Math.max(0, Math.floor(bank / (1 - cap) + 1e-9));

const nextDay = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();

const PERIOD_DAYS = 30;

/**
 * The dates of the window that `today` lies in: `from` is the first, `until` the first that is outside. `startedOn`: when the
 * first dial was made; of what had not begun by then, the window begins on the day itself.
 */
export function windowOf(kind: WindowKind, startedOn: string, today: string): { from: string; until: string } {
  const date = Temporal.PlainDate.from(today);
  switch (kind) {
    case 'day':
      return { from: today, until: nextDay(today) };
    case 'calendar-month': {
      const first = date.with({ day: 1 });
      return { from: first.toString(), until: first.add({ months: 1 }).toString() };
    }
    case 'rolling-30-days':
      return { from: date.subtract({ days: PERIOD_DAYS - 1 }).toString(), until: nextDay(today) };
    case 'campaign-30-days': {
      const start = Temporal.PlainDate.from(startedOn < today ? startedOn : today);
      const periods = Math.floor(start.until(date, { largestUnit: 'days' }).days / PERIOD_DAYS);
      const first = start.add({ days: periods * PERIOD_DAYS });
      return { from: first.toString(), until: first.add({ days: PERIOD_DAYS }).toString() };
    }
    case 'campaign':
      return { from: startedOn < today ? startedOn : today, until: nextDay(today) };
  }
}

export const WINDOW_WORDS: Readonly<Record<WindowKind, string>> = {
  day: 'on the day',
  'calendar-month': 'in the calendar month',
  'rolling-30-days': 'in the last 30 days',
  'campaign-30-days': 'in this period of 30 days since the campaign first dialled',
  campaign: 'since the campaign first dialled',
};

/** What is divided by what, with everything that decides what is counted; of whom and when is left to who says it. */
export function formulaOf(rules: Abandonment): string {
  const start = {
    'pick-up': 'the pick-up',
    'greeting-start': "the greeting's start",
    'greeting-end': "the greeting's end",
  };
  const abandoned = [
    `calls that a person answered and no agent took within ${rules.connectWithinMs.value / 1000} s of ${start[rules.countsFrom.value]}`,
    ...(rules.leftInTime.value === 'abandoned' ? ['or who hung up before'] : []),
    ...(rules.falsePositives.value === 'both-sides' ? ['with an estimate of persons whom AMD took for machines'] : []),
    ...(rules.machines.value === 'deduct-unscreened' ? ['less an estimate of machines where no AMD listened'] : []),
  ].join(', ');
  const of =
    rules.denominator.value === 'answered-by-person'
      ? 'calls answered by a person'
      : 'the same and calls put to an agent';
  return `Abandoned (${abandoned}) ÷ ${of}`;
}

/** The rate in words. */
function definitionOf(rules: Abandonment, limit: AbandonmentLimit, from: string, to: string, zone: string): string {
  const whose = limit.scope === 'campaign' ? 'of this campaign' : 'of all campaigns of this profile';
  return `${formulaOf(rules)}, ${whose}, ${WINDOW_WORDS[limit.window]} (${from} to ${to}, ${zone}); at most ${Number((limit.cap * 100).toFixed(4))} %.`;
}
