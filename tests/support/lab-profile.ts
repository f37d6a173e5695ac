import type { ComplianceProfile } from '../../src/engine/site.ts';
import { builtInProfiles } from '../../src/config/profiles/built-in.ts';

const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });

function shipped(name: string): ComplianceProfile {
  const found = builtInProfiles().get(name);
  if (!found) throw new Error(`no profile ${name}`);
  return found.profile;
}

/** A laboratory in which nobody lives: it forbids nothing but what the engine itself holds to. */
export function labProfile(change: Partial<ComplianceProfile> = {}): ComplianceProfile {
  const base = shipped('eu-default');
  const allDay = Array.from({ length: 7 }, () => [{ from: 0, to: 1_440 }]);
  return {
    ...base,
    name: 'lab',
    title: 'A laboratory',
    id: 'lab@1',
    abandonment: {
      ...base.abandonment,
      connectWithinMs: cited(30_000),
      countsFrom: cited('greeting-end'),
      limits: cited([{ cap: 0.03, window: 'campaign', scope: 'campaign' }] as const),
    },
    ring: { minimumMs: cited(0) },
    message: { ...base.message, startsWithinMs: cited(31_000), says: cited([]), optOutKey: cited(false) },
    lockOut: { ...base.lockOut, afterAbandonedMs: cited(0), afterMachineMs: cited(0) },
    hours: { week: cited(allDay), holidays: cited('as-any-day'), holidayDates: cited([]) },
    attempts: { caps: cited([]) },
    consent: { toAgent: cited('none'), mobileToAgent: cited('none'), agentless: cited('none') },
    callerId: { ...base.callerId, answered: cited(false) },
    ...change,
  };
}

/** The profiles that every site has, and the laboratory's. */
export const testProfiles = (lab: ComplianceProfile = labProfile()): Map<string, ComplianceProfile> =>
  new Map([...builtInProfiles()].map(([name, { profile }]) => [name, profile] as const)).set(lab.name, lab);
