import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTINGS } from '../../../src/config/settings.ts';

const problems = (env: Record<string, string>) => {
  const read = readSettings(env);
  return read.ok ? [] : read.problems;
};

describe('settings', () => {
  it('need nothing', () => expect(problems({})).toEqual([]));

  it('an empty value is as good as none', () =>
    expect(problems({ REDIS_URL: '', CALLWRIGHT_HTTP_PORT: '' })).toEqual([]));

  it('are frozen', () => {
    const read = readSettings({});
    expect(read.ok && Object.isFrozen(read.settings)).toBe(true);
  });

  it('tell every fault at once, by name', () => {
    const told = problems({ CALLWRIGHT_HTTP_PORT: 'x', REDIS_URL: 'http://h', CALLWRIGHT_COUNTRY: 'Finland' });
    expect(told).toHaveLength(3);
    expect(told.join(' ')).toMatch(/CALLWRIGHT_HTTP_PORT.*|REDIS_URL must be a URL that begins with redis:/);
  });

  it('a misspelt setting is not silently ignored', () => {
    expect(problems({ CALLWRIGHT_HTTP_PROT: '1' })).toEqual([
      'CALLWRIGHT_HTTP_PROT is not a setting of Callwright; did you mean CALLWRIGHT_HTTP_PORT.',
    ]);
  });

  it('take several FreeSWITCH and drachtio servers, both kinds or none, and no Asterisk beside them', () => {
    const [DRACHTIO_URL, FREESWITCH_URL] = ['drachtio://:s@a, drachtio://:s@b:9022', 'esl://:p@a:8021'];
    const read = readSettings({ DRACHTIO_URL, FREESWITCH_URL });
    expect(read.ok && read.settings.DRACHTIO_URL).toEqual(['drachtio://:s@a', 'drachtio://:s@b:9022']);
    expect(read.ok && read.settings.CALLWRIGHT_NODE).toBe('freeswitch-1');
    expect(problems({ DRACHTIO_URL })[0]).toMatch(/^FREESWITCH_URL is not set/);
    expect(problems({ FREESWITCH_URL })[0]).toMatch(/^DRACHTIO_URL is not set/);
    expect(problems({ DRACHTIO_URL, FREESWITCH_URL, ASTERISK_URL: 'http://h' })[0]).toMatch(/one kind of switch/);
    expect(problems({ DRACHTIO_URL, FREESWITCH_URL: 'http://h' })[0]).toMatch(/begin with esl:/);
  });

  it('refuse a public address without a word about TLS', () => {
    expect(problems({ CALLWRIGHT_HTTP_HOST: '0.0.0.0' })[0]).toContain('CALLWRIGHT_PUBLIC=1');
    expect(problems({ CALLWRIGHT_HTTP_HOST: '0.0.0.0', CALLWRIGHT_PUBLIC: '1' })).toEqual([]);
  });
});

it('the README names no setting that is not there', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../../../README.md'), 'utf8');
  const named = [...readme.matchAll(/\b(?:CALLWRIGHT_[A-Z_]+|[A-Z]+_URL)\b/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in SETTINGS))).toEqual([]);
});
