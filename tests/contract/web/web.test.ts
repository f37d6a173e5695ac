import { createServer } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { error, farSide, type Handler, inside, json, webFor } from './far-side.ts';

const crm = await farSide();
const { web, get, clock } = webFor({ allow: [inside(crm.url)], secrets: { crm_token: 'hunter2' } });

const reply =
  (status: number, headers: Record<string, string>, body: string | Buffer = ''): Handler =>
  (_, response) =>
    response.writeHead(status, headers).end(body);
const JSON_TYPE = { 'content-type': 'application/json' };

describe('a question and its answer', () => {
  it('GET asks for plain JSON and sends no body', async () => {
    crm.handle(json(200, { id: 'C1', tier: 'vip' }));
    const body = { never: 'sent' };
    expect(await get(`${crm.url}/callers/%2B358?x=1`, { body })).toEqual({
      outcome: 'ok',
      status: 200,
      body: { id: 'C1', tier: 'vip' },
    });
    const seen = crm.seen.at(-1);
    expect(seen).toMatchObject({ method: 'GET', url: '/callers/%2B358?x=1', body: '' });
    expect(seen?.headers).toMatchObject({ accept: 'application/json', 'accept-encoding': 'identity' });
    expect(seen?.headers).not.toHaveProperty('authorization');
  });

  it('POST sends JSON, and the secret by its name', async () => {
    crm.handle(json(201, { made: true }));
    const answer = await get(`${crm.url}/tickets`, { method: 'POST', secret: 'crm_token', body: { ä: [1, null] } });
    expect(answer).toEqual({ outcome: 'ok', status: 201, body: { made: true } });
    const seen = crm.seen.at(-1);
    expect(seen).toMatchObject({ method: 'POST', body: '{"ä":[1,null]}' });
    expect(seen?.headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer hunter2' });
  });

  const table: [string, Handler, unknown][] = [
    ['204', reply(204, {}), { outcome: 'ok', status: 204, body: null }],
    ['200 with `null`', json(200, null), { outcome: 'ok', status: 200, body: null }],
    [
      'problem+json that is 200',
      reply(200, { 'content-type': 'application/hal+json; charset=utf-8' }, '1'),
      { outcome: 'ok', status: 200, body: 1 },
    ],
    ['404', json(404, {}), { outcome: 'notFound' }],
    ['410', reply(410, { 'content-type': 'text/html' }, '<p>gone'), { outcome: 'notFound' }],
    ['301 to the same host', reply(301, { location: '/elsewhere' }), error('redirect')],
    ['302 to another host', reply(302, { location: 'http://169.254.169.254/' }), error('redirect')],
    ['307', reply(307, { location: 'https://evil.test/' }), error('redirect')],
    ['400', json(400, { secret: 'x' }), error('status 400')],
    ['401', json(401, {}), error('status 401')],
    ['500', reply(500, {}), error('status 500')],
    ['503', reply(503, { 'content-type': 'text/html' }, 'x'.repeat(300_000)), error('status 503')],
    ['an empty 200', reply(200, JSON_TYPE), error('answer is not JSON')],
    ['broken JSON', reply(200, JSON_TYPE, '{"a":'), error('answer is not JSON')],
    [
      'JSON that is too deep',
      reply(200, JSON_TYPE, '['.repeat(9_000) + ']'.repeat(9_000)),
      error('answer is not JSON'),
    ],
    ['JSON that says it is text', reply(200, { 'content-type': 'text/plain' }, '{}'), error('answer is not JSON')],
    ['JSON that says nothing', reply(200, {}, '{}'), error('answer is not JSON')],
    ['HTML', reply(200, { 'content-type': 'text/html' }, '<html>'), error('answer is not JSON')],
    [
      'a packed bomb',
      reply(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync('0'.repeat(9_000_000))),
      error('answer is compressed'),
    ],
    ['256 KiB and a byte', reply(200, JSON_TYPE, `"${'x'.repeat(256 * 1_024 - 1)}"`), error('answer too large')],
    [
      'a line that goes dead',
      (_, response) =>
        void response.writeHead(200, { ...JSON_TYPE, 'content-length': '99' }).write('{', () => response.destroy()),
      error('unreachable'),
    ],
    ['no answer but a hang-up', (request) => void request.socket.destroy(), error('unreachable')],
    ['a change of protocol', reply(101, { upgrade: 'x', connection: 'upgrade' }), error('unreachable')],
    ['20 KB of headers', reply(200, { ...JSON_TYPE, 'x-long': 'x'.repeat(20_000) }, '{}'), error('unreachable')],
    ['what is no HTTP', (request) => void request.socket.end('SSH-2.0-x\r\n'), error('unreachable')],
  ];
  it.each(table)('%s', async (_, handler, answer) => {
    crm.handle(handler);
    expect(await get(`${crm.url}/x`)).toEqual(answer);
  });

  it('exactly 256 KiB are read', async () => {
    crm.handle(reply(200, JSON_TYPE, `"${'x'.repeat(256 * 1_024 - 2)}"`));
    expect(await get(crm.url)).toMatchObject({ outcome: 'ok' });
  });

  it('of 1 GB it takes little more than it may', async () => {
    let written = 0;
    const chunk = Buffer.alloc(65_536, 0x20);
    const closed = new Promise<void>((resolve) => {
      crm.handle((_, response) => {
        response.writeHead(200, JSON_TYPE).on('close', resolve);
        const pour = () => {
          while (written < 1e9 && !response.destroyed) {
            written += chunk.length;
            if (!response.write(chunk)) return void response.once('drain', pour);
          }
        };
        pour();
      });
    });
    expect(await get(crm.url)).toEqual(error('answer too large'));
    await closed;
    expect(written).toBeLessThan(32 * 1_024 * 1_024);
  });

  it('a body beyond 64 KiB, an unknown secret and a secret in clear are not sent', async () => {
    const before = crm.seen.length;
    expect(await get(crm.url, { method: 'POST', body: 'x'.repeat(65_536) })).toEqual(error('body too large'));
    expect(await get(crm.url, { secret: 'none' })).toEqual(error('secret not set'));
    const open = webFor({ allow: ['http://crm.test'], secrets: { crm_token: 'hunter2' } });
    expect(await open.get('http://crm.test/', { secret: 'crm_token' })).toEqual(error('secret needs https'));
    expect(crm.seen).toHaveLength(before);
  });

  it('nothing that is listening, and no such host', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    silent.close();
    const nobody = webFor({
      allow: [inside(`http://127.0.0.1:${port}`), inside('nowhere.test')],
      resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })),
    });
    expect(await nobody.get(`http://127.0.0.1:${port}/`)).toEqual(error('unreachable'));
    expect(await nobody.get('https://nowhere.test/')).toEqual(error('host not found'));
  });
});

