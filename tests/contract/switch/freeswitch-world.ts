import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { SwitchEvent } from '../../../src/call/switch.ts';
import { ensure } from '../../../src/local/debian.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { createFreeswitchSwitch } from '../../../src/switch/freeswitch/switch.ts';
import { systemClock } from '../../../src/system.ts';
import { sipAddressOf } from '../../support/drachtio-client.ts';
import { EslClient } from '../../support/esl-client.ts';
import { holdSecondSwitch, secondSwitch } from '../../support/second-switch.ts';
import { silent } from '../../support/silent.ts';
import { farAsterisk } from './far-asterisk.ts';
import { farEnd, until } from './far-end.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { type CallOptions, targetOf, type World } from './world.ts';

const channels = z.object({ rows: z.array(z.object({ uuid: z.string() })).default([]) });
const listed = z.array(z.object({ id: z.string() }));
/** Only the account exists; nobody has ever registered it. */
const PHONES = { contactOf: async () => null, knows: async (name: string) => name === 'nobody' };

/**
 * The other real thing: the first drachtio and the first FreeSWITCH that the settings name, configured as
 * dialplans/freeswitch says and on this machine, and a private Asterisk as the world.
 */
export async function freeswitchWorld(): Promise<World> {
  const servers = secondSwitch();
  if (!servers) throw new Error('DRACHTIO_URL and FREESWITCH_URL are not set (see docs/freeswitch.md)');
  const {
    drachtio: [edge],
    freeswitch: [media],
  } = servers;
  const release = await holdSecondSwitch();
  const { root } = await ensure({ packages: PACKAGES, env: process.env });
  const [far, near] = [await farAsterisk(root), await sipAddressOf(edge)];
  const folder = mkdtempSync(join(tmpdir(), 'callwright-freeswitch-'));
  const [toEdge, toMedia] = [await tcpProxy(() => edge.port), await tcpProxy(() => media.port)];
  const options = {
    drachtios: [`drachtio://:${encodeURIComponent(edge.secret)}@127.0.0.1:${toEdge.port}`],
    freeswitches: [`esl://:${encodeURIComponent(media.secret)}@127.0.0.1:${toMedia.port}`],
    node: 'freeswitch-1',
    soundsDir: join(root, 'usr/share/asterisk/sounds/en_US_f_Allison'),
    spoolDir: folder,
    trunks: new Map([['world', { host: '127.0.0.1', port: far.sipPort }]]),
    phones: PHONES,
    newLegId: randomUUID,
    clock: systemClock,
    log: silent,
  };
  const port = createFreeswitchSwitch(options);
  const others: ReturnType<typeof createFreeswitchSwitch>[] = [];
  const events: SwitchEvent[] = [];
  await port.start((event) => events.push(event));

  const api = async (command: string) => {
    const client = await EslClient.logIn(media);
    const answer = await client.api(command);
    await client.close();
    return answer;
  };
  const hidden = async () => {
    const { rows } = channels.parse(JSON.parse(await api('show channels as json')));
    const rooms = await api('conference list');
    return [...rows.map(({ uuid }) => uuid), ...(rooms.startsWith('+OK No active') ? [] : [rooms])];
  };
  const invite = (to: string, call: CallOptions) => far.call(`${to}@${near.host}:${near.port}`, call);
  const connectedAgain = () =>
    until(() => events.findLast(({ type }) => type.startsWith('switch.'))?.type === 'switch.connected', 'connected');
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
      return farEnd(far, channelId, offered()?.legId ?? '', 'sound');
    },
    dial: async (to) => farEnd(far, await invite(to, {}), '', 'sound'),
    target: targetOf,
    far: async (callerId, legId) => {
      const rung = () =>
        far.events.find((one) => one.type === 'StasisStart' && one.channel?.caller.number === callerId);
      await until(() => rung() !== undefined, `${callerId} at the far end`);
      return farEnd(far, rung()?.channel?.id ?? '', legId, 'sound');
    },
    rings: async () => listed.parse(await far.ask('GET', 'channels')).length,
    cut: async () => {
      for (const wire of [toEdge, toMedia]) wire.cut();
      await until(() => events.at(-1)?.type === 'switch.disconnected', 'disconnected');
    },
    mend: async () => {
      for (const wire of [toEdge, toMedia]) wire.mend();
      await connectedAgain();
    },
    restart: async () => {
      const known = events.length;
      await api('fsctl shutdown restart');
      await until(() => events.slice(known).some(({ type }) => type === 'switch.disconnected'), 'gone');
      await until(() => events.slice(known).some(({ type }) => type === 'switch.connected'), 'connected again');
    },
    takeOver: async () => {
      const other = createFreeswitchSwitch(options);
      others.push(other);
      await other.start(() => {});
    },
    leaks: async () => {
      const held = await (others[0] ?? port).snapshot();
      if (!held) return ['unknown'];
      const ids = [...held.legs.map(({ legId }) => legId), ...held.bridges.map(({ bridgeId }) => bridgeId)];
      // Whoever still rings or talks at the far end was forgotten.
      const there = listed.parse(await far.ask('GET', 'channels')).map(({ id }) => `far ${id}`);
      return [...ids, ...(await hidden()), ...there];
    },
    stop: async () => {
      for (const one of [port, ...others]) await one.stop();
      await Promise.all([toEdge.stop(), toMedia.stop(), far.stop()]);
      rmSync(folder, { recursive: true, force: true });
      release();
    },
  };
}
