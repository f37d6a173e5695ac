import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { alarmLines } from '../../../src/cli/alarms.ts';
import type { AlarmView } from '../../../src/engine/ports/alarms.ts';
import { alarmOf, judge } from '../../../src/work/threshold-judge.ts';
import { ruleOf } from '../work/threshold-rule.ts';
import { openHouse } from './house.ts';

const NOW = 1_793_606_400_000;

function anAlarm(): AlarmView {
  const rule = ruleOf({ forMs: 0 });
  const read = new Map([['slow', [{ name: 'support', value: 0.6, sample: 40 }]]]);
  const [watched] = judge(new Map([['slow', rule]]), new Map(), read, NOW).watched.values();
  const alarm = watched && alarmOf(watched, NOW);
  if (!alarm) throw new Error('nothing was raised');
  return alarm;
}

it('answers the alarms to who looks after the floor or the machine, and to nobody else', async () => {
  const house = await openHouse({}, undefined, undefined, { alarms: async () => [anAlarm()] });
  onTestFinished(() => house.close());
  const ask = (role: 'supervisor' | 'engineer' | 'agent') => house.ask(role, { method: 'GET', url: '/v1/alarms' });
  for (const role of ['supervisor', 'engineer'] as const) {
    const answer = await ask(role);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ items: [anAlarm()] });
  }
  expect((await ask('agent')).statusCode).toBe(403);
});

it('are told in a terminal in words', () => {
  expect(alarmLines([], NOW)).toEqual(['There is no alarm.']);
  expect(alarmLines([anAlarm(), { ...anAlarm(), severity: 'warning', phase: 'easing' }], NOW + 300_000)).toEqual([
    'ALARM    Answered too late (slow)',
    '  The service level of queue support is 60 % (of the last 15 min, 40 calls), below 80 %. Told 5 min ago.',
    'warning  Answered too late (slow)',
    '  The service level of queue support is 60 % (of the last 15 min, 40 calls), below 80 %. It is well, but not yet for long enough. Told 5 min ago.',
  ]);
});

/** `callwright alarms`, as somebody runs it in a terminal. */
function alarmsCommand(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const main = resolve(import.meta.dirname, '../../../src/cli/main.ts');
  const child = spawn(process.execPath, ['--no-warnings', main, 'alarms', ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told = { said: '', faults: '', ended: once(child, 'exit') };
  child.stdout.on('data', (text: Buffer) => void (told.said += text.toString()));
  child.stderr.on('data', (text: Buffer) => void (told.faults += text.toString()));
  return { told, child };
}

it('are watched in a terminal: said when they change and not otherwise, until Ctrl-C', {
  timeout: 60_000,
}, async () => {
  let [alarms, looks]: [readonly AlarmView[], number] = [[], 0];
  const house = await openHouse({}, undefined, undefined, { alarms: async () => ((looks += 1), alarms) });
  onTestFinished(() => house.close());
  const env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: await house.token('supervisor') };
  const { told, child } = alarmsCommand(env, '--watch', '--every', '50ms');
  const patience = { timeout: 30_000, interval: 20 };
  const looked = async () => {
    const before = looks;
    await vi.waitFor(() => expect(looks).toBeGreaterThan(before + 3), patience);
  };
  const [none, raised] = ['There is no alarm.\n', 'ALARM    Answered too late (slow)\n'];
  await vi.waitFor(() => expect(told.said).toBe(none), patience);
  await looked();
  alarms = [anAlarm()];
  await vi.waitFor(() => expect(told.said).toContain(raised), patience);
  await looked();
  alarms = [];
  await vi.waitFor(() => expect(told.said.split(none)).toHaveLength(3), patience);
  await looked();
  expect(told.said.split(raised)).toHaveLength(2);
  child.kill('SIGINT');
  expect(await told.ended).toEqual([null, 'SIGINT']);
  expect(told.faults).toBe('');
});

it('end by a code that a script can read: 1 while there is one, 2 when nobody answers', {
  timeout: 60_000,
}, async () => {
  const house = await openHouse({}, undefined, undefined, { alarms: async () => [anAlarm()] });
  const env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: await house.token('supervisor') };
  expect(await alarmsCommand(env).told.ended).toEqual([1, null]);
  const unclear = alarmsCommand(env, '--watch', '--every', '5').told;
  expect(await unclear.ended).toEqual([2, null]);
  expect(unclear.faults).toContain('Write a time between 50ms and 1h');
  const watching = alarmsCommand(env, '--watch', '--every', '50ms').told;
  await vi.waitFor(() => expect(watching.said).toContain('ALARM'), { timeout: 30_000 });
  await house.close();
  expect(await watching.ended).toEqual([2, null]);
  expect(watching.faults).toMatch(/Nothing answers at http/u);
});
