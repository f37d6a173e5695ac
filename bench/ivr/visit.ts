import { setTimeout as pause } from 'node:timers/promises';
import { dial, type Line, type Place, type Sound } from './line.ts';

/** What one caller lived through, ms each. */
export interface Visit {
  /** From letting go of a key, while a prompt was heard, to the first packet of the next prompt. */
  readonly overPrompt: readonly number[];
  /** The same of keys pressed in the silence after a prompt. */
  readonly inSilence: readonly number[];
  /** From a key going down to the last packet of the prompt that it stopped; it counts when it is let go, 80 ms later. */
  readonly bargeIn: readonly number[];
  /** From the answer to the first prompt. */
  readonly beforeFirst: number;
  /** The longest time without sound around a key, its own time not counted. */
  readonly betweenPrompts: number;
  /** The longest time without a packet of sound, from a key that begins a wait to the end of the call; null without a wait. */
  readonly whileWaiting: number | null;
}

export interface Errand extends Place {
  /** Keys 1 pressed, over a prompt and in silence by turns. */
  readonly keys: number;
  /** So long after a prompt has begun to be heard its key goes down. */
  readonly afterMs: number;
  /** Is let wait for an answer that never comes, as the last thing. */
  readonly waits: boolean;
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 5;
/** What is longer than this after the short tone is the silence after it. */
const TONE_OVER_MS = 200;

/** Calls, keys, measures and hangs up. @throws Error when something does not come in time. */
export async function visit(errand: Errand): Promise<Visit> {
  const line = await dial(errand);
  try {
    return await walk(line, errand);
  } finally {
    await line.hangUp();
  }
}

async function walk(line: Line, { keys, afterMs, waits, signal }: Errand): Promise<Visit> {
  const wait: Wait = (what, ready) => until(what, ready, signal);
  await wait('the first prompt', () => line.sounds.length > 0);
  const beforeFirst = (line.sounds[0]?.at ?? 0) - line.answeredAt;
  const [overPrompt, inSilence, bargeIn]: [number[], number[], number[]] = [[], [], []];
  const between: number[] = [];
  for (let key = 0; key < keys; key += 1) {
    if (key % 2 === 0) {
      await pause(afterMs, undefined, { signal });
      const { next, last, press } = await goOn(line, 'short', wait);
      overPrompt.push(next - press.up);
      bargeIn.push(last - press.down);
      between.push(next - last);
    } else {
      await wait('the short tone to end', () => performance.now() - lastOf(line).at > TONE_OVER_MS);
      const { next, press } = await goOn(line, 'long', wait);
      inSilence.push(next - press.up);
      between.push(next - press.up);
    }
  }
  const whileWaiting = waits ? await longestWhileWaiting(line, wait) : null;
  return { overPrompt, inSilence, bargeIn, beforeFirst, betweenPrompts: Math.max(0, ...between), whileWaiting };
}

type Wait = (what: string, ready: () => boolean) => Promise<void>;

/** Presses the key that leads to a prompt of this tone; answers when that began, and when what was heard before ended. */
async function goOn(line: Line, tone: Sound['tone'], wait: Wait) {
  const press = await line.press('1');
  const isNext = (sound: Sound) => sound.at > press.up && sound.tone === tone;
  await wait('the next prompt', () => line.sounds.some(isNext));
  const next = line.sounds.find(isNext)?.at ?? 0;
  const last = line.sounds.findLast(({ at }) => at < next)?.at ?? 0;
  return { press, next, last };
}

async function longestWhileWaiting(line: Line, wait: Wait): Promise<number> {
  const { up } = await line.press('2');
  await wait('the far side to hang up', line.isOver);
  const heard = [up, ...line.sounds.filter(({ at }) => at > up).map(({ at }) => at)];
  return Math.max(...heard.slice(1).map((at, index) => at - (heard[index] ?? at)));
}

const lastOf = ({ sounds }: Line): Sound => sounds.at(-1) ?? { at: Number.POSITIVE_INFINITY, tone: 'short' };

async function until(what: string, ready: () => boolean, signal: AbortSignal): Promise<void> {
  const limit = performance.now() + PATIENCE_MS;
  while (!ready()) {
    if (performance.now() > limit) throw new Error(`no sign of ${what}`);
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}
