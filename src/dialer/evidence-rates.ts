import type { EpochMs } from '../call/ids.ts';
import { abandonmentAt, falsePositiveShare, type HeardMachines, rateOf } from './compliance/abandonment.ts';
import { ledgerFactsOf } from './compliance/answered.ts';
import { count, emptyLedger, type Ledger, total } from './compliance/ledger.ts';
import type { ComplianceProfile } from './compliance/profile.ts';
import type { Cell } from './evidence-csv.ts';
import { answeredOf, type EvidenceCall } from './evidence.ts';

/** The calls of a campaign as one profile counts them. */
export interface ProfileCount {
  readonly profile: ComplianceProfile;
  readonly ledger: Ledger;
  /** The other campaigns under it, for limits that pool them. */
  readonly others: readonly Ledger[];
  /** Machines of which it is known what they were. */
  readonly heard: HeardMachines;
  /** Dials within the period that were made under it. */
  readonly dialled: number;
}

/** What is known beside the calls of the campaign. `others`: ledgers of other campaigns under each profile, by its name. */
export interface Beside {
  readonly others: ReadonlyMap<string, readonly Ledger[]>;
  readonly heard: HeardMachines;
}

/** When the campaign dialled first; of one that has not, when it was made. */
interface Begun {
  readonly startedAt: EpochMs;
  readonly dialled: boolean;
}

export const noCounts = (
  profiles: Iterable<ComplianceProfile>,
  { startedAt, dialled }: Begun,
  { others, heard }: Beside,
): readonly ProfileCount[] =>
  [...profiles].map((profile) => ({
    profile,
    ledger: emptyLedger(profile.abandonment.zone.value, startedAt, dialled),
    others: others.get(profile.name) ?? [],
    heard,
    dialled: 0,
  }));

interface Counted {
  readonly call: EvidenceCall;
  /** It was dialled in the period of the pack, and not before, for the sake of a long window. */
  readonly within: boolean;
  readonly metMachine: boolean;
  /** The end of the period: who picked up later had not answered by then, though his dial is listed. */
  readonly until: EpochMs;
}

/** With a call more. */
export const countCall = (
  counts: readonly ProfileCount[],
  { call, within, metMachine, until }: Counted,
): readonly ProfileCount[] => {
  const answered = answeredOf(call, metMachine);
  const dial = answered && answered.pickedUpAt < until ? answered : null;
  return counts.map((one) => {
    const { profile, dialled } = one;
    const facts = dial ? ledgerFactsOf(profile.abandonment, dial) : [];
    const ledger = facts.reduce((sum, fact) => count(sum, fact), one.ledger);
    return { ...one, ledger, dialled: dialled + (within && call.profile === profile.id ? 1 : 0) };
  });
};

export const RATE_COLUMNS = [
  'profile',
  'calls dialled under it',
  'from',
  'to',
  'zone',
  'numerator',
  'denominator',
  'rate',
  'cap',
  'kept',
  'definition',
  'rules',
];

/** The rates at the end of the period, one row for each limit of each profile. */
export function rateRows(counts: readonly ProfileCount[], until: EpochMs): readonly (readonly Cell[])[] {
  return counts.flatMap(({ profile, ledger, others, heard, dialled }) => {
    const { limits } = abandonmentAt(profile.abandonment, { own: ledger, others, heard }, until - 1);
    return limits.map(({ limit, from, to, abandoned, of, rate, definition }) => [
      profile.id,
      dialled,
      from,
      to,
      ledger.zone,
      round(abandoned),
      round(of),
      round(rate),
      limit.cap,
      rate <= limit.cap ? 'yes' : 'NO',
      definition,
      citesOf(profile),
    ]);
  });
}

const round = (value: number): number => Number(value.toFixed(6));

const citesOf = ({
  abandonment: { limits, denominator, connectWithinMs, countsFrom, leftInTime, falsePositives },
}: ComplianceProfile) =>
  [
    ...new Set([limits, denominator, connectWithinMs, countsFrom, leftInTime, falsePositives].map(({ cite }) => cite)),
  ].join('; ');

export const DAY_COLUMNS = [
  'profile',
  'date',
  'zone',
  'numerator',
  'denominator',
  'rate',
  'lowest cap',
  'abandoned',
  'put to an agent in time',
  'hung up in time',
  'taken for a machine',
  'put to an agent, a machine',
];

export interface DayRate {
  readonly day: string;
  readonly abandoned: number;
  readonly of: number;
  readonly rate: number;
}

/** Rate by day as one profile counts, oldest first. */
export function daysOf({ profile: { abandonment }, ledger, heard }: ProfileCount): readonly DayRate[] {
  const share = falsePositiveShare(abandonment, heard);
  return Object.entries(ledger.days)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, counts]) => ({ day, ...rateOf(abandonment, counts, share) }));
}

/** 0–1; 1 when the profile has no limit. */
export const lowestCap = ({ abandonment }: ComplianceProfile): number =>
  Math.min(1, ...abandonment.limits.value.map(({ cap }) => cap));

export function dayRows(counts: readonly ProfileCount[]): readonly (readonly Cell[])[] {
  return counts.flatMap((one) =>
    daysOf(one).map(({ day, abandoned, of, rate }) => {
      const plain = one.ledger.days[day];
      const [left, machines] = [plain?.leftInTime ?? 0, plain?.takenForMachine ?? 0];
      const { id } = one.profile;
      const cells = [id, day, one.ledger.zone, round(abandoned), round(of), round(rate), lowestCap(one.profile)];
      const met = plain?.connectedToMachine ?? 0;
      return [...cells, plain?.abandoned ?? 0, plain?.connected ?? 0, left, machines, met];
    }),
  );
}

export const AMD_COLUMNS = ['profile', 'taken for a machine', 'share taken to be persons', 'persons estimated', 'rule'];

/** How many persons each profile takes to be among AMD's machines. */
export function amdRows(counts: readonly ProfileCount[]): readonly (readonly Cell[])[] {
  return counts.map(({ profile: { id, abandonment }, ledger, heard }) => {
    const { takenForMachine } = total([ledger], '0000', '9999');
    const counted = abandonment.falsePositives.value === 'both-sides';
    const share = counted ? falsePositiveShare(abandonment, heard) : 0;
    const { cite } = counted ? abandonment.assumedFalsePositives : abandonment.falsePositives;
    return [id, takenForMachine, share, round(takenForMachine * share), cite];
  });
}
