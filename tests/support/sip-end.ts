import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A SIP message as it came, with what tests ask of it. */
export interface SipText {
  readonly first: string;
  readonly text: string;
  /** Of a request. */
  readonly method: string;
  /** Of a response; 0 of a request. */
  readonly status: number;
  readonly from: { readonly address: string; readonly port: number };
  header(name: string): string;
  headers(name: string): readonly string[];
}

/** @param extra header lines, and last the body if there is one: a session description, which begins with `v=0`. */
export type Reply = (status: string, extra?: readonly string[]) => void;

/** A session description for G.711; whatever is sent there is lost. */
export const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\r\n');
export const SDP_TYPE = 'Content-Type: application/sdp';

/** The smallest SIP end there is, over UDP on loopback: a phone, a node or a carrier whose every word a test decides. */
export class SipEnd {
  readonly heard: SipText[] = [];
  readonly #socket: Socket;
  readonly #waiting: { readonly wanted: (message: SipText) => boolean; readonly take: (message: SipText) => void }[] =
    [];

  private constructor(socket: Socket, onRequest: (message: SipText, reply: Reply) => void) {
    this.#socket = socket;
    socket.on('message', (bytes, { address, port }) => {
      const message = parse(bytes.toString('utf8'), { address, port });
      this.heard.push(message);
      for (const each of this.#waiting.filter(({ wanted }) => wanted(message))) each.take(message);
      if (message.method !== '' && message.method !== 'ACK')
        onRequest(
          message,
          replyTo(message, (text) => this.#raw(text, port)),
        );
    });
  }

  static async open(onRequest: (message: SipText, reply: Reply) => void = () => undefined): Promise<SipEnd> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new SipEnd(socket, onRequest);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  count(method: string): number {
    return this.heard.filter((message) => message.method === method).length;
  }

  /** The next message from now on of this kind. */
  async next(wanted: (message: SipText) => boolean, withinMs = 5_000): Promise<SipText> {
    const { promise, resolve, reject } = Promise.withResolvers<SipText>();
    const timer = setTimeout(
      () => reject(new Error(`did not come; heard: ${this.heard.map(({ first }) => first).join(' | ')}`)),
      withinMs,
    );
    const waiting = { wanted, take: resolve };
    this.#waiting.push(waiting);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    }
  }

  /** Sends a request and resolves with its final answer. */
  async ask(port: number, lines: readonly string[], body = '', withinMs = 5_000): Promise<SipText> {
    const id = /^call-id:\s*(.*)$/imu.exec(lines.join('\n'))?.[1];
    const cseq = /^cseq:\s*(.*)$/imu.exec(lines.join('\n'))?.[1];
    const answer = this.next(
      (message) => message.status >= 200 && message.header('call-id') === id && message.header('cseq') === cseq,
      withinMs,
    );
    this.say(port, lines, body);
    return answer;
  }

  say(port: number, lines: readonly string[], body = ''): void {
    this.#raw(`${[...lines, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`, port);
  }

  #raw(text: string, port: number): void {
    this.#socket.send(text, port, '127.0.0.1');
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

function parse(text: string, from: SipText['from']): SipText {
  const [first = '', ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const headers = (name: string): readonly string[] =>
    lines.flatMap((line) => {
      const at = line.indexOf(':');
      return line.slice(0, at).trim().toLowerCase() === name.toLowerCase() ? [line.slice(at + 1).trim()] : [];
    });
  const status = Number(/^SIP\/2\.0 (\d+)/u.exec(first)?.[1] ?? 0);
  const method = status === 0 ? (first.split(' ')[0] ?? '') : '';
  return { first, text, method, status, from, headers, header: (name) => headers(name)[0] ?? '' };
}

/** One tag for each end of a dialog, as RFC 3261 §12 wants. */
const tagged = (to: string, callId: string): string =>
  /;\s*tag=/iu.test(to) ? to : `${to};tag=far-${callId.slice(-8)}`;

const replyTo =
  (message: SipText, send: (text: string) => void): Reply =>
  (status, extra = []) => {
    const own = extra.filter((line) => !line.startsWith('v=0'));
    const body = extra.find((line) => line.startsWith('v=0')) ?? '';
    const copied = ['Via', 'Record-Route'].flatMap((name) => message.headers(name).map((value) => `${name}: ${value}`));
    send(
      [
        `SIP/2.0 ${status}`,
        ...copied,
        `From: ${message.header('from')}`,
        `To: ${status.startsWith('100') ? message.header('to') : tagged(message.header('to'), message.header('call-id'))}`,
        `Call-ID: ${message.header('call-id')}`,
        `CSeq: ${message.header('cseq')}`,
        ...own,
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
  };
