/** Seeded chance of the pacing lab: the same seed gives the same day, on every machine. */
export type Chance = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, equal chances in [0, 1). */
export function seeded(seed: number): Chance {
  let state = mixed(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Neighbouring numbers give streams that have nothing in common (the finaliser of MurmurHash3). */
export function mixed(seed: number): number {
  let h = seed | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** How long something lasts, in seconds. `measured`: values seen on a real day, in ascending order. */
export type Spread =
  | { readonly kind: 'lognormal'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'fixed'; readonly mean: number }
  | { readonly kind: 'measured'; readonly values: readonly number[] };

export const lognormal = (mean: number, cv: number): Spread => ({ kind: 'lognormal', mean, cv });
export const exponential = (mean: number): Spread => ({ kind: 'exponential', mean });
export const fixed = (mean: number): Spread => ({ kind: 'fixed', mean });
export const NEVER = fixed(Number.POSITIVE_INFINITY);

export const meanOf = (of: Spread): number =>
  of.kind === 'measured' ? of.values.reduce((sum, value) => sum + value, 0) / Math.max(1, of.values.length) : of.mean;

/** The same, so many times as long. */
export const scaled = (spread: Spread, times: number): Spread =>
  spread.kind === 'measured'
    ? { ...spread, values: spread.values.map((value) => value * times) }
    : { ...spread, mean: spread.mean * times };

export function draw(spread: Spread, chance: Chance): number {
  switch (spread.kind) {
    case 'fixed':
      return spread.mean;
    case 'exponential':
      return -spread.mean * Math.log(1 - chance());
    case 'lognormal': {
      const variance = Math.log(1 + spread.cv * spread.cv);
      return spread.mean * Math.exp(Math.sqrt(variance) * normal(chance) - variance / 2);
    }
    case 'measured':
      return between(spread.values, chance());
  }
}

/** Box and Muller, 1958: one of the two. */
function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
}

function between(values: readonly number[], share: number): number {
  const place = share * (values.length - 1);
  const below = values[Math.floor(place)] ?? 0;
  const above = values[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
