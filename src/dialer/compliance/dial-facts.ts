import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { EpochMs } from '../../call/ids.ts';
import type { CampaignStatus } from '../campaign.ts';
import type { AttemptTimes } from './caps.ts';
import type { HoursBook } from './hours.ts';
import type { ComplianceProfile, ConsentLevel, MessagePart } from './profile.ts';

/** How a campaign dials. In `preview` an agent looks at the lead and dials; in `agentless` a flow talks. */
export type DialMode = 'preview' | 'progressive' | 'power' | 'predictive' | 'agentless';

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
export interface MessageFacts {
  readonly says: readonly MessagePart[];
  readonly optOutKey: boolean;
  readonly marketing: boolean;
}

export interface CampaignFacts {
  readonly status: CampaignStatus;
  readonly mode: DialMode;
  readonly callerId: CallerIdFacts | null;
  /** How long it rings before it is given up. */
  readonly ringMs: number;
  readonly message: MessageFacts | null;
  /** When the national register was imported last; null: never. */
  readonly registerImportedAt: EpochMs | null;
}

/** An entry of a do-not-call list that the number is under. */
export interface DncHit {
  /** `register`: the country's own. The others are the house's, and nothing stands above them. */
  readonly list: 'internal' | 'campaign' | 'prefix' | 'imported' | 'register';
  /** Its name on the floor, for the sentence. */
  readonly title: string;
}

export interface LeadFacts {
  readonly status: 'pending' | 'in-dial' | 'done' | 'held';
  /** Not dialled before, by its retry rule or its callback. */
  readonly notBefore: EpochMs;
  readonly consent: ConsentLevel;
}

/** About the one number that is to be dialled. */
export interface NumberFacts {
  readonly dead: boolean;
  /** `unknown` is held to what is asked of mobile numbers. */
  readonly kind: 'fixed' | 'mobile' | 'unknown';
  /** `possibleZones` of it. */
  readonly zones: readonly string[];
  readonly dnc: readonly DncHit[];
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
