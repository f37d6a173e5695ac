import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { keyPackets, PACKET_MS, newStream, soundOf, tonePacket, voicePacket } from './rtp.ts';
import { HOST } from './sipp.ts';
import { until } from './until.ts';

/** A caller's ear, mouth and finger: tells sound from silence, makes some, and presses keys. */
export interface Ear {
  readonly port: number;
  /** Packets of 20 ms with sound in them. */
  readonly heard: () => number;
  /** Those of them that brought his own voice back: the far side says back what he says. */
  readonly heardHimself: () => number;
  /** When each packet with sound came, ms since the epoch. */
  readonly sounds: () => readonly number[];
  /** Makes a noise from now on, or with `hz` this tone, to whoever was heard last. */
  readonly speak: (hz?: number) => void;
  readonly hush: () => void;
  /** Resolves when he has made so much noise since, counted in packets: who stands still for a moment says nothing in it. */
  readonly spoken: (ms: number) => Promise<void>;
  /** Resolves when nothing more was heard for so long after something was; counted in looks, for the same reason. */
  readonly quiet: (ms: number) => Promise<void>;
  /** Presses keys one after the other, in the media (RFC 4733); resolves when the last was let go. */
  readonly press: (keys: string) => Promise<void>;
  readonly close: () => void;
}

const LOOK_MS = 20;

/** A finger rests for so long between two keys. */
const BETWEEN_KEYS_MS = 80;

export async function openEar(): Promise<Ear> {
  const socket = createSocket('udp4');
  const sounds: number[] = [];
  let heardHimself = 0;
  let far: RemoteInfo | undefined;
  socket.on('message', (packet, from) => {
    far = from;
    const sound = soundOf(packet);
    if (sound !== 'silence') sounds.push(now());
    if (sound === 'voice') heardHimself += 1;
  });
  socket.bind(0, HOST);
  await once(socket, 'listening');
  let mouth: NodeJS.Timeout | undefined;
  const place = newStream();
  let sent = 0;
  const send = (packet: Buffer): void => {
    if (far) socket.send(packet, far.port, far.address);
    sent += 1;
  };
  const hush = (): void => {
    clearInterval(mouth);
    mouth = undefined;
  };
  return {
    port: socket.address().port,
    heard: () => sounds.length,
    heardHimself: () => heardHimself,
    sounds: () => sounds,
    speak: (hz) => {
      hush();
      mouth = setInterval(() => send(hz === undefined ? voicePacket(place) : tonePacket(place, hz)), PACKET_MS);
    },
    hush,
    spoken: async (ms) => {
      const enough = sent + ms / PACKET_MS;
      await until(
        `${ms} ms to be spoken`,
        () => sent,
        (packets) => packets >= enough,
        { everyMs: LOOK_MS },
      );
    },
    quiet: async (ms) => {
      let [heard, looks] = [0, 0];
      const look = (): number => {
        looks = sounds.length > 0 && sounds.length === heard ? looks + 1 : 0;
        heard = sounds.length;
        return looks * LOOK_MS;
      };
      await until('it to be quiet', look, (silentMs) => silentMs > ms, { everyMs: LOOK_MS });
    },
    press: async (keys) => {
      await until('somebody to press keys for', () => far !== undefined, Boolean, { everyMs: 10 });
      for (const key of keys) {
        for (const packet of keyPackets(place, key)) {
          send(packet);
          await pause(PACKET_MS);
        }
        await pause(BETWEEN_KEYS_MS);
      }
    },
    close: () => {
      hush();
      socket.close();
    },
  };
}

/** One clock with the journal, and finer. */
const now = (): number => performance.timeOrigin + performance.now();

/** The longest time between two of these sounds, with the two ends counted as sounds. */
export function longestSilence(sounds: readonly number[], from: number, to: number): number {
  const within = [from, ...sounds.filter((at) => at > from && at < to), to];
  return Math.max(...within.slice(1).map((at, index) => at - (within[index] ?? at)));
}
