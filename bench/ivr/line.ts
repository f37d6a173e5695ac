import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { keyPackets, PACKET_MS } from '../../tests/live/support/rtp.ts';
import { headerOf, type Message, readMessage, request, response, sdp, targetOf } from '../app-queue/sip.ts';
import { type Tone, toneOf } from './tones.ts';

/** A packet with sound in it, and when it came, ms. */
export interface Sound {
  readonly at: number;
  readonly tone: Exclude<Tone, 'silence'>;
}

/** When a key went down, and when it was let go. */
interface Press {
  readonly down: number;
  readonly up: number;
}

/** One call as the caller has it. All times are of one clock, and taken when a packet comes or goes. */
export interface Line {
  readonly answeredAt: number;
  readonly sounds: readonly Sound[];
  /** The far side has hung up. */
  readonly isOver: () => boolean;
  /** Holds a key for 80 ms (RFC 4733). */
  readonly press: (key: string) => Promise<Press>;
  readonly hangUp: () => Promise<void>;
}

export interface Place {
  readonly to: string;
  readonly at: { readonly host: string; readonly port: number };
  readonly signal: AbortSignal;
}

const HOST = '127.0.0.1';
const ANSWERED_WITHIN_MS = 5_000;
/** RFC 3261 §17.1.1.2, timer A. */
const AGAIN_MS = 500;
const END_BIT = 0x80;
const TAG = 'bench';

/** Calls, and resolves when the call is up. @throws Error when it is not answered. */
export async function dial(place: Place): Promise<Line> {
  const [sip, rtp] = await Promise.all([open(), open()]);
  const sounds: Sound[] = [];
  let far: RemoteInfo | undefined;
  rtp.on('message', (packet, from) => {
    far = from;
    const tone = toneOf(packet);
    if (tone !== 'silence') sounds.push({ at: performance.now(), tone });
  });
  const dialogue = new Dialogue(place, sip);
  const close = () => [sip, rtp].forEach((socket) => socket.close());
  await dialogue.invite(rtp.address().port).catch((error: unknown) => {
    close();
    throw error;
  });
  const stream = { sequence: 0, clock: 0 };
  return {
    answeredAt: performance.now(),
    sounds,
    isOver: () => dialogue.isOver,
    press: (key) => pressed(keyPackets(stream, key), (packet) => far && rtp.send(packet, far.port, far.address)),
    hangUp: () => dialogue.bye().finally(close),
  };
}

async function pressed(packets: readonly Buffer[], send: (packet: Buffer) => void): Promise<Press> {
  const down = performance.now();
  let up = 0;
  for (const packet of packets) {
    send(packet);
    if (up === 0 && ((packet[13] ?? 0) & END_BIT) !== 0) up = performance.now();
    await pause(PACKET_MS);
  }
  return { down, up };
}

async function open(): Promise<Socket> {
  const socket = createSocket('udp4');
  await once(socket.bind(0, HOST), 'listening');
  return socket;
}

/** As little of SIP as one call on loopback takes (RFC 3261 §13, §15). */
class Dialogue {
  readonly #place: Place;
  readonly #sip: Socket;
  readonly #id = randomUUID();
  readonly #answered = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #over = false;
  #target: string;
  #to: string;

  constructor(place: Place, sip: Socket) {
    this.#place = place;
    this.#sip = sip;
    this.#target = `sip:${place.to}@${place.at.host}:${place.at.port}`;
    this.#to = `<sip:${place.to}@${place.at.host}>`;
    sip.on('message', (bytes, from) => this.#take(readMessage(bytes.toString()), from));
  }

  get isOver(): boolean {
    return this.#over;
  }

  async invite(rtpPort: number): Promise<void> {
    const ask = () => this.#send('INVITE', 1, sdp(HOST, rtpPort));
    ask();
    const again = setInterval(ask, AGAIN_MS);
    const patience = AbortSignal.any([this.#place.signal, AbortSignal.timeout(ANSWERED_WITHIN_MS)]);
    patience.addEventListener('abort', () => this.#answered.reject(new Error('the call was not answered')));
    await this.#answered.promise.finally(() => clearInterval(again));
  }

  async bye(): Promise<void> {
    if (this.#over) return;
    this.#send('BYE', 2);
    await Promise.race([this.#ended.promise, pause(AGAIN_MS)]);
  }

  #take(message: Message, from: RemoteInfo): void {
    const { method, status, sequence } = message;
    if (method === 'BYE') {
      this.#over = true;
      this.#sip.send(response(message, '200 OK', TAG), from.port, from.address);
    } else if (status === null || status < 200) return;
    else if (sequence === 'INVITE') this.#answer(status, message);
    else this.#ended.resolve();
  }

  #answer(status: number, message: Message): void {
    this.#to = headerOf(message.lines, 'To');
    if (status === 200) this.#target = targetOf(message) || this.#target;
    this.#send('ACK', 1);
    if (status === 200) this.#answered.resolve();
    else this.#answered.reject(new Error(`the call was refused with ${status}`));
  }

  #send(method: string, count: number, body = ''): void {
    const { at } = this.#place;
    const own = `${HOST}:${this.#sip.address().port}`;
    const [from, contact] = [`<sip:7000@${HOST}>;tag=${TAG}`, `sip:7000@${own}`];
    const [target, to] = [this.#target, this.#to];
    this.#sip.send(
      request({ method, target, own, from, to, callId: this.#id, count, contact, body }),
      at.port,
      at.host,
    );
  }
}
