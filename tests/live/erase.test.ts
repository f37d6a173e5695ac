import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse();

const CALLER = '+358405550177';
const ERASED_WITHIN_MS = 120_000;

interface Erasure {
  readonly id: string;
  readonly state: string;
  readonly found: Readonly<Record<string, number>>;
  readonly problem: string | null;
}

test('a person who called, waited, talked and was recorded is nowhere after his erasure, and figures are as before', async () => {
  const { api, call, phone, ready, callwright, folder, journal } = house();
  const token = await api.issueToken('the manager', 'manager');
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    const reply = await fetch(`${callwright.apiUrl}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await reply.json()) as T;
  };
  const from = new Date(Date.now() - 60_000).toISOString();
  const answers = await phone('1005', { answerAfterMs: 200 });
  await ready('eve');
  const since = journal.mark();
  const caller = await call({ to: '501', from: CALLER });
  const [started] = await journal.until('recording.started', { since });
  expect(await ask('POST', '/v1/erasures', { numbers: [CALLER] })).toMatchObject({ status: 409 });
  caller.hangUp();
  await journal.until('call.ended', { since });
  await answers.unplug();
  const callId = callOf(started);
  await until(
    'its recording',
    () => api.recordings(callId),
    (kept) => kept.some(({ durationMs }) => durationMs != null),
  );
  await until(
    'eve to be free',
    () => api.agent('eve'),
    ({ state }) => state === 'idle',
  );
  const to = new Date().toISOString();
  const span = `/v1/kpis?from=${from}&to=${to}`;
  const before = await ask<object>('GET', span);
  expect(named(folder)).not.toEqual([]);
  const { id } = await ask<Erasure>('POST', '/v1/erasures', { numbers: [CALLER], compact: true });
  const done = await until(
    'the erasure',
    () => ask<Erasure>('GET', `/v1/erasures/${id}`),
    ({ state }) => state === 'done',
    { withinMs: ERASED_WITHIN_MS },
  );
  expect(done).toMatchObject({ problem: null, found: { calls: 1, recordings: 1 } });
  expect(counted(await ask<object>('GET', span))).toEqual(counted(before));
  expect(await api.recordings(callId)).toEqual([]);
  expect(readdirSync(join(callwright.data, 'recordings')).filter((name) => name.endsWith('.wav'))).toEqual([]);
  expect((await api.record(callId)).ani).toMatch(/^erased-/u);
  // The write-ahead log keeps old pages until its segments are used again; docs/erase.md says so.
  const places = [callwright.data, join(folder, 'redis')];
  await until(
    'no file to name him',
    () => places.flatMap(named),
    (files) => files.every((path) => path.includes('/pg_wal/')),
  );
});

/** Without the part of her time in which the agent is busy: she sits there on, and what she does now is known when it ends. */
const counted = (report: object): unknown =>
  JSON.parse(JSON.stringify(report, (key, value: unknown) => (key === 'occupancy' ? undefined : value)));

/** Files in which the number stands, in any way in which it is written. */
function named(path: string): string[] {
  return readdirSync(path).flatMap((name) => {
    const full = join(path, name);
    const stats = statSync(full, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return named(full);
    return stats?.isFile() && readFileSync(full, 'latin1').includes('405550177') ? [full] : [];
  });
}
