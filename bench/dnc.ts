/**
 * `npm run bench:dnc`: how quickly a do-not-call list of millions is imported into the embedded store and read at a start, how
 * long the thread, on which calls are served too, is busy at a stretch, what the list takes in memory, and what a look-up costs.
 * README.md beside this file tells how to read it.
 */
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { EngineDncDesk } from '../src/engine/dnc-desk.ts';
import type { DncStore } from '../src/engine/ports/dnc.ts';
import type { Log } from '../src/engine/ports/time.ts';
import { Recorder } from '../src/engine/recorder.ts';
import { startSql } from '../src/local/sql.ts';
import { createSqlStores, type SqlStores } from '../src/store/sql/stores.ts';
import { systemClock, systemIds } from '../src/system.ts';
import { machine, type Rooms, runBench, whole } from './calls/run.ts';
import { quantile, short } from './calls/statistics.ts';
import { bold, fixed } from './calls/table.ts';

const USAGE = `npm run bench:dnc [-- options]

  --numbers 10000000   of the list, each once, in no order
  --lookups 1000000    half of them of numbers on the list`;

const LINES_PER_CHUNK = 5_000;
/** Numbers of North America, spread over eight thousand million. */
const [FIRST, SPAN] = [12_000_000_000, 8_000_000_000];
/** Has no divisor in common with the span, so that steps of it meet every number once. */
const STEP = 4_951_760_157;
const WARM_UP = 20_000;
const MB = 1e6;

interface Wish {
  readonly numbers: number;
  readonly lookups: number;
}

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: { numbers: { type: 'string', default: '10000000' }, lookups: { type: 'string', default: '1000000' } },
  });
  return {
    numbers: whole(values.numbers, 'numbers', 100_000_000),
    lookups: whole(values.lookups, 'lookups', 100_000_000),
  };
}

const numberAt = (index: number) => FIRST + Number((BigInt(index) * BigInt(STEP)) % BigInt(SPAN));

interface Making {
  /** Time that the making of the file took, on the same thread. */
  ms: number;
}

async function* fileOf(numbers: number, making: Making, told: (done: number) => void): AsyncGenerator<Uint8Array> {
  let at = FIRST;
  for (let made = 0; made < numbers; ) {
    const begun = performance.now();
    const lines: number[] = [];
    for (let line = 0; line < LINES_PER_CHUNK && made < numbers; line++, made++) {
      lines.push(at);
      at += STEP;
      if (at >= FIRST + SPAN) at -= SPAN;
    }
    const chunk = Buffer.from(`+${lines.join('\n+')}\n`);
    making.ms += performance.now() - begun;
    told(made);
    yield chunk;
  }
}

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, message) => console.error(message),
  error: (_fields, message) => console.error(message),
};

const deskOn = ({ dnc, history }: Pick<SqlStores, 'dnc' | 'history'> & { dnc: DncStore }) =>
  new EngineDncDesk({
    clock: systemClock,
    ids: systemIds,
    log,
    dnc,
    history,
    live: { tell: async () => false, append: async () => undefined },
    recorder: new Recorder(systemClock, log),
    board: () => ({ all: () => [] }),
  });

/** The longest turn, ms, and the most memory, MB, while something is done; and how long it takes, s. */
async function watched<T>(task: () => Promise<T>) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let most = process.memoryUsage.rss();
  const looking = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
  delay.enable();
  const begun = performance.now();
  const value = await task();
  const seconds = (performance.now() - begun) / 1_000;
  delay.disable();
  clearInterval(looking);
  const [longestMs, p99Ms] = [delay.max / 1e6, delay.percentile(99) / 1e6];
  return { value, seconds, longestMs, p99Ms, mostMb: Math.max(most, process.memoryUsage.rss()) / MB };
}

