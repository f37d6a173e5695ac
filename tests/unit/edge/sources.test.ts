import { array, assert, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScanner } from '../../../src/edge/decide/scanner.ts';
import { SourceBook, type SourceLimits } from '../../../src/edge/decide/sources.ts';

const LIMITS: SourceLimits = {
  requestsPerTenSeconds: 5,
  failuresPerMinute: 3,
  requestsPerSecondOverall: 1_000,
  banMs: 60_000,
  remembered: 50,
};
const book = (more: Partial<SourceLimits> = {}) => new SourceBook({ ...LIMITS, ...more });
const kinds = (sources: SourceBook, count: number, at = 0, address = '192.0.2.1') =>
  Array.from({ length: count }, () => sources.asked(address, false, at).kind);

describe('what a source may', () => {
  it('ask so often in ten seconds, and again in the next ten', () => {
    const sources = book();
    expect(kinds(sources, 6)).toEqual(['pass', 'pass', 'pass', 'pass', 'pass', 'too-many']);
    expect(kinds(sources, 1, 9_999)).toEqual(['too-many']);
    expect(kinds(sources, 1, 10_000)).toEqual(['pass']);
  });

  it('not flood', () => {
    const sources = book();
    kinds(sources, 49);
    expect(sources.asked('192.0.2.1', false, 0)).toEqual({ kind: 'banned', isNew: true, until: 60_000, why: 'flood' });
    expect(sources.asked('192.0.2.1', false, 59_999)).toMatchObject({ kind: 'banned', isNew: false });
    expect(sources.asked('192.0.2.1', false, 60_000).kind).toBe('pass');
    expect(sources.asked('192.0.2.2', false, 1).kind).toBe('pass');
  });

  it('not guess', () => {
    const sources = book();
    expect([sources.failed('192.0.2.1', 0).kind, sources.failed('192.0.2.1', 1).kind]).toEqual(['pass', 'pass']);
    expect(sources.failed('192.0.2.1', 59_999)).toMatchObject({ kind: 'banned', isNew: true, why: 'failures' });
    expect(sources.banned(60_000)).toEqual(['192.0.2.1']);
    expect(sources.banned(120_000)).toEqual([]);
  });

  it('guess for ever, if slowly: a minute forgets', () => {
    const sources = book();
    for (let minute = 0; minute < 20; minute += 1) {
      expect(sources.failed('192.0.2.1', minute * 60_000).kind).toBe('pass');
      expect(sources.failed('192.0.2.1', minute * 60_000 + 1).kind).toBe('pass');
    }
  });

  it('do ten times as much when it has shown a right password: an office of phones behind one router', () => {
    const sources = book();
    kinds(sources, 1);
    sources.proved('192.0.2.1');
    expect(new Set(kinds(sources, 49))).toEqual(new Set(['pass']));
    expect(kinds(sources, 1)).toEqual(['too-many']);
    for (let n = 0; n < 29; n += 1) expect(sources.failed('192.0.2.1', 0).kind).toBe('pass');
    expect(sources.failed('192.0.2.1', 0).kind).toBe('banned');
  });

  it('bans a scanner at its first word', () => {
    expect(book().asked('192.0.2.1', true, 0)).toMatchObject({ kind: 'banned', why: 'scanner', isNew: true });
  });

  it('bounds all together, when a flood comes from changing addresses', () => {
    const sources = book({ requestsPerSecondOverall: 20 });
    const verdicts = Array.from({ length: 200 }, (_, n) => sources.asked(`192.0.2.${n}`, false, 0).kind);
    expect(verdicts.filter((kind) => kind === 'pass')).toHaveLength(20);
    expect(sources.size).toBeLessThanOrEqual(LIMITS.remembered);
  });

  it('lets a clock that is set back lock nobody out', () => {
    const sources = book();
    kinds(sources, 6, 1_000_000);
    expect(kinds(sources, 1, 0)).toEqual(['pass']);
  });

  it('never remembers more than it may, and passes no more than its limit in any window', () => {
    const ask = record({ address: nat(80).map(String), after: nat(2_000) });
    assert(
      property(array(ask, { maxLength: 300 }), (asks) => {
        const sources = book({ remembered: 1_000 });
        const passed = new Map<string, number[]>();
        let now = 0;
        for (const { address, after } of asks) {
          now += after;
          if (sources.asked(address, false, now).kind !== 'pass') continue;
          passed.set(address, [...(passed.get(address) ?? []), now]);
        }
        // Windows begin anywhere, so across a border a source has at most twice its share.
        for (const times of passed.values()) {
          const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 10_000).length));
          expect(most).toBeLessThanOrEqual(2 * LIMITS.requestsPerTenSeconds);
        }
      }),
    );
  });
});

describe('a scanner', () => {
  it.each([
    'friendly-scanner',
    'friendlyscanner/1.2',
    'sipvicious',
    'SIPVicious 0.3',
    'sundayddr',
    'sipcli/v1.8',
    'VaxSIPUserAgent/3.1',
    'PPLSIP',
  ])('is known by its name: %s', (userAgent) => {
    expect(isScanner({ userAgent, user: '100' })).toBe(true);
  });

  it.each([
    '',
    'Asterisk PBX 22.10',
    'Yealink SIP-T46U 108.86',
    'Linphone/5.2 (belle-sip)',
    'SIPp',
    'MicroSIP/3.21',
    'snomD785',
  ])('is not %j', (userAgent) => {
    expect(isScanner({ userAgent, user: '1001' })).toBe(false);
  });
});
