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
import { type FarAsterisk, farAsterisk } from './far-asterisk.ts';
import { silent } from '../../support/silent.ts';
import { tonesIn } from '../../support/tones.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { type CallOptions, type Far, targetOf, unused, unusedNumber, type World } from './world.ts';

const POLL_MS = 10;
const PATIENCE_MS = 10_000;
const LISTEN_MS = 200;
const EAR_MS = 400;
/** Half a minute of packets with nothing in them, as a quiet room sounds. */
const SILENCE = 'sound:silence/10,sound:silence/10,sound:silence/10';
const DIALPLAN = resolve('dialplans/asterisk/extensions.conf');
/** Where a leg goes that Callwright gives back: it stays up, with nobody in charge. */
const RELEASED = '[callwright-release]\nexten => parked,1,Wait(60)\n';

const listed = z.array(z.object({ id: z.string() }));
/** A leg without media has none. */
const statistics = z.object({ rxcount: z.number() }).nullable();

async function until(reached: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`not reached: ${what}`);
    await pause(POLL_MS);
  }
}

function farEnd(far: FarAsterisk, channelId: string, legId: string): Far {
  const path = `channels/${channelId}`;
  const [voice, silence] = [`voice-${channelId}`, `silence-${channelId}`];
  const received = async () => statistics.parse(await far.ask('GET', `${path}/rtp_statistics`))?.rxcount ?? 0;
  const mine = (type: string) => far.events.filter((event) => event.type === type && event.channel?.id === channelId);
  /** Our side may know of the answer before the far Asterisk has handed the channel to its own application. */
  const inHand = () => until(() => mine('StasisStart').length > 0, 'the far end has its channel');
  return {
    legId,
    press: async (keys) => {
      await inHand();
      await far.ask('POST', `${path}/dtmf`, { dtmf: keys });
    },
    hangUp: async () => void (await far.ask('DELETE', path)),
    speak: async (hz) => {
      await inHand();
      if (hz !== undefined) return hum(far, channelId, hz);
      await far.ask('DELETE', `playbacks/${silence}`);
      // A tone is loud from its first moment on, as music is not.
      await far.ask('POST', `${path}/play`, { media: 'tone:dial', playbackId: voice });
      return undefined;
    },
    hush: async () => {
      await inHand();
      await far.ask('DELETE', `playbacks/${voice}`);
      await far.ask('POST', `${path}/play`, { media: SILENCE, playbackId: silence });
    },
    hears: async () => {
      const before = await received();
      await pause(LISTEN_MS);
      return (await received()) - before > 3;
    },
    tones: () => tonesAt(far, path),
    keys: () =>
      mine('ChannelDtmfReceived')
        .map(({ digit }) => digit)
        .join(''),
    ended: () => {
      const [destroyed] = mine('ChannelDestroyed');
      if (!destroyed) return null;
      const { cause: q850 = 0, tech_cause: sip } = destroyed;
      return sip === undefined ? { q850 } : { q850, sip };
    },
  };
}

/** What is hummed to whom: each sound has a name of its own, so that an end is never taken for the sound that follows it. */
const hummed = new Map<string, string>();

/** A room of his own, where somebody hums for him: whom a tone is played to by itself hears nothing meanwhile. */
async function hum(far: FarAsterisk, channelId: string, hz: number): Promise<void> {
  const [room, before, voice] = [`room-${channelId}`, hummed.get(channelId), unused('hum')];
  if ((await far.ask('GET', `bridges/${room}`)) === null) await far.ask('POST', `bridges/${room}`, { type: 'mixing' });
  await far.ask('POST', `bridges/${room}/addChannel`, { channel: channelId });
  if (before !== undefined) await far.ask('DELETE', `playbacks/${before}`);
  await far.ask('POST', `bridges/${room}/play`, { media: `tone:${hz}`, playbackId: voice });
  hummed.set(channelId, voice);
}

/** Listens at the far end for a moment, beside whatever is said there. */
async function tonesAt(far: FarAsterisk, path: string): Promise<readonly number[]> {
  const ear = unused('ear');
  const was = (type: string) => () => far.events.some((one) => one.type === type && earOf(one) === ear);
  await far.ask('POST', `${path}/snoop/${ear}`, { spy: 'in', app: 'far' });
  await until(was('StasisStart'), 'an ear at the far end');
  await far.ask('POST', `channels/${ear}/record`, { name: ear, format: 'wav' });
  await pause(EAR_MS);
  await far.ask('POST', `recordings/live/${ear}/stop`);
  await until(was('RecordingFinished'), 'what was heard at the far end');
  const wav = await far.file(`recordings/stored/${ear}/file`);
  await far.ask('DELETE', `channels/${ear}`);
  return tonesIn(wav);
}

const earOf = ({ channel, recording }: FarAsterisk['events'][number]): string | undefined =>
  recording?.name ?? channel?.id;

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

  const invite = async (to: string, { from = unusedNumber(), keys = 'rfc4733' }: CallOptions): Promise<string> => {
    const channelId = unused('caller');
    const endpoint = `PJSIP/${keys === 'info' ? 'by-info' : 'anonymous'}/sip:${to}@127.0.0.1:${near.sipAddress.port}`;
    await far.ask('POST', 'channels', {
      endpoint,
      channelId,
      app: 'far',
      timeout: '30',
      callerId: from === null ? 'anonymous <anonymous>' : `<${from}>`,
    });
    return channelId;
  };
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
