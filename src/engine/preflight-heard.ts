import { type AmdCounts, heardIn } from '../dialer/amd-rates.ts';
import { countFromOf, type DetectionPlan } from '../dialer/amd-policy.ts';
import { detectionNeedMs } from '../dialer/amd-need.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { type Detection, fixed, type Known, lognormal, meanOf, type Spread, UNKNOWN } from '../dialer/lab/index.ts';
import { retryRule } from '../dialer/retry.ts';
import { chargedShareOf } from './campaign-policy.ts';
import type { Campaign } from './ports/history.ts';
import type { Assumption } from './ports/preflight.ts';
import type { Journalled } from './preflight-journal.ts';
import { ENOUGH, listens, measured, type Seen } from './preflight-known.ts';

/** Who picks up, and what listening makes of it. Shares, 0–1. */
export interface Heard {
  /** Persons and machines as they truly are, as far as that can be told; null: nobody knows, and nothing is listened for. */
  readonly counts: Known['seen'];
  /** Of all dials, those after which a lead is not dialled again though nobody talked. */
  readonly ended: number;
  /** One standard deviation of the share of persons, beyond what chance does to so many dials. */
  readonly doubt: number;
  /** Null: nobody listens. */
  readonly detection: Detection | null;
  /** Of the machines, what the profile charges as abandoned persons. */
  readonly chargedShare: number;
  /** Where the errors of the detection, and the time that it takes, are from. */
  readonly from: Record<'counts' | 'personsKept' | 'machinesKept' | 'verdict' | 'message', Assumption['from']>;
}

/** What agents said is believed from so many on. */
const ENOUGH_SAID = 30;
const ENOUGH_SAMPLED = 20;

const TESTS = 24;
/** Of 24 persons and 24 machines each, what was found in calls between two Asterisks (docs/amd.md). */
const TESTED = {
  own: { person: { machine: 2 / 24, unsure: 0 }, machine: { machine: 14 / 24, unsure: 4 / 24 } },
  switch: { person: { machine: 4 / 24, unsure: 1 / 24 }, machine: { machine: 1, unsure: 0 } },
} as const;

/** A greeting's rest, and a message: a guess. */
const MESSAGE_SEC = 25;

/** @param said what agents said of the calls that a detection had judged, of the campaigns that were seen; `own`: of this one */
export function heardOf(
  campaign: Campaign,
  profile: ComplianceProfile,
  { seen, said, own, journal }: { seen: Seen; said: AmdCounts; own: AmdCounts; journal: Journalled },
): Heard {
  const { detect: plan } = campaign;
  const ended = (seen.counts?.ended ?? 0) / Math.max(1, seen.counts?.dials ?? 1);
  const known = (values: readonly number[]) => (values.length < ENOUGH ? 'assumed' : 'this campaign');
  const from = {
    counts: seen.from,
    personsKept: 'assumed',
    machinesKept: 'assumed',
    verdict: 'assumed',
    message: 'assumed',
  } as const;
  if (!plan || !listens(campaign))
    return { counts: seen.counts, ended, doubt: 0, detection: null, chargedShare: 0, from };
  const who = whoOf(plan, seen, said);
  const took = journal.verdicts.length < ENOUGH ? usualVerdict(plan) : measured(journal.verdicts);
  const machineAsPerson = 1 - who.machinesKept;
  const listening = {
    took,
    personAsMachine: who.personsKept,
    machineAsPerson,
    spentSec: spentOf(plan, profile, took, journal),
  };
  const leaves = plan.after.machine === 'message';
  const endsThen = leaves && !retryRule(campaign).steps['message-left'];
  const left = endsThen ? (who.counts.machines * who.machinesKept) / who.counts.dials : 0;
  return {
    counts: who.counts,
    doubt: who.doubt,
    ended: seen.listened ? ended : Math.max(ended, left),
    detection: { ...listening, ...(leaves && { held: messageOf(seen, took) }) },
    chargedShare: chargedShareOf(profile, heardIn(own)),
    from: {
      counts: seen.listened ? seen.from : 'assumed',
      personsKept: isSampled(said) ? seen.from : 'assumed',
      machinesKept: isSaid(said) ? seen.from : 'assumed',
      verdict: known(journal.verdicts),
      message: seen.messages.length < ENOUGH ? 'assumed' : seen.from,
    },
  };
}

const isSampled = ({ sampledPersons, sampledMachines }: AmdCounts) =>
  sampledPersons + sampledMachines >= ENOUGH_SAMPLED;
const saidOf = ({ passedPersons, passedMachines, sampledPersons, sampledMachines }: AmdCounts): number =>
  passedPersons + passedMachines + sampledPersons + sampledMachines;
const isSaid = (said: AmdCounts) => saidOf(said) >= ENOUGH_SAID;

