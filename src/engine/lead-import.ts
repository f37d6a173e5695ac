import { hash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { CampaignId } from '../call/ids.ts';
import { consentOf } from '../dialer/compliance/dial-facts.ts';
import type { LeadAddress, LeadHold, NewLead } from '../dialer/lead.ts';
import {
  type LeadMap,
  leadReader,
  missingColumns,
  plainMap,
  type RowProblem,
  type RowReader,
} from '../dialer/lead-map.ts';
import { isCountry } from '../dialer/lead-number.ts';
import { readTable, type TableRow } from './csv-table.ts';
import type { History } from './ports/history.ts';
import { type Added, type AddTerms, type LeadToAdd, PLAIN_TERMS } from './ports/leads.ts';
import type { Answer, LeadImport } from './ports/service.ts';
import type { Ids } from './ports/time.ts';

export interface ImportRequest extends Partial<LeadRooms> {
  readonly history: Pick<History, 'campaign' | 'addLeads'>;
  readonly campaignId: CampaignId;
  readonly ids: Pick<Ids, 'next'>;
  /** ISO 3166-1 alpha-2; the country of numbers written without `+`, or null when there is none. */
  readonly defaultCountry: string | null;
  /** Left out: number and name are guessed from the headers. */
  readonly map?: LeadMap;
  readonly terms?: AddTerms;
}

/** What a lead is asked before it is kept. */
export interface LeadRooms {
  /** All time zones where somebody of that number and address may be; asked when the list names none. */
  readonly zonesOf: (number: string, address: LeadAddress) => readonly string[];
  /** Whether the filter of its list lets the lead be dialled. */
  readonly passes: (lead: NewLead) => boolean;
}

const BATCH = 1_000;
/** Rows read in one go; calls in progress on this thread wait no longer than these take, some milliseconds. */
const ROWS_PER_BREATH = 100;
const MAX_ERRORS = 1_000;

/**
 * Adds the leads of a CSV file to a campaign as the file streams in: good rows are kept though others are bad. What the campaign
 * has already is treated as `terms` say, so that the same file twice adds nothing. One batch is stored while the next is read.
 */
export async function importLeads(csv: AsyncIterable<Uint8Array>, request: ImportRequest): Promise<Answer<LeadImport>> {
  const { history, campaignId, defaultCountry, map } = request;
  if (!(await history.campaign(campaignId))) {
    return { ok: false, why: 'not-found', sentence: `There is no campaign ${campaignId}.` };
  }
  if (defaultCountry !== null && !isCountry(defaultCountry)) {
    return invalid(`“${defaultCountry}” is not a country; give its two letters, for example FI.`);
  }
  const table = await readTable(csv, (headers) => (map ? missing(headers, map) : noNumberColumn(headers)));
  if (!table.ok) return invalid(table.sentence);
  const columns = map ?? plainMap(table.headers) ?? { numbers: [] };
  const tally = new Tally(leadReader(table.headers, columns, defaultCountry), request);
  for await (const row of table.rows) {
    tally.read(row);
    if (tally.rows % ROWS_PER_BREATH === 0) await breathe();
    if (tally.size >= BATCH) await tally.store();
  }
  await tally.store();
  await tally.stored();
  return { ok: true, value: tally.result() };
}

/** A lead as it is kept: with its id, its time zones, what holds it back, and the hash of what its list says of it. */
export function leadToAdd(
  lead: NewLead,
  { ids, zonesOf, passes }: Partial<LeadRooms> & Pick<ImportRequest, 'ids'>,
): LeadToAdd {
  const zones = lead.zones ?? zonesOf?.(lead.number, lead.address ?? {});
  const held: { hold?: LeadHold } = (passes?.(lead) ?? true) ? {} : { hold: 'filter' };
  const digest = hash('sha1', JSON.stringify(lead), 'base64url');
  return { ...lead, ...(zones === undefined ? {} : { zones }), ...held, digest, id: ids.next('lead') };
}

const invalid = (sentence: string): Answer<never> => ({ ok: false, why: 'invalid', sentence });

const SHOWN_COLUMNS = 12;

function noNumberColumn(headers: readonly string[]): string | undefined {
  if (plainMap(headers) !== undefined) return undefined;
  return `No column holds the number: ${seenIn(headers)}. Name the column of the numbers “number” or “phone”.`;
}

function missing(headers: readonly string[], map: LeadMap): string | undefined {
  const [first] = missingColumns(headers, map);
  return first === undefined ? undefined : `There is no column “${first}”: ${seenIn(headers)}. Correct the map.`;
}

function seenIn(headers: readonly string[]): string {
  const seen = headers
    .slice(0, SHOWN_COLUMNS)
    .map((header) => `“${header}”`)
    .join(', ');
  const more = headers.length > SHOWN_COLUMNS ? ` and ${headers.length - SHOWN_COLUMNS} more` : '';
  return `the first line names ${seen}${more}`;
}

/** Words that say of themselves that there is no consent. */
const NO_CONSENT: ReadonlySet<string> = new Set(['none', 'no', 'n', 'false', '0', '-']);
/** So many other words for consent are told of one file. */
const MOST_WORDS = 10;

/** What an import has come to so far. */
class Tally {
  rows = 0;
  readonly #read: RowReader;
  readonly #request: ImportRequest;
  readonly #errors: LeadImport['errors'][number][] = [];
  #batch = new Map<string, LeadToAdd>();
  #storing: Promise<void> = Promise.resolve();
  #sum = { added: 0, updated: 0, duplicates: 0 };
  #rejected = 0;
  readonly #noConsents = new Set<string>();

  constructor(read: RowReader, request: ImportRequest) {
    this.#read = read;
    this.#request = request;
  }

  get size(): number {
    return this.#batch.size;
  }

  read(row: TableRow): void {
    this.rows += 1;
    const reading = row.ok ? this.#read(row.record) : { ...row, column: null };
    if (!reading.ok) {
      this.#rejected += 1;
      this.#tell(row.line, reading);
      return;
    }
    for (const problem of reading.problems) this.#tell(row.line, problem);
    this.#lookAtConsent(row.line, reading.lead.consent);
    const lead = leadToAdd(reading.lead, this.#request);
    // Of two rows of one lead the last one stands; in one batch the store could not tell which that is.
    const key = this.#keyOf(lead);
    if (this.#batch.has(key)) this.#sum.duplicates += 1;
    this.#batch.set(key, lead);
  }

  /** Hands what was read to the store, once the store is done with what it got before. */
  async store(): Promise<void> {
    await this.#storing;
    if (this.#batch.size === 0) return;
    const { history, campaignId, terms = PLAIN_TERMS } = this.#request;
    const leads = [...this.#batch.values()];
    this.#batch = new Map();
    this.#storing = history.addLeads(campaignId, leads, terms).then((added) => this.#count(added));
    // It is awaited later; until then nobody has missed its failure.
    this.#storing.catch(() => undefined);
  }

  async stored(): Promise<void> {
    await this.#storing;
  }

  result(): LeadImport {
    return { rows: this.rows, ...this.#sum, rejected: this.#rejected, errors: this.#errors };
  }

  #keyOf({ id, number, externalId }: LeadToAdd): string {
    if (externalId !== undefined) return `external ${externalId}`;
    return this.#request.terms?.duplicates === 'update' ? number : id;
  }

  #count({ added, updated, duplicates }: Added): void {
    this.#sum.added += added;
    this.#sum.updated += updated;
    this.#sum.duplicates += duplicates;
  }

  /** A word for consent that is none is told once, and not for each of a million rows that have it. */
  #lookAtConsent(line: number, said: string | undefined): void {
    if (said === undefined || this.#noConsents.size >= MOST_WORDS || consentOf(said) !== 'none') return;
    if (NO_CONSENT.has(said.trim().toLowerCase()) || this.#noConsents.has(said)) return;
    this.#noConsents.add(said);
    const problem = `“${said}” counts as no consent, here and in rows that say the same; “express” and “written” count`;
    this.#tell(line, { column: this.#request.map?.consent ?? null, problem });
  }

  #tell(line: number, { column, problem }: RowProblem): void {
    if (this.#errors.length < MAX_ERRORS) this.#errors.push({ line, column, problem });
  }
}
