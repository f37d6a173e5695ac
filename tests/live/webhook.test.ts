import { expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse();

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
}

test('a receiver hears every event of a call in order, though he is down and Callwright is killed meanwhile', async () => {
  const { api, crm, phone, ready, call, journal, restart, callwright } = house();
  crm.answers({ status: 200, body: {} });
  const secret = await api.webhook(`${crm.url}/events`);
  await phone('1003', { answerAfterMs: 100 });
  await ready('cleo');
  const since = journal.mark();
  const keys = ['1', '2'].map((digit) => ({ afterMs: 200, digit }));
  const caller = await call({ to: '500', from: '7001', keys });
  await journal.until('call.connected', { since });
  await crm.down();
  await callwright.end('SIGKILL');
  await restart();
  await journal.until('switch.reconciled', { since });
  caller.hangUp();
  const [ended] = await journal.until('call.ended', { since });
  await crm.up();

  const subject = `call/${callOf(ended)}`;
  const heard = () => crm.posted.map(({ body }) => JSON.parse(body) as Sent).filter((sent) => sent.subject === subject);
  const last = await until(
    'the end of the call to be heard of',
    async () => heard(),
    (sent) => sent.some(({ type }) => type === 'callwright.call.ended.v1'),
    { withinMs: 60_000 },
  );
  const first = last.filter((sent, nth) => last.findIndex(({ id }) => id === sent.id) === nth);
  expect(first.map(({ sequence }) => Number(sequence))).toEqual(first.map((_, nth) => nth + 1));
  expect(first[0]?.type).toBe('callwright.call.arrived.v1');
  for (const { path, headers, body } of crm.posted) {
    expect(path).toBe('/events');
    expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
  }
});
