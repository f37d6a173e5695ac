import { describe, expect, it } from 'vitest';
import { mayTryNext } from '../../../src/edge/decide/retry.ts';
import { senderAt } from '../../../src/edge/decide/who.ts';

const KNOWN = {
  nodes: new Map([['10.0.0.11:5060', 'asterisk-1']]),
  trunks: [
    { name: 'public', addresses: ['203.0.113.16/28'] },
    { name: 'backup', addresses: ['198.51.100.7'] },
  ],
};

describe('who sent a request', () => {
  it.each([
    ['10.0.0.11', 5060, { kind: 'node', name: 'asterisk-1' }],
    ['10.0.0.11', 5061, { kind: 'outside' }],
    ['203.0.113.16', 1, { kind: 'trunk', name: 'public' }],
    ['203.0.113.31', 5060, { kind: 'trunk', name: 'public' }],
    ['203.0.113.32', 5060, { kind: 'outside' }],
    ['203.0.113.15', 5060, { kind: 'outside' }],
    ['198.51.100.7', 5060, { kind: 'trunk', name: 'backup' }],
    ['198.51.100.8', 5060, { kind: 'outside' }],
    ['2001:db8::1', 5060, { kind: 'outside' }],
  ] as const)('%s:%i', (address, port, sender) => {
    expect(senderAt({ address, port }, KNOWN)).toEqual(sender);
  });

  it('takes a node for a node, also within a trunk’s addresses', () => {
    const trunks = [{ name: 'all', addresses: ['10.0.0.0/8'] }];
    expect(senderAt({ address: '10.0.0.11', port: 5060 }, { ...KNOWN, trunks })).toEqual({
      kind: 'node',
      name: 'asterisk-1',
    });
  });
});

describe('a failed node', () => {
  it.each([null, 408, 500, 502, 503, 504])('lets another be asked after %s', (status) => {
    expect(mayTryNext(status)).toBe(true);
  });
  it.each([302, 401, 403, 404, 407, 480, 481, 484, 486, 487, 488, 501, 505, 513, 600, 603, 604])(
    'does not after %i, which the flow or the person said',
    (status) => {
      expect(mayTryNext(status)).toBe(false);
    },
  );
});
