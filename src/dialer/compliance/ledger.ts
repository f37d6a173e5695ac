import type { EpochMs } from '../../call/ids.ts';
import type { ComplianceProfile } from './profile.ts';

/**
 * What one campaign's answered calls came to, counted by day. All counters are sums, so that it does not matter in which
 * order facts arrive, and a disposition days later lands on the day of its call.
 */
export interface DayCounts {
  /** Put to an agent in time. */
  readonly connected: number;
  /** Of these, those that the agent found to be a machine. */
  readonly connectedToMachine: number;
  readonly abandoned: number;
  /** Answered, and the person hung up while the seconds to an agent still ran. */
  readonly leftInTime: number;
  /** AMD said machine, and no agent was put through. */
  readonly takenForMachine: number;
  /** The part of `connected`, `connectedToMachine` and `abandoned` that no AMD had listened to. */
  readonly unscreenedConnected: number;
  readonly unscreenedToMachine: number;
  readonly unscreenedAbandoned: number;
}

/** Plain data: it survives `JSON.parse(JSON.stringify(…))`. */
export interface Ledger {
  /** IANA zone of its days. */
  readonly zone: string;
  /**
   * The day on which the campaign dialled first, as 2026-11-22: a period runs while it dials, not while it lies ready (16 CFR
   * 310.4(b)(4)(i): "each successive 30-day period … that the campaign continues"). Until then, the day on which it was made.
   */
  readonly startedOn: string;
  readonly dialled: boolean;
  readonly days: Readonly<Record<string, DayCounts>>;
}

/** `at` is always when the call was picked up; `screened`: AMD had listened to it. */
export type LedgerFact =
  | { readonly type: 'connected' | 'abandoned'; readonly at: EpochMs; readonly screened: boolean }
  | { readonly type: 'met-machine'; readonly at: EpochMs; readonly screened: boolean }
  | { readonly type: 'left-in-time' | 'taken-for-machine'; readonly at: EpochMs };

interface CountedAs {
  readonly type: LedgerFact['type'];
  readonly screened?: boolean;
}

const NOTHING: DayCounts = {
  connected: 0,
  connectedToMachine: 0,
  abandoned: 0,
  leftInTime: 0,
  takenForMachine: 0,
  unscreenedConnected: 0,
  unscreenedToMachine: 0,
  unscreenedAbandoned: 0,
};

/** @param startedAt when the campaign dialled first; of one that has not `dialled`, when it was made */
export const emptyLedger = (zone: string, startedAt: EpochMs, dialled = true): Ledger => ({
  zone,
  startedOn: dayOf(startedAt, zone),
  dialled,
  days: {},
});

/** The day on which the first of several began; those that have not dialled yet count only where none has. */
export function firstStart(ledgers: readonly Pick<Ledger, 'startedOn' | 'dialled'>[]): string | null {
  const begun = ledgers.filter(({ dialled }) => dialled);
  const days = (begun.length > 0 ? begun : ledgers).map(({ startedOn }) => startedOn);
  return days.toSorted()[0] ?? null;
}

/** The local date of an instant, as 2026-11-22. */
export const dayOf = (at: EpochMs, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

export const count = (ledger: Ledger, fact: LedgerFact): Ledger =>
  countOn(ledger, dayOf(fact.at, ledger.zone), fact, 1);

/** Takes back what was counted and is otherwise after all. */
export const uncount = (ledger: Ledger, fact: LedgerFact): Ledger =>
  countOn(ledger, dayOf(fact.at, ledger.zone), fact, -1);

/** As `count`, of facts whose local day is known. */
export function countOn(ledger: Ledger, day: string, fact: CountedAs, times: number): Ledger {
  const days = { ...ledger.days, [day]: sum(ledger.days[day] ?? NOTHING, partOf(fact), times) };
  const isFirst = !ledger.dialled || day < ledger.startedOn;
  return { ...ledger, startedOn: isFirst ? day : ledger.startedOn, dialled: true, days };
}

function partOf({ type, screened = true }: CountedAs): Partial<DayCounts> {
  switch (type) {
    case 'connected':
      return { connected: 1, ...(screened ? {} : { unscreenedConnected: 1 }) };
    case 'abandoned':
      return { abandoned: 1, ...(screened ? {} : { unscreenedAbandoned: 1 }) };
    case 'met-machine':
      return { connectedToMachine: 1, ...(screened ? {} : { unscreenedToMachine: 1 }) };
    case 'left-in-time':
      return { leftInTime: 1 };
    case 'taken-for-machine':
      return { takenForMachine: 1 };
  }
}

const COUNTERS = Object.keys(NOTHING) as readonly (keyof DayCounts)[];

function sum(counts: DayCounts, more: Partial<DayCounts>, times = 1): DayCounts {
  const total: { -readonly [K in keyof DayCounts]: number } = { ...counts };
  for (const counter of COUNTERS) total[counter] += times * (more[counter] ?? 0);
  return total;
}

/** Several as one, which began when the first of them did. */
export function merged(first: Ledger, more: readonly Ledger[]): Ledger {
  const days: Record<string, DayCounts> = { ...first.days };
  for (const ledger of more) {
    for (const [day, counts] of Object.entries(ledger.days)) days[day] = sum(days[day] ?? NOTHING, counts);
  }
  const all = [first, ...more];
  const startedOn = firstStart(all) ?? first.startedOn;
  return { ...first, startedOn, dialled: all.some(({ dialled }) => dialled), days };
}

/** The counts of the days `from` to before `until` of some ledgers together. */
export function total(ledgers: readonly Ledger[], from: string, until: string): DayCounts {
  let counts = NOTHING;
  for (const { days } of ledgers) {
    for (const [day, more] of Object.entries(days)) {
      if (from <= day && day < until) counts = sum(counts, more);
    }
  }
  return counts;
}

/** When things happened on one answered call; null: they did not. */
export interface AnswerTimes {
  readonly pickedUpAt: EpochMs;
  readonly greetingStartedAt: EpochMs | null;
  readonly greetingEndedAt: EpochMs | null;
  readonly connectedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
}

type Abandonment = ComplianceProfile['abandonment'];

/** The last instant at which an agent is in time. What of the greeting was not heard counts from the pick-up. */
export function deadlineOf({ countsFrom, connectWithinMs }: Abandonment, times: AnswerTimes): EpochMs {
  const { pickedUpAt, greetingStartedAt, greetingEndedAt } = times;
  const start = { 'pick-up': null, 'greeting-start': greetingStartedAt, 'greeting-end': greetingEndedAt };
  return (start[countsFrom.value] ?? pickedUpAt) + connectWithinMs.value;
}

/**
 * What a call that a person answered counts as. An agent who came too late does not undo it. Ask when the call has been put
 * to an agent, when the deadline has passed, or when it has ended.
 */
export function answerOf(rules: Abandonment, times: AnswerTimes): 'connected' | 'abandoned' | 'left-in-time' {
  const deadline = deadlineOf(rules, times);
  if (times.connectedAt !== null) return times.connectedAt <= deadline ? 'connected' : 'abandoned';
  return times.endedAt !== null && times.endedAt <= deadline ? 'left-in-time' : 'abandoned';
}
