import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  challenges,
  credentialsIn,
  digestResponse,
  isProved,
  NonceCounts,
  nonceState,
} from '../../../src/edge/decide/digest.ts';

const REALM = { name: 'callwright', key: 'only-in-this-test' };
const NOW = 1_790_000_000_000;

/** The example of RFC 7616 §3.9.1, both algorithms. */
const RFC = {
  username: 'Mufasa',
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  uri: '/dir/index.html',
  qop: 'auth',
  nc: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
} as const;

describe('digest authentication', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('makes the response of RFC 7616 §3.9.1 by %s', (algorithm, response) => {
    expect(digestResponse({ ...RFC, algorithm }, 'GET', 'Circle of Life')).toBe(response);
  });

  const header = (algorithm: 'MD5' | 'SHA-256', nonce: string, password: string, method = 'REGISTER'): string => {
    const asked = { ...RFC, username: '1001', realm: REALM.name, uri: 'sip:edge', nonce, algorithm };
    const response = digestResponse(asked, method, password);
    return (
      `Digest username="1001", realm="${asked.realm}", nonce="${nonce}", uri="sip:edge", response="${response}", ` +
      `algorithm=${algorithm}, qop=auth, nc=${asked.nc}, cnonce="${asked.cnonce}"`
    );
  };
  const nonceOf = (now: number): string =>
    /nonce="([^"]+)"/u.exec(challenges(REALM, 'salt', false, now)[0] ?? '')?.[1] ?? '';

  it.each(['MD5', 'SHA-256'] as const)('takes the right password by %s and no other', (algorithm) => {
    const credentials = credentialsIn(header(algorithm, nonceOf(NOW), 'secret'));
    if (!credentials) throw new Error('not read');
    expect(isProved({ credentials, method: 'REGISTER', password: 'secret' })).toBe(true);
    expect(isProved({ credentials, method: 'INVITE', password: 'secret' })).toBe(false);
    expect(isProved({ credentials, method: 'REGISTER', password: 'Secret' })).toBe(false);
  });

  it('offers the strongest first, each in a challenge of its own', () => {
    const offered = challenges(REALM, 'salt', true, NOW);
    expect(offered.map((text) => /algorithm=([^,]+)/u.exec(text)?.[1])).toEqual(['SHA-256', 'MD5']);
    expect(
      offered.every((text) => text.startsWith('Digest realm="callwright", nonce="') && text.endsWith('stale=true')),
    ).toBe(true);
  });

  it('knows its own nonces, and when they are old', () => {
    const nonce = nonceOf(NOW);
    expect(nonceState(nonce, REALM, NOW)).toBe('good');
    expect(nonceState(nonce, REALM, NOW + 300_000)).toBe('good');
    expect(nonceState(nonce, REALM, NOW + 300_001)).toBe('old');
    expect(nonceState(nonce, { ...REALM, key: 'another edge' }, NOW)).toBe('foreign');
    assert(property(string(), (text) => text === nonce || nonceState(text, REALM, NOW) === 'foreign'));
    const [at = '', salt = '', seal = ''] = nonce.split('.');
    expect(nonceState(`${(NOW + 1).toString(36)}.${salt}.${seal}`, REALM, NOW)).toBe('foreign');
    expect(nonceState(`${at}.${salt}x.${seal}`, REALM, NOW)).toBe('foreign');
  });

  it.each([
    ['', 'nothing'],
    ['Basic dXNlcjpwYXNz', 'another scheme'],
    ['Digest username="a"', 'half of it'],
    [header('MD5', 'n', 'p').replace('qop=auth, ', ''), 'no qop, which RFC 2069 would let be replayed'],
    [header('MD5', 'n', 'p').replace('algorithm=MD5', 'algorithm=MD5-sess'), 'an algorithm that was not offered'],
    [`${header('MD5', 'n', 'p')}, username="1002"`, 'a name given twice'],
    [`Digest ${'x'.repeat(3_000)}`, 'too much'],
  ])('does not read %s (%s)', (text) => {
    expect(credentialsIn(text)).toBeNull();
  });

  it('reads whatever comes without a throw', () => {
    assert(property(string(), (text) => credentialsIn(`Digest ${text}`) === null));
  });

  it('takes each use of a nonce once', () => {
    const counts = new NonceCounts(2);
    expect(counts.isFresh({ nonce: 'a', nc: '00000001' }, NOW)).toBe(true);
    expect(counts.isFresh({ nonce: 'a', nc: '00000001' }, NOW)).toBe(false);
    expect(counts.isFresh({ nonce: 'a', nc: '0000000a' }, NOW)).toBe(true);
    expect(counts.isFresh({ nonce: 'a', nc: '00000009' }, NOW)).toBe(false);
  });
});
