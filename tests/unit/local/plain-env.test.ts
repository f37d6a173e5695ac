import { expect, it } from 'vitest';
import { plainEnv, serverEnv } from '../../../src/local/plain-env.ts';
import { run } from '../../../src/local/run.ts';

it('keeps secrets and tokens from other programs, and nothing else', () => {
  const env = { PATH: '/bin', CALLWRIGHT_SECRET_CRM: 'x', CALLWRIGHT_TOKEN: 'y', CALLWRIGHT_SECRETS: 'secrets.txt' };
  expect(plainEnv(env)).toEqual({ PATH: '/bin', CALLWRIGHT_SECRETS: 'secrets.txt' });
});

it('lets servers with many threads use as many malloc arenas as they like', () => {
  const env = { PATH: '/bin', MALLOC_ARENA_MAX: '1', CALLWRIGHT_TOKEN: 'y' };
  expect(serverEnv(env)).toEqual({ PATH: '/bin', MALLOC_ARENA_MAX: undefined });
});

it('a program that we run sees no secret', async () => {
  process.env['CALLWRIGHT_SECRET_PLAIN_ENV_TEST'] = 'hidden';
  try {
    const { stdout } = await run('/usr/bin/env', []);
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toContain('hidden');
  } finally {
    delete process.env['CALLWRIGHT_SECRET_PLAIN_ENV_TEST'];
  }
});
