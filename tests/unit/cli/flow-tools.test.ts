import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { flowCommand } from '../../../src/cli/flow/main.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
let folder = '';
const env = (more: Readonly<Record<string, string>> = {}) => ({
  CALLWRIGHT_FLOWS: join(folder, 'ivr-flows'),
  CALLWRIGHT_SOUNDS: join(folder, 'sounds'),
  ...more,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flow-tools-'));
  await cp(join(root, 'ivr-flows'), join(folder, 'ivr-flows'), { recursive: true });
  await cp(join(root, 'sounds'), join(folder, 'sounds'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `callwright flow …` in the folder of the tests. */
async function flow(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ending> {
  const [out, err] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')].map((spy) => spy.mockReturnValue());
  const home = process.cwd();
  process.chdir(folder);
  try {
    await flowCommand(env(more), '1.2.3').parseAsync(args, { from: 'user' });
    const said = (spy: typeof out) => (spy?.mock.calls ?? []).map(([line]) => `${line}\n`).join('');
    return { code: Number(process.exitCode), out: said(out), err: said(err) };
  } finally {
    process.exitCode = 0;
    process.chdir(home);
    vi.restoreAllMocks();
  }
}

describe('flow graph', () => {
  it('draws a flow by its id or its file', async () => {
    const byId = await flow(['graph', 'echo-hello']);
    expect(byId).toMatchObject({ code: 0, err: '', out: expect.stringContaining('flowchart TD') });
    expect((await flow(['graph', 'ivr-flows/echo-hello.yaml'])).out).toBe(byId.out);
    const drawn: unknown = JSON.parse((await flow(['graph', 'echo-hello', '--json'])).out);
    expect(drawn).toMatchObject({
      id: 'echo-hello',
      edges: expect.arrayContaining([expect.objectContaining({ to: 'hello' })]),
    });
  });

  it('writes a picture', async () => {
    expect(await flow(['graph', 'main-support', '--svg', 'main.svg'])).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(join(folder, 'main.svg'), 'utf8')).toMatch(/^<svg [\s\S]*main-menu[\s\S]*<\/svg>\n$/);
  });

  it('counts calls as the server has them', async () => {
    const server = createServer((request, reply) => {
      const isAllowed =
        request.headers.authorization === 'Bearer secret' && request.url === '/v1/flows/echo-hello/stats';
      reply.statusCode = isAllowed ? 200 : 401;
      reply.setHeader('content-type', 'application/json');
      reply.end(
        JSON.stringify({
          flow: 'echo-hello',
          since: 0,
          nodes: [{ node: 'hello', entered: 7, left: { done: 6 }, dwellMs: 1 }],
        }),
      );
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const api = { CALLWRIGHT_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    try {
      const live = await flow(['graph', 'echo-hello', '--live'], { ...api, CALLWRIGHT_TOKEN: 'secret' });
      expect(live.out).toMatch(/"hello<br>play<br>7 ×"[\s\S]*-->\|"6 ×"\|/);
      const wrong = await flow(['graph', 'echo-hello', '--live'], { ...api, CALLWRIGHT_TOKEN: 'wrong' });
      expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('does not know this CALLWRIGHT_TOKEN') });
    } finally {
      await new Promise((done) => server.close(done));
    }
    const away = await flow(['graph', 'echo-hello', '--live'], { ...api, CALLWRIGHT_TOKEN: 'secret' });
    expect(away).toMatchObject({ code: 2, err: expect.stringMatching(/^Nothing answers at http/) });
    expect(await flow(['graph', 'echo-hello', '--live'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^CALLWRIGHT_TOKEN is not set/),
    });
  });

  it('refuses what it cannot draw', async () => {
    expect(await flow(['graph', 'echo-helo'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean `echo-hello`?'),
    });
    await writeFile(join(folder, 'bad.yaml'), 'version: ivr/v1\n');
    expect(await flow(['graph', 'bad.yaml'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('bad.yaml:1:1 error missing-field'),
    });
  });
});

describe('flow diff', () => {
  const file = () => join(folder, 'ivr-flows/echo-hello.yaml');

  it('says what changes between files, folders and revisions', async () => {
    const text = readFileSync(file(), 'utf8');
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder });
    await git('init', '-q');
    await git('add', 'ivr-flows');
    await git('commit', '-qm', 'flows');
    expect(await flow(['diff', 'git:HEAD:ivr-flows', 'ivr-flows'])).toEqual({
      code: 0,
      out: 'callers notice no difference\n',
      err: '',
    });
    await writeFile(file(), text.replace('max: 10', 'max: 12'));
    const expected = 'flow echo-hello\n  ask: digits.max is now 12 (was 10)\n';
    expect(await flow(['diff', 'git:HEAD:ivr-flows', 'ivr-flows'])).toEqual({ code: 1, out: expected, err: '' });
    expect(await flow(['diff', 'git:HEAD:ivr-flows/echo-hello.yaml', file()])).toEqual({
      code: 1,
      out: expected,
      err: '',
    });
    await writeFile(file(), text);
  });

  it('takes of a project its flows and its prompts, in git as on disk', async () => {
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder });
    await writeFile(join(folder, 'compose.yaml'), 'services: {}\n');
    await git('add', '.');
    await git('commit', '-qm', 'all');
    expect(await flow(['diff', 'git:HEAD:.', '.'])).toEqual({
      code: 0,
      out: 'callers notice no difference\n',
      err: '',
    });
  });

  it('refuses what it cannot read', async () => {
    expect(await flow(['diff', 'nope.yaml', file()])).toMatchObject({
      code: 2,
      err: 'There is no file or folder nope.yaml.\n',
    });
    expect(await flow(['diff', 'git:--output=x:y', file()])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not understood'),
    });
    expect(await flow(['diff', 'git:nope:ivr-flows', file()])).toMatchObject({
      code: 2,
      err: expect.stringContaining('git cannot show'),
    });
    await writeFile(join(folder, 'bad.yaml'), 'version: ivr/v1\n');
    expect(await flow(['diff', 'bad.yaml', file()])).toMatchObject({ code: 2 });
  });
});

describe('flow fmt', () => {
  it('tells with --check, and writes without', async () => {
    const file = join(folder, 'untidy.yaml');
    await writeFile(file, 'b:   [ 1,2 ] # why\ndids: [1001]\n');
    const check = await flow(['fmt', '--check', 'untidy.yaml']);
    expect(check).toMatchObject({
      code: 1,
      out: 'untidy.yaml is not in its canonical form: run npx callwright flow fmt\n',
    });
    expect(await flow(['fmt', 'untidy.yaml'])).toEqual({ code: 0, out: 'formatted untidy.yaml\n', err: '' });
    expect(readFileSync(file, 'utf8')).toBe('b: [1, 2] # why\ndids: ["1001"]\n');
    expect(await flow(['fmt', '--check', '--json', 'untidy.yaml'])).toMatchObject({
      code: 0,
      out: '{\n  "changed": [],\n  "findings": []\n}\n',
    });
  });

  it('leaves a folder that passes check and test so', async () => {
    expect(await flow(['fmt'])).toMatchObject({ code: 0 });
    expect(await flow(['fmt', '--check'])).toMatchObject({ code: 0, out: '' });
    expect(await flow(['check'])).toMatchObject({ code: 0 });
  });

  it('tells what it cannot read, and goes on', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'a: [');
    expect(await flow(['fmt', 'bad.yaml', 'untidy.yaml'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('bad.yaml:1:'),
    });
  });
});

describe('flow new', () => {
  it('begins a flow that passes check, fmt and test as it stands', async () => {
    const made = await flow(['new', 'night-line', '--title', 'Night: "line"']);
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('wrote ivr-flows/night-line.yaml') });
    expect(await flow(['check', 'ivr-flows/night-line.yaml'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/did-unbound[\s\S]*1 warning\n$/),
    });
    expect(await flow(['test', 'ivr-flows/night-line.test.yaml'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('4 passed, 0 failed'),
    });
    expect(await flow(['fmt', '--check', 'ivr-flows/night-line.yaml', 'ivr-flows/night-line.test.yaml'])).toMatchObject(
      { code: 0 },
    );
  });

  it('begins one in an empty house too, where a phone rings', async () => {
    const house = { CALLWRIGHT_FLOWS: join(folder, 'empty') };
    expect(await flow(['new', 'first'], house)).toMatchObject({ code: 0 });
    expect(await flow(['check'], house)).toMatchObject({ code: 0 });
    expect(await flow(['test'], house)).toMatchObject({ code: 0, out: expect.stringContaining('4 passed, 0 failed') });
  });

  it('writes over nothing, and takes no name that cannot be', async () => {
    const before = readFileSync(join(folder, 'ivr-flows/echo-hello.yaml'), 'utf8');
    expect(await flow(['new', 'echo-hello'])).toMatchObject({
      code: 2,
      err: 'ivr-flows/echo-hello.yaml is there already.\n',
    });
    expect(readFileSync(join(folder, 'ivr-flows/echo-hello.yaml'), 'utf8')).toBe(before);
    expect(await flow(['new', '../evil'])).toMatchObject({ code: 2, err: expect.stringContaining('small letters') });
    expect(existsSync(join(folder, 'evil.yaml'))).toBe(false);
  });
});

