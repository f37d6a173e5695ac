/** What agents said of calls that a detection had judged. */
export interface AmdCounts {
  /** Taken for machines and not put to an agent. */
  readonly machines: number;
  /** Taken for machines, put to an agent as a sample, and then a person or a machine by his disposition. */
  readonly sampledPersons: number;
  readonly sampledMachines: number;
  /** Let through as persons or unsure, and then a person or a machine by the agent's disposition. */
  readonly passedPersons: number;
  readonly passedMachines: number;
}

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
  /** Persons who were hung up on or left a message for, of `machines`; whole calls are not made of it. */
  readonly falsePositives: Share | null;
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
export function amdRates(counts: AmdCounts): AmdRates {
  const { machines, sampledPersons, sampledMachines, passedPersons, passedMachines } = counts;
  const falsePositive = wilson(sampledPersons, sampledPersons + sampledMachines);
  const of = ({ share, low, high }: Share) => ({ share: share * machines, low: low * machines, high: high * machines });
  return {
    falsePositive,
    missed: wilson(passedMachines, passedPersons + passedMachines),
    falsePositives: falsePositive && of(falsePositive),
  };
}

/**
 * Persons taken for machines, as the abandonment of a period counts them. With fewer samples than `enough` the profile's assumed share
 * holds where it is the higher one: nobody is better off for not having looked.
 *
 * @param assumed 0–1 of the machines, from the compliance profile.
 */
export function chargedFalsePositives(counts: AmdCounts, assumed: number, enough = 100): number {
  const seen = counts.sampledPersons + counts.sampledMachines;
  const measured = wilson(counts.sampledPersons, seen)?.share ?? 0;
  return counts.machines * (seen >= enough ? measured : Math.max(measured, assumed));
}
