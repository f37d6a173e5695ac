import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../src/engine/ports/history.ts';
import { CONNECTIONS_PER_CLIENT } from '../../../src/http/limits.ts';
import { ROLES } from '../../../src/http/roles.ts';
import { type House, openHouse, settled } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const addressOf = (url: string) => url.replace(/:id/gu, 'alice').replace('*', 'index.css');

describe('a request without a credential', () => {
  it('is refused with 401 by every route of the router but liveness', async () => {
    expect(house.http.routes.length).toBeGreaterThan(30);
    for (const { method, url } of house.http.routes) {
      const answer = await house.http.inject({ method, url: addressOf(url) });
      expect(answer.statusCode, `${method} ${url}`).toBe(url === '/healthz' ? 200 : 401);
      if (url !== '/healthz' && method !== 'HEAD')
        expect(answer.json()).toMatchObject({ code: 'credential.missing', status: 401 });
    }
  });

  it('is refused also where there is no route, so that nobody learns which there are', async () => {
    for (const url of ['/', '/admin', '/v2/calls', '/docs/nothing']) {
      expect((await house.http.inject({ url })).statusCode, url).toBe(401);
    }
    expect((await house.ask('agent', { url: '/admin' })).json()).toMatchObject({ code: 'route.unknown' });
  });

  it('is offered a password prompt only where a person reads', async () => {
    const challenge = async (accept: string) =>
      (await house.http.inject({ url: '/docs', headers: { accept } })).headers['www-authenticate'];
    expect(await challenge('text/html,*/*')).toMatch(/^Basic/u);
    expect(await challenge('application/json')).toMatch(/^Bearer/u);
  });
});

describe('a wrong credential', () => {
  it('is refused with 401, whatever its form', async () => {
    const real = await house.token('admin');
    const other = `${real.slice(0, -1)}${real.endsWith('A') ? 'B' : 'A'}`;
    const wrong = [
      'Bearer',
      'Bearer ',
      'Bearer cw_',
      `Bearer ${other}`,
      `Bearer ${real.replace('cw_', '')}`,
      `Bearer cw_nobody.${real.split('.')[1]}`,
      `Digest ${real}`,
      `Basic ${Buffer.from(`admin:${other}`).toString('base64')}`,
      `Basic ${Buffer.from(real).toString('base64')}`,
      'Basic !!!',
      `Bearer ${'x'.repeat(5_000)}`,
      'Bearer cw_token-000001.\u0000',
    ];
    for (const authorization of wrong) {
      const answer = await house.http.inject({ url: '/v1/calls', headers: { authorization } });
      expect(answer.statusCode, authorization.slice(0, 60)).toBe(401);
    }
  });
});

describe('HTTP Basic with the token as password', () => {
  it('reads, and changes nothing', async () => {
    const authorization = `Basic ${Buffer.from(`any:${await house.token('admin')}`).toString('base64')}`;
    const headers = { authorization };
    for (const url of ['/docs/', '/metrics', '/openapi.json', '/v1/calls']) {
      expect((await house.http.inject({ url, headers })).statusCode, url).toBe(200);
    }
    const hangUp = await house.http.inject({ method: 'DELETE', url: '/v1/calls/call-1', headers });
    expect(hangUp.statusCode).toBe(401);
  });
});

