import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from '../../src/local/debian.ts';
import { callIn } from '../calls/callers.ts';
import { otherLoad, quiet, reading } from '../calls/cpu.ts';
import type { House } from '../calls/house.ts';
import { residentMb } from '../calls/proc.ts';
import { type Api, apiOf } from './api.ts';
import { bystander, drain } from './bystander.ts';
import type { Delivery, Phase, Side } from './figures.ts';
import type { Bad, Receiver } from './receiver.ts';

export interface Course {
  readonly house: House;
  /** The one that is well all along, and those that are not. */
  readonly receivers: ReadonlyMap<Bad | 'good', Receiver>;
  readonly perSecond: number;
  /** Length of a phase. */
  readonly seconds: number;
  /** Pairs of phases for each kind of receiver. */
  readonly rounds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Calls that nobody counts: what runs for the first time is slow. */
const WARM_UP_S = 10;
const NUMBER = '600';
const LOOK_EVERY_MS = 250;
/** Between two phases: the last calls are over by then. */
const BREATH_MS = 500;

/**
 * Phases beside a receiver that is well, and beside another one too that is not, by turns: A B, B A, A B, … so that nothing that the
 * machine does slowly favours either. Whoever is not well stays behind, is switched off meanwhile, and catches up at the end of all.
 */
export async function runCourse(
  course: Course,
): Promise<{ phases: readonly Phase[]; deliveries: readonly Delivery[] }> {
  const { house, receivers, rounds, signal } = course;
  const api = apiOf(house, signal);
  const tell = steps(course);
  tell('warming up');
  const good = receivers.get('good');
  if (!good) throw new Error('nobody is well');
  const all = [await bystander(api, 'good', good)];
  await calls(course, WARM_UP_S);
  await quiet(house.pids, signal);
  const phases: Phase[] = [];
  const bad = [...receivers].flatMap(([mood, receiver]) => (mood === 'good' ? [] : [{ mood, receiver }]));
  for (const { mood, receiver } of bad) {
    const each = await bystander(api, mood, receiver);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of (round % 2 === 0 ? ['well', 'amiss'] : ['amiss', 'well']) as readonly Side[]) {
        tell('measuring', phases.length / (2 * rounds * bad.length));
        phases.push(await phase(course, api, { id: each.id, mood, side }));
      }
    }
    all.push({ ...each, wanted: await api.eventIds(each.id, each.cursor) });
    await pause(BREATH_MS, undefined, { signal });
  }
  tell('all receivers are well: catching up');
  return { phases, deliveries: await drain(api, all, signal) };
}

async function phase(
  course: Course,
  api: Api,
  { id, mood, side }: { readonly id: string; readonly mood: Bad; readonly side: Side },
): Promise<Phase> {
  const { house, perSecond, seconds, signal } = course;
  if (side === 'amiss') await api.turn(id, true);
  const stop = watch(house);
  try {
    const before = reading(house.pids);
    const { served, setupMs } = await calls(course, seconds);
    const load = otherLoad(before, reading(house.pids));
    return { mood, side, setupMs, failed: perSecond * seconds - served, peakMb: stop(), otherLoad: load };
  } finally {
    stop();
    if (side === 'amiss') await api.turn(id, false);
    await pause(BREATH_MS, undefined, { signal });
  }
}

function calls({ house, perSecond, signal }: Course, seconds: number) {
  const { root, folder, sip: at } = house;
  return callIn({ root, folder, to: NUMBER, at, perSecond, calls: perSecond * seconds, signal });
}

/** Looks at Callwright's memory until it is stopped; the most it had, MB. */
function watch({ pids }: House): () => number {
  let peak = residentMb(pids.callwright);
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMb(pids.callwright));
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** On a terminal each phase moves the bar; a log file has a line for each part of the bench. */
function steps({ progress }: Course) {
  let last = '';
  return (text: string, done?: number): void => {
    if (!process.stderr.isTTY && text === last) return;
    last = text;
    progress({ text, ...(done !== undefined && process.stderr.isTTY && { done, total: 1 }) });
  };
}
