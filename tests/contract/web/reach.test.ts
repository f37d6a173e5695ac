import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { certificateFor } from './certificate.ts';
import { error, farSide, inside, json, webFor } from './far-side.ts';

const crm = await farSide();

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
