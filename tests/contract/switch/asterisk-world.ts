import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { SwitchEvent } from '../../../src/call/switch.ts';
import { startAsterisk } from '../../../src/local/asterisk.ts';
import { ensure } from '../../../src/local/debian.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { createAsteriskSwitch } from '../../../src/switch/asterisk/switch.ts';
import { systemClock } from '../../../src/system.ts';
import { farAsterisk } from './far-asterisk.ts';
import { farEnd, until } from './far-end.ts';
import { silent } from '../../support/silent.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { type CallOptions, targetOf, type World } from './world.ts';

const DIALPLAN = resolve('dialplans/asterisk/extensions.conf');
/** Where a leg goes that Callwright gives back: it stays up, with nobody in charge. */
const RELEASED = '[callwright-release]\nexten => parked,1,Wait(60)\n';

const listed = z.array(z.object({ id: z.string() }));

/** The real thing: our Asterisk with the product's dialplan, and another one as the world, joined by SIP and RTP on loopback. */
export async function asteriskWorld(): Promise<World> {
  const { root } = await ensure({ packages: PACKAGES, env: process.env });
  const far = await farAsterisk(root);
  const folder = mkdtempSync(join(tmpdir(), 'callwright-near-'));
  const released = join(folder, 'released.conf');
  writeFileSync(released, RELEASED);
  const ari = { user: 'callwright', password: 'contract-suite-password' };
  const start = () =>
    startAsterisk({
      root,
      folder,
      ports: { sip: 0, http: 0 },
      ari,
      dialplans: [DIALPLAN, released],
      trunks: [{ name: 'far', host: '127.0.0.1', port: far.sipPort }],
      phones: [{ name: 'nobody', password: 'contract-suite-password' }],
    });
  let near = await start();
  const proxy = await tcpProxy(() => Number(new URL(near.url).port));

  const options = {
    url: `http://${ari.user}:${ari.password}@127.0.0.1:${proxy.port}`,
    node: 'asterisk-1',
    soundsDir: join(root, 'usr/share/asterisk/sounds/en_US_f_Allison'),
    trunks: new Map([['world', 'far']]),
    clock: systemClock,
    log: silent,
  };
  const port = createAsteriskSwitch(options);
  const others: ReturnType<typeof createAsteriskSwitch>[] = [];
  const events: SwitchEvent[] = [];
  await port.start((event) => events.push(event));

  /** All that Asterisk holds, whatever the door says. */
  const hidden = async (kind: 'channels' | 'bridges') => {
    const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
    const reply = await fetch(`http://${new URL(near.url).host}/ari/${kind}`, { headers: { authorization } });
    return listed.parse(await reply.json()).map(({ id }) => id);
  };

  const invite = (to: string, call: CallOptions) => far.call(`${to}@127.0.0.1:${near.sipAddress.port}`, call);
  return {
    port,
    events,
    until,
    pass: pause,
    call: async (to, call = {}) => {
      const known = events.length;
      const channelId = await invite(to, call);
      const offered = () => events.slice(known).find((event) => event.type === 'leg.offered');
      await until(() => offered() !== undefined, 'an offered leg');
      return farEnd(far, channelId, offered()?.legId ?? '');
    },
    dial: async (to) => farEnd(far, await invite(to, {}), ''),
    target: targetOf,
    far: async (callerId, legId) => {
      const rung = () =>
        far.events.find((one) => one.type === 'StasisStart' && one.channel?.caller.number === callerId);
      await until(() => rung() !== undefined, `${callerId} at the far end`);
      return farEnd(far, rung()?.channel?.id ?? '', legId);
    },
    rings: async () => listed.parse(await far.ask('GET', 'channels')).length,
    cut: async () => {
      proxy.cut();
      await until(() => events.at(-1)?.type === 'switch.disconnected', 'disconnected');
    },
    mend: async () => {
      proxy.mend();
      await until(
        () => events.findLast(({ type }) => type.startsWith('switch.'))?.type === 'switch.connected',
        'connected',
      );
    },
    restart: async () => {
      const known = events.length;
      await near.stop();
      near = await start();
      await until(() => events.slice(known).some(({ type }) => type === 'switch.connected'), 'connected again');
    },
    takeOver: async () => {
      const other = createAsteriskSwitch(options);
      others.push(other);
      await other.start(() => {});
    },
    leaks: async () => {
      const held = await (others[0] ?? port).snapshot();
      if (!held) return ['unknown'];
      const ids = [...held.legs.map(({ legId }) => legId), ...held.bridges.map(({ bridgeId }) => bridgeId)];
      return [...ids, ...(await hidden('channels')), ...(await hidden('bridges'))];
    },
    stop: async () => {
      for (const one of [port, ...others]) await one.stop();
      await proxy.stop();
      await Promise.all([near.stop(), far.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
