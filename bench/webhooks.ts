/**
 * `npm run bench:webhooks`: what callers notice of a webhook whose receiver is away, slow or wrong, and whether all events
 * reach it in the end. README.md beside this file tells how to read it.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openHouse } from './calls/house.ts';
import { machine, type Rooms, runBench, Unclear, whole } from './calls/run.ts';
import { short } from './calls/statistics.ts';
import { type Delivery, noiseOf, type Phase, rowsOf } from './webhooks/figures.ts';
import { runCourse } from './webhooks/phases.ts';
import { BAD, type Bad, Receiver } from './webhooks/receiver.ts';
import { tableOf } from './webhooks/table.ts';

const USAGE = `npm run bench:webhooks [-- options]

  --seconds 20         length of a phase
  --rounds 3           pairs of phases, beside a receiver that is well and one more that is not, for each kind
  --rate 10            calls begun a second
  --only down,slow     some kinds of receiver: ${BAD.join(', ')}`;

interface Wish {
  readonly seconds: number;
  readonly rounds: number;
  readonly perSecond: number;
  readonly moods: readonly Bad[];
}

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
      rate: { type: 'string', default: '10' },
      only: { type: 'string', default: BAD.join(',') },
    },
  });
  const moods = values.only.split(',').map((name) => {
    const mood = BAD.find((each) => each === name);
    if (mood === undefined) throw new Unclear(`--only takes ${BAD.join(', ')}, not "${name}".`);
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
  const receivers = new Map<Bad | 'good', Receiver>();
  for (const mood of ['good', ...wish.moods] as const) receivers.set(mood, await Receiver.open());
  rooms.closers.push(() => Promise.all([...receivers.values()].map((each) => each.close())));
  const house = await openHouse({
    ...rooms,
    site: layOutSite(rooms.folder, [...receivers.values()]),
    sounds: resolve(import.meta.dirname, 'sounds'),
    dialplan: resolve(import.meta.dirname, 'bare.conf'),
    settings: { CALLWRIGHT_LOG: 'error' },
  });
  const { phases, deliveries } = await runCourse({ ...rooms, ...wish, house, receivers });
  return () => tell(wish, phases, deliveries);
}

/** The site of the benches, with leave to send to these receivers. */
function layOutSite(folder: string, receivers: readonly Receiver[]): string {
  const site = join(folder, 'site');
  cpSync(resolve(import.meta.dirname, 'site'), site, { recursive: true });
  const urls = receivers.flatMap(({ plain, untrusted }) => [plain, untrusted]);
  const hosts = urls.map((host) => `  - { host: "${host}", private: true }\n`);
  writeFileSync(join(site, 'site/destinations.yaml'), `hosts:\n${hosts.join('')}`);
  return site;
}

function tell({ perSecond, seconds }: Wish, phases: readonly Phase[], deliveries: readonly Delivery[]): void {
  const { processors, node } = machine();
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${processors} processors, Node ${node}`);
  console.log(`${perSecond} calls/s, ${phases.length} phases of ${seconds} s, by turns\n`);
  console.log(`${tableOf(phases, deliveries)}\n`);
  const figures = { rows: rowsOf(phases), noise: noiseOf(phases), deliveries };
  console.log(JSON.stringify({ bench: 'webhooks', ...machine(), ...figures }, short));
}

await runBench({ usage: USAGE, wishOf, measure });
