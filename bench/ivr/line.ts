import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { keyPackets, PACKET_MS } from '../../tests/live/support/rtp.ts';
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
  #farTag = '';

  constructor(place: Place, sip: Socket) {
    this.#place = place;
    this.#sip = sip;
    this.#target = `sip:${place.to}@${place.at.host}:${place.at.port}`;
    sip.on('message', (bytes, from) => this.#take(bytes.toString(), from));
  }

  get isOver(): boolean {
    return this.#over;
  }

  async invite(rtpPort: number): Promise<void> {
    const ask = () => this.#send('INVITE', 1, sdp(rtpPort));
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

  #take(text: string, from: RemoteInfo): void {
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
    if (text.startsWith('BYE ')) {
      this.#over = true;
      this.#sip.send(okTo(text), from.port, from.address);
    } else if (status >= 200 && /^CSeq: \d+ INVITE/im.test(text)) this.#answer(status, text);
    else if (status >= 200) this.#ended.resolve();
  }

  #answer(status: number, text: string): void {
    this.#farTag = /^To:[^\r\n]*(;tag=[^\s;]+)/im.exec(text)?.[1] ?? '';
    if (status === 200) this.#target = /^Contact: <([^>]+)>/im.exec(text)?.[1] ?? this.#target;
    this.#send('ACK', 1);
    if (status === 200) this.#answered.resolve();
    else this.#answered.reject(new Error(`the call was refused with ${status}`));
  }

  #send(method: string, count: number, body = ''): void {
    const { to, at } = this.#place;
    const own = `${HOST}:${this.#sip.address().port}`;
    const head = [
      `${method} ${this.#target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${method}${this.#id}`,
      `From: <sip:7000@${HOST}>;tag=bench`,
      `To: <sip:${to}@${at.host}>${this.#farTag}`,
      `Call-ID: ${this.#id}`,
      `CSeq: ${count} ${method}`,
      `Contact: <sip:7000@${own}>`,
      'Max-Forwards: 70',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
    ];
    this.#sip.send(`${head.join('\r\n')}\r\n\r\n${body}`, at.port, at.host);
  }
}

const okTo = (request: string): string => {
  const kept = request.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line));
  return ['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n');
};

const sdp = (port: number): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${HOST}`,
    's=-',
    `c=IN IP4 ${HOST}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    '',
  ].join('\r\n');