describe('the deadline', () => {
  const until = (isTrue: () => boolean) => vi.waitFor(() => expect(isTrue()).toBe(true));

  it.each<[string, Handler]>([
    ['no answer', () => {}],
    ['a head without a body', (_, response) => response.writeHead(200, JSON_TYPE).flushHeaders()],
    [
      'a body that trickles',
      (_, response) => {
        response.writeHead(200, JSON_TYPE);
        const drip = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ])('ends %s', async (_, handler) => {
    let closed = false;
    crm.handle((request, response, body) => {
      response.on('close', () => (closed = true));
      handler(request, response, body);
    });
    const before = crm.seen.length;
    const answer = get(crm.url, { timeoutMs: 1_500 });
    await until(() => crm.seen.length > before);
    await clock.advance(1_499);
    expect(closed).toBe(false);
    await clock.advance(1);
    expect(await answer).toEqual({ outcome: 'timeout' });
    await until(() => closed);
    expect(clock.pending).toBe(0);
  });

  it('counts the wait for a free connection and for a name, and is never longer than 10 s', async () => {
    const far = await farSide();
    far.handle(() => {});
    const slow = webFor({ allow: [inside(far.url), 'slow.test'], resolve: () => new Promise(() => {}) });
    const all = Array.from({ length: 32 }, (_, nth) => slow.get(`${far.url}/${nth}`, { timeoutMs: 60_000 }));
    await until(() => far.seen.length === 32);
    const [queued, unnamed] = [slow.get(`${far.url}/q`), slow.get('https://slow.test/')];
    await until(() => slow.clock.pending === 34);
    await slow.clock.advance(5_000);
    expect(await Promise.all([queued, unnamed])).toEqual([{ outcome: 'timeout' }, { outcome: 'timeout' }]);
    expect(slow.clock.pending).toBe(32);
    await slow.clock.advance(5_000);
    expect(new Set((await Promise.all(all)).map(({ outcome }) => outcome))).toEqual(new Set(['timeout']));
    expect(far.seen).toHaveLength(32);
  });
});

it('no answer and no object shows a secret, a number or a query', async () => {
  const handlers = [json(500, 'hunter2'), reply(302, { location: '/hunter2' }), reply(200, JSON_TYPE, 'hunter2')];
  const hidden = /hunter2|358401234567|q=/;
  const shown: string[] = [];
  for (const handler of handlers) {
    crm.handle(handler);
    const url = `${crm.url}/358401234567?q=1`;
    shown.push(inspect(await get(url, { method: 'POST', secret: 'crm_token', body: { n: '358401234567' } })));
  }
  for (const url of ['https://evil.test/358401234567?q=1', 'https://u:hunter2@x.test/'])
    shown.push(inspect(await get(url)));
  shown.push(inspect(web, { depth: 9, showHidden: true }), JSON.stringify(web));
  expect(shown.filter((text) => hidden.test(text))).toEqual([]);
});
