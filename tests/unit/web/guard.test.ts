import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayConnect } from '../../../src/web/address.ts';
import { type AllowedHost, readAllowList } from '../../../src/web/allow-list.ts';
import { admit } from '../../../src/web/guard.ts';

const rules = (...hosts: AllowedHost[]) => {
  const read = readAllowList(hosts);
  if (!read.ok) throw new Error(read.problems.join(' '));
  return read.rules;
};

const LIST = rules(
  'crm.example.org',
  '*.apps.example.org',
  'odd.example.org:8443',
  'http://plain.example.org',
  'http://plain.example.org:8080',
  { host: 'http://127.0.0.1:8099', private: true },
  { host: 'https://[::1]:8099', private: true },
  // Nobody should list these without `private`; if they do, the address still decides.
  '127.0.0.1',
  '10.0.0.5',
  '169.254.169.254',
  '[::1]',
  '[::ffff:7f00:1]',
  '[::]',
);

describe('the guard lets through', () => {
  it.each([
    ['https://crm.example.org', 'crm.example.org', 443, '/', false],
    ['https://crm.example.org:443/a?b=c', 'crm.example.org', 443, '/a?b=c', false],
    ['HTTPS://CRM.Example.ORG/a', 'crm.example.org', 443, '/a', false],
    ['https://crm.example.org?x=1', 'crm.example.org', 443, '/?x=1', false],
    ['https://crm.example.org/callers/%2B358401234567', 'crm.example.org', 443, '/callers/%2B358401234567', false],
    ['https://crm.example.org/a@b:c/..d/...', 'crm.example.org', 443, '/a@b:c/..d/...', false],
    ['https://x.apps.example.org/', 'x.apps.example.org', 443, '/', false],
    ['https://x.y.apps.example.org/', 'x.y.apps.example.org', 443, '/', false],
    ['https://odd.example.org:8443/', 'odd.example.org', 8443, '/', false],
    ['http://plain.example.org/', 'plain.example.org', 80, '/', false],
    ['http://plain.example.org:8080/', 'plain.example.org', 8080, '/', false],
    ['http://127.0.0.1:8099/x', '127.0.0.1', 8099, '/x', true],
    ['https://[::1]:8099/x', '::1', 8099, '/x', true],
  ])('%s', (url, host, port, path, inside) => {
    const secure = url.toLowerCase().startsWith('https');
    expect(admit(url, LIST)).toEqual({ ok: true, target: { secure, host, port, path, private: inside } });
  });
});

const NOT_UNDERSTOOD = [
  '',
  'crm.example.org',
  '//crm.example.org/',
  'https:crm.example.org',
  'https:/crm.example.org',
  'https:///crm.example.org',
  'https://',
  'https:\\\\crm.example.org',
  'https://crm.example.org\\@evil.test/',
  'https://evil.test\\.crm.example.org/',
  'ftp://crm.example.org/',
  'file:///etc/passwd',
  'gopher://crm.example.org/',
  'data:application/json,{}',
  'javascript:1',
  'blob:https://crm.example.org/x',
  'unix:/run/docker.sock',
  ' https://crm.example.org/',
  'https://crm.example.org/ ',
  'https://crm.example.org/a b',
  'https://crm.example.org/\r\nHost: evil.test',
  'ht\ntps://crm.example.org/',
  'https://crm.exa\tmple.org/',
  'https://crm.example.org/\0',
  'https://crm.example.org/#x',
  'https://crm.example.org#@evil.test/',
  'https://crm.example.org/${var}',
  'https://user@crm.example.org/',
  'https://user:word@crm.example.org/',
  'https://crm.example.org@evil.test/',
  'https://crm.example.org:443@evil.test/',
  'https://@crm.example.org/',
  'https://crm.example.org./',
  'https://127.0.0.1./',
  'https://crm..example.org/',
  'https://.crm.example.org/',
  'https://-crm.example.org/',
  'https://crm%2eexample.org/',
  'https://crm.example.org%00.evil.test/',
  'https://crm。example。org/',
  'https://ｃｒｍ.example.org/',
  'https://crm.exämple.org/',
  'https://①②⑦.⓪.⓪.①/',
  'https://crm.example.org:0/',
  'https://crm.example.org:00443/',
  'https://crm.example.org:65536/',
  'https://crm.example.org:443:443/',
  'https://crm.example.org:/',
  'https://crm.example.org:http/',
  'https://0x7f.1/',
  'https://0x7f000001/',
  'https://0x7f.0x0.0x0.0x1/',
  'https://2130706433/',
  'https://017700000001/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://127.000.000.001/',
  'https://0/',
  'https://256.256.256.256/',
  'https://127.0.0.1.1/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::0001]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::1%25eth0]/',
  'https://[::1%eth0]/',
  'https://[::1/',
  'https://::1/',
  'https://[127.0.0.1]/',
  'https://[v1.fe80]/',
  'https://xn--/',
  'https://crm.example.org/../admin',
  'https://crm.example.org/a/%2e%2E/admin',
  'https://crm.example.org/a/.%2e',
  'https://crm.example.org/a/..%2Fadmin',
  'https://crm.example.org/./a',
  `https://crm.example.org/${'a'.repeat(2_048)}`,
];

