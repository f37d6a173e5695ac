/** One of the numbers of a lead, and what became of it so far. */
export interface LeadNumber {
  /** E.164 (ITU-T): `+`, country code, subscriber number. */
  readonly number: string;
  /** As its list calls it (`mobile`, `home`, `work`); empty: not said. */
  readonly kind: string;
  /** Attempts that ended on this number. */
  readonly attempts: number;
  /** `dead`: never to be dialled again for this lead, for it is no number, or not his. */
  readonly status: 'open' | 'dead';
}

/** Where a lead lives, as far as its list says; a number alone does not always tell its time zone. */
export interface LeadAddress {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly region?: string;
  readonly postalCode?: string;
}

/** A lead as a list brings it. What a list does not say is left out. */
export interface NewLead {
  /** E.164; of a lead that was claimed it is the number to dial now. */
  readonly number: string;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  /** All numbers in their order, ten at most, when there are several; of a single one its kind is in `kind`. */
  readonly numbers?: readonly LeadNumber[];
  readonly kind?: string;
  /** The id that it has in the system it came from; one campaign has each once. */
  readonly externalId?: string;
  /** 0–9; higher is dialled first within its list. */
  readonly priority?: number;
  /** BCP 47. */
  readonly language?: string;
  /** IANA names of all time zones where the person may be. */
  readonly zones?: readonly string[];
  readonly address?: LeadAddress;
  /** What the list says of consent, in its own words. */
  readonly consent?: string;
  /** Hash of all that the list said; the same one again changes nothing. */
  readonly digest?: string;
  /** Why it is not dialled from the start. */
  readonly hold?: LeadHold;
}

/** Why a pending lead is not dialled: its list's filter, a quota that is full, or somebody's word. */
export type LeadHold = 'filter' | 'quota' | 'stopped';

/** What the store knows of a lead beyond its list's words. */
export interface KeptLead {
  /** Left out: the campaign's unnamed list. */
  readonly listId?: string;
  /** Which of `numbers` is dialled next, from 0. */
  readonly numberIndex?: number;
  /** To be called at this time (ms since 1970), before any list. */
  readonly callbackAt?: number;
  /** By this agent; left out: by any. */
  readonly callbackAgent?: string;
  /** How long it waits for him from its time on (ms); then it is anybody's. Left out: until he comes. */
  readonly callbackWaitMs?: number;
  /** Campaigns that it was in by chains, the present one last; left out: no other. */
  readonly trail?: readonly string[];
  /** The lead that it went on as, in the campaign after this one. */
  readonly chainedTo?: string;
  /** The attempt with which it went on. */
  readonly chainedBy?: string;
}
