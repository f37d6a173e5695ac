import type { EpochMs } from '../call/ids.ts';
import { type FigureUnit, figureOf, type RuleTold } from './threshold.ts';
import type { ClearedBecause, Raised, Telling } from './threshold-step.ts';

/** A value as people write it: `62.5 %`, `3 min 20 s`, `4`. */
function valueWords(value: number, unit: FigureUnit): string {
  if (unit === 'share') return `${Math.round(value * 1_000) / 10} %`;
  return unit === 'ms' ? lengthWords(value) : String(value);
}

/** At most two units, the seconds whole. */
function lengthWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  const told = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return told.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

const OF = { queue: 'queue', campaign: 'campaign', agent: 'agent', trunk: 'trunk', followUps: 'owner' } as const;

const BECAUSE: Readonly<Record<ClearedBecause, string>> = {
  well: '',
  'no-figure': ' There is no figure to tell any more.',
  gone: ' It is not watched any more: it has ended, or left what the rule is for.',
  withdrawn: ' The rule was taken out of site/thresholds.yaml.',
};

/** One sentence or two about an alarm, for people who have not read the rule. */
export function wordsOf(rule: RuleTold, name: string, telling: Telling, now: EpochMs): string {
  const what = `The ${figureOf(rule.of, rule.figure)?.title ?? rule.figure} of ${OF[rule.of]} ${name}`;
  const { alarm } = telling;
  if (telling.tell !== 'cleared') return `${what} ${standsWords(rule, alarm, now)}.`;
  const lasted = `it was ${rule.direction} ${limitWords(rule)} and told of for ${lengthWords(now - alarm.raisedAt)}`;
  const is =
    telling.why === 'well' && alarm.value !== null ? `is ${given(rule, alarm.value)} again` : 'is no alarm any more';
  return `${what} ${is}: ${lasted}, ${given(rule, alarm.worst)} at worst.${BECAUSE[telling.why]}`;
}

function standsWords(rule: RuleTold, alarm: Raised, now: EpochMs): string {
  const { value, since } = alarm;
  const over = now - since;
  const long = over > 0 ? `, for ${lengthWords(over)}` : '';
  const counted = [windowWords(rule), sampleWords(rule, alarm)].filter((words) => words !== '').join(', ');
  const from = counted === '' ? '' : ` (${counted})`;
  if (value === null) return `has been told of${long}; there is no figure just now`;
  return `is ${given(rule, value)}${from}, ${rule.direction} ${limitWords(rule)}${long}`;
}

function windowWords({ window }: RuleTold): string {
  if (window === null) return '';
  return window === 'day' ? 'of today' : `of the last ${lengthWords(window)}`;
}

function sampleWords({ of, figure }: RuleTold, { sample }: Raised): string {
  const unit = figureOf(of, figure)?.sample?.of;
  return unit === undefined || sample === null ? '' : `${sample} ${sample === 1 ? unit.slice(0, -1) : unit}`;
}

const limitWords = (rule: RuleTold): string => given(rule, rule.level);

const given = ({ of, figure }: RuleTold, value: number): string =>
  valueWords(value, figureOf(of, figure)?.unit ?? 'count');
