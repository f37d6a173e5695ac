import type { ComplianceProfile } from '../../engine/site.ts';
import type { Calendar } from '../../ivr/calendar.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import type { Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import type { Parts } from './kinds.ts';
import { lintFollowUps } from './lint-follow-ups.ts';
import { lintDispositions } from './lint-dispositions.ts';
import { lintAgents, lintCustomers } from './lint-people.ts';
import { lintQueues } from './lint-queues.ts';
import { lintThresholds } from './lint-thresholds.ts';
import { lintTrunkGroups } from './trunk-groups.ts';
import { lintTrunks } from './trunks.ts';

/** Faults that show when the files beside the flows are seen together. */
export function lintBeside(parts: Parts, names: SiteNames, today: string): readonly Problem[] {
  const found = (
    kind: 'agents' | 'queues' | 'customers' | 'dispositions' | 'trunks' | 'trunk-groups' | 'follow-ups' | 'thresholds',
    lint: typeof lintAgents,
  ) => {
    const source = parts.sources.get(kind);
    return source ? lint(parts, names, source) : [];
  };
  return [
    ...found('agents', lintAgents),
    ...found('queues', lintQueues),
    ...found('customers', lintCustomers),
    ...found('dispositions', lintDispositions),
    ...found('trunks', lintTrunks),
    ...found('trunk-groups', lintTrunkGroups),
    ...found('follow-ups', lintFollowUps),
    ...found('thresholds', lintThresholds),
    ...[...parts.calendars.values()].flatMap(({ calendar, source }) => missingHolidays(calendar, today, source)),
    ...[...parts.ownProfiles].flatMap(([name, source]) => missingProfileDays(parts.profiles.get(name), today, source)),
  ];
}

/** After the last of its dates a profile takes holidays for days like any other, and nobody would notice. */
function missingProfileDays(profile: ComplianceProfile | undefined, today: string, source: Source): readonly Problem[] {
  if (!profile || profile.hours.holidays.value === 'as-any-day') return [];
  const year = String(Number(today.slice(0, 4)) + 1);
  if (profile.hours.holidayDates.value.some((date) => date.startsWith(year))) return [];
  const message = `The profile \`${profile.name}\` has no holidays in ${year}.`;
  const cure = `Add those of ${year} under \`hours.holidayDates\`.`;
  return [source.problem('holidays-missing', ['hours', 'holidayDates'], message, cure, 'key')];
}

/** Lists of holidays end; the year after the present one is there in time for whoever plans it. */
function missingHolidays({ name, holidays }: Calendar, today: string, source: Source): readonly Problem[] {
  const year = String(Number(today.slice(0, 4)) + 1);
  if ([...holidays.keys()].some((date) => date.startsWith(year))) return [];
  const message = `The calendar \`${name}\` has no holidays in ${year}.`;
  return [source.problem('holidays-missing', ['holidays'], message, `Add those of ${year} under \`holidays\`.`, 'key')];
}
