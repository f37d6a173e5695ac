import { expect, test } from 'vitest';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse();
/** The stores are looked at every ten seconds, after a follow-up was looked at every five. */
const WATCHED = { withinMs: 40_000, everyMs: 500 };

async function asker(role: 'manager') {
  const { api, callwright } = house();
  const token = await api.issueToken('the manager', role);
  return async (method: string, path: string, body?: object): Promise<{ status: number; text: string }> => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const reply = await fetch(`${callwright.apiUrl}${path}`, init);
    return { status: reply.status, text: await reply.text() };
  };
}

test('promises that are open and overdue are in the metrics, and dead letters of a group among the events', async () => {
  const { api, journal } = house();
  const ask = await asker('manager');
  const since = journal.mark();
  const wish = { kind: 'task', reason: 'the router', owner: { kind: 'agent', id: 'eve' } };
  for (const afterMs of [2_000, 3_600_000]) {
    const dueAt = new Date(Date.now() + afterMs).toISOString();
    expect(await ask('POST', '/v1/follow-ups', { ...wish, dueAt })).toMatchObject({ status: 201 });
  }
  expect((await ask('PUT', '/v1/events/groups/numbers', { from: 'oldest' })).status).toBeLessThan(300);
  const taken = { consumer: 'nobody', limit: 1, lapsedMs: 1_000, mostTries: 1 };
  const take = () => ask('POST', '/v1/events/groups/numbers/take', taken);
  await take();
  const dead = () => ask('GET', '/v1/events/groups/numbers/dead');
  await until(
    'a dead letter',
    async () => {
      await take();
      return dead();
    },
    ({ text }) => text.includes('"tries":1'),
    WATCHED,
  );
  const [told] = await journal.until('group.dead-letter', { since, withinMs: 40_000 });
  expect(told.data).toMatchObject({ group: 'numbers', first: { tries: 1 } });
  const shown = (text: string) =>
    text.split('\n').filter((line) => line.startsWith('callwright_follow_ups{owner="agent"'));
  const lines = await until(
    'an overdue promise',
    () => api.metrics(),
    (text) => shown(text).join().includes('"overdue"} 1'),
    WATCHED,
  );
  expect(shown(lines)).toEqual([
    'callwright_follow_ups{owner="agent",state="open"} 2',
    'callwright_follow_ups{owner="agent",state="overdue"} 1',
  ]);
  expect((await ask('DELETE', '/v1/events/groups/numbers')).status).toBeLessThan(300);
});

test('figures from elsewhere stand in the answer, in the CSV and on the page, beside what is counted', async () => {
  const ask = await asker('manager');
  const [from, to] = ['2026-10-01T00:00:00+03:00', '2026-11-01T00:00:00+02:00'];
  const value = { figure: 'turnover', from, to, by: 'team', key: 'north', value: 0.031 };
  const given = await ask('PUT', '/v1/kpis/imported', { source: 'Staff office', values: [value] });
  expect(given).toEqual({ status: 200, text: '{"kept":1,"gone":0}' });
  const span = `from=${encodeURIComponent(from)}&by=team`;
  const { imported } = JSON.parse((await ask('GET', `/v1/kpis?${span}`)).text) as { imported: unknown[] };
  const stored = {
    ...value,
    from: Date.parse(from),
    to: Date.parse(to),
    source: 'Staff office',
    importedBy: 'the manager',
  };
  expect(imported).toMatchObject([stored]);
  expect((await ask('GET', `/v1/kpis/report?${span}&format=csv`)).text).toContain(',north,turnover,0.031,share,');
  expect((await ask('GET', `/v1/kpis/report?${span}`)).text).toContain('Staff office, ');
  expect(JSON.parse((await ask('GET', '/v1/kpis?from=0&by=campaign')).text)).toMatchObject({ outbound: [] });
});
