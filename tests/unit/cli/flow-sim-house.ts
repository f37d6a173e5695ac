import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { vi } from 'vitest';
import { flowCommand } from '../../../src/cli/flow/main.ts';

const CLI = resolve(import.meta.dirname, '../../../src/cli/main.ts');

const FILES = {
  'flows/desk.yaml': `version: ivr/v1
id: desk
title: A small desk
owner: desk@example.org
dids: ["+358401234567"]
languages: { default: en, supported: [en] }
start: greet
nodes:
  greet: { type: play, prompt: welcome, next: main }
  main:
    type: menu
    prompt: choose
    timeout: 5s
    keys: { "1": desk, "2": bye }
    outcomes: { noInput: desk, invalid: desk }
  desk:
    type: queue
    queue: desk
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
  bye: { type: hangup, reason: normal }
`,
  'flows/desk.test.yaml': `flow: desk
tests:
  - name: to the desk
    steps: [{ hear: choose }, { press: "1" }]
    expect: { path: [greet, main, desk], outcome: answeredEnd }
  - name: silence goes there, too
    expect: { counters: { main.noInput: 3 }, reaches: desk }
  - name: straight on
    steps: [{ press: "2" }]
    expect: { avoids: desk }
coverage: { nodes: 100% }
`,
  'flows/site/queues.yaml': 'desk: { title: The desk, maxWait: 2m }\n',
  'sounds/en/prompts.yaml':
    'welcome: "Welcome to our small desk."\nchoose: "For the desk press one, to leave press two."\n',
};

/** A site in a folder of its own; `change` replaces files, or with null leaves them out. */
export function smallSite(change: Readonly<Record<string, string | null>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-flow-'));
  for (const [path, text] of Object.entries({ ...FILES, ...change })) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const envOf = (folder: string) => ({
  NO_COLOR: '1',
  CALLWRIGHT_FLOWS: join(folder, 'flows'),
  CALLWRIGHT_SOUNDS: join(folder, 'sounds'),
});

interface Ended {
  readonly status: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real program in that folder, as one would. */
export function callwright(folder: string, args: readonly string[], input = ''): Ended {
  const env = { ...envOf(folder), PATH: process.env['PATH'] };
  const options = { cwd: folder, env, input, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'flow', ...args], options);
  return { status, stdout, stderr };
}

/** Runs the command in this process, which takes no second to start; paths are shown as from that folder. */
export async function flow(folder: string, args: readonly string[]): Promise<Ended> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const out = vi.spyOn(console, 'log').mockImplementation((line) => void stdout.push(`${line}\n`));
  const err = vi.spyOn(console, 'error').mockImplementation((line) => void stderr.push(`${line}\n`));
  try {
    await flowCommand(envOf(folder), '0').parseAsync([...args], { from: 'user' });
    const shown = (lines: readonly string[]) =>
      lines
        .join('')
        .replaceAll(`${relative('.', folder)}/`, '')
        .replaceAll(`${folder}/`, '');
    return { status: process.exitCode, stdout: shown(stdout), stderr: shown(stderr) };
  } finally {
    process.exitCode = undefined;
    out.mockRestore();
    err.mockRestore();
  }
}
