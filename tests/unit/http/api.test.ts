import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QUALITY_WORDS } from '../../../src/engine/ports/campaigns.ts';
import { valueOf } from '../../../src/http/errors.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORD } from '../../support/fake-service.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const CAMPAIGN = { name: 'Winter', trunk: 'public', callerId: '+358981000', language: 'fi' };

it('gives the phone of an agent an account to whoever may add agents, and keeps no copy of its password', async () => {
  const wish = { method: 'POST', url: '/v1/agents/alice/phone-account' } as const;
  const given = await house.ask('admin', wish);
  expect([given.statusCode, given.json()]).toEqual([
    201,
    { server: '127.0.0.1:5060', account: '1001', password: 'shown-this-once' },
  ]);
  expect((await house.ask('agent', wish)).statusCode).toBe(403);
  expect((await house.ask('admin', { ...wish, url: '/v1/agents/nobody/phone-account' })).statusCode).toBe(404);
  const keyed = await house.ask('admin', { ...wish, headers: { 'idempotency-key': 'once' } });
  expect(keyed.statusCode).toBe(400);
});

describe('reading', () => {
  it('answers what the engine shows, whole', async () => {
    const { service } = house;
    const seen: [string, unknown][] = [
      ['/v1/calls', { items: service.calls() }],
      ['/v1/calls/call-1', service.calls()[0]],
      ['/v1/calls/call-0', RECORD],
      ['/v1/queues', { items: service.queues() }],
      ['/v1/agents', { items: service.agents() }],
      ['/v1/agents/alice', service.agents()[0]],
      ['/v1/flows', { items: service.flows() }],
      ['/v1/flows/schema', service.flowSchema()],
      ['/v1/trunks', { items: service.trunks() }],
      ['/v1/campaigns', { items: await service.campaigns() }],
      ['/v1/campaigns/campaign-1', await service.campaign('campaign-1')],
      ['/v1/campaigns/campaign-1/why', await service.dialer.why('campaign-1')],
      [
        '/v1/campaigns/campaign-1/leads/%2B358401234567/why',
        valueOf(await service.dialer.whyLead('campaign-1', '+358401234567')),
      ],
      [
        '/v1/campaigns/campaign-1/quality',
        { ...(await service.dialer.quality('campaign-1')), definitions: QUALITY_WORDS },
      ],
      ['/v1/campaigns/campaign-1/decisions', { items: await service.dialer.decisions('campaign-1') }],
      ['/v1/campaigns/campaign-1/leads', { items: await service.leads(), next: null }],
      ['/v1/campaigns/campaign-1/attempts', { items: [], next: null }],
      ['/readyz', await service.health()],
    ];
    for (const [url, expected] of seen) {
      const answer = await house.ask('admin', { url });
      expect(answer.statusCode, url).toBe(200);
      expect(answer.json(), url).toEqual(expected);
    }
  });

  it('goes through records page by page', async () => {
    const first = await house.ask('admin', { url: '/v1/call-records?limit=1' });
    expect(first.json()).toEqual({ items: [RECORD], next: 'call-0' });
    const second = await house.ask('admin', { url: '/v1/call-records?limit=1&before=call-0' });
    expect(second.json()).toEqual({ items: [], next: null });
  });

  it('says 503 while not ready, with the part that is not, and stays alive', async () => {
    house.service.switchUp = false;
    const answer = await house.ask('admin', { url: '/readyz' });
    house.service.switchUp = true;
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ ready: false, parts: { switch: { ok: false, detail: 'not connected' } } });
    expect((await house.http.inject({ url: '/healthz' })).json()).toEqual({ alive: true });
  });

  it('gives Prometheus its page', async () => {
    const answer = await house.ask('engineer', { url: '/metrics' });
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toContain('callwright_queue_waiting{queue="support"} 2');
  });
});

