import { createHash } from 'node:crypto';
import type { JournalEvent } from '../call/journal.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { ledgerFactsOf } from '../dialer/compliance/answered.ts';
import { answeredOf, callFrom, type EvidenceCall, saysMachine } from '../dialer/evidence.ts';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../dialer/evidence-csv.ts';
import { evidencePage, type Agreement } from '../dialer/evidence-page.ts';
import * as rates from '../dialer/evidence-rates.ts';
import { type Sounds, soundsOf } from '../dialer/evidence-sounds.ts';
import * as tables from '../dialer/evidence-tables.ts';
import type { EvidenceBook, EvidenceSigner, PackPiece, PackQuery } from './ports/evidence.ts';
import type { Campaign } from './ports/history.ts';

/** Facts read in one go; between two reads the process does whatever else it has to do. */
const FACTS = 2_000;

export interface PackSource {
  readonly history: EvidenceBook;
  readonly signer: EvidenceSigner;
  readonly campaign: Campaign;
  readonly profiles: readonly ComplianceProfile[];
  /** The campaign's own. */
  readonly profile: ComplianceProfile;
  /** When it dialled first; of one that has not, when it was made. */
  readonly begun: { readonly startedAt: number; readonly dialled: boolean };
  readonly beside: rates.Beside;
  readonly madeAt: number;
}

interface Seen {
  /** Calls of which an agent said that he met a machine. */
  machines: ReadonlySet<string>;
  sounds: Sounds;
  counts: readonly rates.ProfileCount[];
  abandoned: (readonly Cell[])[];
  outcomes: Record<string, number>;
}

/**
 * The files of a pack, piece by piece: the calls as they are read, then what was counted on the way, last the manifest with
 * each file's hash and the signature over it. Holds no more than a page of facts and the abandoned calls.
 */
export async function* packPieces(source: PackSource, query: PackQuery): AsyncIterable<PackPiece> {
  const files = new Map<string, { bytes: number; readonly hash: ReturnType<typeof createHash> }>();
  const seen: Seen = {
    machines: new Set(),
    sounds: new Map(),
    counts: rates.noCounts(source.profiles, source.begun, source.beside),
    abandoned: [],
    outcomes: {},
  };
  for await (const piece of contents(source, query, seen)) {
    const file = files.get(piece.name) ?? { bytes: 0, hash: createHash('sha256') };
    file.hash.update(piece.text);
    file.bytes += Buffer.byteLength(piece.text);
    files.set(piece.name, file);
    yield piece;
  }
  const listed = [...files].map(([name, { bytes, hash }]) => ({ name, bytes, sha256: hash.digest('hex') }));
  const manifest = `${JSON.stringify({ ...headOf(source, query), files: listed }, null, 2)}\n`;
  yield { name: 'manifest.json', text: manifest };
  yield { name: 'manifest.sig', text: `${source.signer.sign(manifest)}\n` };
}

const headOf = ({ campaign, madeAt }: PackSource, { from, until, withNumbers, by }: PackQuery) => ({
  format: 'callwright-evidence/1',
  campaign: { id: campaign.id, name: campaign.name },
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
  madeAt: new Date(madeAt).toISOString(),
  madeBy: by,
  numbers: withNumbers ? 'whole' : 'masked',
});

async function* contents(source: PackSource, query: PackQuery, seen: Seen): AsyncIterable<PackPiece> {
  const { history, signer, campaign } = source;
  const { events, machines, words, sounds } = await ofCampaign(history, query);
  [seen.machines, seen.sounds] = [machines, sounds];
  yield table('calls.csv', tables.CALL_COLUMNS, []);
  yield* callPieces(source, query, seen);
  const within = events.filter(({ at }) => at >= query.from && at < query.until);
  const { id: _id, status: _status, createdAt: _createdAt, ...settings } = campaign;
  yield table('abandoned.csv', tables.ABANDONED_COLUMNS, seen.abandoned);
  yield table('rates.csv', rates.RATE_COLUMNS, rates.rateRows(seen.counts, query.until));
  yield table('rates-by-day.csv', rates.DAY_COLUMNS, rates.dayRows(seen.counts));
  yield table('amd.csv', rates.AMD_COLUMNS, rates.amdRows(seen.counts));
  yield table('changes.csv', tables.CHANGE_COLUMNS, within.flatMap(tables.changeRows));
  yield table('settings.csv', tables.SETTING_COLUMNS, tables.settingRows(settings, events, query));
  const said = words.filter(({ at }) => at >= query.from && at < query.until).flatMap(tables.dispositionRows);
  yield table('dispositions.csv', tables.DISPOSITION_COLUMNS, said);
  const refused = refusals(within);
  yield table('refused.csv', ['rule', 'dials refused'], refused);
  const agreement = await compared(source, query, seen);
  yield table('agreement.csv', ['outcome', 'in the journal', 'in the table of attempts'], agreement.rows);
  yield { name: 'public-key.pem', text: signer.publicKey };
  const about = { ...headOf(source, query), zone: source.profile.abandonment.zone.value };
  const page = { about, own: source.profile, counts: seen.counts, abandoned: seen.abandoned, refused, agreement };
  const rateRows = rates.rateRows(seen.counts, query.until);
  yield {
    name: 'evidence.html',
    text: evidencePage({ ...page, rateRows, changes: within.flatMap(tables.changeRows) }),
  };
}

