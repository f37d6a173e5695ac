import { AMD_DEFAULTS, type AmdSettings, amdBegin, amdStep, type AmdVerdict } from '../../src/dialer/amd.ts';
import type { AmdInput } from '../../src/dialer/amd-hearing.ts';

/** A sound, in ms from the pick-up. */
interface Sound {
  readonly from: number;
  readonly to: number;
}

/** Who picks up, and what he or it says. */
export interface Greeting {
  readonly who: 'human' | 'machine';
  readonly style: string;
  readonly sounds: readonly Sound[];
}

type Random = () => number;
const between = (random: Random, low: number, high: number) => low + (high - low) * random();
const whole = (random: Random, low: number, high: number) => Math.floor(between(random, low, high + 1));

/** Words of `wordMs` with `gapMs` between them, beginning at `from`. */
function words(
  random: Random,
  from: number,
  count: number,
  [wordMs, gapMs]: readonly (readonly [number, number])[],
): Sound[] {
  const said: Sound[] = [];
  let at = from;
  for (let word = 0; word < count; word++) {
    const to = at + between(random, ...(wordMs ?? [0, 0]));
    said.push({ from: at, to });
    at = to + between(random, ...(gapMs ?? [0, 0]));
  }
  return said;
}

const WORD = [200, 480] as const;
const GAP = [20, 180] as const;
const ends = (sounds: readonly Sound[]) => sounds.at(-1)?.to ?? 0;

/** One word or two, a name, a firm's whole sentence; then he waits, and asks again if nobody answers. */
function human(random: Random): Greeting {
  const from = between(random, 150, 1_300);
  const dice = random();
  const [style, count] =
    dice < 0.55
      ? (['hello', whole(random, 1, 2)] as const)
      : dice < 0.8
        ? (['name', whole(random, 3, 5)] as const)
        : dice < 0.92
          ? (['hello, hello', 1] as const)
          : (['firm', whole(random, 6, 10)] as const);
  const first = words(random, from, count, [WORD, GAP]);
  const again = ends(first) + (style === 'hello, hello' ? between(random, 600, 1_400) : between(random, 1_600, 3_000));
  return { who: 'human', style, sounds: [...first, ...words(random, again, 1, [WORD, GAP])] };
}

/** Phrases with pauses between them, a short one now and then; a beep, and silence. */
function machine(random: Random): Greeting {
  const style = random() < 0.15 ? 'short' : 'long';
  const sounds: Sound[] = [];
  let at = between(random, 100, 1_500);
  const phrases = style === 'short' ? 1 : whole(random, 2, 5);
  for (let phrase = 0; phrase < phrases; phrase++) {
    sounds.push(...words(random, at, whole(random, 4, 9), [WORD, GAP]));
    at = ends(sounds) + between(random, 200, 700);
  }
  const beep = ends(sounds) + between(random, 300, 1_500);
  return { who: 'machine', style, sounds: [...sounds, { from: beep, to: beep + between(random, 200, 900) }] };
}

export const greeting = (who: Greeting['who'], random: Random): Greeting =>
  who === 'human' ? human(random) : machine(random);

/** What a switch tells of it: sounds with less than `quietMs` between them are one. */
export function heardOf({ sounds }: Pick<Greeting, 'sounds'>, quietMs: number): readonly (AmdInput & { at: number })[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of sounds) {
    const last = merged.at(-1);
    if (last && from - last.to < quietMs) last.to = to;
    else merged.push({ from, to });
  }
  return merged.flatMap(({ from, to }) => [
    { type: 'started' as const, at: from },
    { type: 'stopped' as const, at: to + quietMs, durationMs: to - from },
  ]);
}

/** The verdict on a greeting, with the clock run as the engine runs it. */
export function judge(
  one: Pick<Greeting, 'sounds'>,
  settings: AmdSettings = AMD_DEFAULTS,
): Extract<AmdVerdict, { kind: 'found' }> {
  const inputs = [...heardOf(one, settings.quietMs)];
  let { state, verdict } = amdStep(amdBegin(0), { type: 'time' }, settings, 0);
  while (verdict.kind === 'wait') {
    const next = inputs[0];
    const isHeard = next !== undefined && next.at <= verdict.until;
    const now = isHeard ? next.at : verdict.until;
    if (isHeard) inputs.shift();
    ({ state, verdict } = amdStep(state, isHeard ? next : { type: 'time' }, settings, now));
  }
  return verdict;
}
