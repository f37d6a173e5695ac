import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyPack } from '../../../src/cli/evidence-verify.ts';
import { evidenceCommand } from '../../../src/cli/evidence.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { type House, openHouse } from './house.ts';

let house: House;
const folder = mkdtempSync(join(tmpdir(), 'callwright-evidence-'));
const { profile: _own, ...settings } = AUTUMN;
beforeAll(async () => {
  house = await openHouse();
  await house.history.createCampaign({
    ...settings,
    id: 'campaign-1',
    status: 'stopped',
    createdAt: 1_763_000_000_000,
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await house.close();
});

const url = '/v1/campaigns/campaign-1/evidence';

describe('GET /v1/campaigns/:id/evidence', () => {
  it('answers the pack piece by piece, its signature last', async () => {
    const answer = await house.ask('engineer', { url });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    const lines = answer.body.trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ name: 'manifest.sig' });
  });

  it('shows whole numbers to managers and admins only', async () => {
    const roles = ['supervisor', 'engineer', 'manager', 'admin'] as const;
    const codes = await Promise.all(roles.map((role) => house.ask(role, { url: `${url}?numbers=whole` })));
    expect(codes.map(({ statusCode }) => statusCode)).toEqual([403, 403, 200, 200]);
  });

  it('refuses a span that ends before it begins, and a campaign that there is not', async () => {
    expect((await house.ask('manager', { url: `${url}?from=20&to=10` })).statusCode).toBe(400);
    expect((await house.ask('manager', { url: '/v1/campaigns/none/evidence' })).statusCode).toBe(404);
  });
});

describe('callwright campaign evidence', () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: await house.token('manager') };
  });

  it('writes a folder from a running server that verifies, and mixes nothing with it', async () => {
    const said: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
    const out = join(folder, 'pack');
    const run = () => evidenceCommand(env).parseAsync(['campaign-1', '--out', out], { from: 'user' });
    await run();
    expect(readdirSync(out)).toHaveLength(14);
    expect(verifyPack(out, null).ok).toBe(true);
    await evidenceCommand({}).parseAsync(['verify', out], { from: 'user' });
    expect(said.at(-1)).toMatch(/^Nothing was changed: 12 files of campaign campaign-1, /);
    await run();
    expect(said.join('\n')).toContain('is not empty');
    process.exitCode = 0;
  });

  it('says so instead of writing an empty folder when the span is still to come', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const out = join(folder, 'to-come');
    await evidenceCommand(env).parseAsync(['campaign-1', '--out', out, '--from', '2999-01-01T00:00:00Z'], {
      from: 'user',
    });
    expect(error.mock.calls.flat().join(' ')).toContain(
      'The span begins at 2999-01-01T00:00:00.000Z, which is still to come: give a `from` that is before now',
    );
    expect(process.exitCode).toBe(1);
    expect(existsSync(out)).toBe(false);
    process.exitCode = 0;
  });
});
