import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../src/config/profiles/built-in.ts';
import { loadSite } from '../../../src/config/site/load.ts';
import { DIAL_RULES } from '../../../src/dialer/compliance/may-dial.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import { profileTables } from './profile-page.ts';

const root = resolve(import.meta.dirname, '../../..');
const PAGE = join(root, 'docs/compliance.md');

const read = (text: string, name = 'mine') => loadSite([{ path: `site/profiles/${name}.yaml`, text }], '2026-11-22');
const faults = (text: string, name?: string) => read(text, name).problems.map(printProblem);

function profilesOf(text?: string) {
  const reading = text === undefined ? loadSite([], '2026-11-22') : read(text);
  if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
  return reading.site.profiles ?? new Map();
}

const HEAD = 'version: 3\ntitle: Mine\nchecked: 2026-11-22\nextends: uk-ofcom\n';

describe('the profiles of a site', () => {
  it('are those that come with Callwright, frozen to the last value', () => {
    const profiles = profilesOf();
    expect([...profiles.keys()]).toEqual([...BUILT_IN]);
    const thawed = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && (!Object.isFrozen(value) || Object.values(value).some(thawed));
    for (const profile of profiles.values()) expect(thawed(profile)).toBe(false);
  });

  it('say of every value which rule it is taken from', () => {
    const bare = (value: unknown, path: string): string[] => {
      if (typeof value !== 'object' || value === null) return [path];
      if ('value' in value) return 'cite' in value && String(value.cite).length > 7 ? [] : [path];
      return Object.entries(value).flatMap(([key, inner]) => bare(inner, `${path}.${key}`));
    };
    for (const [name, profile] of profilesOf()) {
      const { version, id, title, checkedOn, name: own, ...sections } = profile;
      expect([own, id, title === '', checkedOn]).toEqual([name, `${name}@${version}`, false, '2026-11-22']);
      expect(bare(sections, name)).toEqual([]);
    }
  });

  it('tell where and when words of a rule were read, and claim it of no value of the house', () => {
    const citedIn = (value: unknown): { cite: string; read?: string }[] => {
      if (typeof value !== 'object' || value === null) return [];
      return 'cite' in value ? [value as { cite: string }] : Object.values(value).flatMap(citedIn);
    };
    for (const profile of profilesOf().values()) {
      const readings = citedIn(profile).filter(({ read }) => read !== undefined);
      expect(readings.length).toBeGreaterThan(0);
      for (const { cite, read } of readings) {
        expect(cite).not.toMatch(/^House:/);
        expect(read).toMatch(/[a-z0-9-]+\.[a-z]{2,}.*, 20[0-9]{2}-[0-9]{2}-[0-9]{2}/);
      }
    }
  });

  it('have the hard numbers of the rules', () => {
    const numbers = [...profilesOf().values()].map(({ name, abandonment, ring, lockOut, message }) => [
      name,
      abandonment.connectWithinMs.value,
      abandonment.limits.value.map(({ cap, window }: { cap: number; window: string }) => `${cap} ${window}`).join(),
      ring.minimumMs.value,
      lockOut.afterAbandonedMs.value / 3_600_000,
      lockOut.afterMachineMs.value / 3_600_000,
      message.optOutKey.value,
    ]);
    expect(numbers).toEqual([
      ['us-ftc', 2_000, '0.03 campaign-30-days', 15_000, 0, 0, false],
      ['us-fcc', 2_000, '0.03 campaign-30-days', 15_000, 0, 0, true],
      ['uk-ofcom', 2_000, '0.03 day', 15_000, 72, 24, false],
      ['ca-crtc', 2_000, '0.05 calendar-month', 15_000, 0, 0, false],
      ['eu-default', 2_000, '0.03 day,0.03 rolling-30-days', 15_000, 72, 24, true],
    ]);
  });

  it('of its own say only what they change, and carry the version of both', () => {
    const mine = profilesOf(`${HEAD}lockOut: { afterAbandoned: { value: 96h, cite: "House: by our board" } }\n`).get(
      'mine',
    );
    const base = profilesOf().get('uk-ofcom');
    expect(mine).toEqual({
      ...base,
      name: 'mine',
      version: 3,
      id: expect.stringMatching(/^mine@3#[0-9a-f]{8}\+uk-ofcom@3$/u),
      title: 'Mine',
      lockOut: { ...base?.lockOut, afterAbandonedMs: { value: 96 * 3_600_000, cite: 'House: by our board' } },
    });
  });

  it('of its own is another where a value or a citation is, though its version is not, and the same where only words beside are', () => {
    const idOf = (text: string) => profilesOf(HEAD + text).get('mine')?.id;
    const rest = (time: string, cite = 'House: by our board') =>
      `lockOut: { afterAbandoned: { value: ${time}, cite: "${cite}" } }\n`;
    const same = [rest('96h'), `# By our board.\n${rest('4d')}`].map(idOf);
    expect(new Set(same).size).toBe(1);
    expect(new Set([...same, idOf(rest('97h')), idOf(rest('96h', 'House: by law')), idOf('')]).size).toBe(4);
  });

  it('of its own may say everything', () => {
    const text = readFileSync(join(root, 'src/config/profiles/ca-crtc.yaml'), 'utf8');
    expect(profilesOf(text).get('mine')?.id).toMatch(/^mine@3#[0-9a-f]{8}$/u);
    // One of before there was a choice goes on as it did.
    const older = text.replace(/^ {2}afterOptOut: .*\n/mu, '');
    expect(older).not.toBe(text);
    expect(profilesOf(older).get('mine')?.message.afterOptOut.value).toBe('confirm');
  });

  it.each([
    ['ring: { minimum: { value: 20s } }\n', '5:9 error missing-field `cite` is missing. Add it here.'],
    [
      'ring: { minimum: 20s }\n',
      '5:18 error wrong-type `minimum` must be a map. Write it as a map, like `{ key: value }`.',
    ],
    [
      'abandonment: { cap: { value: 3%, cite: "House: no" } }\n',
      '5:16 error unknown-field `cap` is not known here. Known: connectWithin, countsFrom, denominator, leftInTime, falsePositives, assumedFalsePositives, machines, limits, zone.',
    ],
    [
      'abandonment: { zone: { value: Europe/Lundon, cite: "House: no" } }\n',
      '5:31 error wrong-value The time zone is not known. Write it like `Europe/Helsinki`.',
    ],
    [
      'attempts: { caps: { value: [{ most: 0, within: 1d }], cite: "House: no" } }\n',
      '5:37 error out-of-range `most` must be at least 1. Give more.',
    ],
  ])('%s', (text, told) => {
    expect(faults(HEAD + text)).toEqual([`site/profiles/mine.yaml:${told}`]);
  });

  it('do not extend what is not there, and take no name that is taken', () => {
    expect(faults(HEAD.replace('uk-ofcom', 'uk-ofkom'))).toEqual([
      'site/profiles/mine.yaml:4:10 error wrong-value A profile extends one that comes with Callwright. ' +
        'Write one of us-ftc, us-fcc, uk-ofcom, ca-crtc, eu-default.',
    ]);
    expect(faults(HEAD, 'uk-ofcom')).toEqual([
      'site/profiles/uk-ofcom.yaml:1:1 error reserved-name The profile `uk-ofcom` comes with Callwright and cannot be ' +
        'replaced. Name the file otherwise, and write `extends: uk-ofcom` in it.',
    ]);
  });
});

describe('lists of holidays', () => {
  const on = (today: string, text: string) =>
    loadSite([{ path: 'site/profiles/mine.yaml', text }], today).problems.map(printProblem);

  it('are asked for in time, where holidays are not days like any other', () => {
    const own = `${HEAD}hours: { holidayDates: { value: [2027-12-25], cite: "House: ours" } }\n`;
    expect(on('2026-12-31', own)).toEqual([]);
    expect(on('2027-01-01', own)).toEqual([
      'site/profiles/mine.yaml:5:10 warning holidays-missing The profile `mine` has no holidays in 2028. ' +
        'Add those of 2028 under `hours.holidayDates`.',
    ]);
    expect(on('2027-01-01', HEAD.replace('uk-ofcom', 'us-ftc'))).toEqual([]);
  });
});

describe('docs/compliance.md', () => {
  const page = readFileSync(PAGE, 'utf8');

  /** `npx vitest -u` on this file writes the tables anew. */
  it('has the profiles as their files say them', async () => {
    const tables = /(<!-- profiles -->\n)[\s\S]*(<!-- end of profiles -->)/;
    expect(page).toMatch(tables);
    const made = page.replace(
      tables,
      (_all, begin: string, end: string) => `${begin}\n${profileTables(profilesOf())}\n${end}`,
    );
    await expect(made).toMatchFileSnapshot(PAGE);
  });

  it('has the rules in the order in which they are asked', () => {
    const [, rules = ''] = page.split('## May it be dialled?');
    expect([...rules.matchAll(/^\| [0-9]+ \| `([a-z-]+)`/gm)].map(([, rule]) => rule)).toEqual([...DIAL_RULES]);
  });

  it('has an example that is without fault', () => {
    const [, example = ''] = /```yaml\n# site\/profiles\/[a-z-]+\.yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(profilesOf(example).get('mine')?.id).toMatch(/^mine@1#[0-9a-f]{8}\+us-ftc@4$/u);
    expect(page).toContain(profilesOf(example).get('mine')?.id.replace('mine', 'florida'));
  });
});
