import type { ComplianceProfile } from '../../../src/engine/site.ts';
import type { Cited } from '../../../src/dialer/compliance/profile.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The tables of docs/compliance.md: each profile with all of its values and the rules that they are taken from. */
export function profileTables(profiles: ReadonlyMap<string, ComplianceProfile>): string {
  return [...profiles.values()].map(tableOf).join('\n\n');
}

function tableOf(profile: ComplianceProfile): string {
  const { name, version, title, checkedOn } = profile;
  const rows = rowsOf(profile);
  const readings = rows.filter(([, { read }]) => read !== undefined).length;
  const own = rows.filter(([, { cite }]) => isOwn(cite)).length;
  return [
    `### \`${name}\`: ${title}`,
    '',
    `Version ${version}, of ${checkedOn}. Of ${rows.length} values ${readings} were held against words that we read, ` +
      `${own} are the house's own, and ${rows.length - readings - own} are from what others say of the rule.`,
    '',
    '| value | | rule | held against |',
    '|---|---|---|---|',
    ...rows.map(([what, cited, shown]) => {
      const { value, cite, read } = cited;
      const against = read ?? (isOwn(cite) ? '–' : 'secondary source');
      return `| ${what} | ${shown ?? inWords(value)} | ${cite} | ${against} |`;
    }),
  ].join('\n');
}

const isOwn = (cite: string) => cite.startsWith('House:');

type Row = readonly [what: string, cited: Cited<unknown>, shown?: string];

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
    ['`abandonment.connectWithin`', abandonment.connectWithinMs, time(abandonment.connectWithinMs.value)],
    ['`abandonment.countsFrom`', abandonment.countsFrom],
    ['`abandonment.denominator`', abandonment.denominator],
    ['`abandonment.leftInTime`', abandonment.leftInTime],
    ['`abandonment.falsePositives`', abandonment.falsePositives],
    [
      '`abandonment.assumedFalsePositives`',
      abandonment.assumedFalsePositives,
      percent(abandonment.assumedFalsePositives.value),
    ],
    ['`abandonment.machines`', abandonment.machines],
    [
      '`abandonment.limits`',
      abandonment.limits,
      abandonment.limits.value.map(({ cap, window, scope }) => `${percent(cap)}, ${window}, ${scope}`).join('; '),
    ],
    ['`abandonment.zone`', abandonment.zone],
    ['`ring.minimum`', ring.minimumMs, time(ring.minimumMs.value)],
    ['`message.startsWithin`', message.startsWithinMs, time(message.startsWithinMs.value)],
    ['`message.says`', message.says],
    ['`message.optOutKey`', message.optOutKey],
    ['`message.afterOptOut`', message.afterOptOut],
    ['`message.marketing`', message.marketing],
    ['`lockOut.afterAbandoned`', lockOut.afterAbandonedMs, time(lockOut.afterAbandonedMs.value)],
    ['`lockOut.afterMachine`', lockOut.afterMachineMs, time(lockOut.afterMachineMs.value)],
    ['`lockOut.unlessAgentGuaranteed`', lockOut.unlessAgentGuaranteed],
    ['`hours.week`', hours.week, weekInWords(hours.week.value)],
    ['`hours.holidays`', hours.holidays],
    ['`hours.holidayDates`', hours.holidayDates],
    [
      '`attempts.caps`',
      attempts.caps,
      attempts.caps.value.map(({ most, withinMs }) => `${most} in ${time(withinMs)}`).join('; ') || 'none',
    ],
    ['`consent.toAgent`', consent.toAgent],
    ['`consent.mobileToAgent`', consent.mobileToAgent],
    ['`consent.agentless`', consent.agentless],
    ['`dnc.register`', dnc.register],
    ['`dnc.registerMaxAge`', dnc.registerMaxAgeMs, time(dnc.registerMaxAgeMs.value)],
    ['`dnc.consentLifts`', dnc.consentLifts],
    ['`callerId.presented`', callerId.presented],
    ['`callerId.answered`', callerId.answered],
    ['`callerId.noPremium`', callerId.noPremium],
    ['`records.keep`', records.keepDays, `${records.keepDays.value} days`],
  ];
  return rows;
}

const percent = (share: number) => `${Number((share * 100).toFixed(4))} %`;

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