describe('flow schema', () => {
  it('is written with the names of the site, and told when it is old', async () => {
    expect(await flow(['schema'])).toMatchObject({ code: 0, out: 'ivr-flows/schema/ivr-flow.v1.json written\n' });
    expect(await flow(['schema', '--check'])).toMatchObject({ code: 0 });
    const { $defs } = JSON.parse(readFileSync(join(folder, 'ivr-flows/schema/ivr-flow.v1.json'), 'utf8')) as {
      $defs: object;
    };
    expect($defs).toMatchObject({ queue: { anyOf: [{ enum: expect.arrayContaining(['support']) }, {}] } });
    await writeFile(join(folder, 'ivr-flows/schema/ivr-flow.v1.json'), '{}\n');
    expect(await flow(['schema', '--check'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('is not up to date'),
    });
    expect((await flow(['schema', '--bare', '--out', '-'])).out).not.toContain('"support"');
  });
});

describe('flow import', () => {
  const fixtures = join(root, 'tests/unit/ivr/tools/import');

  it('writes flows, tells what it left behind, and writes over nothing', async () => {
    const done = await flow(['import', join(fixtures, 'extensions.conf'), '--out', 'imported']);
    expect(done).toMatchObject({
      code: 1,
      err: expect.stringContaining('extensions.conf:31 AGI(weather.py): has nothing like it'),
    });
    expect(done.err).toContain('wrote imported/incoming.yaml\n');
    expect(readFileSync(join(folder, 'imported/incoming.yaml'), 'utf8')).toContain('id: incoming');
    expect(await flow(['fmt', '--check', 'imported/incoming.yaml'])).toMatchObject({ code: 0 });
    const again = await flow(['import', join(fixtures, 'extensions.conf'), '--out', 'imported']);
    expect(again).toMatchObject({ code: 2, err: 'imported/incoming.yaml is there already.\n' });
  });

  it('knows XML when it sees it, and refuses a hostile one', async () => {
    const done = await flow(['import', join(fixtures, 'menus.xml'), '--json']);
    expect(JSON.parse(done.out)).toMatchObject({
      flows: [{ id: 'main-office', file: null }],
      needs: expect.any(Array),
    });
    await writeFile(join(folder, 'evil.xml'), '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>');
    expect(await flow(['import', 'evil.xml'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^evil\.xml:1 <!DOCTYPE is refused/),
    });
  });
});
