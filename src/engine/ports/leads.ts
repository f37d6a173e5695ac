import type { AgentId, CampaignId, EpochMs, LeadId } from '../../call/ids.ts';
import type { LeadHold, LeadNumber, NewLead } from '../../dialer/lead.ts';
import { LIST_ORDERS, type LeadList, type Quota, type QuotaCount } from '../../dialer/list-terms.ts';
import type { LeadMap } from '../../dialer/lead-map.ts';
import type { Lead } from './history.ts';
import type { Answer } from './service.ts';

export { LIST_ORDERS };
export type { LeadHold, LeadList, LeadNumber, Quota, QuotaCount };

/** What is done with a row whose number is there already; a row of an external id that is there is always an update. */
export interface AddTerms {
  /** A list that was saved, since no other is dialled; empty: the campaign's unnamed list. */
  readonly listId: string;
  /** `allow` adds it all the same, unless a lead that says the very same is there. */
  readonly duplicates: 'skip' | 'update' | 'allow';
  /** Where a number counts as there already: in the whole campaign, or in this list alone. */
  readonly within: 'campaign' | 'list';
}

export const PLAIN_TERMS: AddTerms = { listId: '', duplicates: 'skip', within: 'campaign' };

export interface Added {
  readonly added: number;
  readonly updated: number;
  /** Neither added nor changed. */
  readonly duplicates: number;
}

export interface ClaimRequest {
  readonly campaignId: CampaignId;
  readonly count: number;
  readonly owner: string;
  readonly now: EpochMs;
  readonly leaseUntil: EpochMs;
  /** Left out: callbacks that are due, then all active lists by their priority. `callbacks`: those alone. */
  readonly from?: 'callbacks' | { readonly list: string };
  /** Agents whose own callbacks may be dialled now; left out: everybody's. */
  readonly callbackAgents?: readonly AgentId[];
  /** One to an agent that does not say how long it waits is anybody's once it is overdue by so much; left out: it stays his. */
  readonly callbackToTeamAfterMs?: number;
}

/** Callback at an exact time, by one agent or by any. */
export interface Callback {
  readonly at: EpochMs;
  readonly agentId: AgentId | null;
  /** It is anybody's when its agent was not free for so long after its time; left out: it stays his. */
  readonly waitMs?: number;
}

/** Leads beyond adding and claiming them. */
export interface LeadBook {
  leadByExternalId(id: CampaignId, externalId: string): Promise<Lead | null>;
  /**
   * Leads that are not done, also those that are held, in the order of their ids from behind `after` on, 5,000 at most. They
   * come without names and fields: whoever counts a million of them reads no more than he needs.
   */
  openLeads(id: CampaignId, after: LeadId | null, limit: number): Promise<readonly Lead[]>;
  /**
   * Keeps leads from being dialled, or lets go of them again (null). One that is leased is given back, its attempt not counted;
   * one whose attempt is open is let talk, and held after it. Answers how many leads it changed.
   */
  holdLeads(ids: readonly LeadId[], hold: LeadHold | null): Promise<number>;
  /** Lets go of up to `most` leads of the list that are held for that reason. Answers how many there were. */
  releaseHeld(id: CampaignId, listId: string, hold: LeadHold, most: number): Promise<number>;
  /**
   * Calls the lead back at that time, though it is done or held by a filter or a quota; null takes the callback off. False: no
   * such lead, it has no callback to take off, or somebody stopped it.
   */
  setCallback(id: LeadId, callback: Callback | null): Promise<boolean>;
  heldLeads(id: CampaignId): Promise<Readonly<Partial<Record<LeadHold, number>>>>;

  /** Makes a list or changes it. Another order holds for the leads that wait already, too. */
  saveLeadList(id: CampaignId, list: LeadList): Promise<void>;
  /** By priority, highest first. The unnamed list is not among them unless it was saved, under the id ``. */
  leadLists(id: CampaignId): Promise<readonly LeadList[]>;
  /** How many leads of the list had each outcome that one of its quotas counts, by the value of the quota's field. */
  quotaCounts(id: CampaignId, list: LeadList): Promise<readonly QuotaCount[]>;
}

export type LeadToAdd = NewLead & { readonly id: LeadId };

/** What became of a file of leads. */
export interface LeadImport {
  readonly rows: number;
  readonly added: number;
  readonly updated: number;
  /** Rows that neither added nor changed anything. */
  readonly duplicates: number;
  readonly rejected: number;
  /** The first 1,000 problems: rows that were rejected, and numbers without which a row was taken. */
  readonly errors: readonly { readonly line: number; readonly column: string | null; readonly problem: string }[];
}

/** How a file of leads is read. */
export interface ImportWish extends AddTerms {
  /** ISO 3166-1 alpha-2 of numbers without `+`; left out: that of the settings. */
  readonly country?: string;
  /** Left out: number and name are guessed from the headers. */
  readonly map?: LeadMap;
}

/** One lead as somebody gives it, all of it: what is left out is taken off. */
export interface GivenLead {
  readonly numbers: readonly { readonly number: string; readonly kind: string }[];
  readonly name: string | null;
  readonly listId: string;
  readonly priority: number;
  readonly language: string | null;
  readonly zone: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly consent: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

/** What the outside may ask of lists and single leads, at any time while their campaign is not stopped. */
export interface LeadDesk {
  /** Reads CSV as it streams in; good rows are kept though others are bad. */
  read(id: CampaignId, csv: AsyncIterable<Uint8Array>, wish: ImportWish): Promise<Answer<LeadImport>>;
  lead(id: CampaignId, externalId: string): Promise<Answer<Lead>>;
  /** Adds the lead or changes it; the same again changes nothing. */
  save(id: CampaignId, externalId: string, lead: GivenLead): Promise<Answer<Lead>>;
  /** It is dialled no more, its callback is off; what rings is let ring. */
  stop(id: CampaignId, externalId: string): Promise<Answer<Lead>>;
  /** Null takes the callback off. */
  callBack(id: CampaignId, externalId: string, callback: Callback | null): Promise<Answer<Lead>>;
  lists(id: CampaignId): Promise<Answer<readonly LeadList[]>>;
  saveList(id: CampaignId, list: LeadList): Promise<Answer<LeadList>>;
}