describe('commanding', () => {
  it.each([
    ['DELETE', '/v1/calls/call-1', undefined, 202, 'hang up call-1'],
    ['POST', '/v1/agents/bob/status', { status: 'ready' }, 200, 'bob ready null'],
    ['POST', '/v1/agents/bob/status', { status: 'not-ready', reason: 'lunch' }, 200, 'bob not-ready lunch'],
    ['POST', '/v1/agents/bob/preview/dial', undefined, 200, 'dial for bob'],
    ['POST', '/v1/agents/bob/preview/skip', { reason: 'knows him' }, 204, 'skip for bob: knows him'],
    ['POST', '/v1/agents/bob/wrap-up/end', undefined, 200, 'wrap-up of bob over'],
    ['POST', '/v1/agents/bob/login', { seat: { kind: 'phone', phone: '2001' } }, 200, 'bob at phone ready'],
    ['POST', '/v1/agents/bob/login', {}, 200, 'bob at own ready'],
    ['POST', '/v1/agents/bob/login', { seat: { kind: 'line' }, status: 'not-ready' }, 200, 'bob at line not-ready'],
    ['POST', '/v1/agents/bob/logout', undefined, 200, 'bob logged-out null'],
    ['POST', '/v1/agents/bob/wrap-up/extend', { byMs: 60_000 }, 200, 'wrap-up of bob by 60000'],
    ['POST', '/v1/agents/bob/disposition', { disposition: 'sold' }, 200, 'bob says sold'],
    ['POST', '/v1/agents/bob/rest/end', undefined, 200, 'rest of bob over'],
    [
      'PUT',
      '/v1/agents/bob/change',
      { skills: { 'lang:sv': 3, 'lang:fi': null }, queues: ['billing'] },
      200,
      'change bob {"skills":{"lang:sv":3,"lang:fi":null},"queues":["billing"]}',
    ],
    ['DELETE', '/v1/agents/bob/change', undefined, 200, 'change bob null'],
    [
      'PUT',
      '/v1/agents/carol',
      { name: 'Carol', phone: '1003', skills: { 'lang:sv': 5 }, campaigns: ['*'] },
      200,
      'save carol',
    ],
    ['DELETE', '/v1/agents/carol', undefined, 204, 'remove carol'],
    ['POST', '/v1/campaigns', CAMPAIGN, 201, 'create campaign'],
    ['PATCH', '/v1/campaigns/campaign-1', { cps: 3 }, 200, 'change campaign-1 {"cps":3}'],
    ['POST', '/v1/campaigns/campaign-1/start', undefined, 200, 'start campaign-1'],
    ['POST', '/v1/campaigns/campaign-1/pause', undefined, 200, 'pause campaign-1'],
    ['POST', '/v1/campaigns/campaign-1/stop', undefined, 200, 'stop campaign-1'],
    ['POST', '/v1/campaigns/campaign-1/kill', undefined, 200, 'kill campaign-1 by manager null'],
    ['POST', '/v1/dialer/kill', undefined, 200, 'kill all by manager null'],
  ] as const)('%s %s', async (method, url, payload, status, asked) => {
    const answer = await house.ask('manager', { method, url, ...(payload && { payload }) });
    expect(answer.statusCode, answer.body).toBe(status);
    expect(house.service.asked.at(-1)).toBe(asked);
  });

  it('starts a campaign with careful figures where none are given', async () => {
    const answer = await house.ask('manager', { method: 'POST', url: '/v1/campaigns', payload: CAMPAIGN });
    expect(answer.json()).toMatchObject({
      campaign: { ...CAMPAIGN, status: 'draft', mode: 'progressive', maxLines: 10, cps: 1, maxAttempts: 3 },
    });
  });
});

describe('leads', () => {
  it('stream in as CSV far beyond the size of a body, handed on while they come', async () => {
    const address = await house.http.listen();
    const authorization = `Bearer ${await house.token('manager')}`;
    const line = '+358401234567,Matti\n'.repeat(3_277); // some 64 KiB
    const chunks = 48;
    const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const upload = request(`${address}/v1/campaigns/campaign-1/leads`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'text/csv' },
      });
      upload.on('error', reject);
      upload.on('response', (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += String(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode, body }));
      });
      for (let n = 0; n < chunks; n += 1) upload.write(line);
      upload.end();
    });
    expect(answer.status, answer.body).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ rows: line.length * chunks, rejected: 0 });
    expect(line.length * chunks).toBeGreaterThan(3 * 2 ** 20);
  });

  it('are CSV and nothing else', async () => {
    const post = (payload: string, type: string) =>
      house.ask('manager', {
        method: 'POST',
        url: '/v1/campaigns/campaign-1/leads',
        payload,
        headers: { 'content-type': type },
      });
    expect((await post('a', 'text/csv; charset=utf-8')).statusCode).toBe(200);
    expect((await post('{}', 'application/octet-stream')).json()).toMatchObject({ code: 'body.unsupported' });
    expect((await post('{}', 'application/json')).json()).toMatchObject({ code: 'body.unsupported' });
    const empty = await house.ask('manager', { method: 'POST', url: '/v1/campaigns/campaign-1/leads' });
    expect(empty.json()).toMatchObject({ code: 'request.invalid' });
    const none = {
      method: 'POST',
      url: '/v1/campaigns/none/leads',
      payload: 'a',
      headers: { 'content-type': 'text/csv' },
    } as const;
    expect((await house.ask('manager', none)).json()).toMatchObject({ code: 'resource.unknown' });
  });
});

describe('the door itself', () => {
  it('takes a command whose JSON body is empty, as curl sends it', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await house.ask('manager', {
      method: 'POST',
      url: '/v1/campaigns/campaign-1/start',
      headers,
      payload: '',
    });
    expect(answer.statusCode).toBe(200);
    const empty = await house.ask('manager', { method: 'POST', url: '/v1/campaigns', headers, payload: '' });
    expect(empty.statusCode).toBe(400);
  });

  it('names a port that is taken, and the cure', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const second = await openHouse({ port });
    await expect(second.http.listen()).rejects.toThrow(`TCP port ${port} on 127.0.0.1, which another program uses`);
    await second.close();
    other.close();
  });
});