const NOT_ALLOWED = [
  'https://evil.test/',
  'https://crm.example.org.evil.test/',
  'https://evilcrm.example.org/',
  'https://example.org/',
  'https://apps.example.org/',
  'https://evilapps.example.org/',
  'https://crm.example.org:8443/',
  'https://crm.example.org:80/',
  'http://crm.example.org/',
  'http://crm.example.org:443/',
  'https://plain.example.org/',
  'https://odd.example.org/',
  'http://127.0.0.1/',
  'http://127.0.0.1:8098/',
  'http://127.0.0.2:8099/',
  'http://localhost:8099/',
  'https://xn--crm-0na.example.org/',
];

const BAD_ADDRESS = [
  'https://127.0.0.1/',
  'https://10.0.0.5/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::]/',
];

describe('the guard refuses', () => {
  it.each(NOT_UNDERSTOOD)('the spelling %j', (url) =>
    expect(admit(url, LIST)).toEqual({ ok: false, why: 'URL not understood' }),
  );
  it.each(NOT_ALLOWED)('the host of %s', (url) =>
    expect(admit(url, LIST)).toEqual({ ok: false, why: 'host not allowed' }),
  );
  it.each(BAD_ADDRESS)('the address of %s', (url) =>
    expect(admit(url, LIST)).toEqual({ ok: false, why: 'address not allowed' }),
  );

  it('whatever reaches another host for a URL parser', () => {
    const separators = [':', '/', '@', '\\', '#', '?', '%', '[', ']', '.', ' ', '\t', ':443', '%2e', '%00'];
    const bits = fc.constantFrom('crm.example.org', 'crm.example.org', 'evil.test', '127.0.0.1', ...separators);
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 8 }), (parts) => {
        const url = `https://${parts.join('')}`;
        const admission = admit(url, LIST);
        if (!admission.ok) return;
        expect(new URL(url).hostname).toBe('crm.example.org');
        expect(admission.target.host).toBe('crm.example.org');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the allow-list', () => {
  it.each([
    '',
    '*',
    '*.org',
    '*.*.example.org',
    'a.*.example.org',
    '*.0.0.1',
    '*.[::1]',
    'ftp://crm.example.org',
    'crm.example.org/',
    'crm.example.org/path',
    'user@crm.example.org',
    'crm.example.org:0',
    'crm.example.org:99999',
    'crm.example.org.',
    '2130706433',
    '0x7f.1',
    'crm.exämple.org',
  ])('does not understand %j', (host) => {
    const read = readAllowList(['crm.example.org', host]);
    expect(read).toEqual({ ok: false, problems: [expect.stringContaining(`\`${host}\``)] });
  });

  it('tells all faults at once', () => {
    expect(readAllowList(['*', { host: 'a b', private: true }])).toMatchObject({
      problems: [{}, {}].map(() => expect.any(String)),
    });
  });
});

describe('an address', () => {
  it.each(['1.1.1.1', '8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is open',
    (address) => {
      expect([mayConnect(address, false), mayConnect(address, true)]).toEqual([true, true]);
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::1',
    'fd00::1',
  ])('%s needs leave', (address) =>
    expect([mayConnect(address, false), mayConnect(address, true)]).toEqual([false, true]),
  );

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::127.0.0.1',
    '::8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '0x7f.1',
    '2130706433',
    '127.1',
    'localhost',
    '',
  ])('%s is never open', (address) => {
    expect([mayConnect(address, false), mayConnect(address, true)]).toEqual([false, false]);
  });
});
