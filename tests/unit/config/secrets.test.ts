import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { flowEnv, readSecrets } from '../../../src/config/secrets.ts';
import { readSettings } from '../../../src/config/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'callwright-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string, mode = 0o600): string {
  const path = join(folder, 'secrets');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const secretsOf = (path: string | undefined, env: Record<string, string> = {}) => {
  const read = readSecrets(path, env);
  if (!read.ok) throw new Error(read.problems.join(' '));
  return read.secrets;
};
const problems = (path: string | undefined, env: Record<string, string> = {}) => {
  const read = readSecrets(path, env);
  return read.ok ? [] : read.problems;
};

describe('secrets', () => {
  it('need nothing', () => expect(secretsOf(undefined)('crm_token')).toBeNull());

  it('come from a private file', () => {
    const secrets = secretsOf(file('# of the CRM\n\ncrm_token=a=b=c\r\nerp2=x\n'));
    expect([secrets('crm_token'), secrets('erp2'), secrets('toString')]).toEqual(['a=b=c', 'x', null]);
  });

  it('the environment wins', () => {
    const secrets = secretsOf(file('crm_token=old\n'), { CALLWRIGHT_SECRET_CRM_TOKEN: 'new', CALLWRIGHT_SECRET_X: '' });
    expect([secrets('crm_token'), secrets('x')]).toEqual(['new', null]);
  });

  it.each([0o644, 0o640, 0o604, 0o602, 0o660])('a file with mode %o is refused', (mode) => {
    expect(problems(file('a=b', mode))).toEqual([expect.stringContaining('chmod 600')]);
  });

  it('a missing file, a folder and a huge file are refused', () => {
    expect(problems(join(folder, 'none'))[0]).toContain('ENOENT');
    expect(problems(folder)[0]).toContain('64 KiB');
    expect(problems(file('a'.repeat(70_000)))[0]).toContain('64 KiB');
  });

  it('tells every fault at once, by line, and never a value', () => {
    const path = file('ok=1\nhunter2\nBad=hunter2\nspaced=hunter2 hunter2\nok=hunter2\nempty=\n');
    const told = problems(path, { CALLWRIGHT_SECRET_LINE: 'hunter2\r\nx: y' });
    expect(told.map((problem) => problem.split(' ')[0]?.replace(path, ''))).toEqual([
      ':5',
      ':2',
      ':3',
      ':4',
      ':6',
      'CALLWRIGHT_SECRET_LINE',
    ]);
    expect(told.join()).not.toContain('hunter2');
  });

  it('no printing shows one', () => {
    const reading = readSecrets(file('crm_token=hunter2'), { CALLWRIGHT_SECRET_B: 'hunter2' });
    const shown = [
      JSON.stringify(reading),
      reading.ok && reading.secrets.toString(),
      inspect(reading, { depth: 9, showHidden: true }),
    ];
    expect(shown.join()).not.toContain('hunter2');
  });

  it('are no settings, and are not taken for misspelt ones', () => {
    const env = {
      CALLWRIGHT_SECRET_A: 'hunter2',
      CALLWRIGHT_FLOW_CRM_URL: 'https://crm.test',
      CALLWRIGHT_SECRETS: 'x',
    };
    const read = readSettings(env);
    expect(read.ok && read.settings.CALLWRIGHT_SECRETS).toMatch(/\/x$/);
    expect(JSON.stringify(read)).not.toContain('hunter2');
    expect(readSettings({ CALLWRIGHT_SECRET_: 'a', CALLWRIGHT_FLOW: 'b' })).toMatchObject({ ok: false });
  });
});

it('flows see of the environment what is given to them', () => {
  const env = {
    CALLWRIGHT_FLOW_CRM_URL: 'https://crm.test',
    CALLWRIGHT_SECRET_A: 'a',
    HOME: '/',
    CALLWRIGHT_FLOW_E: '',
  };
  expect([...flowEnv(env)]).toEqual([['CRM_URL', 'https://crm.test']]);
});
