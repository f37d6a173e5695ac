import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { dncCommand } from '../../../src/cli/dnc.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { type House, openHouse } from '../http/house.ts';
import { runCommand } from './run-command.ts';

let house: House;
let env: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'callwright-dnc-cli-'));

beforeAll(async () => {
  house = await openHouse();
  env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: await house.token('manager') };
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

const run = (...args: readonly string[]) => runCommand(dncCommand(env), args);

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('callwright dnc', () => {
  it('imports a file as a list that it makes, and tells who is on it', async () => {
    const path = file('october.txt', `+358401234567\nphone\n+358401234568\n${'\n'.repeat(100_000)}`);
    expect(await run('import', path, '--list', 'Registry')).toEqual({
      code: 0,
      said: '  line 2 is not a telephone number\n“Registry” has 2 numbers now (2 read, 1 row rejected).',
    });
    const hit = await run('check', '+358401234567');
    expect(hit.code).toBe(1);
    expect(hit.said).toMatch(/is not to be called:\n {2}list “Registry”, since 20\d\d-\d\d-\d\d \d\d:\d\d UTC$/);
    expect(await run('check', '+358401234569')).toEqual({
      code: 0,
      said: '+358401234569 may be called, as far as do-not-call goes.',
    });
  });

  it('adds a column of a table to it', async () => {
    const path = file('more.csv', 'name;phone\nAnna;040 1234570\n');
    const added = await run('import', path, '--list', 'Registry', '--column', 'phone', '--country', 'FI', '--merge');
    expect(added).toMatchObject({ code: 0, said: expect.stringContaining('has 3 numbers now') });
    expect((await run('check', '+358401234570')).code).toBe(1);
  });

  it('adds a number, for the house or for one campaign', async () => {
    const [mine, theirs] = ['+358401234580', '+358401234581'];
    expect(await run('add', mine, '--reason', 'asked on the phone')).toEqual({
      code: 0,
      said: `${mine} is not called any more.`,
    });
    expect((await run('check', mine)).said).toMatch(
      /the do-not-call list of the house, since .+: asked on the phone$/u,
    );
    await house.history.createCampaign({ ...AUTUMN, id: 'campaign-1', status: 'draft', createdAt: 1_000 });
    expect(await run('add', theirs, '--reason', 'bought it', '--campaign', 'Autumn')).toEqual({
      code: 0,
      said: `${theirs} is not called any more by campaign 'Autumn'.`,
    });
    expect((await run('check', theirs)).said).toContain('(campaign campaign-1), since');
    expect((await run('check', theirs, '--campaign', 'Autumn')).code).toBe(1);
    expect((await run('check', theirs, '--campaign', 'campaign-2')).code).toBe(0);
    expect((await run('add', '0401234567', '--reason', 'x')).said).toContain('write + and the country code');
    expect((await run('add', mine, '--reason', 'x', '--campaign', 'Nobody')).said).toContain("no campaign 'Nobody'");
  });

  it('says what is wrong, and changes nothing', async () => {
    expect((await run('check', '0401234567')).said).toContain('write + and the country code');
    expect((await run('check', '+358401234567', '--campaign', 'campaign-c1')).code).toBe(1);
    expect(await run('import', file('words.txt', 'no\n'), '--list', 'Registry')).toMatchObject({
      code: 1,
      said: expect.stringContaining('holds no number, so nothing was changed'),
    });
    expect(await run('import', join(folder, 'none.txt'), '--list', 'Registry')).toMatchObject({
      code: 2,
      said: expect.stringContaining('There is no'),
    });
    expect((await run('check', '+358401234567')).code).toBe(1);
  });
});
