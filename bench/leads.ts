/**
 * `npm run bench:leads`: how quickly a list of leads is taken in, what that costs this process in memory, and how long the
 * thread, on which calls are served too, is busy at a stretch. README.md beside this file tells how to read it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { possibleZones } from '../src/dialer/compliance/zones.ts';
import { importLeads } from '../src/engine/lead-import.ts';
import type { Campaign, History } from '../src/engine/ports/history.ts';
import { startSql } from '../src/local/sql.ts';
import { createSqlHistory } from '../src/store/sql/history.ts';
import { systemIds } from '../src/system.ts';
import { machine, type Rooms, runBench, whole } from './calls/run.ts';
import { quantile, short } from './calls/statistics.ts';
import { bold, fixed } from './calls/table.ts';

const USAGE = `npm run bench:leads [-- options]

  --rows 100000   of a list with a number, a name, two fields and an id
  --claims 200    claims of ten leads each, once the list is there`;

const ROWS_PER_CHUNK = 500;
const LEADS_A_CLAIM = 10;
const COUNTS = 20;
/** Memory and turns are looked at so often. */
const LOOK_MS = 100;

const CAMPAIGN: Campaign = {
  id: 'bench',
  status: 'running',
  createdAt: 1,
  name: 'Bench',
  mode: 'progressive',
  trunk: 'public',
  callerId: '+358401234567',
  language: 'en',
  require: [],
  maxLines: 10,
  cps: 1,
  ringMs: 25_000,
  maxAttempts: 3,
  retryAfterMs: 60_000,
  connectDeadlineMs: 2_000,
  wrapUpMs: 10_000,
};

interface Wish {
  readonly rows: number;
  readonly claims: number;
}

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string', default: '100000' }, claims: { type: 'string', default: '200' } },
  });
  return { rows: whole(values.rows, 'rows', 9_000_000), claims: whole(values.claims, 'claims', 10_000) };
}

/** Numbers of Finland's mobile range, each once. */
async function* listOf(rows: number, told: (done: number) => void): AsyncGenerator<Uint8Array> {
  yield Buffer.from('id,number,name,city,note\n');
  for (let from = 0; from < rows; from += ROWS_PER_CHUNK) {
    let text = '';
    for (let n = from; n < Math.min(rows, from + ROWS_PER_CHUNK); n += 1) {
      text += `crm-${n},+35840${1_000_000 + n},Maija Meikäläinen ${n},${n % 2 ? 'Turku' : 'Oulu'},"asked, twice"\n`;
    }
    told(from);
    yield Buffer.from(text);
  }
}

/** User and system time of a process, in seconds: Linux counts it in hundredths. */
function cpuOf(pid: number): number {
  const [, counted = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = counted.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The most memory and the longest turn of the thread while something runs. */
function watched(store: number) {
  const cpu = { here: cpuOf(process.pid), store: cpuOf(store) };
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, LOOK_MS);
  // It looks every millisecond and is idle in between: a loop of our own would count as work of the import.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  return () => {
    clearInterval(look);
    delay.disable();
    const longest = delay.max / 1e6;
    const cpuSeconds = cpuOf(process.pid) - cpu.here;
    const storeCpuSeconds = cpuOf(store) - cpu.store;
    return { cpuSeconds, storeCpuSeconds, addedMiB: (most - before) / 2 ** 20, longestTurnMs: longest };
  };
}

async function measure({ rows, claims }: Wish, { folder, progress, signal, closers }: Rooms): Promise<() => void> {
  const sql = await startSql({ folder: join(folder, 'sql') });
  closers.push(() => sql.stop());
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const history = await createSqlHistory({ databaseUrl: sql.url, log, poolMax: 1 });
  closers.push(() => history.close());
  await history.createCampaign(CAMPAIGN);
  const once = async (name: string, count: number) => {
    const seen = watched(sql.pid);
    const began = performance.now();
    const csv = listOf(count, (done) => {
      signal.throwIfAborted();
      progress({ text: name, done, total: count });
    });
    const request = {
      history,
      campaignId: CAMPAIGN.id,
      ids: systemIds,
      defaultCountry: 'FI',
      map: MAP,
      zonesOf: possibleZones,
    };
    const answer = await importLeads(csv, request);
    if (!answer.ok) throw new Error(answer.sentence);
    const { errors: _errors, ...value } = answer.value;
    return { ...value, seconds: (performance.now() - began) / 1_000, ...seen() };
  };
  const first = await once('taking the list in', rows);
  const again = await once('the same list again', Math.min(rows, 100_000));
  const claimed = await claimAll(history, claims, () => signal.throwIfAborted());
  const counted = await countAll(history);
  return () => tell({ first, again, claimed, counted });
}

