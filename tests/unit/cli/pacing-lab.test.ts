import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fact } from '../../../src/call/journal.ts';
import { pacingCommand } from '../../../src/cli/pacing.ts';
import { type House, openHouse } from '../http/house.ts';

const folder = mkdtempSync(join(tmpdir(), 'callwright-pacing-'));
let house: House;
let env: Record<string, string>;
beforeAll(async () => {
  house = await openHouse();
  env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: await house.token('supervisor') };
  await house.live.append(campaignDay(house.clock.now()));
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

/** 60 dials, every other of them answered after 8 s, one talk of 50 s and 10 s of wrap-up each; the others ring for 20 s. */
function campaignDay(now: number) {
  const event = (subject: string, after: number, fact: Fact, seq: number) => ({
    ...fact,
    subject,
    seq,
    at: now + 1_000 * after,
  });
  const moves = (
    [
      { status: 'ready', after: 0 },
      { status: 'logged-out', after: 7_000 },
    ] as const
  ).map(({ status, after }, n) =>
    event(
      'agent/alice',
      after,
      { type: 'agent.status.changed', data: { agentId: 'alice', status, previous: 'logged-out', reason: null } },
      n === 0 ? 0 : 9_999,
    ),
  );
  const busy = (
    n: number,
    after: number,
    state: 'talking' | 'wrap-up' | 'idle',
    previous: 'idle' | 'talking' | 'wrap-up',
    step: number,
  ) =>
    event(
      'agent/alice',
      after,
      { type: 'agent.state.changed', data: { agentId: 'alice', state, previous, callId: `c${n}`, lastedMs: 0 } },
      10 + 5 * n + step,
    );
  const dials = Array.from({ length: 60 }, (_, n) => {
    const t = 100 * n;
    const ids = { campaignId: 'spring', leadId: `l${n}`, attemptId: `a${n}` };
    const call = `call/c${n}`;
    // Predictive dials keep no agent, progressive ones do: a day is measured by both.
    const keeps = n % 4 < 2 ? {} : ({ keeps: 'nobody' } as const);
    const told = { ...ids, ...keeps, number: '+3580', trunk: 'public' };
    const begun = event(call, t, { type: 'attempt.started', data: told }, 0);
    if (n % 2 === 1) {
      const data = { ...ids, outcome: 'noAnswer', q850: 19, sip: 480, rangMs: 19_000 };
      return [begun, event(call, t + 20, { type: 'attempt.ended', data }, 1)];
    }
    const queue = 'campaign:spring';
    return [
      begun,
      event(call, t + 8, { type: 'call.queued', data: { queue, language: 'en', require: [], priority: 0 } }, 1),
      busy(n, t + 8, 'talking', 'idle', 0),
      event(call, t + 8, { type: 'call.connected', data: { queue, agentId: 'alice', waitedMs: 0, rangMs: 0 } }, 2),
      busy(n, t + 58, 'wrap-up', 'talking', 1),
      busy(n, t + 68, 'idle', 'wrap-up', 2),
    ];
  });
  return [...moves, ...dials.flat()].toSorted((a, b) => a.at - b.at);
}

/** What a command prints, and how it ended. */
async function run(line: string, change: Record<string, string> = {}) {
  const told: string[] = [];
  const keep = (...words: unknown[]) => void told.push(words.join(' '));
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(keep),
    vi.spyOn(console, 'error').mockImplementation(keep),
  ];
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const program = new Command('callwright').addCommand(pacingCommand({ ...env, ...change }));
    for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
      command
        .exitOverride()
        .configureOutput({ writeOut: (text) => told.push(text), writeErr: (text) => told.push(text) });
    }
    await program.parseAsync(line.split(' '), { from: 'user' }).catch((error: unknown) => told.push(String(error)));
    return { told: told.join('\n'), exitCode: process.exitCode };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = before;
  }
}

const shorter = (line: string) => line.replace('--hours 1', '--hours 0.05').replace('--leads 500', '--leads 30');

