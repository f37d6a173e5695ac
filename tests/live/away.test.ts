import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEar } from './support/ear.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse();

test('who calls while Callwright is away hears music, and is served when it is back', async () => {
  const { phone, call, journal, asterisk, restart, callwright, ready } = house();
  await phone('1005', { answerAfterMs: 100 });
  await callwright.end('SIGKILL');
  const ear = await openEar();
  const caller = await call({ to: '501', from: '7001', earPort: ear.port });
  await caller.answered();
  await until(
    'a second of music',
    () => ear.heard(),
    (packets) => packets > 50,
  );
  expect(await asterisk.channels()).toHaveLength(1);

  const since = journal.mark();
  await restart();
  await ready('eve');
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data).toMatchObject({ queue: 'desk', agentId: 'eve' });
  caller.hangUp();
  const [ended] = await journal.until('call.ended', { since });
  expect(ended.data.detected).toBe('event');
  ear.close();
});

test('asked to end, Callwright leaves no process; calls stay, with their music, and go on when it is back', async () => {
  const { phone, crowd, journal, asterisk, restart, callwright, ready, live } = house();
  await phone('1005', { answerAfterMs: 100 });
  await phone('1006', { answerAfterMs: 100 });
  const ear = await openEar();
  await ready('eve');
  const since = journal.mark();
  const [talking, waiting] = await crowd(
    ['7001', '7002'].map((from) => ({ to: '501', from, earPort: ear.port })),
    300,
  );
  await journal.until('call.connected', { since });
  await journal.until('call.position.announced', { since });
  // What is said takes three seconds for both together; who hears more than that hears music.
  await until(
    'music',
    () => ear.heard(),
    (packets) => packets > 250,
  );

  expect(processesOf(callwright.data)).toHaveLength(2);
  expect(await callwright.end('SIGTERM')).toBe(0);
  expect(processesOf(callwright.data)).toEqual([]);
  expect(await live.leases()).toEqual([]);
  expect(await asterisk.channels()).toHaveLength(3);
  const before = ear.heard();
  await until(
    'music to go on',
    () => ear.heard(),
    (packets) => packets > before + 50,
  );

  const outage = journal.mark();
  await restart();
  const [reconciled] = await journal.until('switch.reconciled', { since: outage });
  expect(reconciled.data).toMatchObject({ adopted: 2, closed: 0, unknown: 0, freedAgents: 0 });
  await ready('finn');
  const [connected] = await journal.until('call.connected', { since: outage });
  expect(connected.data.agentId).toBe('finn');
  for (const caller of [talking, waiting]) caller?.hangUp();
  await journal.until('call.ended', { since: outage, times: 2 });
  ear.close();
});

test('Asterisk is killed under Callwright: its calls are closed in the records, agents are free, new calls are served', async () => {
  const { phone, crowd, call, journal, asterisk, ready, api } = house();
  await phone('1005', { answerAfterMs: 100 });
  await ready('eve');
  const since = journal.mark();
  await crowd([
    { to: '501', from: '7001' },
    { to: '501', from: '7002' },
  ]);
  await journal.until('call.connected', { since });
  await journal.until('call.queued', { since, times: 2 });

  await asterisk.crash();
  await journal.until('switch.disconnected', { since });
  await asterisk.start();
  const [reconciled] = await journal.until('switch.reconciled', { since });
  expect(reconciled.data).toMatchObject({ closed: 2, adopted: 0 });
  expect(journal.of('switch.connected', since).at(-1)?.data.restarted).toBe(true);
  const ended = await journal.until('call.ended', { since, times: 2 });
  expect(ended.map(({ data }) => data.detected)).toEqual(['reconcile', 'reconcile']);
  await until(
    'eve to be free',
    () => api.agent('eve'),
    ({ state, status }) => state === 'idle' && status === 'ready',
  );

  const again = journal.mark();
  await call({ to: '501', from: '7003' });
  const [connected] = await journal.until('call.connected', { since: again });
  expect(connected.data.agentId).toBe('eve');
});

/** Processes that have the folder in their command line or their environment. */
const processesOf = (folder: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder));
    } catch {
      return false; // it ended while we looked, or is somebody else's
    }
  });
