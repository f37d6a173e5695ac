import { styleText } from 'node:util';
import { WINDOW_WORDS } from '../dialer/compliance/abandonment.ts';
import { percent, profileRows } from '../dialer/compliance/profile-words.ts';
import type { ComplianceProfile } from '../engine/site.ts';
import { wrapped } from './screen.ts';

/** Compliance profiles, a row for each. */
export function profileListLines(profiles: readonly ComplianceProfile[]): readonly string[] {
  const head = ['PROFILE', 'CHECKED', 'MAY BE ABANDONED', 'TITLE'] as const;
  const rows = profiles.map((profile) => [profile.id, profile.checkedOn, capsOf(profile), profile.title] as const);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [styleText('bold', line(head)), ...rows.map(line)];
}

/** Windows, as short as a column is. */
const BRIEFLY = {
  day: 'a day',
  'calendar-month': 'a month',
  'rolling-30-days': 'in any 30 days',
  'campaign-30-days': 'in 30 days',
  campaign: 'in all',
} as const;

const capsOf = ({ abandonment: { limits } }: ComplianceProfile): string =>
  limits.value
    .map(({ cap, window, scope }) => `${percent(cap)} ${BRIEFLY[window]}${scope === 'all' ? ', all campaigns' : ''}`)
    .join('; ');

/** What the words of the file mean, where they do not say it themselves. */
const PLAINLY: Readonly<Record<string, string>> = {
  'pick-up': 'the pick-up',
  'greeting-start': "the greeting's start",
  'greeting-end': "the greeting's end",
  'answered-by-person': 'all calls that a person answered',
  'abandoned-plus-connected': 'themselves and the calls put to an agent',
  'both-sides': 'yes, and added above and below the line',
  answered: 'answered, and not abandoned',
  keep: 'not taken off',
  'deduct-unscreened': 'taken off by an estimate where no AMD listened',
  confirm: 'he hears that it was taken',
  'hang-up': 'the line ends at once',
  'as-sunday': 'like Sundays',
  'as-any-day': 'like any other day',
};

const limitsOf = ({ abandonment: { limits } }: ComplianceProfile): string =>
  limits.value
    .map(({ cap, window, scope }) => {
      const whose = scope === 'all' ? 'all campaigns of the profile together' : 'each campaign';
      return `${percent(cap)} of ${whose}, ${WINDOW_WORDS[window]}`;
    })
    .join('; and ');

const INDENT = 4;

/** One profile, value by value: what it asks, its name in the file, the rule, and against which words that was held. */
export function profileLines(profile: ComplianceProfile, width: number): readonly string[] {
  const { id, title, checkedOn } = profile;
  const values = profileRows(profile).flatMap(({ key, about, value, cite, read, isOwn }) => {
    const source = isOwn
      ? []
      : [read === null ? 'Not held against its words: from a secondary source.' : `Held against ${read}.`];
    const said = key === 'abandonment.limits' ? limitsOf(profile) : (PLAINLY[value] ?? value);
    const [first = '', ...more] = wrapped(`${about}: ${said}`, width, 0, INDENT);
    const rule = [`${key}: ${cite}`, ...source].flatMap((text) => wrapped(text, width, INDENT));
    return [styleText('bold', first), ...more, ...rule.map((text) => styleText('dim', text))];
  });
  return [
    ...wrapped(`${id}: ${title}. Last gone through on ${checkedOn}. This is not legal advice.`, width),
    '',
    ...values,
  ];
}
