import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ensure } from '../../src/local/debian.ts';
import { type Redis, startRedis } from '../../src/local/redis.ts';
import { PACKAGES } from '../../src/local/stack.ts';
import { describeOnDrachtio } from '../support/second-switch.ts';
import { type Reply, SDP, SDP_TYPE, type SipText } from '../support/sip-end.ts';
import { SipPhone } from '../support/sip-phone.ts';
import { type EdgeNodeUnderTest, startNode } from './support/edge-node.ts';
import { type EdgeProcess, startEdge } from './support/edge.ts';
import { registerAndCall } from './support/register-and-call.ts';
import { freeUdpPort, options, type Sipp, startSipp } from './support/sipp.ts';
import { until } from './support/until.ts';

const ACCOUNTS = { '1001': 'first-phone-password', '1002': 'second-phone-password' };

/** 100 answers and holds the line, 200 rings the phone 1002, 486 is busy. */
const DIALPLAN = `[from-phones]
exten => 100,1,Answer()
 same => n,Wait(60)
exten => 200,1,Dial(PJSIP/1002,20)
 same => n,Hangup(\${HANGUPCAUSE})
exten => 486,1,Hangup(17)
`;

/** Phones as docker/asterisk has them behind an edge: known by their account, which the edge has asked for a password. */
const pjsip = (edgePort: number): string =>
  Object.keys(ACCOUNTS)
    .map(
      (name) => `[${name}]
type=endpoint
transport=udp
context=from-phones
disallow=all
allow=ulaw
direct_media=no
identify_by=username
aors=${name}
[${name}]
type=aor
contact=sip:${name}@127.0.0.1:${edgePort}
`,
    )
    .join('');

