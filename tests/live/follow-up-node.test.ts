import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';

/** Work that a flow leaves to a team (`followUp`), from the call in which it is promised to the call that keeps it. */
const house = useHouse({ withWorld: true });

/** In the simulated public network: talks until the other side hangs up; is busy. */
const [CUSTOMER, BUSY] = ['+358401200098', '+358401200170'];

const REFUND = `version: ivr/v1
id: take-back
title: A return
dids: ["594"]
languages: { default: en, supported: [en] }
vars: { order: { type: string, default: "4711" } }
start: refund
nodes:
  refund:
    type: followUp
    kind: refund
    owner: { team: finance }
    within: 62s
    reason: "Return \${order} cannot be completed"
    data: { order: "\${order}" }
    priority: 5
    next: thanks
    outcomes: { error: end }
  thanks: { type: play, prompt: thanks, next: end }
  end: { type: hangup }
`;

let token = '';
beforeAll(async () => {
  const { site, api, callwright } = house();
  token = callwright.adminToken ?? '';
  writeFileSync(join(site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
  writeFileSync(
    join(site, 'site/follow-ups.yaml'),
    'teams: { finance: { title: Finance, members: [finn], dueSoon: 1m } }\n',
  );
  writeFileSync(join(site, 'flows/take-back.yaml'), REFUND);
  await api.loadFlows();
});

interface Said {
  readonly detail?: string;
  readonly history?: readonly { readonly type: string; readonly data: { readonly outcome?: string } }[];
}

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: Said }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const url = `${house().callwright.apiUrl}/v1/follow-ups${path}`;
  const reply = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: reply.status, body: (await reply.json()) as Said };
}

const historyOf = async (id: string) => {
  const { body } = await ask('GET', `/${id}`);
  return (body.history ?? []).map(({ type, data }) => `${type.replace('followup.', '')} ${data.outcome ?? ''}`.trim());
};

/** Somebody rings, and the flow leaves work to finance. */
async function promisedTo(from: string, since: number) {
  const { call, journal } = house();
  const caller = await call({ to: '594', from });
  const [made] = await journal.until('followup.created', { since, fits: ({ data }) => data.ani === from });
  await caller.done();
  return made.data;
}

test('a flow leaves work to finance, who are told, call the customer and close it; its history tells all of it', async () => {
  const { journal, phone, ready } = house();
  const since = journal.mark();
  const made = await promisedTo(CUSTOMER, since);
  const [arrived] = await journal.until('call.arrived', { since });
  expect(made).toMatchObject({
    kind: 'refund',
    reason: 'Return 4711 cannot be completed',
    owner: { kind: 'team', id: 'finance' },
    callId: callOf(arrived),
    data: { order: '4711' },
    by: 'flow take-back',
  });
  await journal.until('followup.due-soon', { since });
  const finn = await phone('1006', { answerAfterMs: 100 });
  expect((await ask('POST', `/${made.followUpId}/call`, { queue: 'desk' })).status).toBe(202);
  await ready('finn');
  const [end] = await journal.until('followup.call.ended', { since });
  expect(end.data).toMatchObject({ followUpId: made.followUpId, outcome: 'reached', agentId: 'finn' });
  finn.hangUp();
  await journal.until('call.ended', { since, times: 2 });
  expect((await ask('POST', `/${made.followUpId}/close`, { outcome: 'refunded' })).status).toBe(200);
  expect(await historyOf(made.followUpId)).toEqual([
    'created',
    'due-soon',
    'called',
    'call.ended reached',
    'closed refunded',
  ]);
  expect(journal.of('callback.started', since)).toHaveLength(1);
});

test('a customer who is busy is told as busy, and who asks not to be called meanwhile is not rung again', async () => {
  const { journal, phone, ready, api, world } = house();
  const since = journal.mark();
  const { followUpId } = await promisedTo(BUSY, since);
  await phone('1006', { answerAfterMs: 100 });
  await ask('POST', `/${followUpId}/call`, { queue: 'desk' });
  await ready('finn');
  const [tried] = await journal.until('followup.call.tried', { since });
  expect(tried.data).toMatchObject({ followUpId, why: 'busy', agentId: 'finn' });
  const [callback] = (await api.callbacks()).filter(({ number }) => number === BUSY);
  await api.keepFromCalls(BUSY);
  await api.cancelCallback(callback?.id ?? '');
  await journal.until('followup.call.ended', { since, fits: ({ data }) => data.outcome === 'cancelled' });
  const refused = await ask('POST', `/${followUpId}/call`, { queue: 'desk' });
  expect([refused.status, refused.body.detail]).toEqual([
    422,
    expect.stringMatching(/^The number is not to be called: /u),
  ]);
  expect(world.dialled().filter((number) => number === BUSY)).toHaveLength(1);
});
