import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AsteriskInput, asteriskFiles, AsteriskSettings } from '../../../src/local/asterisk-config.ts';

const FOLDERS = { etc: '/d/etc', modules: '/t/modules', data: '/d/data', var: '/d/var', run: '/d/run', log: '/d/log' };

const input: AsteriskInput = {
  ports: { sip: 5070, http: 8088 },
  ari: { user: 'callwright', password: 'correct-horse-battery' },
  phones: [
    { name: '1001', password: 'a-long-password' },
    { name: 'alice.b', password: 'another-password', contact: 'sip:alice@127.0.0.1:6001' },
  ],
  trunks: [{ name: 'public', host: '127.0.0.1', port: 5090 }],
  dialplans: ['/site/extensions.conf'],
};

const filesOf = (changes: Partial<AsteriskInput> = {}): Record<string, string> =>
  asteriskFiles(AsteriskSettings.parse({ ...input, ...changes }), FOLDERS);

const lines = (files: Record<string, string>): number => Object.values(files).join('').split('\n').length;

const sections = (file: string): string[] => [...file.matchAll(/^\[(.+)\]$/gm)].map(([, name = '']) => name);

describe('the configuration of a private Asterisk', () => {
  test('listens on loopback, shows no status page and lets no idle crowd lock ARI', () => {
    const files = filesOf();
    expect(files['http.conf']).toMatch(/^bindaddr=127\.0\.0\.1$/m);
    expect(files['http.conf']).toMatch(/^enable_status=no$/m);
    expect(files['http.conf']).toMatch(/^enable_static=no$/m);
    expect(files['http.conf']).toMatch(/^sessionlimit=1000$/m);
    expect(files['pjsip.conf']).toMatch(/^bind=127\.0\.0\.1:5070$/m);
    expect(files['manager.conf']).toMatch(/^enabled=no$/m);
    expect(files['ari.conf']).toMatch(/^websocket_write_timeout=5000$/m);
  });

  test('loads a list of modules, none of them by itself, each once', () => {
    const modules = filesOf()['modules.conf'] ?? '';
    const loaded = [...modules.matchAll(/^load=(.*)$/gm)].map(([, name]) => name);
    expect(modules).toContain('autoload=no');
    expect(new Set(loaded).size).toBe(loaded.length);
    expect(loaded).not.toContainEqual(expect.stringMatching(/shell|app_system|manager|agi/));
  });

  test('one endpoint for each phone, trunk and, on loopback only, the guests', () => {
    const pjsip = filesOf()['pjsip.conf'] ?? '';
    expect(sections(pjsip).toSorted()).toEqual(
      [
        'global',
        'udp',
        '1001',
        '1001',
        '1001-auth',
        'alice.b',
        'alice.b',
        'alice.b-auth',
        'public',
        'public',
        'public',
        'anonymous',
      ].toSorted(),
    );
    expect(pjsip).toMatch(/^match=127\.0\.0\.1:5090$/m);
    expect(pjsip).toMatch(/^contact=sip:alice@127\.0\.0\.1:6001$/m);
    expect(sections(filesOf({ bind: '192.0.2.7' })['pjsip.conf'] ?? '')).not.toContain('anonymous');
  });

  test('every endpoint takes keys as RFC 4733 and as INFO', () => {
    const pjsip = filesOf()['pjsip.conf'] ?? '';
    expect(pjsip.match(/^dtmf_mode=auto_info$/gm)).toHaveLength(pjsip.match(/^type=endpoint$/gm)?.length ?? -1);
  });

  test('a password must be given, and be long', () => {
    expect(AsteriskSettings.safeParse({ ...input, ari: { user: 'callwright' } }).success).toBe(false);
    expect(AsteriskSettings.safeParse({ ...input, ari: { user: 'callwright', password: 'short' } }).success).toBe(
      false,
    );
    expect(AsteriskSettings.safeParse({ ...input, phones: [{ name: '1001' }] }).success).toBe(false);
  });

  test.each(['a]\n[b', 'a;b', 'a b', '../a', '', '-a', 'anonymous', 'a#include', 'a\r', 'ä', 'a'.repeat(64)])(
    'a phone called %j is refused',
    (name) => {
      const phones = [{ name, password: 'a-long-password' }];
      expect(AsteriskSettings.safeParse({ ...input, phones }).success).toBe(false);
    },
  );

  test('no accepted text adds a line, a section or a comment', () => {
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[A-Za-z0-9_.@:;[\]-]{1,70}$/),
    );
    fc.assert(
      fc.property(word, word, word, (name, password, contact) => {
        const phone = { name, password, contact };
        const settings = AsteriskSettings.safeParse({ ...input, phones: [phone] });
        if (!settings.success) return;
        const plain = [{ name: 'x', password: 'a-long-password', contact: 'sip:x@y' }];
        expect(lines(asteriskFiles(settings.data, FOLDERS))).toBe(lines(filesOf({ phones: plain })));
        expect([name, password, contact].join('')).not.toMatch(/[;[\]\s]/);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    { trunks: [{ name: 'x', host: 'a\nb', port: 1 }] },
    { fallback: 'ctx,1,1\nexten => _X.,1,System(rm)' },
    { dialplans: ['/a"\n#exec "x'] },
    { app: 'a,b' },
    { ari: { user: 'u]\n[v', password: 'correct-horse-battery' } },
  ] satisfies Partial<AsteriskInput>[])('refused: %j', (changes) => {
    expect(AsteriskSettings.safeParse({ ...input, ...changes }).success).toBe(false);
  });
});