const MAP = { numbers: [{ column: 'number', kind: 'mobile' }], name: 'name', externalId: 'id' } as const;

async function claimAll(history: History, claims: number, heed: () => void) {
  const took: number[] = [];
  for (let nth = 0; nth < claims; nth += 1) {
    heed();
    const began = performance.now();
    const request = { campaignId: CAMPAIGN.id, count: LEADS_A_CLAIM, owner: 'bench', now: 1, leaseUntil: 2 };
    const leads = await history.claimLeads(request);
    if (leads.length > 0) took.push(performance.now() - began);
  }
  const sorted = took.toSorted((a, b) => a - b);
  return { claims: took.length, p50Ms: quantile(sorted, 0.5) ?? 0, p99Ms: quantile(sorted, 0.99) ?? 0 };
}

/** What a look at how a campaign stands takes of the store. */
async function countAll(history: History): Promise<Found['counted']> {
  const took: number[] = [];
  for (let nth = 0; nth < COUNTS; nth += 1) {
    const began = performance.now();
    await history.leadCounts(CAMPAIGN.id);
    await history.attemptCounts(CAMPAIGN.id);
    took.push(performance.now() - began);
  }
  const sorted = took.toSorted((a, b) => a - b);
  return { counts: COUNTS, p50Ms: quantile(sorted, 0.5) ?? 0, p99Ms: quantile(sorted, 0.99) ?? 0 };
}

interface Import {
  readonly rows: number;
  readonly added: number;
  readonly duplicates: number;
  readonly seconds: number;
  /** Of this process, and of the store's; both run at once where there are two processors for them. */
  readonly cpuSeconds: number;
  readonly storeCpuSeconds: number;
  readonly addedMiB: number;
  readonly longestTurnMs: number;
}

interface Found {
  readonly first: Import;
  readonly again: Import;
  readonly claimed: { readonly claims: number; readonly p50Ms: number; readonly p99Ms: number };
  readonly counted: { readonly counts: number; readonly p50Ms: number; readonly p99Ms: number };
}

function tell({ first, again, claimed, counted }: Found): void {
  const line = ({ rows, added, duplicates, seconds, addedMiB, longestTurnMs, ...cpu }: Import) =>
    `${rows} rows in ${fixed(seconds, 1)} s (${fixed(rows / seconds, 0)} a second): ${added} added, ${duplicates} there already; ` +
    `processor ${fixed(cpu.cpuSeconds, 1)} s here, ${fixed(cpu.storeCpuSeconds, 1)} s in the store; +${fixed(addedMiB, 0)} MiB, longest turn of the thread ${fixed(longestTurnMs, 0)} ms`;
  console.log(bold('A list of leads'));
  console.log(`the first time: ${line(first)}`);
  console.log(`the same again: ${line(again)}`);
  const { claims, p50Ms, p99Ms } = claimed;
  console.log(`claims of ${LEADS_A_CLAIM}: p50 ${fixed(p50Ms, 1)} ms, p99 ${fixed(p99Ms, 1)} ms (${claims} claims)`);
  console.log(
    `leads and attempts counted by state: p50 ${fixed(counted.p50Ms, 1)} ms, p99 ${fixed(counted.p99Ms, 1)} ms`,
  );
  console.log(`\n${JSON.stringify({ bench: 'leads', ...machine(), first, again, claimed, counted }, short)}`);
}

await runBench({ usage: USAGE, wishOf, measure });
