import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { claimPort } from '../../src/local/ports.ts';
import { type EngineProcess, startEngine } from './support/engine-process.ts';
import { type HeldProxy, startHeldProxy } from './support/held-proxy.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { HOST } from './support/sipp.ts';
import { until } from './support/until.ts';

/** The example of Node-RED, as it stands in `examples/node-red`, beside a real Callwright with real calls. */
const house = useHouse();
const require = createRequire(import.meta.url);
const NODE_RED = require.resolve('node-red/red.js');

const team = (name: string, members: string) =>
  `  ${name}: { title: ${name}, members: [${members}], escalation: [] }\n`;
/** As in life it would be `for: 5m` and the usual window: shortened, since nobody waits so long for a test. A walk holds the five minutes. */
const LATE = `late: { title: Support answers too late, severity: alarm, queue: support, figure: serviceLevel, below: 70%, for: 10s, window: 2m, atLeast: 1 }\n`;
const ORDER = `version: ivr/v1
id: order
title: An order
dids: ["591"]
languages: { default: en, supported: [en] }
start: told
nodes:
  told: { type: emit, event: order, data: { order: A-17, ani: "\${call.from}" }, next: thanks }
  thanks: { type: play, prompt: thanks, next: end }
  end: { type: hangup }
`;
const MARK = `version: ivr/v1
id: mark
title: How was it?
dids: ["592"]
languages: { default: en, supported: [en] }
start: rate
nodes:
  rate:
    type: survey
    thanks: thanks
    questions: [{ id: csat, scale: 1-5, prompt: choose }]
    outcomes: { done: end, partial: end, declined: end }
  end: { type: hangup }
`;

/** Longer than the target of the queue in this test. */
const LATE_MS = 1_200;

let nodeRed: EngineProcess | undefined;
let proxy: HeldProxy | undefined;
let startNodeRed = async (): Promise<void> => undefined;
let token = '';

beforeAll(async () => {
  const { site, api, callwright, crm, folder } = house();
  token = callwright.adminToken ?? '';
  crm.answers({ status: 200, body: {} });
  const port = await claimPort({ protocol: 'tcp', host: HOST, port: 0, purpose: 'Node-RED', setting: 'NODE_RED_PORT' });
  const url = `http://${HOST}:${port}`;
  const hosts = [crm.url, url].map((host) => `{ host: "${host}", private: true }`);
  const files = {
    'site/destinations.yaml': `hosts: [${hosts.join(', ')}]\n`,
    'site/follow-ups.yaml': `teams:\n${team('sales', 'anna')}${team('finance', 'bert')}${team('supervisors', 'dora')}`,
    'site/thresholds.yaml': LATE,
    'site/queues.yaml': readFileSync(join(site, 'site/queues.yaml'), 'utf8').replace(
      'support: {',
      'support: { target: 1s,',
    ),
    'flows/order.yaml': ORDER,
    'flows/mark.yaml': MARK,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(site, file), text);
  await api.loadFlows();
  proxy = await startHeldProxy(callwright.apiUrl);
  const secret = await api.webhook(`${url}/callwright`);
  const userDir = join(folder, 'node-red');
  mkdirSync(userDir);
  cpSync('examples/node-red', userDir, { recursive: true });
  const settings = join(userDir, 'settings.cjs');
  const env = {
    NODE_RED_PORT: String(port),
    CALLWRIGHT_API: proxy.url,
    CALLWRIGHT_TOKEN: token,
    CALLWRIGHT_WEBHOOK_SECRET: secret,
    MAIL_URL: `${crm.url}/mail`,
    ALARM_URL: `${crm.url}/alarm`,
  };
  startNodeRed = async () => {
    nodeRed = await startEngine([NODE_RED, '--userDir', userDir, '--settings', settings], env, /Started flows/u);
  };
  await startNodeRed();
  nodeRedUrl = url;
});
let nodeRedUrl = '';
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(nodeRed?.said());
});
afterAll(async () => {
  await nodeRed?.end();
  await proxy?.close();
});

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = body === undefined ? null : JSON.stringify(body);
  const reply = await fetch(`${house().callwright.apiUrl}${path}`, { method, headers, body: text });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as T;
}

/** The follow-up of this kind that Node-RED makes. */
const made = async (kind: string, since: number) =>
  (await house().journal.until('followup.created', { since, fits: ({ data }) => data.kind === kind }))[0].data;
const close = (id: string, outcome: string) => ask('POST', `/v1/follow-ups/${id}/close`, { outcome });
const posted = (path: string) =>
  until(
    `something to be sent to ${path}`,
    () => house().crm.posted.filter((each) => each.path === path),
    (found) => found.length > 0,
  );

