import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PhoneAccount } from '../../src/engine/ports/phone-accounts.ts';
import { SDP, SDP_TYPE } from '../support/sip-end.ts';
import { SipPhone } from '../support/sip-phone.ts';
import { type Api, apiAt } from './support/api.ts';
import { type CallwrightProcess, startCallwright } from './support/callwright.ts';
import { layOutSql } from './support/sql-template.ts';
import { testWhereItCan } from './support/switch-under-test.ts';
import { until } from './support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'cw-private-'));
const phones = new Set<SipPhone>();
let callwright: CallwrightProcess;
let token: string;

/** As `npm start`: Asterisk, Redis and the store are its own. */
async function start(): Promise<void> {
  callwright = await startCallwright({
    switchEnv: { CALLWRIGHT_SIP_PORT: '0', CALLWRIGHT_ARI_PORT: '0', CALLWRIGHT_REDIS_PORT: '0' },
    redisUrl: '',
    data: join(folder, 'data'),
    flows: join(folder, 'site'),
    flowEnv: { CRM: 'http://127.0.0.1:9' },
  });
  token = callwright.adminToken ?? token;
}

beforeAll(async () => {
  cpSync(resolve(import.meta.dirname, 'site'), join(folder, 'site'), { recursive: true });
  await layOutSql(join(folder, 'data'));
  await start();
}, 60_000);
afterAll(async () => {
  for (const phone of phones) await phone.close();
  await callwright?.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const api = (): Api => apiAt(callwright.apiUrl, token);

async function ask(method: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(`${callwright.apiUrl}${path}`, { method, headers });
  return { status: reply.status, text: await reply.text() };
}

const newAccount = async (agent: string): Promise<PhoneAccount> =>
  JSON.parse((await ask('POST', `/v1/agents/${agent}/phone-account`)).text) as PhoneAccount;

/** A phone on the desk, which answers whatever rings it. */
async function plugIn({ server, account, password }: PhoneAccount): Promise<SipPhone> {
  const phone = await SipPhone.open(
    Number(server.split(':')[1]),
    { name: account, password },
    ({ method }, reply): void =>
      method === 'INVITE'
        ? reply('200 OK', [`Contact: <sip:${account}@${phone.end.address}>`, SDP_TYPE, SDP])
        : reply('200 OK'),
  );
  phones.add(phone);
  return phone;
}

const register = async (phone: SipPhone) =>
  (await phone.register(['Expires: 300'], `<sip:${phone.account.name}@${phone.end.address}>`)).status;

/** Keys a code; the flow of the tests puts down without a word. */
const key = async (phone: SipPhone, code: string) => (await phone.invite(code)).status;

const status = (id: string, wanted: string) =>
  until(
    `${id} to be ${wanted}`,
    () => api().agent(id),
    (agent) => agent.status === wanted,
  );

const stranger = (phone: SipPhone) =>
  until(
    'the phone to be a stranger',
    () => register(phone),
    (answer) => answer !== 200,
  );

const GINA = { id: 'gina', name: 'Gina', phone: 'desk-gina', skills: {}, queues: ['desk'], campaigns: [] };

testWhereItCan('is Asterisk')(
  'an agent whom the API added gets an account for his phone, works at it, and loses it when he is removed',
  async () => {
    await api().saveAgent(GINA);
    await expect(api().logIn('gina', { kind: 'own' })).rejects.toThrow('422');
    const first = await newAccount('gina');
    const desk = await plugIn(first);
    expect(await register(desk)).toBe(200);
    await key(desk, '*11');
    await status('gina', 'ready');

    // A guest calls the desk; her phone rings and she talks.
    const guest = await plugIn({ ...first, account: '7001', password: '' });
    const call = await guest.call('501');
    expect(call.answer.status).toBe(200);
    await until(
      'gina to talk',
      () => api().agent('gina'),
      ({ state }) => state === 'talking',
    );
    // Another password is the end of the first, and of nobody's call.
    const second = await newAccount('gina');
    expect(await register(desk)).toBe(401);
    expect(await api().agent('gina')).toMatchObject({ state: 'talking' });
    expect((await call.say('BYE'))?.status).toBe(200);
    await until(
      'gina to be idle',
      () => api().agent('gina'),
      ({ state }) => state === 'idle',
    );

    // It stands in no file, and holds after a restart.
    expect(filesWith(second.password)).toEqual([]);
    await callwright.end('SIGTERM');
    await start();
    const again = await plugIn({ ...second, server: `127.0.0.1:${callwright.sipPort}` });
    expect(await register(again)).toBe(200);
    await key(again, '*12');
    await status('gina', 'logged-out');

    await api().saveAgent({ ...GINA, phone: 'desk-two' });
    await stranger(again);
    const other = await plugIn(await newAccount('gina'));
    expect(await register(other)).toBe(200);
    expect((await ask('DELETE', '/v1/agents/gina')).status).toBe(204);
    await stranger(other);
    // Whatever he shows, he is a guest by now, and no code is for him.
    expect(await key(other, '*11')).toBe(404);
  },
  120_000,
);

testWhereItCan('is Asterisk')('whose account is the site’s gets none, and nobody gets that of another', async () => {
  expect(await ask('POST', '/v1/agents/eve/phone-account')).toMatchObject({
    status: 409,
    text: expect.stringContaining('phones.txt'),
  });
  expect(await ask('POST', '/v1/agents/nobody/phone-account')).toMatchObject({ status: 404 });
});

/** Of all that lies in its data folder, logs as well. */
const filesWith = (words: string): readonly string[] =>
  readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path, 'latin1').includes(words));
