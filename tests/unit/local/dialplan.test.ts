import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const dialplan = readFileSync(new URL('../../../dialplans/asterisk/extensions.conf', import.meta.url), 'utf8');

describe('the hand-over', () => {
  test('never runs on Asterisk’s own one-letter extensions, such as h when a call ends', () => {
    const patterns = [...dialplan.matchAll(/^exten => _([^,]+),/gm)].map(([, pattern = '']) => pattern);
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) {
      const first = /^\[([^\]]+)\](.*)$/.exec(pattern);
      const lettersFirst = /[a-z]/i.test(first?.[1] ?? pattern);
      expect(lettersFirst && (first?.[2] ?? '') === '!', pattern).toBe(false);
    }
  });

  test('ends a call that nobody adopts, and never waits in silence', () => {
    expect(dialplan).toContain('Set(TIMEOUT(absolute)=14400)');
    expect(dialplan).toMatch(/STASISSTATUS\}" != "FAILED"/);
    expect(dialplan).toMatch(/Answer\(\)\n same => n,MusicOnHold/);
    expect(dialplan).not.toMatch(/\bWait\(/);
  });

  test('gives the shell and other people’s extensions no way in', () => {
    expect(dialplan).not.toMatch(/SHELL|System\(|AGI\(|Dial\(|EVAL\(/);
  });
});
