import { createServer } from 'node:net';
import { once } from 'node:events';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { certificateFor } from './certificate.ts';
import { farSide, type Handler, inside, json, webFor } from './far-side.ts';

const crm = await farSide();
const { web, get, clock } = webFor({ allow: [inside(crm.url)], secrets: { crm_token: 'hunter2' } });
const error = (why: string) => ({ outcome: 'error', why });

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

  it('is never longer than 10 s, and counts the wait for a name and for a free connection', async () => {
    const { port } = await farSide().then((far) => (far.handle(() => {}), far));
    const slow = webFor({
      allow: [inside(`http://127.0.0.1:${port}`), 'slow.test'],
      resolve: () => new Promise(() => {}),
    });
    const answers = Array.from({ length: 40 }, (_, nth) => slow.get(`http://127.0.0.1:${port}/${nth}`));
    answers.push(slow.get('https://slow.test/', { timeoutMs: 60_000 }));
    await until(() => slow.clock.pending === 41);
    await slow.clock.advance(10_000);
    expect(new Set((await Promise.all(answers)).map(({ outcome }) => outcome))).toEqual(new Set(['timeout']));
  });
});

describe('the address', () => {
  const to =
    (...answers: string[][]): (() => Promise<string[]>) =>
    async () =>
      answers.shift() ?? [];

  it.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['93.184.216.34', '127.0.0.1'],
    ['127.0.0.1', '93.184.216.34'],
    [],
    ['localhost'],
  ])('a listed name at %j %j is not connected to', async (...addresses) => {
    const before = crm.connections();
    const lured = webFor({ allow: [`http://crm.test:${crm.port}`], resolve: to(addresses) });
    expect(await lured.get(`http://crm.test:${crm.port}/`)).toEqual(error('address not allowed'));
    expect(crm.connections()).toBe(before);
  });

  it('link-local is refused also where private ones are welcome', async () => {
    const lured = webFor({ allow: [inside('http://meta.test')], resolve: to(['169.254.169.254']) });
    expect(await lured.get('http://meta.test/')).toEqual(error('address not allowed'));
  });

  it('is the one that was judged: a name is resolved once for a connection', async () => {
    const first = await farSide();
    const other = await farSide({ host: '127.0.0.2', port: first.port });
    let resolved = 0;
    const addresses = [['127.0.0.1'], ['127.0.0.2']];
    const rebound = webFor({
      allow: [inside(`http://crm.test:${first.port}`)],
      resolve: async () => addresses[resolved++] ?? [],
    });
    for (const path of ['a', 'b']) await rebound.get(`http://crm.test:${first.port}/${path}`);
    expect([first.seen.length, other.seen.length, resolved, first.connections()]).toEqual([2, 0, 1, 1]);
    expect(first.seen[0]?.headers.host).toBe(`crm.test:${first.port}`);
  });

  it('the machine resolves localhost when nobody else does', async () => {
    crm.handle(json(200, 'here'));
    const home = webFor({ allow: [inside(`http://localhost:${crm.port}`)] });
    expect(await home.get(`http://localhost:${crm.port}/`)).toMatchObject({ outcome: 'ok', body: 'here' });
  });
});

describe('TLS', async () => {
  const before = getCACertificates('default');
  afterAll(() => setDefaultCACertificates(before));
  const [good, lapsed, stranger] = [
    certificateFor('crm.test'),
    certificateFor('crm.test', -2),
    certificateFor('crm.test'),
  ];
  setDefaultCACertificates([...before, good.cert, lapsed.cert]);
  const local = async () => ['127.0.0.1'];

  it.each([
    ['a certificate of its name is trusted', good, 'crm.test', { outcome: 'ok', status: 200, body: {} }],
    ['another name is not', good, 'other.test', error('certificate not trusted')],
    ['a lapsed one is not', lapsed, 'crm.test', error('certificate not trusted')],
    ['a stranger is not', stranger, 'crm.test', error('certificate not trusted')],
  ])('%s', async (_, tls, name, answer) => {
    const far = await farSide({ tls });
    const secure = webFor({
      allow: [inside(`${name}:${far.port}`)],
      resolve: local,
      secrets: { crm_token: 'hunter2' },
    });
    expect(await secure.get(`https://${name}:${far.port}/`, { secret: 'crm_token' })).toEqual(answer);
    expect(far.seen.map(({ headers }) => headers.authorization)).toEqual(
      answer.outcome === 'ok' ? ['Bearer hunter2'] : [],
    );
  });
});

