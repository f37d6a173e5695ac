import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Command } from 'commander';
import type { Fact } from '../../../src/call/journal.ts';
import { explainCommand } from '../../../src/cli/explain.ts';
import { kpisCommand } from '../../../src/cli/kpis.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { type House, openHouse } from '../http/house.ts';

let house: House;
let env: Record<string, string>;
beforeAll(async () => {
  house = await openHouse();
  env = {
    NO_COLOR: '1',
    CALLWRIGHT_API: await house.http.listen(),
    CALLWRIGHT_TOKEN: await house.token('supervisor'),
  };
  await aCall();
});
afterAll(() => house.close());

/** A call that waited for two seconds, and who took it. */
async function aCall(): Promise<void> {
  const now = house.clock.now();
  const agent = (status: 'ready' | 'logged-out'): Fact => ({
    type: 'agent.status.changed',
    data: { agentId: 'alice', status, previous: 'logged-out', reason: null },
  });
  const busy = (
    state: 'reserved' | 'talking' | 'wrap-up' | 'idle',
    previous: 'idle' | 'reserved' | 'talking' | 'wrap-up',
  ): Fact => ({
    type: 'agent.state.changed',
    data: { agentId: 'alice', state, previous, callId: 'c', lastedMs: 1_000 },
  });
  const facts: readonly (readonly [string, number, Fact])[] = [
    ['agent/alice', 0, agent('ready')],
    [
      'call/c',
      1_000,
      { type: 'call.arrived', data: { direction: 'inbound', ani: '1', dnis: '2', source: 'p', legId: 'l' } },
    ],
    ['call/c', 1_000, { type: 'call.queued', data: { queue: 'support', language: 'en', require: [], priority: 0 } }],
    ['agent/alice', 1_000, busy('reserved', 'idle')],
    ['agent/alice', 3_000, busy('talking', 'reserved')],
    [
      'call/c',
      3_000,
      { type: 'call.connected', data: { queue: 'support', agentId: 'alice', waitedMs: 2_000, rangMs: 2_000 } },
    ],
    ['agent/alice', 63_000, busy('idle', 'talking')],
  ];
  await house.live.append(facts.map(([subject, after, fact], seq) => ({ ...fact, subject, seq, at: now + after })));
}

