import type { EpochMs } from '../call/ids.ts';
import type { DidRoute } from '../call/did.ts';
import {
  type CallerIdFacts,
  callerIdOf,
  consentOf,
  type DialFacts,
  numberKindOf,
} from '../dialer/compliance/dial-facts.ts';
import { guaranteesAgent } from '../dialer/campaign-modes.ts';
import type { HoursBook } from '../dialer/compliance/hours.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { possibleZones } from '../dialer/compliance/zones.ts';
import { isPremiumRate } from '../dialer/lead-number.ts';
import type { DncHit, DncNumbers } from '../dialer/dnc.ts';
import type { Campaign, Lead } from './ports/history.ts';
import type { PastDial } from './ports/law.ts';

/** An imported do-not-call list of this name, whatever its letters' case, is the country's own register. */
const REGISTER = 'national register';

/** When the newest national register was imported; null: none was. */
export function registerImportedAt(lists: Iterable<DncNumbers>): EpochMs | null {
  const times = [...lists].flatMap(({ name, campaignId, since }) =>
    name.trim().toLowerCase() === REGISTER && campaignId === null && since !== null ? [since] : [],
  );
  return times.length === 0 ? null : Math.max(...times);
}

/** No list of the house's own, above which nothing stands. */
export const isRegister = ({ kind, name, campaignId }: DncHit): boolean =>
  kind === 'list' && campaignId === null && name.trim().toLowerCase() === REGISTER;

/** What a number is listed under, and which of it is the country's register. */
export const listedUnder = (hits: readonly DncHit[]): DialFacts['number']['dnc'] =>
  hits.map((hit) => ({ name: hit.name, isRegister: isRegister(hit) }));

/** Of numbers that a campaign shows: whether a call to one reaches a flow here. */
export function callerIdFacts(number: string, routes: readonly DidRoute[]): CallerIdFacts {
  const bare = number.replace(/^\+/, '');
  return callerIdOf(
    number,
    routes.some((route) => route.number.replace(/^\+/, '') === bare),
  );
}

export interface LeadNumberSeen {
  readonly number: string;
  readonly kind: string;
  readonly dead: boolean;
}

/** All numbers of a lead; of a lead with a single one, that. */
export const numbersOf = ({ number, numbers, kind = '' }: Lead): readonly LeadNumberSeen[] =>
  numbers?.map((each) => ({ number: each.number, kind: each.kind, dead: each.status === 'dead' })) ?? [
    { number, kind, dead: false },
  ];

/** Everywhere the person may be: by the number, by the address, and by the list's word. */
export const zonesOf = (number: string, { zones = [], address }: Pick<Lead, 'zones' | 'address'>) => [
  ...new Set([...possibleZones(number, address ?? null), ...zones]),
];

const TAKEN_FOR_MACHINE: ReadonlySet<string> = new Set(['machine', 'message-left', 'fax', 'silent']);

const lastOf = (dials: readonly PastDial[], isIt: (outcome: string) => boolean): EpochMs | null => {
  const times = dials.flatMap(({ endedAt, outcome }) =>
    endedAt !== null && outcome !== null && isIt(outcome) ? [endedAt] : [],
  );
  return times.length === 0 ? null : Math.max(...times);
};

/** What is known of a number at this moment. */
export interface NumberKnown {
  readonly number: LeadNumberSeen;
  readonly zones: readonly string[];
  readonly hits: readonly DncHit[];
  readonly dials: readonly PastDial[];
}

export function numberFacts({ number, zones, hits, dials }: NumberKnown): DialFacts['number'] {
  return {
    dead: number.dead,
    premium: isPremiumRate(number.number),
    kind: numberKindOf(number.number, number.kind),
    zones,
    dnc: listedUnder(hits),
    attempts: dials.map(({ startedAt }) => startedAt),
    abandonedAt: lastOf(dials, (outcome) => outcome === 'abandoned'),
    takenForMachineAt: lastOf(dials, (outcome) => TAKEN_FOR_MACHINE.has(outcome)),
  };
}

export interface CampaignKnown {
  readonly campaign: Campaign;
  readonly profile: ComplianceProfile;
  readonly callerId: CallerIdFacts;
  readonly registerImportedAt: EpochMs | null;
}

export function campaignFacts({ campaign, callerId, registerImportedAt: at }: CampaignKnown): DialFacts['campaign'] {
  const { status, mode, ringMs, message } = campaign;
  const played = message && { says: message.says, optOutKey: true, marketing: message.marketing };
  return { status, mode, callerId, ringMs, message: played ?? null, registerImportedAt: at };
}

/** A lead that this process has leased counts as one that waits: it is ours to dial. */
export function leadFacts(lead: Lead, isOurs: boolean): DialFacts['lead'] {
  const { status, hold, notBefore, callbackAt = 0, consent } = lead;
  const open = status === 'leased' ? (isOurs ? 'pending' : 'in-dial') : status;
  const held = hold !== undefined && (hold === 'stopped' || callbackAt === 0) && open === 'pending';
  return { status: held ? 'held' : open, notBefore: Math.max(notBefore, callbackAt), consent: consentOf(consent) };
}

/** Facts about the campaign alone: a lead and a number in whose way nothing stands. */
export function bareFacts(known: CampaignKnown, hours: HoursBook, now: EpochMs): DialFacts {
  return {
    profile: known.profile,
    campaign: campaignFacts(known),
    lead: { status: 'pending', notBefore: 0, consent: 'written' },
    number: {
      dead: false,
      premium: false,
      kind: 'fixed',
      zones: [],
      dnc: [],
      attempts: [],
      abandonedAt: null,
      takenForMachineAt: null,
    },
    agentGuaranteed: guaranteesAgent(known.campaign.mode),
    hours,
    now,
  };
}
