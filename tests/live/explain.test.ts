import { expect, test } from 'vitest';
import { KpiBook } from '../../src/acd/kpi/book.ts';
import type { KpiSettings } from '../../src/acd/kpi/words.ts';
import type { Explanation } from '../../src/engine/ports/explain.ts';
import { command } from './support/command.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

const house = useHouse();

const json = async <T>(...args: readonly string[]) => JSON.parse(await command(house(), [...args, '--json'])) as T;
/** What is said, as one line. */
const said = async (...args: readonly string[]) => (await command(house(), args)).replaceAll(/\s+/g, ' ');

test('a supervisor is told why calls wait, why agents idle, who got what; figures and a replay agree with the journal', async () => {
  const { phone, ready, call, crowd, journal } = house();
  const from = new Date().toISOString();
  const since = journal.mark();
  await phone('1005', { answerAfterMs: 300 });
  await phone('1006', {});
  await ready('eve');
  const first = await call({ to: '501', from: '7001' });
  await journal.until('call.connected', { since });
  const [second, third] = await crowd([
    { to: '501', from: '7002' },
    { to: '501', from: '7003' },
  ]);
  await journal.until('call.queued', { since, times: 3 });
  const arrivals = journal.of('call.arrived', since);
  const idOf = (ani: string) => arrivals.filter(({ data }) => data.ani === ani).map(callOf)[0] ?? '';

  const waits = await said('explain', 'call', idOf('7003'));
  expect(waits).toMatch(/^Has waited \d+ s in desk, number 2, and asks for nothing in particular\. 1 agent logged in/);
  expect(waits).toMatch(/Came from 7003 to 501\. .*Joined queue desk, asking for nothing in particular\./);
  expect(waits).toMatch(/Eve has been talking for \d+ s .*Finn is logged out/);
  const busy = await said('explain', 'agent', 'eve');
  expect(busy).toMatch(/^Eve \(eve\) has been talking for \d+ s; 2 calls wait, and Eve could take all once free\./);
  expect(busy).toContain(`${idOf('7002')}: number 1 in desk, `);
  expect(busy).toMatch(
    /Was offered \S+ \(desk\), and answered after \d+ s\. By longest-idle: Eve \(idle for \d+ s\), nobody else free\./,
  );
  expect(await said('explain', 'agent', 'cleo')).toMatch(
    /^Cleo \(cleo\) is logged out; 2 calls wait, and Cleo does not/,
  );

  await ready('finn');
  await journal.until('call.offered', { since, times: 2 });
  first.hangUp();
  await journal.until('call.connected', { since, times: 2 });
  second?.hangUp();
  await journal.until('call.abandoned', { since });
  await journal.until('call.offer.failed', { since });
  third?.hangUp();
  await journal.until('call.ended', { since, times: 3 });
  const idle = await journal.until('agent.state.changed', {
    since,
    times: 3,
    fits: ({ data }) => data.state === 'idle',
  });
  expect(idle).toHaveLength(3);

  const lost = await said('explain', 'call', idOf('7002'));
  expect(lost).toMatch(/^The caller gave up after \d+ s, while a phone rang\. Ended \(completed\) after \d+ s\./);
  expect(lost).toMatch(
    /Offered to Finn\. Its turn: \d+ s waited\. .* 2 agents logged in could have taken it, 1 of them free\./,
  );
  expect(lost).toMatch(
    /The caller gave up after \d+ s, while a phone rang\. .*Finn was rung for \d+ s, and not needed any more\./,
  );
  const { lines } = await json<Explanation>('explain', 'call', idOf('7003'));
  expect(lines.map(({ text }) => text)).toContain('Offered to Eve.');

  const { report, settings } = await json<KpisView>('kpis', '--from', from);
  const book = new KpiBook(
    { ...settings, targetMs: new Map(Object.entries(settings.targetMs)) },
    { from: Date.parse(from) },
  );
  for (const event of journal.all()) book.see(event);
  // The book knows more of each queue than is told.
  expect(JSON.parse(JSON.stringify(book.report()))).toMatchObject(report);
  expect(report).toMatchObject({ all: { arrived: 3, handled: 2, abandoned: 1 }, queues: { desk: { offered: 3 } } });
  const figures = await command(house(), ['kpis', '--from', from, '--queue', 'desk'], 80);
  expect(figures).toMatch(/^Calls handled +2$/m);

  const again = await json<object>('replay', '--from', from);
  const desk = { calls: 3, answered: 2, abandoned: 1 };
  expect(again).toMatchObject({ calls: 3, sameAgain: 1, was: { desk }, again: { desk } });
  expect(await said('replay', '--from', from, '--flows', house().site)).toContain('By the changed rules 0.0 % of them');
});

interface KpisView {
  readonly report: object;
  readonly settings: Omit<KpiSettings, 'targetMs'> & { readonly targetMs: Readonly<Record<string, number>> };
}
