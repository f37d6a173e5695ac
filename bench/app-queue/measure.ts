import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from '../../src/local/debian.ts';
import { claimPort } from '../../src/local/ports.ts';
import { otherLoad, quiet, reading, spent } from '../calls/cpu.ts';
import { type House, openHouse } from '../calls/house.ts';
import type { Rooms } from '../calls/run.ts';
import { loadAppQueue, logIn } from './doors.ts';
import { errands, PARTS, type Run, runOf, type Side } from './figures.ts';
import { Floor } from './floor.ts';
import { layOut, NUMBERS } from './scene.ts';
import { NAMES } from './table.ts';
import { HOST } from './wire.ts';

/** So many agents, and the calls for them. */
export interface Size {
  readonly members: number;
  readonly perSecond: number;
  /** That bring the callers, each an endpoint of its own. */
  readonly carriers: number;
  /** How long calls come, once there are as many as agents. */
  readonly seconds: number;
}

/** Share of their time that agents are busy, if none is lost between two calls. */
const LOAD = 0.97;
export const PICK_UP_MS = 200;
/** How long talks are in the mean, so that so many agents are just enough. */
export const talkMs = (members: number, perSecond: number): number => (members / perSecond) * LOAD * 1_000 - PICK_UP_MS;
/** Calls that nobody counts, of either side: what runs for the first time is slow, and a switch runs for weeks. */
const WARM_UP = { perSecond: 40, seconds: 20, talkMs: 500 } as const;
/** Two legs a call, two ports a leg, and some to spare; below the ports that the system gives to others. */
const MEDIA_PORTS = { first: 10_000, last: 31_999 } as const;

interface Stage {
  readonly house: House;
  readonly floor: Floor;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** The sides one after the other, each warmed up, on one Asterisk. */
export async function measureSize(size: Size, rooms: Rooms, sides: readonly Side[]): Promise<readonly Run[]> {
  const { folder, progress, signal, closers } = rooms;
  const own = join(folder, String(size.members));
  mkdirSync(own);
  const [phones = 0, ...carriers] = await freePorts(1 + size.carriers);
  const ports = { phones, carriers };
  const scene = layOut(own, size.members, ports);
  const house = await openHouse({
    ...rooms,
    ...scene,
    folder: own,
    sounds: resolve(import.meta.dirname, '../sounds'),
    asterisk: { phones: scene.phones, trunks: scene.trunks, rtp: MEDIA_PORTS },
    settings: { CALLWRIGHT_MAX_CALLS: '10000', CALLWRIGHT_MAX_SETUP_MS: '60000', CALLWRIGHT_LOG: 'warn' },
  });
  progress({ text: `logging ${size.members} agents in` });
  await logIn(house, scene.agents, signal);
  const floor = await Floor.open({ at: house.sip, ports, pickUpMs: PICK_UP_MS });
  closers.push(() => floor.close());
  const stage = { house, floor, progress, signal };
  const runs: Run[] = [];
  for (const side of sides) {
    if (side === 'appQueue') await loadAppQueue(house, scene.queuesConf);
    runs.push(await measureSide(stage, size, side));
  }
  return runs;
}

async function freePorts(count: number): Promise<readonly number[]> {
  const wish = { protocol: 'udp', host: HOST, port: 0, purpose: 'phones and carriers', setting: 'any' } as const;
  const found = new Set<number>();
  while (found.size < count) found.add(await claimPort(wish));
  return [...found];
}

async function measureSide(stage: Stage, { members, perSecond, seconds }: Size, side: Side): Promise<Run> {
  const { house, floor, signal } = stage;
  const text = `${members} agents, ${NAMES[side]}`;
  await callAll(stage, side, `${text}: warming up`, errands(WARM_UP.perSecond, WARM_UP.seconds, WARM_UP.talkMs));
  floor.take();
  const fillS = members / perSecond;
  const calls = errands(perSecond, fillS + seconds, talkMs(members, perSecond));
  const pids = Object.fromEntries(PARTS.map((part) => [part, house.pids[part]])) as Pick<
    House['pids'],
    (typeof PARTS)[number]
  >;
  await quiet(pids, signal);
  const before = reading(pids);
  await callAll(stage, side, text, calls);
  await quiet(pids, signal);
  const after = reading(pids);
  const measured = { side, members, perSecond, calls: calls.length, seen: floor.take() };
  return runOf({ ...measured, spent: spent(before, after), otherLoad: otherLoad(before, after) });
}

let numbers = 0;
const nextNumber = (): string => `35850${String((numbers += 1)).padStart(7, '0')}`;

const LOOK_EVERY_MS = 500;

/** Makes the calls, each at its time, and waits for the last to end. */
async function callAll(
  { floor, progress, signal }: Stage,
  side: Side,
  text: string,
  calls: ReturnType<typeof errands>,
) {
  const began = performance.now();
  let done = 0;
  const show = setInterval(
    () => progress({ text: `${text}: ${floor.live} calls up`, done, total: calls.length }),
    LOOK_EVERY_MS,
  );
  try {
    for (const { atMs, talkMs } of calls) {
      const early = began + atMs - performance.now();
      if (early >= 1) await pause(early, undefined, { signal });
      floor.call({ number: nextNumber(), to: NUMBERS[side], talkMs });
      done += 1;
    }
    await floor.over(signal);
  } finally {
    clearInterval(show);
  }
}
