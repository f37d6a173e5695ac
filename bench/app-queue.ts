/**
 * `npm run bench:app-queue`: Callwright beside Asterisk's own app_queue, on the same Asterisk, with the same agents and the same
 * calls. README.md beside this file tells how to read it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { figuresOf, type Run, type Side, SIDES } from './app-queue/figures.ts';
import { measureSize, PICK_UP_MS, type Size, talkMs } from './app-queue/measure.ts';
import { plot } from './app-queue/plot.ts';
import { tableOf } from './app-queue/table.ts';
import { machine, type Rooms, runBench, Unclear, whole } from './calls/run.ts';
import { short } from './calls/statistics.ts';

const USAGE = `npm run bench:app-queue [-- options]

  --members 300,2000   agents of the queue, one step each
  --rate 40            calls begun a second; talks are as long as keeps the agents busy
  --carriers 10        that bring the callers, each an endpoint of its own in Asterisk
  --seconds 40         how long calls come, once there are as many as agents
  --only callwright    one side alone, for a profile; or appQueue`;

interface Wish {
  readonly sizes: readonly Size[];
  readonly sides: readonly Side[];
}

/** A file of the site may have 128 KiB. */
const MOST_MEMBERS = 2_000;
const MOST_PER_SECOND = 100;
const MOST_CARRIERS = 100;
const MOST_SECONDS = 300;

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      members: { type: 'string', default: '300,2000' },
      rate: { type: 'string', default: '40' },
      carriers: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '40' },
      only: { type: 'string' },
    },
  });
  const perSecond = whole(values.rate, 'rate', MOST_PER_SECOND);
  const seconds = whole(values.seconds, 'seconds', MOST_SECONDS);
  const carriers = whole(values.carriers, 'carriers', MOST_CARRIERS);
  const sizes = values.members.split(',').map((text) => {
    const members = whole(text, 'members', MOST_MEMBERS);
    if (members < perSecond) throw new Unclear(`--members takes no fewer than --rate, or talks are under a second.`);
    return { members, perSecond, carriers, seconds };
  });
  const sides = SIDES.filter((side) => values.only === undefined || side === values.only);
  if (sides.length === 0) throw new Unclear(`--only takes ${SIDES.join(' or ')}, not "${values.only}".`);
  return { sizes: sizes.toSorted((a, b) => a.members - b.members), sides };
}

async function measure({ sizes, sides }: Wish, rooms: Rooms): Promise<() => void> {
  const runs: Run[] = [];
  for (const size of sizes) {
    const closers: Rooms['closers'] = [];
    rooms.closers.push(() => closeAll(closers));
    runs.push(...(await measureSize(size, { ...rooms, closers }, sides)));
    await closeAll(closers);
  }
  return () => tell(runs, sizes);
}

async function closeAll(closers: Rooms['closers']): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

function tell(runs: readonly Run[], sizes: readonly Size[]): void {
  const results = resolve(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  const picture = join(results, 'app-queue.svg');
  writeFileSync(picture, plot(runs));
  const { processors, node } = machine();
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${processors} processors, Node ${node}`);
  for (const size of sizes) console.log(inputOf(size));
  console.log(`\n${tableOf(runs)}\n\nplot: ${relative(process.cwd(), picture)}\n`);
  console.log(JSON.stringify({ bench: 'app-queue', ...machine(), ...figuresOf(runs), runs }, short));
}

const inputOf = ({ members, perSecond, carriers }: Size): string =>
  `${members} agents, ${perSecond} calls/s over ${carriers} ${carriers === 1 ? 'carrier' : 'carriers'}, talks of ${(talkMs(members, perSecond) / 1_000).toFixed(1)} s ± 50 %, phones ring ${PICK_UP_MS} ms`;

await runBench({ usage: USAGE, wishOf, measure });
