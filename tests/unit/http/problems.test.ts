import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../../src/http/problem.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { type House, openHouse } from './house.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

describe('the codes', () => {
  it('are those of docs/errors.md, with the same status, and no others', () => {
    const documented = [...page.matchAll(/^\| `([a-z.-]+)` \| (\d{3}) \|/gmu)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(documented).toEqual(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]));
  });
});

describe('a refusal', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  it.each([
    ['resource.unknown', 'GET', '/v1/calls/none', undefined],
    ['resource.unknown', 'GET', '/v1/agents/none', undefined],
    ['resource.unknown', 'GET', '/v1/campaigns/none/leads', undefined],
    ['resource.conflict', 'POST', '/v1/agents/alice/status', { status: 'logged-out' }],
    ['resource.refused', 'POST', '/v1/campaigns', { name: 'x', trunk: 'moon', callerId: '+358981000', language: 'fi' }],
    ['route.unknown', 'PATCH', '/v1/calls', undefined],
    ['request.invalid', 'PATCH', '/v1/campaigns/campaign-1', {}],
    ['request.invalid', 'PATCH', '/v1/campaigns/campaign-1', { maxLines: 0 }],
  ] as const)('%s: %s %s', async (code, method, url, payload) => {
    const answer = await house.ask('admin', { method, url, ...(payload && { payload }) });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      code,
      status: PROBLEMS[code].status,
      type: `urn:callwright:problem:${code}`,
    });
    expect(answer.statusCode).toBe(PROBLEMS[code].status);
  });

  it('names where the fault is', async () => {
    const answer = await house.ask('admin', { url: '/v1/call-records?limit=201' });
    const [, shown = ''] = /```json\n([\s\S]*?)```/u.exec(page) ?? [];
    expect(answer.json()).toEqual(JSON.parse(shown));
  });

  it.each([
    [{ abandonCap: 0.5 }, 'body.abandonCap: must be at most 0.03'],
    [{ mode: 'predictiv' }, 'body.mode: must be one of preview, progressive, power, predictive, agentless'],
    [{ maxLine: 3, cps: '3' }, 'body.cps: must be a number; body: has no maxLine: leave it out, or look up the name'],
    [{}, 'body: changes nothing'],
  ])('tells managers in words what is wrong: %j', async (payload, detail) => {
    const answer = await house.ask('manager', { method: 'PATCH', url: '/v1/campaigns/campaign-1', payload });
    expect(answer.json<{ detail: string }>().detail).toContain(detail);
  });

  it.each([
    ['GET', '/v1/agents/none', 'There is no agent none.'],
    ['GET', '/v1/calls/none', 'There is no call none.'],
    ['GET', '/v1/agents/none/explanation', 'There is no agent none.'],
    ['GET', '/v1/calls/none/explanation', 'There is no call none that the journal still keeps, nor such a callback.'],
    ['PATCH', '/v1/calls?token=secret', 'There is no PATCH /v1/calls; the addresses are listed in /openapi.json.'],
  ] as const)('names what is not there: %s %s', async (method, url, detail) => {
    expect((await house.ask('admin', { method, url })).json()).toMatchObject({ detail });
  });

  it('of bytes that are no HTTP is a problem document too', async () => {
    const { port } = new URL(await house.http.listen());
    const reply = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(reply).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/u);
    expect(reply).toContain('"code":"request.invalid"');
  });
});

describe('a fault of ours', () => {
  it('tells the outside nothing and the log everything', async () => {
    const house = await openHouse();
    house.service.calls = () => {
      throw new Error('secret inside');
    };
    const answer = await house.ask('admin', { url: '/v1/calls' });
    expect(answer.json()).toMatchObject({ code: 'internal', status: 500 });
    expect(answer.body).not.toContain('secret');
    expect(house.faults).toHaveLength(1);
    await house.close();
  });

  it('is unavailable, not a wrong token, when tokens cannot be looked up', async () => {
    const history = createMemoryHistory();
    const house = await openHouse({}, { ...history, tokens: () => Promise.reject(new Error('away')) });
    const headers = { authorization: 'Bearer cw_token-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
    const answer = await house.http.inject({ url: '/v1/calls', headers });
    expect(answer.json()).toMatchObject({ code: 'unavailable', status: 503 });
    expect(answer.headers['retry-after']).toBe('5');
    await house.close();
  });
});