describe('roles', () => {
  const CASES: ['GET' | 'POST' | 'PUT' | 'DELETE', string, readonly Role[]][] = [
    ['GET', '/v1/queues', ROLES],
    ['GET', '/readyz', ROLES],
    ['GET', '/openapi.json', ROLES],
    ['GET', '/asyncapi.json', ROLES],
    ['GET', '/v1/calls', ['supervisor', 'manager', 'engineer', 'admin']],
    ['GET', '/v1/events', ['supervisor', 'manager', 'engineer', 'admin']],
    ['POST', '/v1/calls', ['manager', 'admin']],
    ['DELETE', '/v1/calls/none', ['supervisor', 'manager', 'admin']],
    ['POST', '/v1/agents/none/status', ['supervisor', 'manager', 'admin']],
    ['PUT', '/v1/agents/none', ['manager', 'admin']],
    ['DELETE', '/v1/agents/none', ['manager', 'admin']],
    ['POST', '/v1/campaigns', ['manager', 'admin']],
    ['POST', '/v1/campaigns/none/start', ['manager', 'admin']],
    ['POST', '/v1/campaigns/none/leads', ['manager', 'admin']],
    ['GET', '/v1/flows', ['manager', 'engineer', 'admin']],
    ['GET', '/v1/flows/schema', ['manager', 'engineer', 'admin']],
    ['GET', '/v1/flows/releases', ['manager', 'engineer', 'admin']],
    ['GET', '/v1/flows/none/stats', ['manager', 'engineer', 'admin']],
    ['POST', '/v1/flows/releases', ['engineer', 'admin']],
    ['POST', '/v1/flows/releases/000000000000/activate', ['engineer', 'admin']],
    ['POST', '/v1/flows/rollback', ['engineer', 'admin']],
    ['POST', '/v1/flows/promote', ['engineer', 'admin']],
    ['DELETE', '/v1/flows/canary', ['engineer', 'admin']],
    ['POST', '/v1/asks/none/answer', ['supervisor', 'manager', 'admin']],
    ['GET', '/v1/callbacks', ['supervisor', 'manager', 'admin']],
    ['POST', '/v1/callbacks', ['supervisor', 'manager', 'admin']],
    ['DELETE', '/v1/callbacks/none', ['supervisor', 'manager', 'admin']],
    ['GET', '/v1/voicemails', ['supervisor', 'manager', 'admin']],
    ['GET', '/v1/voicemails/none/audio', ['supervisor', 'manager', 'admin']],
    ['GET', '/v1/recordings/none/audio', ['supervisor', 'manager', 'admin']],
    ['GET', '/v1/calls/none/recordings', ['supervisor', 'manager', 'admin']],
    ['POST', '/v1/calls/none/recording/pause', ['agent', 'supervisor', 'manager', 'admin']],
    ['DELETE', '/v1/recordings/none', ['supervisor', 'manager', 'admin']],
    ['PUT', '/v1/pins/none', ['manager', 'admin']],
    ['DELETE', '/v1/pins/none', ['manager', 'admin']],
    ['GET', '/metrics', ['engineer', 'admin']],
    ['GET', '/v1/tokens', ['admin']],
    ['POST', '/v1/tokens', ['admin']],
    ['DELETE', '/v1/tokens/none', ['admin']],
  ];
  it.each(CASES)('%s %s', async (method, url, allowed) => {
    for (const role of ROLES) {
      const answer = await house.ask(role, { method, url });
      if (allowed.includes(role)) expect(answer.statusCode, role).not.toBe(403);
      else expect(answer.json(), role).toMatchObject({ code: 'role.forbidden' });
    }
  });

  it('let an agent act on himself and on no other', async () => {
    const headers = { authorization: `Bearer ${await house.token('agent', 'bob')}` };
    const payload = { status: 'not-ready', reason: 'lunch' };
    const asBob = (method: 'GET' | 'POST', url: string) =>
      house.http.inject({ method, url, headers, ...(method === 'POST' && { payload }) });
    expect((await asBob('POST', '/v1/agents/bob/status')).json()).toMatchObject({
      status: 'not-ready',
      reason: 'lunch',
    });
    expect((await asBob('GET', '/v1/agents/bob')).statusCode).toBe(200);
    expect((await asBob('POST', '/v1/agents/alice/status')).statusCode).toBe(403);
    expect((await asBob('GET', '/v1/agents/alice')).statusCode).toBe(403);
    expect((await asBob('GET', '/v1/agents')).statusCode).toBe(403);
    expect((await asBob('GET', '/v1/agents/%62ob')).statusCode).toBe(200);
  });
});