/** How many persons and machines pick up, and the share of each that is kept from agents. */
function whoOf(plan: DetectionPlan, seen: Seen, said: AmdCounts) {
  const tested = testedOf(plan);
  if (!seen.counts || !seen.listened) return { counts: guessed(plan, seen), ...tested, doubt: 0 };
  const { dials, busy, persons: put, machines: kept } = seen.counts;
  const picked = put + kept;
  const met = putMachines(plan, { put, kept }, said);
  // As agents said of the sample; else as many as the detection would take for machines of those who were let through.
  const missed = ((put - met) * tested.personsKept) / (1 - tested.personsKept);
  const keptPersons = Math.min(kept, isSampled(said) ? kept * sampledShare(said) : missed);
  const persons = put - met + keptPersons;
  const machines = picked - persons;
  return {
    counts: { dials, busy, persons, machines },
    personsKept: persons > 0 ? keptPersons / persons : 0,
    machinesKept: machines > 0 ? (kept - keptPersons) / machines : 0,
    doubt: doubtIn({ kept, put, persons, dials, met, tested: tested.personsKept }, said),
  };
}

const sampledShare = ({ sampledPersons, sampledMachines }: AmdCounts): number =>
  sampledPersons / Math.max(1, sampledPersons + sampledMachines);

/** Machines among those who were put to agents, as these said; else as they would be were the detection as good as in the tests. */
function putMachines(plan: DetectionPlan, { put, kept }: { put: number; kept: number }, said: AmdCounts): number {
  const { sampledMachines, passedMachines } = said;
  if (isSaid(said)) return (put * (passedMachines + sampledMachines)) / saidOf(said);
  const { personsKept, machinesKept } = testedOf(plan);
  const differ = machinesKept - personsKept;
  const picked = put + kept;
  const persons = differ > 0 ? (machinesKept * picked - kept) / differ : picked * (1 - plan.own.machineShare);
  return Math.min(put, (picked - Math.min(picked, Math.max(0, persons))) * (1 - machinesKept));
}

interface Picked {
  readonly dials: number;
  readonly put: number;
  readonly kept: number;
  readonly met: number;
  readonly persons: number;
  readonly tested: number;
}

/** One standard deviation of the share of persons, from what is not known of who was put through and who was kept out. */
function doubtIn({ dials, put, kept, met, persons, tested }: Picked, said: AmdCounts): number {
  const sdOf = (share: number, of: number) => Math.sqrt((share * (1 - share)) / Math.max(1, of));
  const ofMet = put * sdOf(met / Math.max(1, put), isSaid(said) ? saidOf(said) : TESTS);
  const { sampledPersons, sampledMachines } = said;
  const ofKept = isSampled(said)
    ? kept * sdOf(sampledShare(said), sampledPersons + sampledMachines)
    : persons * sdOf(tested, TESTS);
  return Math.hypot(ofMet, ofKept) / Math.max(1, dials);
}

/** Nobody has listened yet: of those who pick up so many are machines as the campaign's own prior says. */
function guessed({ own: { machineShare } }: DetectionPlan, { counts }: Seen): NonNullable<Known['seen']> {
  if (!counts) return { ...UNKNOWN, machines: (UNKNOWN.persons * machineShare) / (1 - machineShare) };
  const { dials, busy, persons, machines } = counts;
  return { dials, busy, persons: persons * (1 - machineShare), machines: machines + persons * machineShare };
}

function testedOf({ by, after }: DetectionPlan) {
  const isKept = (what: 'machine' | 'unsure') => (after[what] === 'connect' ? 0 : 1 - after.sampleShare);
  const kept = ({ machine, unsure }: { machine: number; unsure: number }) =>
    machine * isKept('machine') + unsure * isKept('unsure');
  return { personsKept: kept(TESTED[by].person), machinesKept: kept(TESTED[by].machine) };
}

const usualVerdict = (plan: DetectionPlan): Spread => lognormal(detectionNeedMs(plan, 'pick-up') / 1_000, 0.25);

/** Of the agent's seconds, what is over when the verdict is there, seconds. */
function spentOf(plan: DetectionPlan, { abandonment }: ComplianceProfile, took: Spread, { sinceGreeting }: Journalled) {
  const counts = countFromOf(plan, abandonment.countsFrom.value);
  if (counts === 'pick-up') return meanOf(took);
  return sinceGreeting.length < ENOUGH ? detectionNeedMs(plan, counts) / 1_000 : meanOf(measured(sinceGreeting));
}

/** From the verdict on: what was measured counts from the pick-up. */
const messageOf = ({ messages }: Seen, took: Spread): Spread =>
  fixed(messages.length < ENOUGH ? MESSAGE_SEC : Math.max(1, meanOf(measured(messages)) - meanOf(took)));
