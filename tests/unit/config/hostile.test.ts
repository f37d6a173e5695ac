import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSite } from '../../../src/config/site/read.ts';
import { SAMPLE_RATE, wavOf } from '../../../src/local/wav.ts';

const FLOW = `version: ivr/v1
id: main
title: Main
owner: tests
dids: ["100"]
languages: { default: en, supported: [en] }
start: q
nodes:
  q: { type: queue, queue: support, outcomes: { answeredEnd: z, timeout: z, full: z, noAgents: z, closed: z } }
  z: { type: play, prompt: hello }
`;

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'site-'));
  await mkdir(join(root, 'flows/site'), { recursive: true });
  await mkdir(join(root, 'sounds/en'), { recursive: true });
  await writeFile(join(root, 'flows/main.yaml'), FLOW);
  await writeFile(join(root, 'flows/site/queues.yaml'), 'support: { title: Support }\n');
  await writeFile(join(root, 'sounds/en/prompts.yaml'), 'hello: Hello\n');
});
afterEach(() => rm(root, { recursive: true }));

/** What is told about the folder, which takes less than two seconds of work. */
async function told(): Promise<readonly string[]> {
  const before = process.cpuUsage();
  const { problems } = await readSite(join(root, 'flows'), join(root, 'sounds'), '2026-11-22');
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(2_000);
  return problems.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`);
}

/** As long as that, without taking room on the disk. */
async function sparse(path: string, bytes: number): Promise<void> {
  await using file = await open(join(root, path), 'w');
  await file.truncate(bytes);
}

describe('a hostile folder', () => {
  it('is fine without anything hostile in it', async () => expect(await told()).toEqual([]));

  it('may hold a file of 1 GB, which is not read', async () => {
    await sparse('flows/big.yaml', 2 ** 30);
    expect(await told()).toEqual(['big.yaml:1:1 file-unreadable The file is longer than 128 KiB.']);
  });

  it('may have 1 GB in the place of what flows refer to, and says only that', async () => {
    await sparse('flows/site/queues.yaml', 2 ** 30);
    await sparse('sounds/en/prompts.yaml', 2 ** 30);
    expect(await told()).toEqual([
      'site/queues.yaml:1:1 file-unreadable The file is longer than 128 KiB.',
      'sounds/en/prompts.yaml:1:1 file-unreadable The file is longer than 128 KiB.',
    ]);
  });

  it('may hold a million nodes', async () => {
    const nodes = Array.from({ length: 1_000_000 }, (_, i) => `  n${i}: { type: hangup }\n`).join('');
    await writeFile(join(root, 'flows/main.yaml'), FLOW + nodes);
    expect(await told()).toContain('main.yaml:1:1 file-unreadable The file is longer than 128 KiB.');
  });

  it.each([
    [
      'UTF-16',
      Buffer.from(`\ufeff${FLOW}`, 'utf16le'),
      'main.yaml:1:1 file-unreadable The file holds bytes that are no text.',
    ],
    [
      'a program',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]),
      'main.yaml:1:1 file-unreadable The file holds bytes that are no text.',
    ],
    [
      'an alias bomb',
      Buffer.from('a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n'),
      'main.yaml:3:8 yaml-alias An alias may not stand for another alias.',
    ],
    [
      'a key that reaches into JavaScript',
      Buffer.from('__proto__: { polluted: 1 }\n'),
      'main.yaml:1:1 yaml-key The key `__proto__` is reserved.',
    ],
    ['one key twice', Buffer.from(`${FLOW}id: main\n`), 'main.yaml:11:1 yaml-duplicate `id` is given twice.'],
  ])('may hold %s', async (_, bytes, expected) => {
    await writeFile(join(root, 'flows/main.yaml'), bytes);
    expect(await told()).toContain(expected);
  });

  it('may begin a file with a byte order mark', async () => {
    await writeFile(join(root, 'flows/main.yaml'), `\ufeff${FLOW}`);
    expect(await told()).toEqual([]);
  });

  it('may have links that lead out of it, or nowhere', async () => {
    await symlink('/etc/passwd', join(root, 'flows/passwd.yaml'));
    await symlink(join(root, 'gone'), join(root, 'flows/gone.yaml'));
    await symlink('/etc', join(root, 'flows/etc'));
    expect(await told()).toEqual([
      'gone.yaml:1:1 file-unreadable The link leads out of the folder, or nowhere.',
      'passwd.yaml:1:1 file-unreadable The link leads out of the folder, or nowhere.',
    ]);
  });

  it('may have links that lead round in circles', async () => {
    await symlink('.', join(root, 'flows/round'));
    await mkdir(join(root, 'flows/a/b'), { recursive: true });
    await symlink('..', join(root, 'flows/a/b/up'));
    await symlink('itself.yaml', join(root, 'flows/itself.yaml'));
    expect(await told()).toEqual(['itself.yaml:1:1 file-unreadable The link leads out of the folder, or nowhere.']);
  });

  it('may be mounted as a map of links, as clusters do', async () => {
    await mkdir(join(root, 'flows/..2026'));
    await cp(join(root, 'flows/main.yaml'), join(root, 'flows/..2026/main.yaml'));
    await symlink('..2026', join(root, 'flows/..data'));
    await rm(join(root, 'flows/main.yaml'));
    await symlink('..data/main.yaml', join(root, 'flows/main.yaml'));
    expect(await told()).toEqual([]);
  });

  it('may hold what is no file', async () => {
    execFileSync('/usr/bin/mkfifo', [join(root, 'flows/pipe.yaml')]);
    await mkdir(join(root, 'flows/folder.yaml'));
    expect(await told()).toEqual([
      'folder.yaml:1:1 file-unreadable This is no file.',
      'pipe.yaml:1:1 file-unreadable This is no file.',
    ]);
  });

  it('may hold what cannot be opened', async () => {
    const server = createServer().listen(join(root, 'flows/socket.yaml'));
    await once(server, 'listening');
    expect(await told()).toEqual(['socket.yaml:1:1 file-unreadable The file cannot be read.']);
    server.close();
  });

  it('may hold more files than any house has', async () => {
    for (let i = 0; i <= 2_000; i += 1) await writeFile(join(root, `flows/f${i}.yaml`), '');
    expect(await told()).toEqual([':1:1 file-unreadable The folder holds more than 2000 files.']);
  });

  it('may have flows that call each other', async () => {
    const calls = (id: string, other: string) =>
      FLOW.replace('id: main', `id: ${id}`)
        .replace('"100"', id === 'a' ? '"101"' : '"102"')
        .replace('z: {', `f: { type: flow, flow: ${other}, outcomes: { done: z } }\n  z: {`)
        .replace('timeout: z', 'timeout: f');
    await writeFile(join(root, 'flows/a.yaml'), calls('a', 'b'));
    await writeFile(join(root, 'flows/b.yaml'), calls('b', 'a'));
    expect(await told()).toEqual(['a.yaml:10:26 flow-recursion `a` → `b` → `a` call each other.']);
  });
});

describe('recordings', () => {
  it.each([
    ['as the telephone wants them', Buffer.from(wavOf([new Int16Array(SAMPLE_RATE)])), []],
    ['of another kind', Buffer.from('ID3'), ['sounds/en/hello.wav:1:1 audio-format This is not a WAVE file.']],
    ['without sound', Buffer.from(wavOf([])), ['sounds/en/hello.wav:1:1 audio-format The file has no sound in it.']],
  ])('%s', async (_, bytes, expected) => {
    await writeFile(join(root, 'sounds/en/hello.wav'), bytes);
    expect(await told()).toEqual(expected);
  });

  it('of a gigabyte are not read', async () => {
    await sparse('sounds/en/hello.wav', 2 ** 30);
    expect(await told()).toEqual(['sounds/en/hello.wav:1:1 file-unreadable The file is longer than 32768 KiB.']);
  });
});

it('the sites of the live tests load', async () => {
  const live = resolve(import.meta.dirname, '../../live');
  const reading = await readSite(join(live, 'site'), join(live, 'sounds'), '2026-11-22');
  expect(reading.ok ? [] : reading.problems).toEqual([]);
});
