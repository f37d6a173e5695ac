import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

const house = useHouse({ withWorld: true });

/** In the simulated public network: talks until the other side hangs up. */
const CUSTOMER = '+358401200098';
const FOLLOW_UPS = `
usual: { dueSoon: 62s, escalation: [{ before: 1m }] }
teams: { finance: { title: Finance, members: [finn] } }
`;
const DISPOSITIONS = `
return-stuck:
  label: { en: Return cannot be completed }
  kind: success
  followUp: { kind: refund, to: { team: finance }, within: 66s }
`;

beforeAll(async () => {
  const { site, api } = house();
  appendFileSync(join(site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
  writeFileSync(join(site, 'site/follow-ups.yaml'), FOLLOW_UPS);
  writeFileSync(join(site, 'site/dispositions.yaml'), DISPOSITIONS);
  await api.loadFlows();
});

test('a return that cannot be completed is finance’s, who are alarmed in time, call the customer and close it', async () => {
  const { phone, ready, call, journal, api, callwright } = house();
  const token = await api.issueToken('the workflow', 'manager');
  /** The same again by its key, as a workflow asks that lost the answer. */
  const twice = async (path: string, body: object): Promise<void> => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    };
    const ask = () => fetch(`${callwright.apiUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const [first, again] = [await ask(), await ask()];
    expect([first.ok, again.headers.get('idempotency-replayed')], await first.clone().text()).toEqual([true, 'true']);
    expect(await again.text()).toBe(await first.text());
  };
  const dora = await phone('1004', { answerAfterMs: 100 });
  const since = journal.mark();
  const caller = await call({ to: '540', from: CUSTOMER });
  await ready('dora');
  const [talk] = await journal.until('call.connected', { since });
  caller.hangUp();
  await journal.until('call.ended', { since });
  await twice('/v1/agents/dora/disposition', { disposition: 'return-stuck' });
  const [made] = await journal.until('followup.created', { since });
  const { followUpId, dueAt } = made.data;
  expect(made.data).toMatchObject({ callId: callOf(talk), ani: CUSTOMER, owner: { kind: 'team', id: 'finance' } });
  await journal.until('followup.due-soon', { since });
  const [alarm] = await journal.until('followup.escalated', { since });
  expect(alarm.at).toBeLessThan(dueAt);
  dora.hangUp();
  const finn = await phone('1006', { answerAfterMs: 100 });
  await twice(`/v1/follow-ups/${followUpId}/call`, { queue: 'desk' });
  await ready('finn');
  const [answered] = await journal.until('callback.answered', { since });
  expect(answered.data).toMatchObject({ agentId: 'finn', queue: 'desk' });
  finn.hangUp();
  await journal.until('call.ended', { since, fits: (event) => callOf(event) === callOf(answered) });
  await twice(`/v1/follow-ups/${followUpId}/close`, { outcome: 'refunded' });
  const [closed] = await journal.until('followup.closed', { since });
  expect(closed.data).toMatchObject({ followUpId, outcome: 'refunded' });
  expect(closed.at).toBeLessThan(dueAt);
  expect(journal.of('followup.overdue', since)).toEqual([]);
});
