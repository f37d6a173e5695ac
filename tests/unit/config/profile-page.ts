import { profileRows } from '../../../src/dialer/compliance/profile-words.ts';
import type { ComplianceProfile } from '../../../src/engine/site.ts';

/** The tables of docs/compliance.md: each profile with all of its values and the rules that they are taken from. */
export function profileTables(profiles: ReadonlyMap<string, ComplianceProfile>): string {
  return [...profiles.values()].map(tableOf).join('\n\n');
}

function tableOf(profile: ComplianceProfile): string {
  const { name, version, title, checkedOn } = profile;
  const rows = profileRows(profile);
  const readings = rows.filter(({ read }) => read !== null).length;
  const own = rows.filter(({ isOwn }) => isOwn).length;
  return [
    `### \`${name}\`: ${title}`,
    '',
    `Version ${version}, of ${checkedOn}. Of ${rows.length} values ${readings} were held against words that we read, ` +
      `${own} are the house's own, and ${rows.length - readings - own} are from what others say of the rule.`,
    '',
    '| value | | rule | held against |',
    '|---|---|---|---|',
    ...rows.map(({ key, value, cite, read, isOwn }) => {
      return `| \`${key}\` | ${value} | ${cite} | ${read ?? (isOwn ? '–' : 'secondary source')} |`;
    }),
  ].join('\n');
}
