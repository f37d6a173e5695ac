import { loadSite } from '../../../../src/config/site/load.ts';
import { callerIdOf, type DialFacts } from '../../../../src/dialer/compliance/dial-facts.ts';
import { NO_HOURS } from '../../../../src/dialer/compliance/hours.ts';
import type { ComplianceProfile, Interval } from '../../../../src/dialer/compliance/profile.ts';

/** A profile that comes with Callwright, or the one that `text` makes of it. */
export function profileNamed(name: string, text?: string): ComplianceProfile {
  const reading = loadSite(text === undefined ? [] : [{ path: `site/profiles/${name}.yaml`, text }], '2026-11-22');
  const profile = reading.ok ? reading.site.profiles?.get(name) : undefined;
  if (!profile) throw new Error(`no profile ${name}: ${JSON.stringify(reading.problems)}`);
  return profile;
}

export const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
export const local = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Hours by weekday, Monday first. */
export const hoursOf = (
  week: readonly (readonly Interval[])[],
  holidayDates: readonly string[] = [],
  holidays: ComplianceProfile['hours']['holidays']['value'] = 'closed',
): ComplianceProfile['hours'] => ({
  week: { value: week, cite: 'a test' },
  holidays: { value: holidays, cite: 'a test' },
  holidayDates: { value: holidayDates, cite: 'a test' },
});

/** Monday noon in London, when everything allows a dial by uk-ofcom. */
export const NOON = at('2026-11-23T12:00:00Z');

interface Change {
  readonly profile?: ComplianceProfile;
  readonly campaign?: Partial<DialFacts['campaign']>;
  readonly lead?: Partial<DialFacts['lead']>;
  readonly number?: Partial<DialFacts['number']>;
  readonly agentGuaranteed?: boolean;
  readonly now?: number;
}

export const dialFacts = ({ campaign, lead, number, ...change }: Change = {}): DialFacts => ({
  profile: change.profile ?? profileNamed('uk-ofcom'),
  campaign: {
    status: 'running',
    mode: 'predictive',
    callerId: callerIdOf('+442079460018', true),
    ringMs: 20_000,
    message: { says: ['name', 'number', 'purpose'], optOutKey: true, marketing: false },
    registerImportedAt: NOON - DAY,
    ...campaign,
  },
  lead: { status: 'pending', notBefore: 0, consent: 'none', ...lead },
  number: {
    dead: false,
    premium: false,
    kind: 'fixed',
    zones: ['Europe/London'],
    dnc: [],
    attempts: [],
    abandonedAt: null,
    takenForMachineAt: null,
    ...number,
  },
  agentGuaranteed: change.agentGuaranteed ?? false,
  hours: NO_HOURS,
  now: change.now ?? NOON,
});
