import { z } from 'zod';
import type { EpochMs } from '../call/ids.ts';
import type { CLEARED_BECAUSE } from '../call/threshold-facts.ts';
import type { Threshold } from './threshold.ts';

const common = {
  /** Since when the figure is beyond its level. */
  since: z.int(),
  /** When it was last read. */
  readAt: z.int(),
  value: z.number().nullable(),
  sample: z.number().nullable(),
};
const raised = { ...common, raisedAt: z.int(), toldAt: z.int(), worst: z.number() };

/** How a figure of one queue, campaign or agent stands by one rule, as it is stored; nothing is while all is calm. */
export const standingSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('breaching'), ...common }),
  z.object({ phase: z.literal('raised'), ...raised }),
  z.object({ phase: z.literal('easing'), ...raised, wellSince: z.int() }),
]);

export type Standing = Readonly<z.output<typeof standingSchema>>;
export type Raised = Extract<Standing, { phase: 'raised' | 'easing' }>;

/** What was read now. A null value: there is no figure, as of too few calls. */
export interface Reading {
  readonly name: string;
  /** What people call it where its name says nothing to them. */
  readonly label?: string;
  readonly value: number | null;
  readonly sample: number | null;
}

export type ClearedBecause = (typeof CLEARED_BECAUSE)[number];

/** What is to be told, of the alarm as it stands then. */
export type Telling =
  | { readonly tell: 'raised' | 'reminded'; readonly alarm: Raised }
  | { readonly tell: 'cleared'; readonly alarm: Raised; readonly why: ClearedBecause };

export interface Step {
  /** Null: calm. */
  readonly standing: Standing | null;
  readonly telling: Telling | null;
}

/** Nobody looked for longer than this: what must hold for some time begins anew. */
const GAP_MS = 2 * 60_000;

const CALM: Step = { standing: null, telling: null };

type Zone = 'bad' | 'between' | 'well' | 'none';

/** Where the value lies: beyond the level, in the band where nothing changes, or well. */
export function zoneOf({ direction, level, clear }: Threshold, value: number | null): Zone {
  if (value === null) return 'none';
  const [height, top, bottom] = direction === 'above' ? [value, level, clear] : [-value, -level, -clear];
  if (height > top) return 'bad';
  return height > bottom ? 'between' : 'well';
}

/**
 * One alarm, from what is read of its figure. Beyond the level is bad; not beyond `clear` is well; no figure counts as well.
 *
 *             bad            bad for `for`           well
 *     calm ─────────▶ breaching ─────────▶ raised ◀────────▶ easing
 *      ▲ ▲    not bad     │       told        bad, between     │
 *      │ └────────────────┘                                    │
 *      └──────────────────── well for `clearFor`, told ────────┘
 *
 * So between two raises there is always a clear, and a figure that stays within the band changes nothing.
 */
export function thresholdStep(rule: Threshold, before: Standing | null, reading: Reading, now: EpochMs): Step {
  const zone = zoneOf(rule, reading.value);
  const seen = { value: reading.value, sample: reading.sample, readAt: now };
  const known = before && now - before.readAt > GAP_MS ? afterGap(before, now) : before;
  if (!known || known.phase === 'breaching') {
    if (zone !== 'bad') return CALM;
    return breach(rule, { phase: 'breaching', since: known?.since ?? now, ...seen });
  }
  const alarm = { ...known, ...seen, worst: worse(rule, known.worst, reading.value) };
  return zone === 'bad' || zone === 'between'
    ? remind(rule, { ...raisedOf(alarm), phase: 'raised' }, now)
    : ease(rule, { ...alarm, phase: 'easing', wellSince: known.phase === 'easing' ? known.wellSince : now }, now);
}

/** What the alarm was of is there no more, or the rule is not: what was raised is cleared. */
export function thresholdGone(before: Standing, why: ClearedBecause): Step {
  if (before.phase === 'breaching') return CALM;
  return { standing: null, telling: { tell: 'cleared', alarm: before, why } };
}

function breach(rule: Threshold, standing: Extract<Standing, { phase: 'breaching' }>): Step {
  const { since, readAt, value, sample } = standing;
  if (value === null || readAt - since < rule.forMs) return { standing, telling: null };
  const alarm: Raised = {
    phase: 'raised',
    since,
    readAt,
    value,
    sample,
    raisedAt: readAt,
    toldAt: readAt,
    worst: value,
  };
  return { standing: alarm, telling: { tell: 'raised', alarm } };
}

function ease(rule: Threshold, alarm: Extract<Standing, { phase: 'easing' }>, now: EpochMs): Step {
  if (now - alarm.wellSince < rule.clearForMs) return remind(rule, alarm, now);
  return thresholdGone(alarm, alarm.value === null ? 'no-figure' : 'well');
}

function remind(rule: Threshold, alarm: Raised, now: EpochMs): Step {
  if (rule.againMs === null || now - alarm.toldAt < rule.againMs) return { standing: alarm, telling: null };
  const told = { ...alarm, toldAt: now };
  return { standing: told, telling: { tell: 'reminded', alarm: told } };
}

/** An alarm stays; what was not yet one, or was nearly over, begins anew. */
function afterGap(before: Standing, now: EpochMs): Standing | null {
  if (before.phase === 'breaching') return null;
  return before.phase === 'easing' ? { ...before, wellSince: now } : before;
}

function raisedOf({
  since,
  readAt,
  value,
  sample,
  raisedAt,
  toldAt,
  worst,
}: Raised): Omit<Raised, 'phase' | 'wellSince'> {
  return { since, readAt, value, sample, raisedAt, toldAt, worst };
}

function worse({ direction }: Threshold, a: number, b: number | null): number {
  if (b === null) return a;
  return direction === 'above' ? Math.max(a, b) : Math.min(a, b);
}