describe('hostile values', () => {
  /** Well-formed as ids, hostile where a number, a cursor or a type is asked for. */
  const NUMBERS = [
    '-1',
    '0',
    '1e99',
    'NaN',
    'Infinity',
    '99999999999999999999',
    '1.5',
    '0x',
    'null',
    'undefined',
    'true',
  ];
  const STRINGS = [
    "' OR 1=1 --",
    '1; DROP TABLE leads',
    'id; --',
    '*',
    '`id`',
    '$(id)',
    '{"$gt":""}',
    '[]',
    '%',
    ' ',
    '../../etc/passwd',
    '..%2f..%2f',
    '\u0000',
    'null\u0000',
    '\r\nSet-Cookie: a=b',
    '\u202e',
    '\ud83d\ude00',
    '<script>',
    '{{7*7}}',
    '$\u007bjndi:ldap://x}',
    '__proto__',
    'a'.repeat(5_000),
    'call.queued,call.nonsense',
  ];
  const TARGETS: [string, string, readonly string[]][] = [
    ['/v1/call-records', 'limit', [...NUMBERS, ...STRINGS]],
    ['/v1/call-records', 'before', STRINGS],
    ['/v1/call-records', 'sort', [...NUMBERS, ...STRINGS]],
    ['/v1/events', 'limit', [...NUMBERS, ...STRINGS]],
    ['/v1/events', 'after', [...NUMBERS, ...STRINGS]],
    ['/v1/events', 'types', [...NUMBERS, ...STRINGS]],
    ['/v1/events/stream', 'types', [...NUMBERS, ...STRINGS]],
    ['/v1/events/stream', 'after', [...NUMBERS, ...STRINGS]],
    ['/v1/campaigns/campaign-1/leads', 'before', STRINGS],
    ['/v1/campaigns/campaign-1/attempts', 'limit', [...NUMBERS, ...STRINGS]],
    ['/v1/campaigns/campaign-1/leads', '__proto__', STRINGS],
  ];

  it('in queries give 400, never 500', async () => {
    let asked = 0;
    for (const [path, name, values] of TARGETS) {
      for (const value of values) {
        const url = `${path}?${name}=${encodeURIComponent(value)}`;
        const answer = await house.ask('admin', { url });
        expect(answer.statusCode, url.slice(0, 120)).toBe(400);
        expect(answer.json()).toMatchObject({ code: 'request.invalid' });
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThanOrEqual(200);
    for (const query of ['limit=1&limit=2', 'limit[]=1', 'limit=%E0%A4%A', 'types[$ne]=x']) {
      expect((await house.ask('admin', { url: `/v1/events?${query}` })).statusCode, query).toBe(400);
    }
    expect(house.faults).toEqual([]);
  });

  it('in paths and bodies give 400 or 404, never 500', async () => {
    for (const value of STRINGS) {
      const url = `/v1/calls/${encodeURIComponent(value)}`;
      const answer = await house.ask('admin', { url });
      expect([400, 404], url.slice(0, 120)).toContain(answer.statusCode);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      const body = await house.ask('admin', {
        method: 'PUT',
        url: '/v1/agents/eve',
        payload: { name: 'Eve', phone: value },
      });
      expect(body.statusCode).toBe(400);
    }
    const bodies = [
      '{',
      '[]',
      'null',
      '"x"',
      '{"__proto__":{"role":"admin"}}',
      '{"constructor":{"prototype":{}}}',
      '{"status":"ready","more":1}',
    ];
    for (const payload of bodies) {
      const request = {
        method: 'POST' as const,
        url: '/v1/agents/bob/status',
        payload,
        headers: { 'content-type': 'application/json' },
      };
      expect((await house.ask('admin', request)).statusCode, payload).toBe(400);
    }
    expect(house.faults).toEqual([]);
  });
});

describe('limits', () => {
  it('refuse a body over 1 MiB and a kind of body nobody understands', async () => {
    const post = (payload: string, type: string) =>
      house.ask('admin', { method: 'POST', url: '/v1/campaigns', payload, headers: { 'content-type': type } });
    expect((await post(JSON.stringify({ name: 'x'.repeat(2 ** 20) }), 'application/json')).json()).toMatchObject({
      code: 'body.too-large',
    });
    for (const type of ['text/csv', 'text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
      expect((await post('x', type)).json(), type).toMatchObject({ code: 'body.unsupported', status: 415 });
    }
  });

  it('answer 429 with Retry-After beyond the rate, before the credential is looked at; liveness is not counted', async () => {
    const small = await openHouse({ requestsPerMinute: 5 });
    try {
      for (let n = 0; n < 5; n += 1) expect((await small.http.inject({ url: '/v1/calls' })).statusCode).toBe(401);
      const refused = await small.http.inject({ url: '/v1/calls' });
      expect(refused.json()).toMatchObject({ code: 'rate.exceeded', status: 429 });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await small.http.inject({ url: '/nothing' })).statusCode).toBe(429);
      expect((await small.http.inject({ url: '/healthz' })).statusCode).toBe(200);
    } finally {
      await small.close();
    }
  });

  it('hold the number of connections of one client', async () => {
    const open = await openHouse();
    const { port } = new URL(await open.http.listen());
    const closed = { count: 0 };
    const sockets = Array.from({ length: CONNECTIONS_PER_CLIENT + 5 }, () => connect(Number(port), '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => {}).on('close', () => (closed.count += 1));
    await settled(() => closed.count >= 5);
    expect(closed.count).toBe(5);
    for (const socket of sockets) socket.destroy();
    await settled(() => closed.count === sockets.length);
    const again = connect(Number(port), '127.0.0.1');
    again.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    const [answer] = (await once(again, 'data')) as [Buffer];
    expect(String(answer)).toContain('200 OK');
    again.destroy();
    await open.close();
  });

  it('tell a browser to trust nothing but this server', async () => {
    const { headers } = await house.ask('admin', { url: '/v1/calls' });
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect((await house.ask('admin', { url: '/docs/' })).headers['content-security-policy']).not.toContain(
      "script-src 'unsafe-inline'",
    );
  });
});