function lookUps(desk: EngineDncDesk, { numbers, lookups }: Wish) {
  const asked = (turn: number) => {
    const on = numberAt((turn * 7_919) % numbers);
    return `+${turn % 2 === 0 ? on : numberAt(numbers + ((turn * 104_729) % numbers))}`;
  };
  for (let turn = 0; turn < WARM_UP; turn++) desk.keeper.hits(asked(turn), null);
  const took: number[] = [];
  let found = 0;
  for (let turn = 0; turn < lookups; turn++) {
    const number = asked(turn);
    const begun = process.hrtime.bigint();
    const hits = desk.keeper.hits(number, null);
    took.push(Number(process.hrtime.bigint() - begun) / 1_000);
    found += hits.length;
  }
  took.sort((a, b) => a - b);
  return { found, p50Us: quantile(took, 0.5) ?? 0, p99Us: quantile(took, 0.99) ?? 0, maxUs: took.at(-1) ?? 0 };
}

async function measure(wish: Wish, { folder, progress, closers, signal }: Rooms): Promise<() => void> {
  progress({ text: 'starting the embedded store' });
  const sql = await startSql({ folder: join(folder, 'sql') });
  closers.push(() => sql.stop());
  const stores = await createSqlStores({ databaseUrl: sql.url, log, poolMax: 1 });
  closers.push(() => stores.history.close());
  const desk = deskOn(stores);
  desk.keeper.start();
  await desk.keeper.idle();
  const list = await desk.createList('Bench', null, 'bench');
  if (!list.ok) throw new Error(list.sentence);
  const beforeMb = process.memoryUsage.rss() / MB;
  const making: Making = { ms: 0 };
  const told = (done: number) => {
    signal.throwIfAborted();
    progress({ text: 'importing', done, total: wish.numbers });
  };
  const order = { mode: 'replace', fileName: 'bench', column: null, country: null, by: 'bench' } as const;
  const imported = await watched(() => desk.importList(list.value.id, fileOf(wish.numbers, making, told), order));
  if (!imported.value.ok) throw new Error(imported.value.sentence);
  progress({ text: 'reading it as a start does' });
  const fresh = deskOn(stores);
  const read = await watched(async () => {
    fresh.keeper.start();
    await fresh.keeper.idle();
  });
  progress({ text: 'looking up' });
  const lookup = lookUps(fresh, wish);
  const listMb = ((await fresh.list(list.value.id))?.memory ?? 0) / MB;
  const makingS = making.ms / 1_000;
  const { version } = imported.value.value;
  return () =>
    tell(wish, {
      version: version.numbers,
      imported: timesOf(imported),
      read: timesOf(read),
      lookup,
      listMb,
      beforeMb,
      makingS,
    });
}

const timesOf = ({ seconds, longestMs, p99Ms, mostMb }: Times): Times => ({ seconds, longestMs, p99Ms, mostMb });

type Times = Omit<Awaited<ReturnType<typeof watched>>, 'value'>;

interface Found {
  readonly version: number;
  readonly imported: Times;
  readonly read: Times;
  readonly lookup: ReturnType<typeof lookUps>;
  readonly listMb: number;
  readonly beforeMb: number;
  readonly makingS: number;
}

function tell({ numbers, lookups }: Wish, found: Found): void {
  const { imported, read, lookup, listMb, beforeMb, makingS } = found;
  console.log(bold(`Do not call: a list of ${numbers.toLocaleString('en')} numbers`));
  console.log(
    `import   ${fixed(imported.seconds, 1)} s (of which ${fixed(makingS, 1)} s made the file), turns of the thread p99 ${fixed(imported.p99Ms, 1)} ms, longest ${fixed(imported.longestMs, 1)} ms`,
  );
  console.log(
    `memory   ${fixed(listMb, 1)} MB the list; process ${fixed(beforeMb, 0)} MB before, ${fixed(imported.mostMb, 0)} MB at most while importing`,
  );
  console.log(`start    read in ${fixed(read.seconds, 2)} s, longest turn ${fixed(read.longestMs, 1)} ms`);
  console.log(
    `look-up  p50 ${fixed(lookup.p50Us, 2)} µs, p99 ${fixed(lookup.p99Us, 2)} µs, longest ${fixed(lookup.maxUs, 0)} µs (${lookup.found} of ${lookups} on the list)`,
  );
  const { found: on, ...cost } = lookup;
  const told = { numbers: found.version, importing: imported, makingS, start: read, listMb, beforeMb };
  console.log(
    `\n${JSON.stringify({ bench: 'dnc', ...machine(), ...told, lookup: { asked: lookups, on, ...cost } }, short)}`,
  );
}

await runBench({ usage: USAGE, wishOf, measure });
