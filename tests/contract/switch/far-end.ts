import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isLoud, tonesIn } from '../../support/tones.ts';
import type { FarAsterisk } from './far-asterisk.ts';
import { type Far, unused } from './world.ts';

const POLL_MS = 10;
const PATIENCE_MS = 10_000;
const LISTEN_MS = 200;
const EAR_MS = 400;
/** Speech and music have no pause as long as this. */
const HEAR_MS = 300;
/** Half a minute of packets with nothing in them, as a quiet room sounds. */
const SILENCE = 'sound:silence/10,sound:silence/10,sound:silence/10';

/** A leg without media has none. */
const statistics = z.object({ rxcount: z.number() }).nullable();

/** @throws Error when it does not come in some seconds. */
export async function until(reached: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`not reached: ${what}`);
    await pause(POLL_MS);
  }
}

/** Whether anything comes to the far end's channel for a moment: packets from a switch that sends none in silence, or sound. */
type Ear = 'packets' | 'sound';

/** The far Asterisk's channel as somebody with a telephone. */
export function farEnd(far: FarAsterisk, channelId: string, legId: string, ear: Ear = 'packets'): Far {
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
      if (ear === 'sound') return isLoud(await heardAt(far, path, HEAR_MS));
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

const tonesAt = async (far: FarAsterisk, path: string): Promise<readonly number[]> =>
  tonesIn(await heardAt(far, path, EAR_MS));

/** Listens at the far end for a moment, beside whatever is said there. */
async function heardAt(far: FarAsterisk, path: string, forMs: number): Promise<Buffer> {
  const ear = unused('ear');
  const was = (type: string) => () => far.events.some((one) => one.type === type && earOf(one) === ear);
  await far.ask('POST', `${path}/snoop/${ear}`, { spy: 'in', app: 'far' });
  await until(was('StasisStart'), 'an ear at the far end');
  await far.ask('POST', `channels/${ear}/record`, { name: ear, format: 'wav' });
  await pause(forMs);
  await far.ask('POST', `recordings/live/${ear}/stop`);
  await until(was('RecordingFinished'), 'what was heard at the far end');
  const wav = await far.file(`recordings/stored/${ear}/file`);
  await far.ask('DELETE', `channels/${ear}`);
  return wav;
}

const earOf = ({ channel, recording }: FarAsterisk['events'][number]): string | undefined =>
  recording?.name ?? channel?.id;
