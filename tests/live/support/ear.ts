import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { HOST } from './sipp.ts';

/** A caller's ear and mouth: tells sound from silence, and makes some. */
export interface Ear {
  readonly port: number;
  /** Packets of 20 ms with sound in them. */
  readonly heard: () => number;
  /** Those of them that brought his own voice back: the far side says back what he says. */
  readonly heardHimself: () => number;
  /** Makes a noise from now on, to whoever was heard last. */
  readonly speak: () => void;
  readonly close: () => void;
}

const RTP_HEADER = 12;
const PACKET_MS = 20;
const SAMPLES = 160;
/** G.711 µ-law: both zeros and the steps next to them, after the bits were turned (ITU-T G.711 §3). */
const QUIET = new Set([0xff, 0x7f, 0xfe, 0x7e]);

/** The two levels of a square wave, which no speech and no music is. */
const VOICE: readonly number[] = [0x20, 0xa0];

export async function openEar(): Promise<Ear> {
  const socket = createSocket('udp4');
  let [heard, heardHimself] = [0, 0];
  let far: RemoteInfo | undefined;
  socket.on('message', (packet, from) => {
    far = from;
    const sound = packet.subarray(RTP_HEADER);
    if (sound.filter((sample) => !QUIET.has(sample)).length > sound.length / 2) heard += 1;
    if (sound.every((sample) => VOICE.includes(sample))) heardHimself += 1;
  });
  socket.bind(0, HOST);
  await once(socket, 'listening');
  let mouth: NodeJS.Timeout | undefined;
  let count = 0;
  return {
    port: socket.address().port,
    heard: () => heard,
    heardHimself: () => heardHimself,
    speak: () => {
      mouth ??= setInterval(() => far && socket.send(noise((count += 1)), far.port, far.address), PACKET_MS);
    },
    close: () => {
      clearInterval(mouth);
      socket.close();
    },
  };
}

/** An RTP packet of G.711 µ-law (RFC 3550 §5.1, RFC 3551 §6: payload type 0). */
function noise(count: number): Buffer {
  const packet = Buffer.alloc(RTP_HEADER + SAMPLES, 0);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt16BE(count & 0xffff, 2);
  packet.writeUInt32BE(count * SAMPLES, 4);
  packet.writeUInt32BE(0x1234, 8);
  for (let sample = 0; sample < SAMPLES; sample += 1) packet[RTP_HEADER + sample] = VOICE[sample % 16 < 8 ? 0 : 1] ?? 0;
  return packet;
}
