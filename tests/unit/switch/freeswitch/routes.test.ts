import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceIn } from '../../../../src/switch/freeswitch/caller.ts';
import { fromHeader, routeTo, trunkAt } from '../../../../src/switch/freeswitch/routes.ts';

const TRUNKS = new Map([
  ['north', { host: 'sip.north.example', port: 5080 }],
  ['south', { host: '192.0.2.7', auth: { username: 'us', password: 'secret' } }],
  ['south-too', { host: '192.0.2.7', port: 5070 }],
]);
const phones = {
  contactOf: async (name: string) => (name === '1001' ? 'sip:1001@10.0.0.5:5062' : null),
  knows: async () => true,
};

describe('where a call goes', () => {
  it('is a number at its trunk, with its login, or the contact of a phone', async () => {
    expect(await routeTo({ kind: 'number', number: '+358401', trunk: 'north' }, TRUNKS, phones)).toEqual({
      uri: 'sip:+358401@sip.north.example:5080',
    });
    expect(await routeTo({ kind: 'number', number: '100', trunk: 'south' }, TRUNKS, phones)).toEqual({
      uri: 'sip:100@192.0.2.7:5060',
      auth: { username: 'us', password: 'secret' },
    });
    expect(await routeTo({ kind: 'phone', name: '1001' }, TRUNKS, phones)).toEqual({ uri: 'sip:1001@10.0.0.5:5062' });
  });

  it('is nowhere for who has not registered, an unknown trunk, and whatever is neither number nor name', async () => {
    expect(await routeTo({ kind: 'phone', name: '1002' }, TRUNKS, phones)).toBe('absent');
    expect(await routeTo({ kind: 'phone', name: '1001@evil.example' }, TRUNKS, phones)).toBe('no');
    expect(await routeTo({ kind: 'number', number: '1', trunk: 'west' }, TRUNKS, phones)).toBe('no');
  });

  it('never leaves the host of the trunk, whatever the number says', async () => {
    const stays = asyncProperty(string(), async (number) => {
      const route = await routeTo({ kind: 'number', number, trunk: 'north' }, TRUNKS, phones);
      expect(typeof route === 'string' || /^sip:\+?[0-9]{1,32}@sip\.north\.example:5080$/.test(route.uri)).toBe(true);
    });
    await assert(stays);
  });
});

describe('where a call came from', () => {
  it('is told by host and port, by the host alone where one trunk has it', () => {
    expect(trunkAt('192.0.2.7', 5060, TRUNKS)).toBe('south');
    expect(trunkAt('192.0.2.7', 5070, TRUNKS)).toBe('south-too');
    expect(trunkAt('192.0.2.7', 40_000, TRUNKS)).toBeNull();
    expect(trunkAt('sip.north.example', 40_000, TRUNKS)).toBe('north');
    expect(trunkAt('198.51.100.1', 5060, TRUNKS)).toBeNull();
  });
});

describe('who an edge says that calls', () => {
  const from = (source_address: string, headers: Record<string, string>) =>
    sourceIn({ source_address, source_port: '5060', get: (name) => headers[name] }, TRUNKS, new Set(['10.0.0.1']));

  it('is believed of an edge alone', () => {
    expect(from('10.0.0.1', { 'X-Callwright-Phone': '1001' })).toBe('1001');
    expect(from('10.0.0.1', { 'X-Callwright-Trunk': 'north' })).toBe('north');
    expect(from('10.0.0.1', { 'X-Callwright-Phone': 'a b' })).toBe('guest');
    expect(from('198.51.100.1', { 'X-Callwright-Phone': '1001' })).toBe('guest');
    expect(from('192.0.2.7', { 'X-Callwright-Phone': '1001' })).toBe('south');
  });
});

describe('what the far end shows', () => {
  it('is the number and a name without what would end the field', () => {
    expect(fromHeader('+358401', 'Ann "O"<sip:x@y>')).toEqual({ From: '"Ann Osipxy" <sip:+358401@localhost>' });
    expect(fromHeader('+358401', null)).toEqual({ From: '<sip:+358401@localhost>' });
  });

  it('is nobody when the number is withheld', () => {
    const from = { From: '"Anonymous" <sip:anonymous@anonymous.invalid>', Privacy: 'id' };
    expect(fromHeader(null, null)).toEqual(from);
    expect(fromHeader('1\r\nVia: x', null)).toEqual(from);
  });
});
