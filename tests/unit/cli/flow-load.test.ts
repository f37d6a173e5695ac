import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { changing } from '../../../src/cli/flow/load.ts';
import { flowCommand } from '../../../src/cli/flow/main.ts';
import { type House, openHouse } from '../http/house.ts';
import { smallSite } from './flow-sim-house.ts';

let house: House;
let env: Record<string, string>;
beforeAll(async () => {
  house = await openHouse();
  const site = smallSite();
  env = {
    NO_COLOR: '1',
    CALLWRIGHT_FLOWS: `${site}/flows`,
    CALLWRIGHT_SOUNDS: `${site}/sounds`,
    CALLWRIGHT_API: await house.http.listen(),
    CALLWRIGHT_TOKEN: await house.token('engineer'),
  };
});
afterAll(() => house.close());

beforeEach(() => {
  house.service.releases.takenAfterLooks = 1;
});

async function flow(args: readonly string[], change: Record<string, string> = {}) {
  const lines: string[] = [];
  const spies = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((line: unknown) => void lines.push(String(line))),
  );
  try {
    await flowCommand({ ...env, ...change }, '0').parseAsync([...args], { from: 'user' });
    return { status: process.exitCode, said: lines.join('\n') };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

const asked = () => house.service.releases.asked.at(-1);

describe('callwright flow load', () => {
  it('loads, and tells of warnings and of what needs a restart', async () => {
    const { status, said } = await flow(['load', '--note', 'autumn']);
    expect(status).toBe(0);
    expect(asked()).toBe('load by engineer null, null %, autumn');
    expect(said).toContain('main-support.yaml:7:3 warning unknown-queue There is no queue `bilings`.');
    expect(said).toContain('Release a1b2c3d4e5f6 leads all new calls.');
    expect(said).toContain('site/trunks.yaml has changed.');
  });

  it('loads a canary', async () => {
    expect((await flow(['load', '--canary', '10'])).status).toBe(0);
    expect(asked()).toBe('load by engineer null, 10 %, ');
  });

  it('prints what keeps files from being loaded like `flow check`, and exits with 1', async () => {
    house.service.releases.folderIsGood = false;
    const plain = await flow(['load']);
    const json = await flow(['load', '--json']);
    house.service.releases.folderIsGood = true;
    expect(plain).toEqual({
      status: 1,
      said: [
        'main-support.yaml:7:3 error unknown-queue There is no queue `bilings`.',
        '    Did you mean `billing`?',
        '1 error',
        'The flow files have 1 fault.',
      ].join('\n'),
    });
    expect(json.status).toBe(1);
    expect(JSON.parse(json.said)).toMatchObject({ code: 'flows.refused', findings: [{ line: 7 }] });
  });
});

describe('callwright flow load, and the other processes', () => {
  it('waits until all of them run it', async () => {
    const { releases } = house.service;
    releases.takenAfterLooks = 3;
    expect((await flow(['load'])).status).toBe(0);
    expect(releases.takenAfterLooks).toBe(0);
  });

  it('says who does not, and why, when the wait is over, and exits with 1', async () => {
    house.service.releases.takenAfterLooks = Infinity;
    const { status, said } = await flow(['load', '--wait', '0']);
    expect(status).toBe(1);
    expect(said).toContain('Release a1b2c3d4e5f6 leads all new calls.');
    expect(said).toContain('Not every process runs it after 0 s;');
    expect(said).toContain('\n  oulu runs 0a0b0c0d0e0f since 1970-01-01 00:00 UTC\n');
    expect(said).toContain('\n      behind: Release a1b2c3d4e5f6 cannot be read.\n');
    expect(said).toContain('\n  turku has not said yet what it runs');
    expect(said).not.toContain('helsinki');
  });

  it('takes who runs another share of new calls for behind', async () => {
    const { releases } = house.service;
    const change = { release: 'a1b2c3d4e5f6', action: 'promote', changed: true, notes: [], warnings: [] } as const;
    vi.spyOn(releases, 'promote').mockResolvedValueOnce({
      ok: true,
      value: { ...change, canary: { release: 'c1c2c3c4c5c6', percent: 10 } },
    });
    expect(await flow(['promote', '--wait', '0'])).toMatchObject({
      status: 1,
      said: expect.stringContaining('helsinki (this one) runs a1b2c3d4e5f6'),
    });
  });

  it('keeps what `--json` prints apart from it', async () => {
    house.service.releases.takenAfterLooks = Infinity;
    const { status, said } = await flow(['promote', '--json', '--wait', '0']);
    expect(status).toBe(1);
    expect(JSON.parse(said.slice(0, said.indexOf('Not every')))).toMatchObject({ release: 'a1b2c3d4e5f6' });
  });

  it.each(['-1', 'soon', '', '3601'])('waits for no “%s” seconds', (text) => {
    const command = changing('load')
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    expect(() => command.parse([`--wait=${text}`], { from: 'user' })).toThrow('write seconds, from 0 to 3600');
  });
});

describe('callwright flow versions, promote, rollback and canary', () => {
  it('list who, when, share and calls, and what each process runs', async () => {
    house.service.releases.takenAfterLooks = Infinity;
    const { status, said } = await flow(['versions']);
    expect(status).toBe(0);
    expect(said).toContain('a1b2c3d4e5f6 100 %    2 calls  1970-01-01 00:00 UTC  ci  autumn menu');
    expect(said).toContain('main-support a1b2c3');
    expect(JSON.parse((await flow(['versions', '--json'])).said)).toMatchObject({ items: [{ id: 'a1b2c3d4e5f6' }] });
    expect(said).toContain('helsinki (this one) runs a1b2c3d4e5f6 since 1970-01-01 00:00 UTC\n');
    expect(said).toContain(
      'oulu runs 0a0b0c0d0e0f since 1970-01-01 00:00 UTC\n    behind: Release a1b2c3d4e5f6 cannot',
    );
    expect(said).toContain('turku has not said yet what it runs');
  });

  it('are passed on', async () => {
    expect((await flow(['promote'])).status).toBe(0);
    expect(asked()).toBe('promote by engineer null');
    expect((await flow(['rollback', '--json'])).status).toBe(0);
    expect(asked()).toBe('rollback by engineer null');
  });

  it('exit with 1 and a sentence when that cannot be', async () => {
    expect(await flow(['canary', '--cancel'])).toEqual({ status: 1, said: 'There is no canary to cancel.' });
  });

  it('say what `canary` alone would be for', async () => {
    expect(await flow(['canary'])).toMatchObject({ status: 2, said: expect.stringContaining('flow load --canary 10') });
  });
});

describe('without a server that may be asked', () => {
  it.each([
    ['no token', { CALLWRIGHT_TOKEN: '' }, 'CALLWRIGHT_TOKEN is not set'],
    ['a wrong token', { CALLWRIGHT_TOKEN: 'cw_no.no' }, 'The token is unknown, mistyped or revoked.'],
    ['nobody there', { CALLWRIGHT_API: 'http://127.0.0.1:9' }, 'Nothing answers at http://127.0.0.1:9'],
  ])('%s: exits with 2 and says what to do', async (_what, change, sentence) => {
    expect(await flow(['load'], change)).toMatchObject({ status: 2, said: expect.stringContaining(sentence) });
  });

  it('a role that may not', async () => {
    const change = { CALLWRIGHT_TOKEN: await house.token('manager') };
    expect(await flow(['rollback'], change)).toMatchObject({ status: 2, said: expect.stringContaining('manager') });
  });
});
