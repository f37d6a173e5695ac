import { falsePositiveShare, type HeardMachines } from './compliance/abandonment.ts';
import type { ComplianceProfile } from './compliance/profile.ts';

/** What agents said of calls that a detection had judged. */
export interface AmdCounts {
  /** Taken for machines, or for nobody, and not put to an agent. */
  readonly machines: number;
  /** Taken for machines, put to an agent as a sample, and then a person or a machine by his disposition. */
  readonly sampledPersons: number;
  readonly sampledMachines: number;
  /** Let through as persons or unsure, and then a person or a machine by the agent's disposition. */
  readonly passedPersons: number;
  readonly passedMachines: number;
}

export const NO_AMD: AmdCounts = {
  machines: 0,
  sampledPersons: 0,
  sampledMachines: 0,
  passedPersons: 0,
  passedMachines: 0,
};

/** A share with its 95 % interval, 0–1. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface AmdRates {
  /** Persons among those taken for machines; null: none was sampled, so nobody knows. */
  readonly falsePositive: Share | null;
  /** Machines among the calls that were let through; null: no agent has said anything yet. */
  readonly missed: Share | null;
}

/** Two-sided 95 %. */
const Z = 1.959_963_985;

/**
 * The interval of a share that was seen `hits` times of `seen` (E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", 1927): true also for few calls and for none that was wrong.
 */
export function wilson(hits: number, seen: number): Share | null {
  if (!(seen > 0)) return null;
  const share = Math.min(1, Math.max(0, hits / seen));
  const scale = 1 + Z ** 2 / seen;
  const middle = (share + Z ** 2 / (2 * seen)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / seen + Z ** 2 / (4 * seen ** 2));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** How often the detection is wrong, from what agents said. */
export const amdRates = (counts: AmdCounts): AmdRates => ({
  falsePositive: wilson(counts.sampledPersons, counts.sampledPersons + counts.sampledMachines),
  missed: wilson(counts.passedMachines, counts.passedPersons + counts.passedMachines),
});

/** The machines whose truth is known, as the abandonment's formula asks for them. */
export const heardIn = ({ sampledPersons, sampledMachines }: AmdCounts): HeardMachines => ({
  heard: sampledPersons + sampledMachines,
  persons: sampledPersons,
});

/** What the abandonment is charged with for persons who were taken for machines. */
export interface AmdCharge {
  /** 0–1 of the machines. */
  readonly share: number;
  /** Abandoned calls, estimated, so not whole ones. */
  readonly calls: number;
  readonly from: 'measured' | 'assumed' | 'not-charged';
}

/** By the formula of the profile, which either estimates them on both sides of the line or leaves them out. */
export function chargeOf(counts: AmdCounts, rules: ComplianceProfile['abandonment']): AmdCharge {
  if (rules.falsePositives.value === 'none') return { share: 0, calls: 0, from: 'not-charged' };
  const { heard, persons } = heardIn(counts);
  const share = falsePositiveShare(rules, { heard, persons });
  const from = heard > 0 && share === persons / heard ? 'measured' : 'assumed';
  return { share, calls: share * counts.machines, from };
}
