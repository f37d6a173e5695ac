/**
 * `npm run bench:webhooks`: what callers notice of a webhook whose receiver is well, away, slow or wrong, and whether all events
 * reach it in the end. README.md beside this file tells how to read it.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openHouse } from './calls/house.ts';
import { machine, type Rooms, runBench, Unclear, whole } from './calls/run.ts';
import { short } from './calls/statistics.ts';
import { noiseOf, type Phase, rowsOf } from './webhooks/figures.ts';
import { runCourse } from './webhooks/phases.ts';
import { type Mood, MOODS, Receiver } from './webhooks/receiver.ts';
import { tableOf } from './webhooks/table.ts';

const USAGE = `npm run bench:webhooks [-- options]

  --seconds 60         length of a phase
  --rounds 2           pairs of phases, with a webhook and without, for each kind of receiver
  --rate 10            calls begun a second
  --only down,slow     some kinds of receiver: ${MOODS.join(', ')}`;

interface Wish {
  readonly seconds: number;
  readonly rounds: number;
  readonly perSecond: number;
  readonly moods: readonly Mood[];
}

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      rounds: { type: 'string', default: '2' },
      rate: { type: 'string', default: '10' },
      only: { type: 'string', default: MOODS.join(',') },
    },
  });
  const moods = values.only.split(',').map((name) => {
    const mood = MOODS.find((each) => each === name);
    if (mood === undefined) throw new Unclear(`--only takes ${MOODS.join(', ')}, not "${name}".`);
    return mood;
  });
  return {
    moods,
    seconds: whole(values.seconds, 'seconds', 3_600),
    rounds: whole(values.rounds, 'rounds', 20),
    perSecond: whole(values.rate, 'rate', 100),
  };
}

async function measure(wish: Wish, rooms: Rooms): Promise<() => void> {
  const receiver = await Receiver.open();
  rooms.closers.push(() => receiver.close());
  const house = await openHouse({
    ...rooms,
    site: layOutSite(rooms.folder, receiver),
    sounds: resolve(import.meta.dirname, 'sounds'),
    dialplan: resolve(import.meta.dirname, 'bare.conf'),
    settings: { CALLWRIGHT_LOG: 'error' },
  });
  const phases = await runCourse({ ...rooms, ...wish, house, receiver });
  return () => tell(wish, phases);
}

/** The site of the benches, with leave to send to this receiver. */
function layOutSite(folder: string, { plain, untrusted }: Receiver): string {
  const site = join(folder, 'site');
  cpSync(resolve(import.meta.dirname, 'site'), site, { recursive: true });
  const hosts = [plain, untrusted].map((host) => `  - { host: "${host}", private: true }\n`);
  writeFileSync(join(site, 'site/destinations.yaml'), `hosts:\n${hosts.join('')}`);
  return site;
}

function tell({ perSecond, seconds, rounds }: Wish, phases: readonly Phase[]): void {
  const { processors, node } = machine();
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${processors} processors, Node ${node}`);
  console.log(`${perSecond} calls/s, ${rounds} × ${seconds} s with a webhook and as long without, for each receiver\n`);
  console.log(`${tableOf(phases)}\n`);
  const noise = noiseOf(phases);
  console.log(JSON.stringify({ bench: 'webhooks', ...machine(), rows: rowsOf(phases), noise }, short));
}

await runBench({ usage: USAGE, wishOf, measure });
