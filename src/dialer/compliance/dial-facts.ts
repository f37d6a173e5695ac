import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { EpochMs } from '../../call/ids.ts';
import type { CampaignStatus } from '../campaign.ts';
import type { AttemptTimes } from './caps.ts';
import type { HoursBook } from './hours.ts';
import { type ComplianceProfile, CONSENT_LEVELS, type ConsentLevel, type MessagePart } from './profile.ts';

/** How a campaign dials. In `preview` an agent looks at the lead and dials; in `agentless` a flow talks. */
type DialMode = 'preview' | 'progressive' | 'power' | 'predictive' | 'agentless';

/** The number that is shown to who is called; worked out once a campaign by `callerIdOf`. */
export interface CallerIdFacts {
  readonly number: string;
  /** By the numbering plan of its country. */
  readonly valid: boolean;
  readonly premium: boolean;
  /** Whether a call to it reaches somebody or something here. */
  readonly answered: boolean;
}

export function callerIdOf(number: string, answered: boolean): CallerIdFacts {
  const parsed = parsePhoneNumberFromString(number, { extract: false });
  const premium = ['PREMIUM_RATE', 'SHARED_COST'].includes(parsed?.getType() ?? '');
  return { number, valid: parsed?.isValid() ?? false, premium, answered };
}

/** What the campaign plays to a person for whom there is no agent. */
interface MessageFacts {
  readonly says: readonly MessagePart[];
  readonly optOutKey: boolean;
  readonly marketing: boolean;
}

interface CampaignFacts {
  readonly status: CampaignStatus;
  readonly mode: DialMode;
  readonly callerId: CallerIdFacts | null;
  /** How long it rings before it is given up. */
  readonly ringMs: number;
  readonly message: MessageFacts | null;
  /** When the national register was imported last; null: never. */
  readonly registerImportedAt: EpochMs | null;
}

/** A do-not-call list or entry that the number is under. */
interface ListedUnder {
  /** For people: the name of the list, or what the entry is. */
  readonly name: string;
  /** It is the country's own register. All others are the house's, and nothing stands above them. */
  readonly isRegister: boolean;
}

/** What a list says of consent, if it says it in these very words; whatever else it says is none. */
export const consentOf = (said: string | undefined): ConsentLevel =>
  CONSENT_LEVELS.find((level) => level === said?.trim().toLowerCase()) ?? 'none';

export type NumberKind = 'fixed' | 'mobile' | 'unknown';

const SAID_MOBILE = new Set(['mobile', 'cell', 'cellular', 'wireless']);
const SAID_FIXED = new Set(['fixed', 'landline']);

/**
 * What a number in E.164 is by its country's numbering plan; where the plan does not tell, as in North America, by the
 * list's word for it. `home` and `work` tell nothing: many have a mobile phone for either.
 */
export function numberKindOf(number: string, said: string): NumberKind {
  const type = parsePhoneNumberFromString(number, { extract: false })?.getType();
  if (type === 'MOBILE') return 'mobile';
  if (type === 'FIXED_LINE') return 'fixed';
  const word = said.trim().toLowerCase();
  if (SAID_MOBILE.has(word)) return 'mobile';
  return SAID_FIXED.has(word) ? 'fixed' : 'unknown';
}

interface LeadFacts {
  readonly status: 'pending' | 'in-dial' | 'done' | 'held';
  /** Not dialled before, by its retry rule or its callback. */
  readonly notBefore: EpochMs;
  readonly consent: ConsentLevel;
}

/** About the one number that is to be dialled. */
interface NumberFacts {
  readonly dead: boolean;
  /** Somebody earns by each call of it. */
  readonly premium: boolean;
  /** `unknown` is held to what is asked of mobile numbers. */
  readonly kind: NumberKind;
  /** `possibleZones` of it. */
  readonly zones: readonly string[];
  readonly dnc: readonly ListedUnder[];
  readonly attempts: AttemptTimes;
  /** The last time it was abandoned, or hung up on as a machine, in any campaign. */
  readonly abandonedAt: EpochMs | null;
  readonly takenForMachineAt: EpochMs | null;
}

export interface DialFacts {
  readonly profile: ComplianceProfile;
  readonly campaign: CampaignFacts;
  readonly lead: LeadFacts;
  readonly number: NumberFacts;
  /** An agent is held for this very call, as in preview, and will be on the line when it is answered. */
  readonly agentGuaranteed: boolean;
  readonly hours: HoursBook;
  readonly now: EpochMs;
}