describe('connections', () => {
  it('are kept, and a kept one that has gone stale costs a GET nothing', async () => {
    const far = await farSide();
    const kept = webFor({ allow: [inside(far.url)] });
    await kept.get(`${far.url}/1`);
    await kept.get(`${far.url}/2`);
    expect(far.connections()).toBe(1);
    let refused = 0;
    far.handle((request, response, body) => {
      if (refused++ > 0) return json(200, 'again')(request, response, body);
      request.socket.resetAndDestroy();
    });
    expect(await kept.get(`${far.url}/3`)).toMatchObject({ body: 'again' });
    expect(far.connections()).toBe(2);
  });

  it('a POST is never sent twice', async () => {
    const far = await farSide();
    const kept = webFor({ allow: [inside(far.url)] });
    await kept.get(`${far.url}/1`);
    far.handle((request) => void request.socket.resetAndDestroy());
    expect(await kept.get(far.url, { method: 'POST', body: {} })).toEqual(error('unreachable'));
    expect(far.seen.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  it('are at most 32 to one host', async () => {
    const far = await farSide();
    const waiting: (() => void)[] = [];
    far.handle((request, response, body) => void waiting.push(() => json(200, {})(request, response, body)));
    const many = webFor({ allow: [inside(far.url)] });
    const answers = Array.from({ length: 50 }, (_, nth) => many.get(`${far.url}/${nth}`));
    await vi.waitFor(() => expect(waiting).toHaveLength(32));
    far.handle(json(200, {}));
    for (const answer of waiting) answer();
    expect((await Promise.all(answers)).every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(far.connections()).toBeLessThanOrEqual(32);
  });
});

describe('the cache', async () => {
  const far = await farSide();
  const count = async (ask: (url: string) => Promise<unknown>) => {
    const before = far.seen.length;
    const answers = await ask(far.url);
    return { asked: far.seen.length - before, answers };
  };
  const cached = webFor({ allow: [inside(far.url)], secrets: { a: 'A', b: 'B' } });
  const again = async (url: string, ...changes: object[]) => {
    for (const change of changes) await cached.get(url, { cacheMs: 1_000, ...change });
  };

  it('answers again until its time is over', async () => {
    far.handle(json(200, 1));
    expect((await count((url) => again(`${url}/t`, {}, {}, {}))).asked).toBe(1);
    await cached.clock.advance(999);
    expect((await count((url) => again(`${url}/t`, {}))).asked).toBe(0);
    await cached.clock.advance(1);
    expect((await count((url) => again(`${url}/t`, {}))).asked).toBe(1);
  });

  it.each<[string, number, object[]]>([
    ['the method', 2, [{}, { method: 'POST' }]],
    [
      'the body of a POST',
      2,
      [
        { method: 'POST', body: 1 },
        { method: 'POST', body: 2 },
      ],
    ],
    ['no body of a GET', 1, [{ body: 1 }, { body: 2 }]],
    ['the secret', 3, [{}, { secret: 'a' }, { secret: 'b' }]],
    ['no cache', 2, [{}, { cacheMs: null }]],
  ])('tells apart by %s', async (name, asked, changes) => {
    far.handle(json(200, 1));
    expect((await count((url) => again(`${url}/${encodeURIComponent(name)}`, ...changes))).asked).toBe(asked);
  });

  it.each([
    [404, 1],
    [500, 2],
    [302, 2],
  ])('%i is asked %i times of 2', async (status, asked) => {
    far.handle(json(status, {}));
    expect((await count((url) => again(`${url}/${status}`, {}, {}))).asked).toBe(asked);
  });

  it('is not asked when the host is no longer allowed', async () => {
    const fickle = webFor({ allow: [inside(far.url)] });
    far.handle(json(200, 1));
    expect(await fickle.get(far.url, { cacheMs: 9_000 })).toMatchObject({ outcome: 'ok' });
    fickle.forbidAll();
    expect(await fickle.get(far.url, { cacheMs: 9_000 })).toEqual(error('host not allowed'));
  });

  it('equal requests at one time are one; POSTs only when they may be cached', async () => {
    far.handle(json(200, 1));
    const five = (change: object) => (url: string) =>
      Promise.all([1, 2, 3, 4, 5].map(() => cached.get(`${url}/five`, change)));
    expect((await count(five({}))).asked).toBe(1);
    expect((await count(five({ method: 'POST', body: {} }))).asked).toBe(5);
    expect((await count(five({ method: 'POST', body: {}, cacheMs: 100 }))).asked).toBe(1);
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