/** What was changed and refused, what became of recordings, and of which calls an agent said that he met a machine: his last word counts. */
async function ofCampaign(history: EvidenceBook, query: PackQuery) {
  const events: JournalEvent[] = [];
  const words: JournalEvent[] = [];
  const files: JournalEvent[] = [];
  for await (const page of pages(history, { ...query, of: 'campaign', from: 0, until: Number.MAX_SAFE_INTEGER })) {
    events.push(...page.filter(({ type }) => type === 'campaign.changed' || type === 'attempt.refused'));
    words.push(...page.filter(({ type }) => type === 'call.disposed'));
    files.push(...page.filter(({ type }) => type === 'recording.kept' || type === 'recording.erased'));
  }
  const machines = new Set<string>();
  words.sort((a, b) => a.at - b.at);
  for (const word of words) {
    if (word.type !== 'call.disposed') continue;
    if (saysMachine(word.data)) machines.add(word.data.callId);
    else machines.delete(word.data.callId);
  }
  return { events, machines, words, sounds: soundsOf(files) };
}

const table = (name: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): PackPiece => ({
  name,
  text: BYTE_ORDER_MARK + [columns, ...rows].map(csvLine).join(''),
});

/** All calls up to the end of the period are counted, since windows reach back; those within it are listed. */
async function* callPieces(source: PackSource, query: PackQuery, seen: Seen): AsyncIterable<PackPiece> {
  const asked = { ...query, of: 'calls', from: 0 } as const;
  let held: JournalEvent[] = [];
  for await (const page of pages(source.history, asked)) {
    const facts = [...held, ...page];
    const last = facts.at(-1)?.subject;
    held = facts.filter(({ subject }) => subject === last);
    yield* noted(source, query, seen, facts.slice(0, facts.length - held.length));
  }
  yield* noted(source, query, seen, held);
}

function* noted(source: PackSource, query: PackQuery, seen: Seen, facts: readonly JournalEvent[]): Iterable<PackPiece> {
  const calls = Object.values(Object.groupBy(facts, ({ subject }) => subject)).flatMap(
    (own) => callFrom(own ?? []) ?? [],
  );
  const listed = calls.filter(({ dialledAt }) => dialledAt >= query.from);
  for (const call of calls) {
    const { from, until } = query;
    const counted = { call, within: call.dialledAt >= from, metMachine: seen.machines.has(call.callId), until };
    seen.counts = rates.countCall(seen.counts, counted);
  }
  for (const call of listed) {
    const outcome = call.outcome ?? 'open';
    seen.outcomes[outcome] = (seen.outcomes[outcome] ?? 0) + 1;
    if (isAbandoned(source.profile, call, seen.machines.has(call.callId))) {
      const { withNumbers } = query;
      seen.abandoned.push(tables.abandonedRow(call, source.profile, { withNumbers, sounds: seen.sounds }));
    }
  }
  const text = listed.map((call) => csvLine(tables.callRow(call, query.withNumbers))).join('');
  if (text !== '') yield { name: 'calls.csv', text };
}

function isAbandoned({ abandonment }: ComplianceProfile, call: EvidenceCall, metMachine: boolean): boolean {
  if (call.abandonedAt !== null || call.outcome === 'abandoned') return true;
  const dial = answeredOf(call, metMachine);
  const counted = dial ? ledgerFactsOf(abandonment, dial).map(({ type }) => type) : [];
  const left = abandonment.leftInTime.value === 'abandoned' && counted.includes('left-in-time');
  return left || counted.includes('abandoned');
}

type Asked = Omit<Parameters<EvidenceBook['evidence']>[0], 'after' | 'limit'>;

async function* pages(
  history: EvidenceBook,
  { campaignId, of, from, until }: Asked,
): AsyncIterable<readonly JournalEvent[]> {
  for (let after: JournalEvent | null = null; ; ) {
    const facts = await history.evidence({ campaignId, of, from, until, after, limit: FACTS });
    const events: readonly JournalEvent[] = facts.map(({ event }) => event);
    yield events;
    after = events.at(-1) ?? null;
    if (events.length < FACTS) return;
  }
}

function refusals(events: readonly JournalEvent[]): readonly (readonly Cell[])[] {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'attempt.refused') counts.set(event.data.rule, (counts.get(event.data.rule) ?? 0) + 1);
  }
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Two books were kept of the dials, by different hands: they must say the same. */
async function compared(
  { history }: PackSource,
  { campaignId, from, until }: PackQuery,
  { outcomes }: Seen,
): Promise<Agreement> {
  const totals: Readonly<Record<string, number>> = await history.attemptTotals(campaignId, from, until);
  const names = [...new Set([...Object.keys(outcomes), ...Object.keys(totals)])].toSorted();
  const rows = names.map((name) => [name, outcomes[name] ?? 0, totals[name] ?? 0] as const);
  return { rows, agrees: rows.every(([, journal, sql]) => journal === sql) };
}