async function run(
  command: (env: Record<string, string>) => Command,
  args: readonly string[],
  change: Record<string, string> = {},
) {
  const lines: string[] = [];
  const spies = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((line: unknown) => void lines.push(String(line))),
  );
  try {
    await command({ ...env, ...change }).parseAsync([...args], { from: 'user' });
    return { status: process.exitCode, said: lines.join('\n') };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

const SPAN = ['--from', '2025-11-20T00:00:00Z'];

describe('callwright explain', () => {
  it('tells of a call: the answer first, then what it rests on, with times of another day in full', async () => {
    const { status, said } = await run(explainCommand, ['call', 'call-1']);
    expect(status).toBe(0);
    expect(said.split('\n').map((line) => line.trim())).toEqual([
      'It waits for german ≥ 3.',
      expect.stringMatching(/^\d\d:\d\d:01 {2}Joined queue support\.$/),
      'It asked for german ≥ 3.',
    ]);
  });

  it('breaks lines where the terminal ends', async () => {
    const { said } = await run(explainCommand, ['agent', 'alice'], { COLUMNS: '24' });
    expect(said.split('\n').filter(({ length }) => length > 24)).toEqual([]);
    expect(said).toMatch(/^ {10}support\.$/m);
  });

  it('prints what the server answered', async () => {
    const { said } = await run(explainCommand, ['agent', 'alice', '--json']);
    expect(JSON.parse(said)).toMatchObject({ of: 'agent', id: 'alice', lines: [{ at: 1_000 }] });
  });

  it.each([
    ['call', 'call-9', 'call'],
    ['agent', 'nobody', 'agent'],
  ])('says that there is no such %s, and exits with 1', async (kind, id, word) => {
    expect(await run(explainCommand, [kind, id])).toEqual({ status: 1, said: expect.stringContaining(word) });
  });

  it('says who may ask', async () => {
    const change = { CALLWRIGHT_TOKEN: await house.token('agent', 'bob') };
    expect(await run(explainCommand, ['call', 'call-1'], change)).toMatchObject({ status: 2 });
  });
});

describe('callwright kpis', () => {
  it('shows figures with definitions, and what the house filled in', async () => {
    const { status, said } = await run(kpisCommand, SPAN, { COLUMNS: '80' });
    expect(status).toBe(0);
    expect(said).toMatch(/^All calls, from 2025-11-\d\d \d\d:\d\d to now$/m);
    expect(said).toMatch(/^ASA +2\.0 s$/m);
    expect(said).toMatch(/^Occupancy +98\.4 %$/m);
    expect(said).toMatch(/^T_short is 5 s, W 7 days/m);
    expect(said).toMatch(/^The journal begins at 2025-11-\d\d \d\d:\d\d: what was before is not counted\.$/m);
    expect(said.split('\n').filter(({ length }) => length > 80)).toEqual([]);
  });

  it('shows one queue, and knows which there are', async () => {
    const { said } = await run(kpisCommand, [...SPAN, '--queue', 'support']);
    expect(said).toMatch(/^Queue support, from/);
    expect(await run(kpisCommand, [...SPAN, '--queue', 'sales'])).toEqual({
      status: 1,
      said: "No call came to a queue 'sales' in that time; calls came to: support.",
    });
  });

  it('prints what the server answered', async () => {
    const { said } = await run(kpisCommand, [...SPAN, '--json']);
    expect(JSON.parse(said)).toMatchObject({ report: { all: { handled: 1, asa: 2_000 } }, settings: { targetMs: {} } });
  });
});

describe('callwright kpis import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-import-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const give = async (text: string, role: 'manager' | 'supervisor' = 'manager') => {
    const file = join(folder, 'figures.csv');
    writeFileSync(file, text);
    const { status, said } = await run(kpisCommand, ['import', file, '--source', 'Staff office'], {
      CALLWRIGHT_TOKEN: await house.token(role),
    });
    return { status, said: said.replaceAll(file, 'FILE') };
  };
  const HEAD = 'figure,from,to,by,key,value\n';

  it('gives figures that are shown from then on, and takes them away', async () => {
    const file = `${HEAD}turnover,2025-10-01,2025-12-01,,,0.031\nretention,2025-10-01,2026-10-01,team,north,0.9\n`;
    expect(await give(file)).toEqual({ status: 0, said: '2 values kept.' });
    const { said } = await run(kpisCommand, SPAN);
    expect(said).toMatch(/^Agent turnover, 2025-10-01 to 2025-12-01 +3\.1 % +Staff office, imported /m);
    expect(said).not.toContain('Customer retention');
    expect(await give(`${HEAD}turnover,2025-10-01,2025-12-01,,,\n`)).toMatchObject({
      said: '0 values kept, 1 taken away.',
    });
    expect((await run(kpisCommand, SPAN)).said).not.toContain('Agent turnover');
  });

  it.each([
    ['figure,value\nturnover,1\n', 2, 'FILE:2: the columns are figure,from,to,by,key,value.'],
    [`${HEAD}turnover,soon,2025-12-01,,,1\n`, 2, "FILE:2: 'soon' is no time"],
    [
      `${HEAD}turnover,2025-10-01,2025-12-01,,,1\nturnover,2025-12-01,2026-01-01,,,3 %\n`,
      2,
      "FILE:3: '3 %' is no number",
    ],
    [`${HEAD}turnover,2025-10-01,2025-12-01,,,"1\n`, 2, 'FILE is not CSV'],
    [`${HEAD}turnover,2025-12-01,2025-10-01,,,1\n`, 1, 'Value 1: its span ends before it begins.'],
  ])('%j: says what is wrong, and where', async (file, status, said) => {
    expect(await give(file)).toEqual({ status, said: expect.stringContaining(said) });
  });

  it('is for managers', async () => {
    expect(await give(`${HEAD}turnover,2025-10-01,2025-12-01,,,1\n`, 'supervisor')).toMatchObject({ status: 2 });
  });
});

describe('callwright replay', () => {
  it('plays the day again by the rules in force', async () => {
    const { status, said } = await run(replayCommand, SPAN);
    expect(status).toBe(0);
    expect(said).toContain('The journal begins at 2025-11-');
    expect(said).toMatch(/^1 stay in queues\. By the rules in force \d+\.0 % of the answered calls/);
    expect(said).toMatch(/^support as it was +1 +1 +0 +0 +2\.0 s/m);
  });

  it('prints figures for other programs', async () => {
    const { said } = await run(replayCommand, [...SPAN, '--json']);
    expect(JSON.parse(said)).toMatchObject({ calls: 1, was: { support: { answered: 1 } }, changed: null });
  });

  it('says that nobody waited in that time', async () => {
    const { said } = await run(replayCommand, ['--from', '2025-11-20', '--to', '2025-11-21']);
    expect(said).toBe('No call waited in a queue in that time.');
  });

  it('says what is wrong with a folder that cannot be tried', async () => {
    const { status, said } = await run(replayCommand, [...SPAN, '--flows', 'tests/corpus/dangling-target']);
    expect({ status, said }).toMatchObject({ status: 2, said: expect.stringContaining('flow check') });
  });

  it('tells in its help what is not played', () => {
    const help: string[] = [];
    const command = replayCommand(env).configureOutput({ writeOut: (text) => void help.push(text) });
    command.outputHelp();
    expect(help.join('').replaceAll('\n', ' ')).toMatch(
      /Not played are hours, overflow, who is let in, reserves for campaigns, .* Callbacks, messages and consultations/,
    );
  });
});