test('a sale: sales approves the order of a call, finance is paid, and the mail system is told to write', async () => {
  const { call, journal } = house();
  const since = journal.mark();
  const caller = await call({ to: '591', from: '7001' });
  const approval = await made('approval', since);
  const [arrived] = await journal.until('call.arrived', { since });
  expect(approval).toMatchObject({ owner: { kind: 'team', id: 'sales' }, callId: callOf(arrived), ani: '7001' });
  await close(approval.followUpId, 'approved');
  const invoice = await made('invoice', since);
  expect(invoice).toMatchObject({ owner: { kind: 'team', id: 'finance' }, callId: callOf(arrived) });
  await close(invoice.followUpId, 'paid');
  const [mail] = await posted('/mail');
  expect(JSON.parse(mail?.body ?? '')).toMatchObject({
    specversion: '1.0',
    type: 'org.example.mail.wanted.v1',
    subject: 'order/A-17',
    data: { template: 'order-confirmed', callId: callOf(arrived) },
  });
  await caller.done();
});

test('a survey: who gives a 2 is the work of a supervisor, who gives a 5 is not', async () => {
  const { call, journal } = house();
  const since = journal.mark();
  for (const [from, digit] of [
    ['7002', '5'],
    ['7003', '2'],
  ] as const) {
    const caller = await call({ to: '592', from, keys: [{ afterMs: 500, digit }] });
    await caller.done();
  }
  const complaint = await made('complaint', since);
  expect(complaint).toMatchObject({ owner: { kind: 'team', id: 'supervisors' }, data: { answer: '2' } });
  expect(journal.of('followup.created', since)).toHaveLength(1);
});

test('escalation: a service level that stays broken alarms and is somebody’s work, and an event that nobody signed does nothing', async () => {
  const { call, journal, api } = house();
  const since = journal.mark();
  // Nobody answers: one who gave up after the target is a level of 0 %.
  const caller = await call({ to: '500', from: '7004', keys: ['1', '2'].map((digit) => ({ afterMs: 200, digit })) });
  await until(
    'him to wait longer than the target',
    () => api.queue('support'),
    ({ longestWaitMs }) => longestWaitMs > LATE_MS,
  );
  caller.hangUp();
  const [raised] = await journal.until('threshold.raised', { since, withinMs: 100_000 });
  const escalation = await made('escalation', since);
  expect(escalation).toMatchObject({ owner: { kind: 'team', id: 'supervisors' }, priority: 9 });
  expect(raised.data).toMatchObject({ figure: 'serviceLevel', value: 0 });
  expect(raised.data.words).toMatch(/^The service level of queue support is 0 % /u);
  const alarms = await posted('/alarm');
  expect(alarms.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    expect.objectContaining({ severity: 'alarm', event: raised.data }),
  ]);
  const forged = await fetch(`${nodeRedUrl}/callwright`, {
    method: 'POST',
    headers: {
      'webhook-id': 'x',
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': 'v1,x',
    },
    body: JSON.stringify({ id: 'x', type: 'callwright.threshold.raised.v1', subject: 'threshold/x', data: {} }),
  });
  expect(forged.status).toBe(401);
  expect(journal.of('followup.created', since)).toHaveLength(1);
}, 130_000);

test('killed in the middle of it all and started again, it loses nothing and does nothing twice', async () => {
  const { call, journal, crm } = house();
  const since = journal.mark();
  const mails = () => crm.posted.filter(({ path }) => path === '/mail').length;
  const before = mails();
  const commands = () => proxy?.passed.slice(sent) ?? [];
  const sent = proxy?.passed.length ?? 0;
  // The command is carried out and its answer lost: it dies not knowing.
  proxy?.loseNext(/\/v1\/follow-ups$/u);
  const caller = await call({ to: '591', from: '7005' });
  const approval = await made('approval', since);
  await nodeRed?.end('SIGKILL');
  await caller.done();
  // While it is away its event happens.
  await close(approval.followUpId, 'approved');
  await startNodeRed();
  const [{ data: invoice }] = await journal.until('followup.created', {
    since,
    fits: ({ data }) => data.kind === 'invoice',
    withinMs: 60_000,
  });
  expect(invoice.callId).toBe(approval.callId);
  await close(invoice.followUpId, 'paid');
  await until('a mail', mails, (count) => count > before);
  // And once more, with nothing left to do.
  await nodeRed?.end('SIGKILL');
  await startNodeRed();
  await call({ to: '592', from: '7006', keys: [{ afterMs: 500, digit: '1' }] }).then((last) => last.done());
  await journal.until('followup.created', { since, fits: ({ data }) => data.kind === 'complaint', withinMs: 60_000 });
  expect(journal.of('followup.created', since).map(({ data }) => data.kind)).toEqual([
    'approval',
    'invoice',
    'complaint',
  ]);
  // The lost command comes again when its event does: at once, or, where Node-RED took others before it died, after a while.
  const again = () => commands().filter(({ isReplayed }) => isReplayed);
  await until('the lost command to come again', again, ({ length }) => length > 0, { withinMs: 60_000 });
  expect(commands().map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(again()).toHaveLength(1);
  expect(mails()).toBe(before + 1);
}, 200_000);
