import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnDrachtio } from '../../support/second-switch.ts';
import { until } from '../../live/support/until.ts';
import { tcpProxy } from '../switch/tcp-proxy.ts';
import { type EdgeWorld, openEdgeWorld, openNode, PASSWORDS, type TestNode } from './edge-world.ts';

describeOnDrachtio('the SIP edge', ([door]) => {
  let [one, two]: TestNode[] = [];
  let world: EdgeWorld;
  const nodeOne = () => one as TestNode;
  const nodeTwo = () => two as TestNode;

  beforeEach(async () => {
    [one, two] = [await openNode(), await openNode()];
    world = await openEdgeWorld(door, { one, two });
  });
  afterEach(async () => {
    await world.close();
    await Promise.all([one?.end.close(), two?.end.close()]);
  });

  it('registers a phone by the strongest digest, and keeps the address that it came from', async () => {
    const phone = await world.phone();
    const kept = await phone.register();
    expect(kept.status).toBe(200);
    expect(kept.header('contact')).toMatch(/^<sip:1001@10\.9\.8\.7:5099>;expires=(?:299|300)$/u);
    expect(await world.book.contactOf('1001')).toBe(`sip:1001@${phone.end.address}`);
    expect(await world.book.knows('1002')).toBe(true);
    const challenge = phone.end.heard.find(({ status }) => status === 401);
    expect(challenge?.headers('www-authenticate').map((text) => /algorithm=([\w-]+)/u.exec(text)?.[1])).toEqual([
      'SHA-256',
      'MD5',
    ]);
    expect((await phone.register(['Expires: 0'])).status).toBe(200);
    expect(await world.book.contactOf('1001')).toBeNull();
  });

  it('tells a wrong password from a wrong name to nobody, and bans who goes on', async () => {
    const [wrong, unknown] = [
      await world.phone('1001', undefined, 'guess'),
      await world.phone('4711', undefined, 'guess'),
    ];
    const answers = [await wrong.register(), await unknown.register(), await wrong.register(), await wrong.register()];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(world.edge.view().banned).toEqual(['127.0.0.1']);
    const honest = await world.phone();
    expect((await honest.register()).status).toBe(403);
    expect(honest.end.heard).toHaveLength(1);
  });

  it('refuses a scanner at its first word', async () => {
    const phone = await world.phone();
    const answer = await phone.invite('100', ['User-Agent: friendly-scanner']);
    expect(answer.status).toBe(403);
    expect(world.edge.view().counts).toMatchObject({ 'ban scanner': 1, 'refused scanner': 1 });
    expect(nodeOne().end.count('INVITE') + nodeTwo().end.count('INVITE')).toBe(0);
  });

  it('gives calls to the node with the fewest, and its dialog stays there', async () => {
    const phone = await world.phone();
    const [first, second] = [await phone.call('100'), await phone.call('100')];
    expect([first.answer.status, second.answer.status]).toEqual([200, 200]);
    expect([nodeOne().end.count('INVITE'), nodeTwo().end.count('INVITE')]).toEqual([1, 1]);
    expect(world.edge.view().nodes.map(({ calls }) => calls)).toEqual([1, 1]);
    const again = await first.say('INVITE');
    expect(again?.status).toBe(200);
    expect([nodeOne().end.count('INVITE'), nodeTwo().end.count('INVITE')]).toEqual([2, 1]);
    expect((await first.say('BYE'))?.status).toBe(200);
    expect([nodeOne().end.count('BYE'), nodeTwo().end.count('BYE')]).toEqual([1, 0]);
    await until(
      'the call to be counted as over',
      () => world.edge.view().nodes[0]?.calls,
      (calls) => calls === 0,
    );
    expect((await second.say('BYE'))?.status).toBe(200);
  });

  it('tells the node who called, and lets nobody say it himself', async () => {
    const phone = await world.phone();
    await phone.call('100');
    const invite = nodeOne().end.heard.find(({ method }) => method === 'INVITE');
    expect(invite?.header('x-callwright-phone')).toBe('1001');
    expect((await phone.invite('100', ['X-Callwright-Trunk: public'])).status).toBe(403);
    const other = await world.phone('1001', undefined, PASSWORDS.get('1002'));
    expect((await other.invite('100')).status).toBe(403);
  });

  it.each([503, 500])('asks the next node when one answers %i', async (status) => {
    nodeOne().onInvite = (_message, reply) => reply(`${status} Refused`);
    const call = await (await world.phone()).call('100');
    expect(call.answer.status).toBe(200);
    expect(nodeTwo().end.count('INVITE')).toBe(1);
    expect((await call.say('BYE'))?.status).toBe(200);
    expect(nodeTwo().end.count('BYE')).toBe(1);
  });

  it.each([486, 404, 603])('asks no other node when one decided %i', async (status) => {
    nodeOne().onInvite = (_message, reply) => {
      reply('180 Ringing');
      setTimeout(() => reply(`${status} Decided`), 50);
    };
    const answer = await (await world.phone()).invite('100');
    expect(answer.status).toBe(status);
    expect(nodeTwo().end.count('INVITE')).toBe(0);
    expect(world.edge.view().nodes.map(({ calls }) => calls)).toEqual([0, 0]);
  });

  it('asks the next node when one is silent, within two seconds, and gives it no more calls', async () => {
    const phone = await world.phone();
    nodeOne().isUp = false;
    const before = performance.now();
    const call = await phone.call('100');
    expect(call.answer.status).toBe(200);
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(world.edge.view().nodes.map(({ name, isUp }) => `${name} ${isUp}`)).toEqual(['one false', 'two true']);
    const at = performance.now();
    expect((await phone.call('100')).answer.status).toBe(200);
    expect(performance.now() - at).toBeLessThan(500);
  });

  it('notices a lost node within three seconds without any call, and its return', async () => {
    nodeOne().isUp = false;
    const before = performance.now();
    const isUp = () => world.edge.view().nodes[0]?.isUp;
    await until('the node to be lost', isUp, (up) => up === false);
    expect(performance.now() - before).toBeLessThan(3_000);
    nodeOne().isUp = true;
    await until('the node to be back', isUp, (up) => up === true);
  });

  it('says 503 and when to come again while no node is left', async () => {
    for (const node of [nodeOne(), nodeTwo()]) node.onInvite = (_message, reply) => reply('503 Full');
    const answer = await (await world.phone()).invite('100');
    expect(answer.status).toBe(503);
    expect([nodeOne().end.count('INVITE'), nodeTwo().end.count('INVITE')]).toEqual([1, 1]);
  });

  it('gives a draining node nothing new, and keeps what it has', async () => {
    const phone = await world.phone();
    const call = await phone.call('100');
    await world.site({
      nodes: world.edge.view().nodes.map(({ name }) => ({
        name,
        host: '127.0.0.1',
        port: (name === 'one' ? nodeOne() : nodeTwo()).end.port,
        weight: 1,
        drain: name === 'one',
      })),
    });
    await phone.call('100');
    await phone.call('100');
    expect([nodeOne().end.count('INVITE'), nodeTwo().end.count('INVITE')]).toEqual([1, 2]);
    expect((await call.say('BYE'))?.status).toBe(200);
    expect(nodeOne().end.count('BYE')).toBe(1);
  });

  it('rings a registered phone for a node, and says 480 or 404 for others', async () => {
    const phone = await world.phone('1002', (message, reply) => {
      if (message.method === 'INVITE') reply('200 OK', ['Contact: <sip:1002@127.0.0.1>']);
      else reply('200 OK');
    });
    expect((await phone.register()).status).toBe(200);
    const invite = (user: string) => inviteFrom(nodeOne(), world.port, user);
    expect((await invite('1002')).status).toBe(200);
    expect(phone.end.heard.find(({ method }) => method === 'INVITE')?.first).toBe(
      `INVITE sip:1002@${phone.end.address} SIP/2.0`,
    );
    expect((await invite('1001')).status).toBe(480);
    expect((await invite('4711')).status).toBe(404);
  });

  it('waits three seconds at most for a phone that went without a word, and knows one that came back', async () => {
    const gone = await world.phone('1002');
    expect((await gone.register()).status).toBe(200);
    const rung = await world.phone('1002', (message, reply) => {
      if (message.method === 'INVITE') reply('486 Busy Here');
    });
    expect((await rung.register()).status).toBe(200);
    expect(await world.book.contacts('1002')).toHaveLength(2);
    const at = performance.now();
    expect((await inviteFrom(nodeOne(), world.port, '1002')).status).toBe(486);
    expect(performance.now() - at).toBeLessThan(4_000);
    const device = '<sip:1002@10.0.0.1>;+sip.instance="<urn:uuid:1>"';
    const again = await world.phone('1002');
    for (const phone of [rung, again]) expect((await phone.register([], device)).status).toBe(200);
    const uris = (await world.book.contacts('1002')).map(({ uri }) => uri);
    expect(uris).toContain(`sip:1002@${again.end.address}`);
    expect(uris).not.toContain(`sip:1002@${rung.end.address}`);
  });

  it('lets a trunk in by its address, and names it to the node', async () => {
    await world.site({ trunks: [{ name: 'public', addresses: ['127.0.0.0/8'] }] });
    const carrier = await world.phone('+358401234567');
    expect((await carrier.call('+35891234')).answer.status).toBe(200);
    const invite = nodeOne().end.heard.find(({ method }) => method === 'INVITE');
    expect(invite?.header('x-callwright-trunk')).toBe('public');
    expect(invite?.first).toBe(`INVITE sip:+35891234@${nodeOne().end.address} SIP/2.0`);
  });

  it('comes back by itself after a lost connection to drachtio, and blames no node for it', async () => {
    await world.close();
    const wire = await tcpProxy(() => door.port);
    world = await openEdgeWorld({ ...door, port: wire.port }, { one: nodeOne(), two: nodeTwo() });
    const phone = await world.phone();
    const call = await phone.call('100');
    wire.cut();
    await until(
      'the loss',
      () => world.edge.view().isConnected,
      (isConnected) => !isConnected,
    );
    expect((await call.say('BYE'))?.status).toBe(200);
    expect((await phone.probe()).status).toBe(503);
    wire.mend();
    await until('the connection', () => world.edge.view().isConnected, Boolean);
    expect(world.edge.view().nodes.map(({ isUp }) => isUp)).toEqual([true, true]);
    await until(
      'a call to be taken again',
      async () => (await phone.call('100')).answer.status,
      (status) => status === 200,
    );
    await wire.stop();
  });

  it('answers what is none of its business', async () => {
    const phone = await world.phone();
    const ask = (method: string, to = '<sip:100@127.0.0.1>') =>
      phone.end.ask(world.port, [
        `${method} sip:100@127.0.0.1:${world.port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${phone.end.address};branch=z9hG4bK-${method}${to.length};rport`,
        'From: <sip:1001@127.0.0.1>;tag=own',
        `To: ${to}`,
        `Call-ID: other-${method}-${phone.end.port}`,
        `CSeq: 1 ${method}`,
        'Max-Forwards: 70',
      ]);
    expect((await ask('OPTIONS')).status).toBe(200);
    expect((await ask('SUBSCRIBE')).status).toBe(405);
    expect((await ask('INVITE', '<sip:100@127.0.0.1>;tag=nobody')).status).toBe(481);
  });
});

/** A node calls a phone. */
const inviteFrom = (node: TestNode, port: number, user: string) =>
  node.end.ask(port, [
    `INVITE sip:${user}@127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${node.end.address};branch=z9hG4bK-${user}`,
    'From: <sip:100@127.0.0.1>;tag=node',
    `To: <sip:${user}@127.0.0.1>`,
    `Call-ID: node-${user}-${node.end.port}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:node@${node.end.address}>`,
    'Max-Forwards: 70',
  ]);
