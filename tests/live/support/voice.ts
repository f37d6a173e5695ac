import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { PACKET_MS, newStream, samplesOf, tonePacket } from './rtp.ts';
import { loudness } from '../../support/tones.ts';
import { HOST } from './sipp.ts';
import { until } from './until.ts';

/** People who are told from each other by their voices, Hz: no multiple of another, none on the keys, none of a scale. */
const VOICES = { caller: 430, eve: 620, finn: 1_075, dora: 1_750, cleo: 2_290 } as const;

export type Person = keyof typeof VOICES;

/** Somebody who says his tone all the time, and knows whom he hears. */
export interface Voice extends Disposable {
  readonly port: number;
  /** Waits until he has heard just these people, and nobody else, for a while. */
  readonly hears: (...people: readonly Person[]) => Promise<void>;
  /** Waits until he hears something that is nobody's voice: music. */
  readonly hearsMusic: () => Promise<void>;
}

/** What is listened to at a time: two tones 5 Hz apart could be told from each other. */
const WINDOW_MS = 400;
/** A voice is as loud as this, of the whole; in music no tone is that loud for so long. */
const HEARD = 0.06;
/** Anything at all, of the whole. */
const SOUND = 0.004;

export async function speak(person: Person): Promise<Voice> {
  const socket = createSocket('udp4');
  let heard: { at: number; samples: Int16Array }[] = [];
  let far: RemoteInfo | undefined;
  socket.on('message', (packet, from) => {
    far = from;
    const now = performance.now();
    heard = [...heard.filter(({ at }) => at > now - WINDOW_MS), { at: now, samples: samplesOf(packet) }];
  });
  socket.bind(0, HOST);
  await once(socket, 'listening');
  const place = newStream();
  const mouth = setInterval(() => {
    const packet = tonePacket(place, VOICES[person]);
    if (far) socket.send(packet, far.port, far.address);
  }, PACKET_MS);
  const window = (): Int16Array => {
    const now = performance.now();
    return Int16Array.from(heard.filter(({ at }) => at > now - WINDOW_MS).flatMap(({ samples }) => [...samples]));
  };
  return {
    port: socket.address().port,
    hears: async (...people) => {
      const wanted = [...people].sort().join(' ');
      await until(
        `${person} to hear ${wanted || 'nobody'}`,
        steady(() => peopleIn(window())),
        (is) => is === wanted,
        LOOK,
      );
    },
    hearsMusic: async () => {
      const look = () => [loudnessOf(window()) > SOUND ? 'music' : 'silence', peopleIn(window())].join(' ').trim();
      await until(`${person} to hear music`, steady(look), (is) => is === 'music', LOOK);
    },
    [Symbol.dispose]: () => {
      clearInterval(mouth);
      socket.close();
    },
  };
}

const LOOK = { withinMs: 8_000, everyMs: 50 };

/** What has been so for a whole window. */
function steady(look: () => string): () => string {
  let [last, since] = ['', performance.now()];
  return () => {
    const now = look();
    if (now !== last) [last, since] = [now, performance.now()];
    return performance.now() - since >= WINDOW_MS ? now : `(${now})`;
  };
}

const peopleIn = (samples: Int16Array): string =>
  (Object.keys(VOICES) as Person[])
    .filter((person) => loudness(samples, VOICES[person]) > HEARD)
    .sort()
    .join(' ');

const loudnessOf = (samples: Int16Array): number =>
  samples.length === 0
    ? 0
    : Math.sqrt(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length);
