import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { HOST } from './sipp.ts';

/** An ear at a caller's receiver: tells sound from silence. */
export interface Ear {
  readonly port: number;
  /** Packets of 20 ms with sound in them. */
  heard(): number;
  close(): void;
}

const RTP_HEADER = 12;
/** G.711 µ-law: both zeros and the steps next to them, after the bits were turned (ITU-T G.711 §3). */
const QUIET = new Set([0xff, 0x7f, 0xfe, 0x7e]);

export async function openEar(): Promise<Ear> {
  const socket = createSocket('udp4');
  let heard = 0;
  socket.on('message', (packet) => {
    const loud = packet.subarray(RTP_HEADER).filter((sample) => !QUIET.has(sample)).length;
    if (loud > packet.length / 2) heard += 1;
  });
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return { port: socket.address().port, heard: () => heard, close: () => socket.close() };
}
