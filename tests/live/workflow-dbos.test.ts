import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Sql, startSql } from '../../src/local/sql.ts';
import { type EngineProcess, startEngine } from './support/engine-process.ts';
import { type HeldProxy, startHeldProxy } from './support/held-proxy.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

/** The example of DBOS, as it stands in `examples/dbos`, beside a real Callwright with real calls. */
const house = useHouse({ withWorld: true, pace: 0.3 });

/** In the simulated public network: talks until the other side hangs up. */
const CUSTOMER = '+358401200098';
/** Of the debtor: three numbers that are not in service, and one where he answers. */
const DEBTOR = ['+358401230094', '+358401230195', '+358401230294', '+358401230398'];

const SITE = {
  'destinations.yaml': () => `hosts: [{ host: "${house().crm.url}", private: true }]\nnumbers: ["+3584012*"]\n`,
  'follow-ups.yaml': () => 'teams:\n  finance: { title: Finance, members: [dora], dueSoon: 1m, escalation: [] }\n',
  'dispositions.yaml': () => 'promised: { label: { en: Will pay }, kind: payment, currency: EUR, within: 60d }\n',
};

let [sql, proxy]: [Sql | undefined, HeldProxy | undefined] = [undefined, undefined];
let engine: EngineProcess | undefined;
let token = '';

beforeAll(async () => {
  const { site, api, callwright, folder, crm } = house();
  token = callwright.adminToken ?? '';
  crm.answers({ status: 200, body: { isPaid: false } });
  for (const [file, text] of Object.entries(SITE)) writeFileSync(join(site, 'site', file), text());
  await api.loadFlows();
  proxy = await startHeldProxy(callwright.apiUrl);
  mkdirSync(join(folder, 'dbos'), { recursive: true, mode: 0o700 });
  sql = await startSql({ folder: join(folder, 'dbos') });
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(engine?.said());
  await engine?.end('SIGKILL');
});
afterAll(async () => {
  await proxy?.close();
  await sql?.stop();
});

const before = () => {
  if (!proxy || !sql) throw new Error('nothing is set up');
  return { proxy, sql };
};

async function startDbos(more: Readonly<Record<string, string>> = {}): Promise<EngineProcess> {
  const { crm } = house();
  engine = await startEngine(
    ['examples/dbos/main.ts'],
    {
      CALLWRIGHT_API: before().proxy.url,
      CALLWRIGHT_TOKEN: token,
      DBOS_DATABASE_URL: before().sql.url.replace('@/', '@localhost/'),
      DBOS_POOL: '1',
      ALARM_URL: `${crm.url}/alarm`,
      LEDGER_URL: `${crm.url}/ledger`,
      FINANCE_QUEUE: 'promise',
      ...more,
    },
    /^ready$/mu,
  );
  return engine;
}

async function post<T>(path: string, body: unknown, key?: string): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const keyed = key === undefined ? headers : { ...headers, 'idempotency-key': key };
  const reply = await fetch(`${house().callwright.apiUrl}${path}`, {
    method: 'POST',
    headers: keyed,
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as T;
}

/** Commands to such a path that were carried out, and how. */
const commands = (path: RegExp) => before().proxy.passed.filter((each) => path.test(each.path));

/** Until the command was carried out and its answer lost; then the engine dies, and is started again. */
async function killAt(path: RegExp, more: Readonly<Record<string, string>> = {}): Promise<void> {
  await until(`a command to ${path}`, () => commands(path).length, Boolean, { withinMs: 60_000 });
  await engine?.end('SIGKILL');
  await startDbos(more);
  await until(
    `it again`,
    () => commands(path).length,
    (count) => count >= 2,
    { withinMs: 30_000 },
  );
}

test('a return: finance is alarmed before it is due, killed in the middle, and its phone rings with the customer once', async () => {
  const { journal, phone, ready, crm } = house();
  await startDbos();
  const since = journal.mark();
  const desk = await phone('1004', { answerAfterMs: 100 });
  await ready('dora');
  before().proxy.loseNext(/\/call$/u);
  const followUp = await post<{ id: string }>('/v1/follow-ups', {
    kind: 'return',
    reason: 'Return 4711 cannot be completed',
    owner: { kind: 'team', id: 'finance' },
    dueAt: Date.now() + 63_000,
    ani: CUSTOMER,
  });
  await journal.until('followup.due-soon', { since, withinMs: 20_000 });
  await killAt(/\/v1\/follow-ups\/.*\/call$/u);

  const [connected] = await journal.until('call.connected', { since, withinMs: 30_000 });
  expect(connected.data).toMatchObject({ agentId: 'dora', queue: 'promise' });
  await post(`/v1/follow-ups/${followUp.id}/close`, { outcome: 'refunded', note: null });
  const [closed] = await journal.until('followup.closed', { since });
  expect(closed.data).toMatchObject({ outcome: 'refunded', lateMs: 0 });
  desk.hangUp();
  await journal.until('call.ended', { since });

  expect(commands(/\/call$/u).map(({ isReplayed }) => isReplayed)).toEqual([false, true]);
  expect(new Set(commands(/\/call$/u).map(({ key }) => key)).size).toBe(1);
  expect(journal.of('callback.started', since)).toHaveLength(1);
  const [dueSoon] = journal.of('followup.due-soon', since);
  expect(dueSoon?.at).toBeLessThan(closed.data.dueAt);
  const alarms = crm.posted.filter(({ path }) => path === '/alarm');
  expect(alarms.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    expect.objectContaining({ what: 'due-soon', followUpId: followUp.id }),
  ]);
}, 110_000);

