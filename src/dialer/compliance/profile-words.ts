import type { Cited, ComplianceProfile } from './profile.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** One value of a profile. */
interface ProfileRow {
  /** As its file has it: `message.says`. */
  readonly key: string;
  /** What it is about, as one reads it before the value. */
  readonly about: string;
  readonly value: string;
  readonly cite: string;
  /** Against which words of the rule it was held; null: none. */
  readonly read: string | null;
  /** No rule says it: it is the house's own. */
  readonly isOwn: boolean;
}

const ABOUT = {
  'abandonment.connectWithin': 'An agent must be there within',
  'abandonment.countsFrom': 'These seconds count from',
  'abandonment.denominator': 'Abandoned calls are divided by',
  'abandonment.leftInTime': 'Who hangs up before that counts as',
  'abandonment.falsePositives': 'Persons taken for machines are estimated',
  'abandonment.assumedFalsePositives':
    'Until enough recordings were heard, of the calls taken for machines so many count as persons',
  'abandonment.machines': 'Machines among the abandoned are',
  'abandonment.limits': 'At most so many may be abandoned',
  'abandonment.zone': 'Days are those of',
  'ring.minimum': 'It rings at least',
  'message.startsWithin': 'The message to who gets no agent begins within',
  'message.says': 'It says at least',
  'message.optOutKey': 'It offers a key to opt out',
  'message.afterOptOut': 'After that key',
  'message.marketing': 'Advertising in it is',
  'lockOut.afterAbandoned': 'Who was abandoned is not dialled for',
  'lockOut.afterMachine': 'Who was taken for a machine is not dialled for',
  'lockOut.unlessAgentGuaranteed': 'An agent who is held for the call ends that rest',
  'hours.week': 'Calls are made in these hours, where the person is',
  'hours.holidays': 'Holidays are',
  'hours.holidayDates': 'Holidays that are known',
  'attempts.caps': 'A number is dialled at most, by all campaigns together',
  'consent.toAgent': 'Consent for a call by an agent to a fixed line',
  'consent.mobileToAgent': 'Consent for a call by an agent where the number may be mobile',
  'consent.agentless': 'Consent for a call by a flow',
  'dnc.register': 'The national register must have been imported',
  'dnc.registerMaxAge': 'It is no older than',
  'dnc.consentLifts': 'Above the register stands consent that is',
  'callerId.presented': 'A caller id must be shown',
  'callerId.answered': 'Who calls it back must reach somebody',
  'callerId.noPremium': 'It must cost no more than usual',
  'records.keep': 'Records are kept for',
} as const;

type Row = readonly [key: keyof typeof ABOUT, cited: Cited<unknown>, shown?: string];

/** All values of a profile in words, in the order of its file. */
export const profileRows = (profile: ComplianceProfile): readonly ProfileRow[] =>
  rowsOf(profile).map(([key, { value, cite, read = null }, shown = inWords(value)]) => {
    return { key, about: ABOUT[key], value: shown, cite, read, isOwn: cite.startsWith('House:') };
  });

function rowsOf({
  abandonment,
  ring,
  message,
  lockOut,
  hours,
  attempts,
  consent,
  dnc,
  callerId,
  records,
}: ComplianceProfile) {
  const rows: readonly Row[] = [
    ['abandonment.connectWithin', abandonment.connectWithinMs, time(abandonment.connectWithinMs.value)],
    ['abandonment.countsFrom', abandonment.countsFrom],
    ['abandonment.denominator', abandonment.denominator],
    ['abandonment.leftInTime', abandonment.leftInTime],
    ['abandonment.falsePositives', abandonment.falsePositives],
    [
      'abandonment.assumedFalsePositives',
      abandonment.assumedFalsePositives,
      percent(abandonment.assumedFalsePositives.value),
    ],
    ['abandonment.machines', abandonment.machines],
    [
      'abandonment.limits',
      abandonment.limits,
      abandonment.limits.value.map(({ cap, window, scope }) => `${percent(cap)}, ${window}, ${scope}`).join('; '),
    ],
    ['abandonment.zone', abandonment.zone],
    ['ring.minimum', ring.minimumMs, time(ring.minimumMs.value)],
    ['message.startsWithin', message.startsWithinMs, time(message.startsWithinMs.value)],
    ['message.says', message.says],
    ['message.optOutKey', message.optOutKey],
    ['message.afterOptOut', message.afterOptOut],
    ['message.marketing', message.marketing],
    ['lockOut.afterAbandoned', lockOut.afterAbandonedMs, time(lockOut.afterAbandonedMs.value)],
    ['lockOut.afterMachine', lockOut.afterMachineMs, time(lockOut.afterMachineMs.value)],
    ['lockOut.unlessAgentGuaranteed', lockOut.unlessAgentGuaranteed],
    ['hours.week', hours.week, weekInWords(hours.week.value)],
    ['hours.holidays', hours.holidays],
    ['hours.holidayDates', hours.holidayDates],
    [
      'attempts.caps',
      attempts.caps,
      attempts.caps.value.map(({ most, withinMs }) => `${most} in ${time(withinMs)}`).join('; ') || 'none',
    ],
    ['consent.toAgent', consent.toAgent],
    ['consent.mobileToAgent', consent.mobileToAgent],
    ['consent.agentless', consent.agentless],
    ['dnc.register', dnc.register],
    ['dnc.registerMaxAge', dnc.registerMaxAgeMs, time(dnc.registerMaxAgeMs.value)],
    ['dnc.consentLifts', dnc.consentLifts],
    ['callerId.presented', callerId.presented],
    ['callerId.answered', callerId.answered],
    ['callerId.noPremium', callerId.noPremium],
    ['records.keep', records.keepDays, `${records.keepDays.value} days`],
  ];
  return rows;
}

export const percent = (share: number) => `${Number((share * 100).toFixed(4))} %`;

function time(ms: number): string {
  if (ms === 0) return 'none';
  if (ms % 86_400_000 === 0 && ms > 259_200_000) return `${ms / 86_400_000} days`;
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${ms / 1_000} s`;
}

function weekInWords(week: ComplianceProfile['hours']['week']['value']): string {
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const texts = week.map((day) => day.map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(', ') || 'closed');
  const rows = texts.flatMap((text, day) => (text === texts[day - 1] ? [] : [{ text, day }]));
  return rows
    .map(({ text, day }, index) => {
      const last = (rows[index + 1]?.day ?? 7) - 1;
      return `${DAYS[day]}${last > day ? `–${DAYS[last]}` : ''} ${text}`;
    })
    .join('; ');
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ') || 'none';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
