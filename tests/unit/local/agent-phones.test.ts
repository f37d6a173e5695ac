import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentPhones } from '../../../src/local/agent-phones.ts';

let folder: string;
let server: Server;
/** What the Asterisk was asked, and what it answers. */
let asked: string[];
let answer: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callwright-phones-'));
  mkdirSync(join(folder, 'etc'));
  [asked, answer] = [[], 204];
  server = createServer(({ method, url }, reply) => {
    asked.push(`${method} ${url}`);
    reply.writeHead(answer).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function phones() {
  const { port } = server.address() as AddressInfo;
  const asterisk = { url: `http://callwright:secret@127.0.0.1:${port}`, sipAddress: { host: '127.0.0.1', port: 5070 } };
  return agentPhones({ folder, asterisk, taken: new Set(['1001', 'public']) });
}

const conf = () => readFileSync(join(folder, 'etc/pjsip-agents.conf'), 'utf8');
const accounts = () => [...conf().matchAll(/^type=endpoint$/gmu)].length;

test('an account is a password told once: only its digest is kept, for its owner alone', async () => {
  const given = await phones().give('gina');
  expect(given).toMatchObject({ server: '127.0.0.1:5070', account: 'gina' });
  const digest = createHash('md5').update(`gina:asterisk:${given.password}`).digest('hex');
  expect(conf()).toContain(`md5_cred=${digest}`);
  for (const file of ['etc/pjsip-agents.conf', 'agent-phones.json']) {
    expect(readFileSync(join(folder, file), 'utf8')).not.toContain(given.password);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  }
  expect(asked).toEqual(['PUT /ari/asterisk/modules/res_pjsip.so']);
});

test('each time it is another password, and the accounts of others stay as they are', async () => {
  const desk = phones();
  await desk.give('hugo');
  const [one, two] = [await desk.give('gina'), await desk.give('gina')];
  expect(one.password).not.toBe(two.password);
  expect(accounts()).toBe(2);
});

test('those of phones that nobody has any more go; Asterisk is told only when some do', async () => {
  const desk = phones();
  await Promise.all([desk.give('gina'), desk.give('hugo')]);
  asked = [];
  await desk.keep(new Set(['gina', 'hugo', 'ida']));
  expect(asked).toEqual([]);
  // As another process, or this one after a restart.
  await phones().keep(new Set(['hugo']));
  expect(asked).toHaveLength(1);
  expect(conf()).not.toContain('[gina]');
  expect(accounts()).toBe(1);
});

test('what Asterisk has already, and what is no name there, is refused', async () => {
  const desk = phones();
  for (const name of ['1001', 'public', 'anonymous', 'a]\n[b'])
    await expect(desk.give(name)).rejects.toThrow('name the phone otherwise');
  expect(existsSync(join(folder, 'etc/pjsip-agents.conf'))).toBe(false);
});

test('when Asterisk cannot be told, everything is as before', async () => {
  const desk = phones();
  await desk.give('gina');
  const before = conf();
  answer = 409;
  await expect(desk.give('hugo')).rejects.toThrow('answers 409');
  await expect(desk.keep(new Set())).rejects.toThrow('answers 409');
  server.close();
  server.closeAllConnections();
  await expect(desk.give('gina')).rejects.toThrow('does not answer');
  expect(conf()).toBe(before);
});

test('a damaged book is told, with the cure', async () => {
  writeFileSync(join(folder, 'agent-phones.json'), '{"a]\\n[b":"x"}');
  await expect(phones().give('gina')).rejects.toThrow(/agent-phones\.json is damaged: remove it/);
});
