import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import type { ComplianceProfile } from '../../../src/engine/site.ts';
import { type House, openHouse } from './house.ts';

const page = readFileSync(new URL('../../../docs/compliance.md', import.meta.url), 'utf8');

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const shipped = () => [...builtInProfiles().values()].map(({ profile }) => profile);

describe('the compliance profiles', () => {
  it('are told whole, each value with its rule, as `callwright profile list --json` has them', async () => {
    const listed = await house.ask('supervisor', { url: '/v1/profiles' });
    expect(listed.statusCode, listed.body).toBe(200);
    expect(listed.json<{ items: ComplianceProfile[] }>().items).toEqual(shipped());
  });

  it.each(shipped().map((profile) => [profile.name, profile] as const))(
    'are asked for by name: %s',
    async (name, profile) => {
      expect((await house.ask('supervisor', { url: `/v1/profiles/${name}` })).json()).toEqual(profile);
    },
  );

  it('are had by the commands of docs/compliance.md', async () => {
    const paths = [...page.matchAll(/^cw \$API(\/v1\S+)/gmu)].map(([, path = '']) => path);
    expect(paths).toEqual(['/v1/profiles', '/v1/profiles/us-fcc']);
    for (const url of paths) expect((await house.ask('supervisor', { url })).statusCode, url).toBe(200);
  });

  it('are for who may see campaigns', async () => {
    for (const url of ['/v1/profiles', '/v1/profiles/us-fcc']) {
      const asAgent = await house.ask('agent', { url });
      expect(asAgent.json(), url).toMatchObject({ status: 403, code: 'role.forbidden' });
      for (const role of ['supervisor', 'manager', 'engineer', 'admin'] as const)
        expect((await house.ask(role, { url })).statusCode, `${role} ${url}`).toBe(200);
    }
  });

  it('are named to who asks for one that is not there', async () => {
    expect((await house.ask('manager', { url: '/v1/profiles/us-fc' })).json()).toMatchObject({
      status: 404,
      code: 'resource.unknown',
      detail:
        "There is no compliance profile 'us-fc': give one of us-ftc, us-fcc, uk-ofcom, ca-crtc, eu-default, or add site/profiles/us-fc.yaml.",
    });
  });
});
