import { z } from 'zod';
import { ms } from './fact-words.ts';

/** What a threshold may be set for. */
export const THRESHOLD_SCOPES = ['queue', 'campaign', 'agent', 'trunk', 'followUps'] as const;
export const SEVERITIES = ['warning', 'alarm'] as const;
/** Shares are 0–1, `ms` milliseconds, counts whole. */
export const FIGURE_UNITS = ['share', 'ms', 'count'] as const;
/** The figure is well; there is none to tell any more; what it was of is gone; the rule was taken out of the site. */
export const CLEARED_BECAUSE = ['well', 'no-figure', 'gone', 'withdrawn'] as const;

const value = z.number();
const alarm = {
  /** The same in all that is told of one alarm. */
  alarmId: z.string(),
  /** Name of the rule in `site/thresholds.yaml`. */
  threshold: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  of: z.enum(THRESHOLD_SCOPES),
  /** Of which queue, campaign, agent, trunk, or owner of follow-ups. */
  name: z.string(),
  figure: z.string(),
  unit: z.enum(FIGURE_UNITS),
  direction: z.enum(['above', 'below']),
  level: value,
  /** Since when the figure is beyond its level. */
  since: z.number(),
  /** A sentence for people. */
  words: z.string(),
};
/** How many calls, agents or answers the figure is counted from; null where that says nothing. */
const sample = z.number().nullable();

/** What is recorded of figures that go beyond what the site allows. */
export const THRESHOLD_FACTS = {
  'threshold.raised': z.strictObject({ ...alarm, value, sample }),
  'threshold.reminded': z.strictObject({
    ...alarm,
    value: value.nullable(),
    sample,
    worst: value,
    raisedAt: z.number(),
  }),
  'threshold.cleared': z.strictObject({
    ...alarm,
    value: value.nullable(),
    sample,
    worst: value,
    raisedAt: z.number(),
    lastedMs: ms,
    why: z.enum(CLEARED_BECAUSE),
  }),
} as const;

type ThresholdFactType = keyof typeof THRESHOLD_FACTS;
export type ThresholdFact = {
  [T in ThresholdFactType]: { readonly type: T; readonly data: z.output<(typeof THRESHOLD_FACTS)[T]> };
}[ThresholdFactType];
