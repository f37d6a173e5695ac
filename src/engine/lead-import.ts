import { setImmediate as breathe } from 'node:timers/promises';
import type { CampaignId } from '../call/ids.ts';
import { isCountry, type LeadDefaults, type NewLead, numberColumn, readLead } from '../dialer/lead.ts';
import { readTable, type TableRow } from './csv-table.ts';
import type { History } from './ports/history.ts';
import type { Answer, LeadImport } from './ports/service.ts';
import type { Ids } from './ports/time.ts';

export interface ImportRequest {
  readonly history: Pick<History, 'campaign' | 'addLeads'>;
  readonly campaignId: CampaignId;
  readonly ids: Pick<Ids, 'next'>;
  /** ISO 3166-1 alpha-2; the country of numbers written without `+`, or null when there is none. */
  readonly defaultCountry: string | null;
}

const BATCH = 1_000;
/** Rows read in one go; calls in progress on this thread wait no longer than these take, some milliseconds. */
const ROWS_PER_BREATH = 100;
const MAX_ERRORS = 1_000;

/**
 * Adds the leads of a CSV file to a campaign as the file streams in: good rows are kept though others are bad, and a number
 * the campaign has already is counted and left as it is, so that the same file twice adds nothing.
 */
export async function importLeads(
  csv: AsyncIterable<Uint8Array>,
  { history, campaignId, ids, defaultCountry }: ImportRequest,
): Promise<Answer<LeadImport>> {
  if (!(await history.campaign(campaignId))) {
    return { ok: false, why: 'not-found', sentence: `There is no campaign ${campaignId}.` };
  }
  if (defaultCountry !== null && !isCountry(defaultCountry)) {
    return invalid(`“${defaultCountry}” is not a country; give its two letters, for example FI.`);
  }
  const table = await readTable(csv, noNumberColumn);
  if (!table.ok) return invalid(table.sentence);

  const tally = new Tally({ country: defaultCountry });
  for await (const row of table.rows) {
    tally.read(row);
    if (tally.rows % ROWS_PER_BREATH === 0) await breathe();
    if (tally.batch.length < BATCH) continue;
    tally.added(await history.addLeads(campaignId, tally.take(ids)));
  }
  if (tally.batch.length > 0) tally.added(await history.addLeads(campaignId, tally.take(ids)));
  return { ok: true, value: tally.result() };
}

const invalid = (sentence: string): Answer<never> => ({ ok: false, why: 'invalid', sentence });

const SHOWN_COLUMNS = 12;

function noNumberColumn(headers: readonly string[]): string | undefined {
  if (numberColumn(headers) !== undefined) return undefined;
  const seen = headers
    .slice(0, SHOWN_COLUMNS)
    .map((header) => `“${header}”`)
    .join(', ');
  const more = headers.length > SHOWN_COLUMNS ? ` and ${headers.length - SHOWN_COLUMNS} more` : '';
  return `No column holds the number: the first line names ${seen}${more}. Name the column of the numbers “number” or “phone”.`;
}

/** What an import has come to so far. */
class Tally {
  rows = 0;
  batch: NewLead[] = [];
  readonly #defaults: LeadDefaults;
  readonly #errors: LeadImport['errors'][number][] = [];
  #added = 0;
  #duplicates = 0;
  #rejected = 0;

  constructor(defaults: LeadDefaults) {
    this.#defaults = defaults;
  }

  read(row: TableRow): void {
    this.rows += 1;
    const reading = row.ok ? readLead(row.values, this.#defaults) : { ...row, column: null };
    if (reading.ok) {
      this.batch.push(reading.lead);
      return;
    }
    this.#rejected += 1;
    const { column, problem } = reading;
    if (this.#errors.length < MAX_ERRORS) this.#errors.push({ line: row.line, column, problem });
  }

  take(ids: ImportRequest['ids']) {
    const leads = this.batch.map((lead) => ({ ...lead, id: ids.next('lead') }));
    this.batch = [];
    return leads;
  }

  added({ added, duplicates }: { added: number; duplicates: number }): void {
    this.#added += added;
    this.#duplicates += duplicates;
  }

  result(): LeadImport {
    return {
      rows: this.rows,
      added: this.#added,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      errors: this.#errors,
    };
  }
}
