/**
 * `npm run bench:ivr`: how quickly a menu answers a key, over SIP and with real media. Beside it, on the same Asterisk in the
 * same run, the same menus in the dialplan alone. README.md beside this file tells how to read it.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { soundsFolder } from '../src/cli/sounds.ts';
import { readSettings } from '../src/config/settings.ts';
import { type House, openHouse } from './calls/house.ts';
import { machine, type Rooms, runBench, Unclear, whole } from './calls/run.ts';
import { quantile, short } from './calls/statistics.ts';
import { aligned, bold, fixed } from './calls/table.ts';
import { dialplanOf, layOutSounds } from './ivr/tones.ts';
import { visit, type Visit } from './ivr/visit.ts';

const USAGE = `npm run bench:ivr [-- options]

  --calls 200   to each of the two
  --lines 10    at a time, half of them to each`;

const NUMBERS = { callwright: '610', dialplan: 'plain' } as const;
type Menu = keyof typeof NUMBERS;

const KEYS = 4;
/** Every so manieth caller of Callwright waits for an answer that never comes. */
const WAITS_EVERY = 5;
/** Calls that nobody counts: what runs for the first time is slow. */
const WARM_UP = 10;

interface Found {
  readonly visits: Visit[];
  /** Why calls failed. */
  readonly failed: string[];
}

type Both = Readonly<Record<Menu, Found>>;

interface Wish {
  readonly calls: number;
  readonly lines: number;
}

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: { calls: { type: 'string', default: '200' }, lines: { type: 'string', default: '10' } },
  });
  return { calls: whole(values.calls, 'calls', 2_000), lines: whole(values.lines, 'lines', 100) };
}

async function measure({ calls, lines }: Wish, rooms: Rooms): Promise<() => void> {
  const sounds = layOutSounds();
  const dialplan = join(rooms.folder, 'menus.conf');
  writeFileSync(dialplan, dialplanOf(join(playedFrom(sounds), 'en')));
  const house = await openHouse({ ...rooms, sounds, dialplan, site: resolve(import.meta.dirname, 'ivr/site') });
  await callAll(house, rooms, WARM_UP, lines);
  const found = await callAll(house, rooms, calls, lines);
  return () => tell(found);
}

/** Where the audio of a folder of words is: both menus play the very same files. */
function playedFrom(sounds: string): string {
  const reading = readSettings({ CALLWRIGHT_SOUNDS: sounds });
  if (!reading.ok) throw new Unclear(reading.problems.join('\n'));
  return soundsFolder({ settings: reading.settings, env: process.env });
}

/** So many calls to each, by turns on every line, so that both meet the same load. */
async function callAll({ sip }: House, { progress, signal }: Rooms, calls: number, lines: number): Promise<Both> {
  const found: Both = { callwright: { visits: [], failed: [] }, dialplan: { visits: [], failed: [] } };
  const errands = Array.from({ length: 2 * calls }, (_, index) => errandOf(index)).values();
  let done = 0;
  const line = async (): Promise<void> => {
    for (const { menu, ...errand } of errands) {
      progress({ text: 'calling menus', done, total: 2 * calls });
      await visit({ ...errand, at: sip, signal }).then(
        (one) => found[menu].visits.push(one),
        (error: unknown) => found[menu].failed.push(error instanceof Error ? error.message : String(error)),
      );
      done += 1;
      signal.throwIfAborted();
    }
  };
  await Promise.all(Array.from({ length: lines }, line));
  return found;
}

function errandOf(index: number) {
  const menu: Menu = index % 2 === 0 ? 'callwright' : 'dialplan';
  const waits = menu === 'callwright' && (index / 2) % WAITS_EVERY === 0;
  // Spread over the packets of a prompt, and the same in every run.
  return { menu, waits, to: NUMBERS[menu], keys: KEYS, afterMs: 300 + ((index * 137) % 700) };
}

const FIGURES = {
  overPrompt: { title: 'key over a prompt: key up to next prompt', goalMs: 250 },
  inSilence: { title: 'key in silence: key up to next prompt', goalMs: 250 },
  bargeIn: { title: 'barge-in: key down to last packet of the prompt', goalMs: 150 },
} as const;
const LONGEST_SILENCE_MS = 2_000;

type Figure = keyof typeof FIGURES;
const NAMES = ['overPrompt', 'inSilence', 'bargeIn'] as const satisfies readonly Figure[];

function figuresOf({ visits, failed }: Found) {
  const of = (figure: Figure) => {
    const sorted = visits.flatMap((one) => one[figure]).toSorted((a, b) => a - b);
    return { p50: quantile(sorted, 0.5) ?? 0, p95: quantile(sorted, 0.95) ?? 0, keys: sorted.length };
  };
  return {
    calls: visits.length,
    failed: failed.length,
    overPrompt: of('overPrompt'),
    inSilence: of('inSilence'),
    bargeIn: of('bargeIn'),
    longestSilenceMs: {
      beforeFirst: Math.max(0, ...visits.map(({ beforeFirst }) => beforeFirst)),
      betweenPrompts: Math.max(0, ...visits.map(({ betweenPrompts }) => betweenPrompts)),
      whileWaiting: Math.max(0, ...visits.map(({ whileWaiting }) => whileWaiting ?? 0)),
    },
  };
}

type Figures = ReturnType<typeof figuresOf>;

const ratioOf = (ours: Figures, plain: Figures, figure: Figure) => ({
  p50: ours[figure].p50 / plain[figure].p50,
  p95: ours[figure].p95 / plain[figure].p95,
});

function tell({ callwright, dialplan }: Both): void {
  const [ours, plain] = [figuresOf(callwright), figuresOf(dialplan)];
  const { beforeFirst, betweenPrompts, whileWaiting } = ours.longestSilenceMs;
  console.log(bold(`${ours.calls} calls to Callwright, ${plain.calls} to the same menus in Asterisk’s dialplan`));
  console.log(tableOf(ours, plain).join('\n'));
  console.log(
    `longest silence at Callwright (goal ≤ ${LONGEST_SILENCE_MS} ms): ${fixed(beforeFirst, 0)} ms before the first prompt, ` +
      `${fixed(betweenPrompts, 0)} ms between prompts, ${fixed(whileWaiting, 0)} ms while it waited for an answer`,
  );
  console.log(`failed calls: Callwright ${ours.failed}, dialplan ${plain.failed}`);
  const why = Map.groupBy([...callwright.failed, ...dialplan.failed], (one) => one);
  for (const [reason, all] of why) console.log(`${all.length} failed: ${reason}`);
  const ratios = Object.fromEntries(NAMES.map((figure) => [figure, ratioOf(ours, plain, figure)]));
  console.log(`\n${JSON.stringify({ bench: 'ivr', ...machine(), callwright: ours, dialplan: plain, ratios }, short)}`);
}

function tableOf(ours: Figures, plain: Figures): readonly string[] {
  const heads = ['ms', 'keys', 'Callwright p50', 'p95', 'dialplan p50', 'p95', 'p50 ÷', 'p95 ÷', 'p95 goal'];
  const rows = NAMES.map((figure) => {
    const times = [ours[figure], plain[figure]].flatMap(({ p50, p95 }) => [fixed(p50, 1), fixed(p95, 1)]);
    const { p50, p95 } = ratioOf(ours, plain, figure);
    const { title, goalMs } = FIGURES[figure];
    return [title, String(ours[figure].keys), ...times, `${fixed(p50, 1)} ×`, `${fixed(p95, 1)} ×`, `< ${goalMs}`];
  });
  return aligned([heads, ...rows]);
}

await runBench({ usage: USAGE, wishOf, measure });
