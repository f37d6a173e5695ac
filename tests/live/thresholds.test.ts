import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { AlarmView } from '../../src/engine/ports/alarms.ts';
import { command } from './support/command.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

/** Figures beyond what the site allows, of real calls and agents: told once, also when the process dies that told them. */
const house = useHouse();

const RULES = `
long-wait: { title: Somebody waits too long, severity: alarm, queue: support, figure: longestWait, above: 1s, for: 1s, clearFor: 6s }
long-break: { title: A break is too long, agent: "*", figure: breakLength, reasons: [lunch], above: 2s }
`;

let token = '';
beforeAll(async () => {
  const { site, api, callwright } = house();
  token = callwright.adminToken ?? '';
  writeFileSync(join(site, 'site/thresholds.yaml'), RULES);
  writeFileSync(join(site, 'site/floor.yaml'), 'reasons: { lunch: { title: Lunch } }\n');
  await api.loadFlows();
});

async function ask<T extends object | null>(path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
  const reply = await fetch(`${house().callwright.apiUrl}${path}`, init);
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as T;
}

const alarms = async () => (await ask<{ items: readonly AlarmView[] }>('/v1/alarms')).items;

/** `callwright alarms` in a terminal: what it says and how it ends. */
async function terminal(): Promise<{ readonly code: number; readonly said: string }> {
  const { callwright, crm } = house();
  const at = { crm, callwright: { ...callwright, adminToken: token } };
  try {
    return { code: 0, said: await command(at, ['alarms']) };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, said: stdout };
  }
}

test('an alarm is told once and cleared once, though the process that told it was killed meanwhile', async () => {
  const { call, journal, callwright, restart } = house();
  expect(await terminal()).toEqual({ code: 0, said: 'There is no alarm.\n' });
  const since = journal.mark();
  const caller = await call({ to: '500', from: '7101', keys: ['1', '2'].map((digit) => ({ afterMs: 200, digit })) });
  const [raised] = await journal.until('threshold.raised', { since });
  expect(raised.data).toMatchObject({ threshold: 'long-wait', severity: 'alarm', of: 'queue', name: 'support' });
  const { alarmId } = raised.data;
  expect(await alarms()).toMatchObject([{ alarmId, threshold: 'long-wait', phase: 'raised' }]);
  const { code, said } = await terminal();
  expect(code).toBe(1);
  expect(said).toContain('ALARM    Somebody waits too long (long-wait)');

  await callwright.end('SIGKILL');
  await restart();
  // Known from the store at once; watched again when the lease of the dead process has lapsed.
  expect(await alarms()).toMatchObject([{ alarmId }]);
  caller.hangUp();
  const [cleared] = await journal.until('threshold.cleared', { since, withinMs: 60_000 });
  expect(cleared.data).toMatchObject({ alarmId, threshold: 'long-wait', why: 'well' });
  expect(cleared.data.lastedMs).toBeGreaterThan(6_000);
  expect(journal.of('threshold.raised', since)).toHaveLength(1);
  expect(journal.of('threshold.cleared', since)).toHaveLength(1);
  expect(await alarms()).toEqual([]);
  expect((await terminal()).code).toBe(0);
}, 130_000);

test('a break beyond its length is a warning, over as soon as he is back', async () => {
  const { journal, api } = house();
  const since = journal.mark();
  await ask('/v1/agents/dora/status', { status: 'not-ready', reason: 'lunch' });
  const [raised] = await journal.until('threshold.raised', { since, withinMs: 60_000 });
  expect(raised.data).toMatchObject({ threshold: 'long-break', severity: 'warning', of: 'agent', name: 'dora' });
  await api.setStatus('dora', 'ready');
  const [cleared] = await journal.until('threshold.cleared', { since });
  expect(cleared.data).toMatchObject({ alarmId: raised.data.alarmId, why: 'well' });
  await until('no alarm to be left', alarms, (left) => left.length === 0);
}, 90_000);
