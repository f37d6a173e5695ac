import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from '../../src/local/debian.ts';
import { callIn } from '../calls/callers.ts';
import { otherLoad, quiet, reading } from '../calls/cpu.ts';
import type { House } from '../calls/house.ts';
import { residentMb } from '../calls/proc.ts';
import { type Api, apiOf } from './api.ts';
import type { Delivery, Phase } from './figures.ts';
import type { Mood, Receiver } from './receiver.ts';

export interface Course {
  readonly house: House;
  readonly receiver: Receiver;
  readonly moods: readonly Mood[];
  readonly perSecond: number;
  /** Length of a phase. */
  readonly seconds: number;
  /** Pairs of phases for each mood. */
  readonly rounds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Calls that nobody counts: what runs for the first time is slow. */
const WARM_UP = { perSecond: 20, seconds: 3 } as const;
const NUMBER = '600';
const LOOK_EVERY_MS = 250;
/** Once the receiver is well, all that it has missed comes within this time. */
const CATCHES_UP_WITHIN_MS = 300_000;

/** Each mood beside as many calls without a webhook; which of the two goes first alternates, as nobody is to be favoured. */
export async function runCourse(course: Course): Promise<readonly Phase[]> {
  const api = apiOf(course.house, course.signal);
  await calls(course, WARM_UP);
  const phases: Phase[] = [];
  for (let round = 0; round < course.rounds; round += 1) {
    for (const mood of course.moods) {
      const first = phases.length % 4 === 0;
      for (const hasWebhook of first ? [false, true] : [true, false]) {
        const text = `${mood}, ${hasWebhook ? 'with' : 'without'} a webhook, round ${round + 1} of ${course.rounds}`;
        phases.push(await phase(course, api, { mood, hasWebhook, text }));
      }
    }
  }
  return phases;
}

async function phase(
  course: Course,
  api: Api,
  { mood, hasWebhook, text }: Pick<Phase, 'mood' | 'hasWebhook'> & { readonly text: string },
): Promise<Phase> {
  const { house, signal } = course;
  await quiet(house.pids, signal);
  const stop = watch(course, text);
  try {
    const sender = hasWebhook ? await sendTo(course.receiver, api, mood) : null;
    const before = reading(house.pids);
    const called = await calls(course, course);
    const after = reading(house.pids);
    const delivery = sender ? await recovered(course, api, sender) : null;
    const failed = course.perSecond * course.seconds - called.served;
    const { setupMs } = called;
    return { mood, hasWebhook, setupMs, failed, memoryMb: stop(), otherLoad: otherLoad(before, after), delivery };
  } finally {
    stop();
  }
}

type Sending = Awaited<ReturnType<Api['make']>>;

async function sendTo(receiver: Receiver, api: Api, mood: Mood): Promise<Sending> {
  await receiver.turn(mood);
  receiver.forget();
  return api.make(`${mood === 'tls' ? receiver.untrusted : receiver.plain}/events`);
}

/**
 * The receiver is well again and everything of the phase has come, or too late. Switched off and on, since nobody
 * wants to wait here for the next try, half an hour away after a long outage.
 */
async function recovered({ receiver, signal }: Course, api: Api, { id, cursor }: Sending): Promise<Delivery> {
  const wanted = await api.eventIds(cursor);
  const wellAt = performance.now();
  if (receiver.mood !== 'good') {
    await receiver.turn('good');
    await api.mend(id, `${receiver.plain}/events`);
  }
  const missing = () => wanted.filter((each) => !receiver.has(each)).length;
  while (missing() > 0 && performance.now() - wellAt < CATCHES_UP_WITHIN_MS) {
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  const caughtUpMs = performance.now() - wellAt;
  await api.end(id);
  return { events: wanted.length, missing: missing(), caughtUpMs, ...receiver.heard() };
}

function calls({ house, signal }: Course, { perSecond, seconds }: Pick<Course, 'perSecond' | 'seconds'>) {
  const { root, folder, sip: at } = house;
  return callIn({ root, folder, to: NUMBER, at, perSecond, calls: perSecond * seconds, signal });
}

/** Tells how far the phase is, and looks at Callwright's memory, until it is stopped. */
function watch({ house, progress, seconds }: Course, text: string): () => Phase['memoryMb'] {
  const began = performance.now();
  const before = residentMb(house.pids.callwright);
  let peak = before;
  const look = () => {
    peak = Math.max(peak, residentMb(house.pids.callwright));
    progress({ text, done: Math.min(seconds, (performance.now() - began) / 1_000), total: seconds });
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return { before, peak };
  };
}
