import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lock, lockData, tryLock } from '../../../src/local/lock.ts';
import { claimPort } from '../../../src/local/ports.ts';
import { privateFolder, socketFolder } from '../../../src/local/private-folder.ts';
import { end, isAlive, processName } from '../../../src/local/proc.ts';
import { redisConf } from '../../../src/local/redis.ts';
import { secretsIn } from '../../../src/local/secrets.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'callwright-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('secrets', () => {
  test('are made once, differ from each other and are readable by their owner only', () => {
    const secrets = secretsIn(folder);
    expect(new Set(Object.values(secrets)).size).toBe(3);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(secretsIn(folder)).toEqual(secrets);
  });

  test('a damaged file is named, with the cure', () => {
    writeFileSync(join(folder, 'secrets.json'), '{"ariPassword":1}');
    expect(() => secretsIn(folder)).toThrow(/secrets\.json is damaged: remove it/);
  });
});

describe('a lock', () => {
  test('has one holder, and the next gets it when the first lets go', async () => {
    const release = await tryLock(folder);
    expect(release).toBeDefined();
    expect(await tryLock(folder)).toBeUndefined();
    await expect(lockData(folder)).rejects.toThrow(`Another Callwright works in ${folder}: stop it`);
    let told = 0;
    const next = lock(folder, () => told++);
    await expect.poll(() => told).toBe(1);
    release?.();
    (await next)();
    expect(told).toBe(1);
  });

  test('is free again when its holder was killed', async () => {
    const module = new URL('../../../src/local/lock.ts', import.meta.url).href;
    const script = `const { lock } = await import(process.argv[1]); await lock(process.argv[2]); console.log('held'); setInterval(() => {}, 1e6);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script, module, folder]);
    await once(holder.stdout, 'data');
    expect(await tryLock(folder)).toBeUndefined();
    holder.kill('SIGKILL');
    (await lock(folder))();
  });
});

describe('a port', () => {
  test('that is taken is named with the setting that moves it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const wish = { protocol: 'tcp', host: '127.0.0.1', purpose: 'ARI', setting: 'CALLWRIGHT_ARI_PORT' } as const;
    await expect(claimPort({ ...wish, port })).rejects.toThrow(
      `ARI needs TCP port ${port} on 127.0.0.1, which another program uses: stop that program, or set CALLWRIGHT_ARI_PORT to a free port.`,
    );
    other.close();
    expect(await claimPort({ ...wish, port: 0 })).toBeGreaterThan(0);
  });
});

describe('a process left behind', () => {
  test('is known by its pid and its start, and can be ended', async () => {
    const child = spawn('sleep', ['1000']);
    const name = processName(child.pid ?? 0);
    if (name === undefined) throw new Error('sleep did not start');
    expect(isAlive(name)).toBe(true);
    expect(isAlive({ ...name, startTicks: name.startTicks - 1 })).toBe(false);
    await end({ ...name, startTicks: name.startTicks - 1 }, 100);
    expect(isAlive(name)).toBe(true);
    await end(name, 5_000);
    expect(isAlive(name)).toBe(false);
  });
});

describe('folders', () => {
  test('are closed to others, and a socket’s path stays short', () => {
    expect(statSync(privateFolder(join(folder, 'a/b'))).mode & 0o777).toBe(0o700);
    expect(socketFolder(folder)).toBe(join(folder, 'run'));
    const deep = join(folder, 'x'.repeat(100));
    const short = socketFolder(deep);
    expect(short.length).toBeLessThan(67);
    expect(socketFolder(deep)).toBe(short);
    rmSync(short, { recursive: true });
  });
});

test('Redis listens on loopback, asks for a password and writes all down', () => {
  const conf = redisConf({ folder: '/d', port: 6390, password: 'a-long-password-1' });
  for (const line of ['bind 127.0.0.1', 'requirepass a-long-password-1', 'appendonly yes', 'appendfsync everysec']) {
    expect(conf.split('\n')).toContain(line);
  }
});
