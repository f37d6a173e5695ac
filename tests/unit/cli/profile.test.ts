import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { profileCommand } from '../../../src/cli/profile.ts';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import { profileRows } from '../../../src/dialer/compliance/profile-words.ts';
import { runCommand } from './run-command.ts';

const root = resolve(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/compliance.md'), 'utf8');
const folders: string[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A site whose profiles are these texts. */
function siteWith(profiles: Readonly<Record<string, string>>) {
  const flows = mkdtempSync(join(tmpdir(), 'callwright-profiles-'));
  folders.push(flows);
  mkdirSync(join(flows, 'site/profiles'), { recursive: true });
  for (const [name, text] of Object.entries(profiles)) writeFileSync(join(flows, `site/profiles/${name}.yaml`), text);
  return { CALLWRIGHT_FLOWS: flows, CALLWRIGHT_SOUNDS: join(root, 'sounds'), COLUMNS: '100' };
}

const run = async (env: Readonly<Record<string, string>>, ...args: string[]) => {
  const { code, said } = await runCommand(profileCommand(env), args);
  return { code, said: stripVTControlCharacters(said) };
};

describe('callwright profile', () => {
  it('lists those that come with Callwright and those of the site, as the docs show it', async () => {
    const [, example = ''] = /```yaml\n# site\/profiles\/florida\.yaml\n([\s\S]*?)```/u.exec(page) ?? [];
    const { code, said } = await run(siteWith({ florida: example }), 'list');
    expect(code).toBe(0);
    const [, shown = ''] = /```text\n(PROFILE[\s\S]*?)\n```/u.exec(page) ?? [];
    expect(said).toBe(shown);
  });

  it('shows every value with its rule, in words', async () => {
    const { code, said } = await run(siteWith({}), 'show', 'us-fcc');
    expect(code).toBe(0);
    const plain = said.replace(/\s+/gu, ' ');
    const fcc = builtInProfiles().get('us-fcc')?.profile;
    if (!fcc) throw new Error('no profile us-fcc');
    expect(profileRows(fcc)).toHaveLength(32);
    for (const { key, cite, about } of profileRows(fcc)) {
      expect(plain).toContain(`${key}: ${cite}`);
      expect(plain).toContain(`${about}: `);
    }
    expect(plain).toContain(
      'At most so many may be abandoned: 3 % of each campaign, in this period of 30 days since the campaign first dialled',
    );
    expect(plain).toContain("These seconds count from: the greeting's end");
    expect(plain).toContain('After that key: the line ends at once');
    expect(said.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('gives all of it as JSON', async () => {
    const shown = await run(siteWith({}), 'show', 'uk-ofcom', '--json');
    expect(JSON.parse(shown.said)).toEqual(builtInProfiles().get('uk-ofcom')?.profile);
    const listed = await run(siteWith({}), 'list', '--json');
    expect((JSON.parse(listed.said) as { name: string }[]).map(({ name }) => name)).toEqual([
      ...builtInProfiles().keys(),
    ]);
  });

  it('says which there are when there is none of that name, and what is wrong with one of the site', async () => {
    expect(await run(siteWith({}), 'show', 'us-fc')).toEqual({
      code: 2,
      said: "There is no compliance profile 'us-fc': give one of us-ftc, us-fcc, uk-ofcom, ca-crtc, eu-default, or add site/profiles/us-fc.yaml.",
    });
    const broken = await run(siteWith({ mine: 'version: 1\nextends: us-ftc\nchecked: 2026-11-22\n' }), 'list');
    expect(broken).toMatchObject({ code: 2, said: expect.stringContaining('site/profiles/mine.yaml') });
  });
});