describe('callwright pacing lab', () => {
  it('prints a line for each policy, draws the day, and says the same again', async () => {
    const line = `pacing lab --agents 4 --hours 0.1 --policy predictive,progressive,power:2 --out ${folder}`;
    const { told, exitCode } = await run(line);
    expect(exitCode).toBe(0);
    expect(told).toContain('A synthetic day');
    for (const policy of ['predictive', 'progressive', 'power:2'])
      expect(told).toMatch(new RegExp(`^${policy} +\\d`, 'm'));
    const svg = readFileSync(join(folder, 'pacing.svg'), 'utf8');
    expect(svg.match(/<polyline /g)).toHaveLength(9);
    expect([...svg.matchAll(/>(\d+) %</g)].map(([, mark]) => Number(mark))).toEqual(
      expect.arrayContaining([0, 20, 40, 60, 80, 100, 1, 2, 3, 4]),
    );
    expect((await run(line)).told).toBe(told);
  });

  it('plays other settings: more answers and fewer agents make other figures', async () => {
    const figures = async (more: string) =>
      JSON.parse((await run(`pacing lab --hours 1 --policy progressive --json${more}`)).told);
    const [plain, answered] = [await figures(''), await figures(' --answer-rate 60 --agents 5')];
    expect(plain.results[0].utilisation).toBeLessThan(0.6);
    expect(answered.results[0].utilisation).toBeGreaterThan(0.7);
    expect(answered.agents).toBe(5);
    const machines = await figures(' --machine-rate 40');
    expect(machines.results[0].totals.machine).toBeGreaterThan(100);
    const few = await figures(' --lines 5 --cps 0.5');
    expect(few.results[0].totals.launched).toBeLessThan(plain.results[0].totals.launched / 2);
  });

  it('measures a real day from the journal, and plays it with more agents', async () => {
    const span = `--from ${new Date(house.clock.now()).toISOString()} --to ${new Date(house.clock.now() + 7_200_000).toISOString()}`;
    house.clock.advance(7_200_000);
    const { told, exitCode } = await run(`pacing lab --real ${span} --policy progressive --agents 3`);
    expect(told).toContain('Measured on the real day: 60 dials, 30 answered (50 % by hour), ringing 8.0 s');
    expect(told).toContain('30 talks of 50 s and wrap-ups of 10 s, 1 agent as he was there');
    expect(told).toMatch(/^3 agents/m);
    expect(exitCode).toBe(0);
    const other = await run(`pacing lab --real ${span} --campaign autumn`);
    expect(other.told).toContain('Of 0 dials in that time 0 came to a finished talk');
    expect(other.exitCode).toBe(2);
  });

  it.each([
    ['--policy best', 'there is no policy "best"; there are predictive, progressive, and power:R'],
    ['--policy power:0', 'from 1 to 20'],
    ['--agents 0', 'write a whole number from 1 to 1000'],
    ['--cap three', 'write a percentage from 0 to 100'],
    ['--cps -1', 'write a number from 0.05'],
    ['--from 2026-01-01', 'add --real'],
    ['--real --hours 3', '--hours is for a synthetic day'],
  ])('says in a sentence what is wrong with %s', async (options, sentence) => {
    const { told } = await run(`pacing lab ${options}`);
    expect(told).toContain(sentence);
  });

  it('names the policy that is played when none is asked for', async () => {
    const { told } = await run('pacing lab --help');
    expect(told.replaceAll(/\s+/gu, ' ')).toContain('several with commas (default: predictive)');
  });

  it('runs every example of its page, for a few minutes instead of its hours', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/pacing-lab.md'), 'utf8');
    const examples = [...page.matchAll(/^npx callwright (pacing lab .*?)(?: {2,}#.*)?$/gm)].map(
      ([, line]) => line ?? '',
    );
    expect(examples.length).toBeGreaterThan(3);
    for (const line of examples.filter((each) => !each.includes('--real'))) {
      const { told, exitCode } = await run(shorter(line).replaceAll('./plots', folder));
      expect({ line, exitCode, said: told.slice(0, 60) }).toMatchObject({ line, exitCode: 0 });
    }
  });
});