describeOnDrachtio('the SIP edge in front of two Asterisks', ([door]) => {
  const folder = mkdtempSync(join(tmpdir(), 'cw-edge-'));
  let redis: Redis;
  let root: string;
  let nodes: readonly EdgeNodeUnderTest[] = [];
  let edge: EdgeProcess;
  let phones: SipPhone[] = [];
  const place = () => ({
    folder,
    door,
    redisUrl: redis.url,
    accounts: ACCOUNTS,
    nodes: nodes.map(({ port }, index) => ({ name: `node-${index + 1}`, port })),
  });
  const node = (index: number): EdgeNodeUnderTest => {
    const found = nodes[index];
    if (!found) throw new Error('no such node');
    return found;
  };
  const channels = () => Promise.all(nodes.map(async (each) => (await each.channels()).length));
  const plugIn = async (name: keyof typeof ACCOUNTS, onRequest?: (message: SipText, reply: Reply) => void) => {
    const phone = await SipPhone.open(edge.sipPort, { name, password: ACCOUNTS[name] }, onRequest);
    phones.push(phone);
    return phone;
  };
  const isUp = (index: number) => edge.metric(`callwright_edge_node_up{node="node-${index + 1}"}`);

  beforeAll(async () => {
    ({ root } = await ensure({ packages: PACKAGES, env: process.env }));
    const dialplan = join(folder, 'phones.conf');
    writeFileSync(dialplan, DIALPLAN);
    redis = await startRedis({ root, folder: join(folder, 'redis'), port: 0, password: 'only-on-loopback' });
    // Which port the edge has is known when it has connected; the nodes are told by an edge that has none yet.
    const first = await startEdge({ ...place(), nodes: [{ name: 'none', port: await freeUdpPort() }] });
    await first.end('SIGTERM');
    nodes = await Promise.all(
      ['one', 'two'].map((name) =>
        startNode({ root, folder: join(folder, name), dialplan, pjsip: pjsip(first.sipPort) }),
      ),
    );
  });
  beforeEach(async () => {
    edge = await startEdge(place());
    for (const index of [0, 1])
      await until(
        'the nodes to be up',
        () => isUp(index),
        (value) => value === 1,
      );
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(edge.said());
    await Promise.all(phones.map((phone) => phone.close()));
    phones = [];
    await edge.end('SIGTERM');
  });
  afterAll(async () => {
    await Promise.all(nodes.map((each) => each.stop()));
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('registers SIPp by digest, and its call reaches a node and ends there', async () => {
    const sipp: Sipp = await startSipp({
      root,
      folder,
      port: await freeUdpPort(),
      scenario: registerAndCall(edge.sipPort),
      args: [`127.0.0.1:${edge.sipPort}`, ...options({ m: 1, au: '1001', ap: ACCOUNTS['1001'] })],
    });
    expect(await sipp.exited, sipp.complaints()).toBe(0);
    expect(sipp.events().map(({ word }) => word)).toEqual(['registered', 'answered', 'ended']);
    expect(await edge.metric('callwright_edge_count{what="register",label="kept"}')).toBe(1);
  });

  it('shares calls out, and their later requests stay on their node', async () => {
    const phone = await plugIn('1001');
    const [one, two] = [await phone.call('100'), await phone.call('100')];
    expect([one.answer.status, two.answer.status]).toEqual([200, 200]);
    expect(await channels()).toEqual([1, 1]);
    for (const call of [one, two]) expect((await call.say('INVITE'))?.status).toBe(200);
    expect(await channels()).toEqual([1, 1]);
    expect((await one.say('BYE'))?.status).toBe(200);
    await until('the first to be over, and only it', channels, (counts) => counts.join() === '0,1');
    expect((await two.say('BYE'))?.status).toBe(200);
    await until('both to be over', channels, (counts) => counts.join() === '0,0');
  });

  it('rings a phone for a node, through the edge both ways', async () => {
    const rung = await plugIn('1002', (message, reply) => {
      if (message.method !== 'INVITE') return reply('200 OK');
      reply('180 Ringing');
      reply('200 OK', [`Contact: <sip:1002@${rung.end.address}>`, SDP_TYPE, SDP]);
    });
    expect((await rung.register()).status).toBe(200);
    const call = await (await plugIn('1001')).call('200');
    expect(call.answer.status).toBe(200);
    expect(rung.end.heard.find(({ method }) => method === 'INVITE')?.headers('record-route')).toHaveLength(1);
    const bye = rung.end.next(({ method }) => method === 'BYE');
    expect((await call.say('BYE'))?.status).toBe(200);
    await bye;
    await rung.register(['Expires: 0']);
    await until('nothing to be left', channels, (counts) => counts.join() === '0,0');
  });

  it('passes on what a node decided, and says 480 when the phone is not there', async () => {
    const phone = await plugIn('1001');
    expect((await phone.invite('486')).status).toBe(486);
    expect(await edge.metric('callwright_edge_count{what="next-node",label="failed"}')).toBeNull();
    const rung = await plugIn('1002');
    await rung.register(['Expires: 0']);
    expect([480, 503]).toContain((await phone.invite('200')).status);
  });

  it('goes on with the other node when one is killed, and its calls notice nothing', async () => {
    const phone = await plugIn('1001');
    const [one, two] = [await phone.call('100'), await phone.call('100')];
    expect(await channels()).toEqual([1, 1]);
    await node(0).crash();
    const at = performance.now();
    // At once: the probe may not have missed it yet, and then the call itself finds out.
    const during = await phone.call('100');
    const tookMs = Math.round(performance.now() - at);
    expect(during.answer.status).toBe(200);
    await until(
      'the loss to be noticed',
      () => isUp(0),
      (value) => value === 0,
      { everyMs: 20 },
    );
    const noticedMs = Math.round(performance.now() - at);
    console.log(`a call in the moment of the loss: ${tookMs} ms; loss noticed after ${noticedMs} ms`);
    expect(Math.max(tookMs, noticedMs)).toBeLessThan(3_000);
    expect((await two.say('INVITE'))?.status).toBe(200);
    const next = performance.now();
    const after = await phone.call('100');
    expect(after.answer.status).toBe(200);
    expect(performance.now() - next).toBeLessThan(500);
    expect((await channels())[1]).toBe(3);
    for (const call of [two, during, after]) expect((await call.say('BYE'))?.status).toBe(200);
    await node(0).start();
    await until(
      'it to be back',
      () => isUp(0),
      (value) => value === 1,
    );
    expect((await one.say('BYE'))?.status).toBe(481);
    const back = await phone.call('100');
    expect(back.answer.status).toBe(200);
    expect((await channels())[0]).toBe(1);
    expect((await back.say('BYE'))?.status).toBe(200);
    await until('nothing to be left', channels, (counts) => counts.join() === '0,0');
  });

  it('leaves calls up when the edge itself is killed: their requests find their node without it', async () => {
    const phone = await plugIn('1001');
    const call = await phone.call('100');
    expect(call.answer.status).toBe(200);
    await edge.end('SIGKILL');
    expect((await call.say('INVITE'))?.status).toBe(200);
    expect((await call.say('BYE'))?.status).toBe(200);
    await until('it to be over', channels, (counts) => counts.join() === '0,0');
  });

  it('keeps registrations when the edge itself is killed', async () => {
    const rung = await plugIn('1002', (message, reply) => {
      if (message.method === 'INVITE') reply('486 Busy Here');
    });
    expect((await rung.register()).status).toBe(200);
    await edge.end('SIGKILL');
    edge = await startEdge(place());
    await until(
      'a node to be up',
      () => isUp(0),
      (value) => value === 1,
    );
    expect((await (await plugIn('1001')).invite('200')).status).toBe(486);
    expect(rung.end.count('INVITE')).toBe(1);
  });

  it('answers no more than so many requests of one source', async () => {
    const phone = await plugIn('1001');
    const statuses: number[] = [];
    for (let n = 0; n < 60; n += 1) statuses.push((await phone.probe()).status);
    expect(statuses.slice(0, 50).every((status) => status === 200)).toBe(true);
    expect(statuses.slice(50).every((status) => status === 503)).toBe(true);
    expect(await edge.metric('callwright_edge_count{what="refused",label="rate"}')).toBe(10);
  });

  it('bans who tries one number after the other, though his password is right', async () => {
    const phone = await plugIn('1001');
    const statuses: number[] = [];
    for (let n = 0; n < 35; n += 1) statuses.push((await phone.invite(`9${n}`)).status);
    expect(statuses.slice(0, 30).every((status) => status === 404)).toBe(true);
    expect(statuses.slice(30)).toEqual([403, 403, 403, 403, 403]);
    expect((await phone.invite('100')).status).toBe(403);
    expect(await edge.metric('callwright_edge_banned_sources')).toBe(1);
  });

  it('bans a scanner at its first word, and no node hears of it', async () => {
    const phone = await plugIn('1001');
    expect((await phone.invite('100', ['User-Agent: friendly-scanner'])).status).toBe(403);
    expect((await phone.invite('100')).status).toBe(403);
    expect(await channels()).toEqual([0, 0]);
    expect(await edge.metric('callwright_edge_count{what="ban",label="scanner"}')).toBe(1);
  });
});