test('a debtor of four numbers who declares a payment and breaks his word is in a campaign again, once', async () => {
  const { api, journal, phone, ready, crm } = house();
  const settings = {
    trunk: 'wide',
    profile: 'lab',
    callerId: '+358401234567',
    language: 'en',
    ringMs: 15_000,
    wrapUpMs: 0,
    retryAfterMs: 1_000,
    maxAttempts: 6,
  } as const;
  const { campaign: broken } = await api.createCampaign({ ...settings, name: 'Broken promises' });
  const { campaign } = await api.createCampaign({ ...settings, name: 'Debt' });
  const map = { name: 'name', numbers: [1, 2, 3, 4].map((nth) => ({ column: `number${nth}`, kind: 'other' })) };
  await api.importLeads(
    campaign.id,
    ['name,number1,number2,number3,number4', ['Matti', ...DEBTOR].join(',')].join('\n'),
    map,
  );
  const more = { BROKEN_PROMISES: broken.id, JUDGE_AFTER_MS: '2000' };
  await startDbos(more);
  const desk = await phone('1005', { answerAfterMs: 100 });
  await ready('eve');
  const since = journal.mark();
  await api.command(campaign.id, 'start');
  const [connected] = await journal.until('call.connected', { since, withinMs: 40_000 });
  expect(
    house()
      .world.dialled()
      .filter((number) => DEBTOR.includes(number)),
  ).toEqual(DEBTOR);

  before().proxy.loseNext(/\/leads\?/u);
  const due = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const values = { amount: '120.50', due };
  await post(`/v1/calls/${callOf(connected)}/disposition`, { disposition: 'promised', values });
  desk.hangUp();
  const path = new RegExp(`${broken.id}/leads\\?map`, 'u');
  await killAt(path, more);

  expect(commands(path).map(({ answer }) => JSON.parse(answer) as unknown)).toMatchObject([
    { added: 1, rejected: 0 },
    { added: 0, rejected: 0 },
  ]);
  const again = await api.leads(broken.id);
  expect(again).toHaveLength(1);
  expect(again[0]).toMatchObject({ externalId: callOf(connected), name: 'Matti' });
  expect(again[0]?.numbers?.map(({ number }) => number)).toEqual(DEBTOR);
  const ledger = crm.asked.filter((asked) => asked.startsWith('/ledger'));
  expect(ledger).toEqual([
    `/ledger?${new URLSearchParams({ call: callOf(connected), amount: '12050', due }).toString()}`,
  ]);
  await api.kill(campaign.id);

  // The second campaign calls him, at all his numbers, and he is talked with again.
  await journal.until('call.ended', { since, fits: (event) => callOf(event) === callOf(connected) });
  const later = journal.mark();
  const dialled = house().world.dialled().length;
  await api.command(broken.id, 'start');
  const [talk] = await journal.until('call.connected', { since: later, withinMs: 40_000 });
  const [attempt] = await journal.until('attempt.started', {
    since: later,
    fits: (event) => callOf(event) === callOf(talk),
  });
  expect(attempt.data).toMatchObject({ campaignId: broken.id, leadId: again[0]?.id });
  expect(house().world.dialled().slice(dialled)).toEqual(DEBTOR);
  desk.hangUp();
  await journal.until('attempt.ended', { since: later, fits: (event) => callOf(event) === callOf(talk) });
  // The journal is told first, and then the books.
  await until(
    'his lead to be done',
    () => api.leads(broken.id),
    ([lead, ...others]) => lead?.status === 'done' && others.length === 0,
  );
  await api.kill(broken.id);
}, 150_000);
