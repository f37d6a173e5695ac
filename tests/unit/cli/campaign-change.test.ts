import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { campaignCommand } from '../../../src/cli/campaign.ts';
import { type House, openHouse } from '../http/house.ts';
import { runCommand } from './run-command.ts';

let house: House;
let env: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'callwright-campaign-cli-'));
const imports: string[] = [];

beforeAll(async () => {
  house = await openHouse();
  env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: await house.token('manager') };
  const importLeads: typeof house.service.importLeads = async (id, csv, options) => {
    imports.push(JSON.stringify({ id, ...options, csv: await Array.fromAsync(csv, String) }));
    const errors = [{ line: 3, column: 'Mobile', problem: '“12” is not a number of FI' }];
    return { ok: true, value: { rows: 4, added: 1, updated: 0, duplicates: 2, rejected: 1, errors } };
  };
  Object.assign(house.service, { importLeads });
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

const run = (...args: readonly string[]) => runCommand(campaignCommand(env), args);

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const pages = ['campaigns', 'leads'].map((name) =>
  readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8'),
);
const shown = pages.flatMap((page) => [...page.matchAll(/^npx callwright campaign (.+?)(?: {2,}#.*)?$/gmu)]);

describe('the pages for managers', () => {
  it.each(shown.map(([, line = '']) => line))('show a command that there is: campaign %s', (line) => {
    const [name = '', ...args] = line.split(' ');
    const command = campaignCommand(env).commands.find((each) => each.name() === name);
    expect(command?.name()).toBe(name);
    const options = args.filter((arg) => arg.startsWith('--'));
    expect(command?.options.map(({ long }) => long)).toEqual(expect.arrayContaining(options));
  });

  it('show how a campaign is made', async () => {
    const [line = ''] = shown.flatMap(([, each = '']) => (each.startsWith('create ') ? [each] : []));
    expect(await run(...line.split(' '))).toEqual({ code: 0, said: expect.stringContaining('Autumn is made') });
  });
});

describe('callwright campaign', () => {
  it('makes one, and says under which ID it is known', async () => {
    const settings = ['trunk=public', 'callerId=+358401234567', 'language=en', 'mode=power', 'ratio=2'];
    const { code, said } = await run('create', 'Spring', ...settings);
    expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(/^Spring is made, .*: campaign-\S+\n/u) });
    expect((await run('set', 'Spring', 'maxLines=20', 'guard=strict')).said).toBe(
      'Spring: maxLines is 20, guard is strict.',
    );
    expect(house.service.asked.at(-1)).toMatch(/^change .*\{"guard":"strict","maxLines":20\}/u);
  });

  it('says when a name is another’s already, since commands by name are refused then', async () => {
    const settings = ['trunk=public', 'callerId=+358401234567', 'language=en', 'mode=progressive'];
    expect((await run('create', 'Spring', ...settings)).said).not.toContain('have this name');
    const one = (await house.service.campaigns()).find(({ campaign }) => campaign.name === 'Spring');
    if (!one) throw new Error('it was made');
    const other = { ...one, campaign: { ...one.campaign, id: 'campaign-2', name: 'SPRING' } };
    vi.spyOn(house.service, 'campaigns').mockResolvedValue([one, other]);
    expect((await run('create', 'Spring', ...settings)).said).toContain('2 campaigns have this name now');
    expect(await run('pause', 'Spring')).toEqual({
      code: 2,
      said: `There are 2 campaigns 'Spring', name one by its ID: ${one.campaign.id}, campaign-2.`,
    });
  });

  it('begins and pauses by name, and says what keeps it from dialling', async () => {
    expect(await run('start', 'Spring')).toEqual({ code: 0, said: expect.stringMatching(/^Spring is .+\.\n.+\.$/u) });
    expect(house.service.asked.at(-1)).toMatch(/^start campaign-/u);
    await run('pause', 'spring');
    expect(house.service.asked.at(-1)).toMatch(/^pause campaign-/u);
  });

  it('does not say that one runs which has finished at once, since all its leads are done', async () => {
    const spring = (await house.service.campaigns()).find(({ campaign }) => campaign.name === 'Spring');
    if (!spring) throw new Error('it was made');
    const finished = { ...spring, campaign: { ...spring.campaign, status: 'finished' as const } };
    vi.spyOn(house.service, 'campaign').mockResolvedValue(finished);
    expect((await run('start', 'Spring')).said).toMatch(/^Spring is finished\.\n/u);
  });

  it('ends one for good only when that is meant', async () => {
    const asked = house.service.asked.length;
    expect(await run('stop', 'Spring')).toEqual({ code: 2, said: expect.stringContaining('add --yes') });
    expect(house.service.asked).toHaveLength(asked);
    await run('stop', 'Spring', '--yes');
    expect(house.service.asked.at(-1)).toMatch(/^stop campaign-/u);
  });

  it('kills one or all, and says what still rings', async () => {
    const one = await run('kill', 'Spring');
    expect(one.said).toMatch(/^No new dial from now on, paused: .+\.\nStill out, .+:\n {2}.+ {2}ringing, for \d+ s$/u);
    await run('kill');
    expect(house.service.asked.at(-1)).toMatch(/^kill all by /u);
  });

  it('takes in a list with its map, and tells each bad row and what stayed as it was', async () => {
    const map = file('map.json', '{\n  "numbers": [{ "column": "Mobile", "kind": "mobile" }]\n}\n');
    const leads = file('leads.csv', 'Mobile\n+358401000001\n12\n');
    const { code, said } = await run('load', 'Spring', leads, '--map', map, '--country', 'FI');
    expect(said).toBe(
      '  line 3, Mobile: “12” is not a number of FI\n' +
        '4 rows: 1 added, 0 changed, 2 there already, 1 refused. What was there is as it was; --update takes what the file says.',
    );
    expect(code).toBe(1);
    expect(imports.at(-1)).toContain('"duplicates":"skip"');
    expect(imports.at(-1)).toContain('+358401000001');
    expect(imports.at(-1)).toContain('"column":"Mobile"');
    expect((await run('load', 'Spring', leads, '--update')).said).toMatch(/1 refused\.$/u);
    expect(imports.at(-1)).toContain('"duplicates":"update"');
  });

  it.each([
    [['set', 'Spring', 'maxLines'], 'sets nothing: write it like maxLines=20'],
    [['load', 'Spring', join(folder, 'none.csv')], 'There is no '],
    [['load', 'Winter', join(folder, 'leads.csv')], "There is no campaign 'Winter'"],
    [['load', 'Spring', join(folder, 'leads.csv'), '--map', join(folder, 'leads.csv')], 'is no JSON'],
  ])('says in a sentence what is wrong with %j', async (args, sentence) => {
    const { code, said } = await run(...args);
    expect(said).toContain(sentence);
    expect(code).toBe(2);
  });
});
