import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/call/journal.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const asked = () => house.service.releases.asked.at(-1);
const load = (payload?: object) =>
  house.ask('engineer', { method: 'POST', url: '/v1/flows/releases', ...(payload && { payload }) });

describe('releases', () => {
  it('are listed with who, when, why, share and calls, and what each process runs', async () => {
    const answer = await house.ask('manager', { url: '/v1/flows/releases' });
    expect(answer.json()).toEqual({
      items: [
        {
          id: 'a1b2c3d4e5f6',
          madeBy: 'ci',
          madeAt: 1_000,
          note: 'autumn menu',
          flows: [{ id: 'main-support', version: 'a1b2c3', title: 'Support' }],
          percent: 100,
          calls: 2,
        },
      ],
      processes: [
        { node: 'helsinki', self: true, release: 'a1b2c3d4e5f6', canary: null, since: 1_000, fault: null },
        expect.objectContaining({ node: 'oulu', fault: 'Release a1b2c3d4e5f6 cannot be read.' }),
        expect.objectContaining({ node: 'turku', release: null, since: null }),
      ],
    });
  });

  it('are loaded in the name of the token, with or without a body', async () => {
    expect((await load()).json()).toMatchObject({
      release: 'a1b2c3d4e5f6',
      changed: true,
      notes: [expect.any(String)],
    });
    expect(asked()).toBe('load by engineer null, null %, ');
    expect((await load({ canary: 10, note: 'autumn' })).statusCode).toBe(200);
    expect(asked()).toBe('load by engineer null, 10 %, autumn');
  });

  it.each([{ canary: 0 }, { canary: 100 }, { canary: 1.5 }, { canary: '10' }, { note: 'a\u0007' }, { by: 'me' }])(
    'are not loaded by %j',
    async (payload) => {
      expect((await load(payload)).json()).toMatchObject({ code: 'request.invalid', status: 400 });
    },
  );

  it('that are refused say where and how to mend it', async () => {
    house.service.releases.folderIsGood = false;
    const answer = await load({});
    house.service.releases.folderIsGood = true;
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: 'flows.refused',
      status: 422,
      findings: [{ file: 'main-support.yaml', line: 7, code: 'unknown-queue', hint: 'Did you mean `billing`?' }],
    });
  });

  it('are run, rolled back and promoted', async () => {
    const post = (url: string) => house.ask('admin', { method: 'POST', url });
    expect((await post('/v1/flows/releases/a1b2c3d4e5f6/activate')).json()).toMatchObject({ action: 'load' });
    expect((await post('/v1/flows/releases/000000000000/activate')).json()).toMatchObject({ code: 'resource.unknown' });
    expect((await post('/v1/flows/releases/..%2f..%2fetc/activate')).json()).toMatchObject({ code: 'request.invalid' });
    expect((await post('/v1/flows/rollback')).json()).toMatchObject({ action: 'rollback' });
    expect((await post('/v1/flows/promote')).json()).toMatchObject({ action: 'promote' });
    expect(asked()).toBe('promote by admin null');
    const cancel = await house.ask('admin', { method: 'DELETE', url: '/v1/flows/canary' });
    expect(cancel.json()).toMatchObject({ code: 'resource.conflict', detail: 'There is no canary to cancel.' });
  });
});

describe('the numbers of a flow', () => {
  const tell = (subject: string, ...facts: readonly Fact[]) => {
    for (const fact of facts) house.metrics.observe({ ...fact, subject, seq: 1, at: 1 });
  };

  it('are those of its nodes', async () => {
    tell(
      'call/1',
      { type: 'flow.started', data: { flow: 'main-support', version: 'v' } },
      { type: 'flow.node.entered', data: { flow: 'main-support', node: 'greet', kind: 'play' } },
      { type: 'flow.node.left', data: { flow: 'main-support', node: 'greet', outcome: 'hangup', dwellMs: 900 } },
    );
    expect((await house.ask('manager', { url: '/v1/flows/main-support/stats' })).json()).toMatchObject({
      flow: 'main-support',
      entered: 1,
      containment: null,
      nodes: [
        { node: 'greet', entered: 1, left: { hangup: 1 }, droppedOff: 1, dwell: { count: 1, sumMs: 900, maxMs: 900 } },
      ],
    });
  });

  it('are unknown of a flow that no call came to', async () => {
    expect((await house.ask('manager', { url: '/v1/flows/none/stats' })).json()).toMatchObject({
      code: 'resource.unknown',
    });
  });
});
