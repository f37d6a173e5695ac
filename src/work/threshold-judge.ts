import { z } from 'zod';
import type { EpochMs } from '../call/ids.ts';
import { SEVERITIES, THRESHOLD_SCOPES, type ThresholdFact } from '../call/threshold-facts.ts';
import { figureOf, type RuleTold, type Thresholds } from './threshold.ts';
import {
  type Raised,
  type Reading,
  standingSchema,
  type Step,
  type Telling,
  thresholdGone,
  thresholdStep,
} from './threshold-step.ts';
import { wordsOf } from './threshold-words.ts';

const ruleSchema: z.ZodType<RuleTold> = z.object({
  name: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  of: z.enum(THRESHOLD_SCOPES),
  figure: z.string(),
  direction: z.enum(['above', 'below']),
  level: z.number(),
  window: z.union([z.number(), z.literal('day')]).nullable(),
});

/** What is known of one alarm, or of what may become one, as it is stored: with the rule as it was when it was judged last. */
export const watchedSchema = z.object({
  rule: ruleSchema,
  name: z.string(),
  /** What people call it. */
  label: z.string(),
  standing: standingSchema,
});

export type Watched = Readonly<z.output<typeof watchedSchema>>;

/** By `keyOf`. */
export type AllWatched = ReadonlyMap<string, Watched>;

export interface Judged {
  readonly watched: AllWatched;
  /** What is to be stored otherwise than before; null takes it away. */
  readonly changes: ReadonlyMap<string, Watched | null>;
  readonly facts: readonly ThresholdFact[];
}

const keyOf = (rule: string, name: string): string => `${rule}/${name}`;

/**
 * All rules held against what was read now. `read` has the readings of each rule by its name; null: they could not be read, and all
 * that is known of that rule stays as it is.
 */
export function judge(
  rules: Thresholds,
  before: AllWatched,
  read: ReadonlyMap<string, readonly Reading[] | null>,
  now: EpochMs,
): Judged {
  const after = new Map(before);
  const changes = new Map<string, Watched | null>();
  const facts: ThresholdFact[] = [];
  const take = (key: string, who: Omit<Watched, 'standing'>, { standing, telling }: Step) => {
    if (telling) facts.push(factOf(who, telling, now));
    const next = standing && { ...who, rule: toldOf(who.rule), standing };
    if (next) after.set(key, next);
    else if (!after.delete(key)) return;
    changes.set(key, next);
  };
  const met = new Set<string>();
  for (const rule of rules.values()) {
    for (const reading of read.get(rule.name) ?? []) {
      const key = keyOf(rule.name, reading.name);
      met.add(key);
      const { name, label = name } = reading;
      take(key, { rule, name, label }, thresholdStep(rule, before.get(key)?.standing ?? null, reading, now));
    }
  }
  for (const [key, each] of before) {
    const rule = rules.get(each.rule.name);
    if (met.has(key) || (rule && (read.get(rule.name) ?? null) === null)) continue;
    take(
      key,
      { rule: each.rule, name: each.name, label: each.label },
      thresholdGone(each.standing, rule ? 'gone' : 'withdrawn'),
    );
  }
  return { watched: after, changes, facts };
}

function toldOf({ name, title, severity, of, figure, direction, level, window }: RuleTold): RuleTold {
  return { name, title, severity, of, figure, direction, level, window };
}

/** The same for all that is told of one alarm. */
const alarmIdOf = (rule: RuleTold, name: string, { raisedAt }: Raised): string =>
  `${keyOf(rule.name, name)}/${raisedAt}`;

/** An alarm as it stands, for who asks; null while it is none. */
export function alarmOf({ rule, name, label, standing }: Watched, now: EpochMs) {
  if (standing.phase === 'breaching') return null;
  const { name: threshold, window: _window, ...told } = rule;
  const unit = figureOf(rule.of, rule.figure)?.unit ?? 'count';
  const { phase, since, raisedAt, readAt, value, sample, worst } = standing;
  const words = wordsOf(rule, label, { tell: 'reminded', alarm: standing }, now);
  const alarmId = alarmIdOf(rule, name, standing);
  return { alarmId, threshold, ...told, name, unit, phase, value, sample, worst, since, raisedAt, readAt, words };
}

function factOf({ rule, name, label }: Omit<Watched, 'standing'>, telling: Telling, now: EpochMs): ThresholdFact {
  const { alarm } = telling;
  const { severity, of, figure, direction, level, title } = rule;
  const { value, sample, raisedAt, worst, since } = alarm;
  const unit = figureOf(of, figure)?.unit ?? 'count';
  const ruled = { threshold: rule.name, title, severity, of, name, figure, unit, direction, level, since };
  const data = { alarmId: alarmIdOf(rule, name, alarm), ...ruled, words: wordsOf(rule, label, telling, now) };
  const lasting = { ...data, value, sample, worst, raisedAt };
  if (telling.tell === 'cleared') {
    return { type: 'threshold.cleared', data: { ...lasting, lastedMs: now - raisedAt, why: telling.why } };
  }
  if (telling.tell === 'reminded') return { type: 'threshold.reminded', data: lasting };
  return { type: 'threshold.raised', data: { ...data, value: value ?? worst, sample } };
}
