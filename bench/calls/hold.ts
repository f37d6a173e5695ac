import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from '../../src/local/debian.ts';
import { callIn } from './callers.ts';
import type { House } from './house.ts';
import { residentMb, timesOf } from './proc.ts';
import type { Complaints } from './sipp-files.ts';

export interface Holding {
  readonly house: House;
  readonly calls: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Resident memory, MB of 10⁶ bytes. */
interface Memory {
  readonly before: number;
  /** While all calls were up. */
  readonly held: number;
  /** The most that was seen at any moment, the coming and going included. */
  readonly peak: number;
}

/** Many calls at once, all waiting in one queue with music. */
export interface Held {
  readonly calls: number;
  /** Calls that Callwright says were up together. */
  readonly live: number;
  readonly failed: number;
  readonly why: Complaints;
  readonly memoryMb: { readonly callwright: Memory; readonly sql: Memory };
  /** Share of one processor while all were up. */
  readonly cpuShare: { readonly callwright: number; readonly asterisk: number };
}

const ARRIVALS_PER_SECOND = 25;
const ALL_UP_MS = 15_000;
/** The last announcement has been said by then, and music plays to everybody. */
const SETTLE_MS = 5_000;
const LOOK_EVERY_MS = 250;
const WATCHED = ['callwright', 'sql'] as const;

export async function hold({ house, calls, progress, signal }: Holding): Promise<Held> {
  const { root, folder, sip: at, pids } = house;
  const before = memory(house);
  const arrivingMs = (calls / ARRIVALS_PER_SECOND) * 1_000;
  const stayMs = Math.round(arrivingMs + ALL_UP_MS);
  const over = new AbortController();
  const callers = callIn({ root, folder, to: '601', at, perSecond: ARRIVALS_PER_SECOND, calls, stayMs, signal });
  const text = `holding ${calls} calls in a queue`;
  const watch = watchMemory(house, AbortSignal.any([signal, over.signal]), (sinceMs) =>
    progress({ text, done: Math.min(sinceMs, stayMs + arrivingMs), total: stayMs + arrivingMs }),
  );
  try {
    await pause(arrivingMs + SETTLE_MS, undefined, { signal });
    const live = await liveCalls(house);
    const held = memory(house);
    const cpuShare = await cpuShares(pids, ALL_UP_MS - 2 * SETTLE_MS, signal);
    const { served, why } = await callers;
    over.abort();
    const peak = await watch;
    const row = (who: Watched): Memory => ({ before: before[who], held: held[who], peak: peak[who] });
    return {
      calls,
      live,
      failed: calls - served,
      why,
      memoryMb: { callwright: row('callwright'), sql: row('sql') },
      cpuShare,
    };
  } finally {
    over.abort();
    await Promise.allSettled([callers, watch]);
  }
}

type Watched = (typeof WATCHED)[number];

const memory = ({ pids }: House): Readonly<Record<Watched, number>> => ({
  callwright: residentMb(pids.callwright),
  sql: residentMb(pids.sql),
});

async function watchMemory(
  house: House,
  over: AbortSignal,
  tell: (sinceMs: number) => void,
): Promise<Readonly<Record<Watched, number>>> {
  const began = performance.now();
  const peak = { ...memory(house) };
  while (!over.aborted) {
    const now = memory(house);
    for (const who of WATCHED) peak[who] = Math.max(peak[who], now[who]);
    tell(performance.now() - began);
    await pause(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return peak;
}

async function cpuShares(pids: House['pids'], ms: number, signal: AbortSignal): Promise<Held['cpuShare']> {
  const began = performance.now();
  const used = () => [timesOf(pids.callwright).ownMs, timesOf(pids.asterisk).ownMs] as const;
  const [callwright, asterisk] = used();
  await pause(ms, undefined, { signal });
  const [callwrightNow, asteriskNow] = used();
  const tookMs = performance.now() - began;
  return { callwright: (callwrightNow - callwright) / tookMs, asterisk: (asteriskNow - asterisk) / tookMs };
}

async function liveCalls({ api }: House): Promise<number> {
  const reply = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${api.token}` } });
  const line = /^callwright_calls_live\{direction="inbound"\} (\d+)$/m.exec(await reply.text());
  if (!line) throw new Error('Callwright does not tell how many calls are up');
  return Number(line[1]);
}
