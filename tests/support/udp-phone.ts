import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { methodOf, parseSip, REASONS, type SipText, statusOf, writeSip } from './sip-text.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n';

interface Place {
  readonly host: string;
  readonly port: number;
}

/** A telephone without sound on loopback, where nothing gets lost: no retransmissions, one message a packet (RFC 3261). */
export class UdpPhone {
  readonly #socket: Socket;
  readonly #tag = randomUUID().slice(0, 8);
  readonly #heard: SipText[] = [];
  /** INVITEs that ring. */
  readonly #ringing = new Map<string, { readonly invite: SipText; readonly from: RemoteInfo }>();
  #cseq = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes, from) => this.#hear(parseSip(bytes.toString('utf8')), from));
  }

  static async plugIn(): Promise<UdpPhone> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new UdpPhone(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  unplug(): void {
    this.#socket.close();
  }

  call(to: string, at: Place, from: string): UdpCall {
    const [callId, uri] = [randomUUID(), `sip:${to}@${at.host}:${at.port}`];
    const ids = { From: `<sip:${from}@127.0.0.1>;tag=${this.#tag}`, To: `<${uri}>`, 'Call-ID': callId };
    const branch = `z9hG4bK${randomUUID()}`;
    const cseq = ++this.#cseq;
    const send = (method: string, number: number, way: string, headers: Readonly<Record<string, string>>, body = '') =>
      this.#send(
        `${method} ${uri} SIP/2.0`,
        { Via: this.#via(way), 'Max-Forwards': '70', ...ids, ...headers, CSeq: `${number} ${method}` },
        body,
        at,
      );
    const said = () => this.#heard.filter(({ headers }) => headers['call-id'] === callId);
    const to200 = () =>
      said().find((one) => statusOf(one) === 200 && one.headers['cseq'] === `${cseq} INVITE`)?.headers['to'];
    send('INVITE', cseq, branch, { Contact: `<sip:${from}@127.0.0.1:${this.port}>` }, SDP);
    return {
      status: () => statusOf(said().findLast(({ headers }) => headers['cseq'] === `${cseq} INVITE`) ?? NOTHING),
      acknowledge: () => send('ACK', cseq, randomUUID(), { To: to200() ?? ids.To }),
      cancel: () => send('CANCEL', cseq, branch, {}),
      ask: (method, headers, body) => {
        const own = ++this.#cseq;
        send(method, own, `z9hG4bK${randomUUID()}`, { To: to200() ?? ids.To, ...headers }, body);
        return () => statusOf(said().findLast((one) => one.headers['cseq'] === `${own} ${method}`) ?? NOTHING);
      },
    };
  }

  #hear(message: SipText, from: RemoteInfo): void {
    if (message.start.startsWith('SIP/2.0')) return void this.#heard.push(message);
    const method = methodOf(message);
    if (method === 'INVITE') return this.#invited(message, from);
    if (method === 'CANCEL') this.#giveUp(message.headers['call-id'] ?? '');
    if (method !== 'ACK') this.#reply(message, 200, from);
  }

  /** The number says what happens: 180 rings for ever, 200 picks up, others are the answer. */
  #invited(message: SipText, from: RemoteInfo): void {
    const isSecond = /;tag=/.test(message.headers['to'] ?? '');
    const status = isSecond ? 200 : Number(/sip:(\d+)@/.exec(message.start)?.[1]);
    if (status <= 200 && !isSecond) this.#reply(message, 180, from);
    if (status === 180) this.#ringing.set(message.headers['call-id'] ?? '', { invite: message, from });
    else this.#reply(message, status, from, status === 200 ? SDP : '');
  }

  #giveUp(callId: string): void {
    const rings = this.#ringing.get(callId);
    if (rings) this.#reply(rings.invite, 487, rings.from);
    this.#ringing.delete(callId);
  }

  #reply({ headers }: SipText, status: number, { address, port }: RemoteInfo, body = ''): void {
    const { via = '', from = '', to = '', 'call-id': callId = '', cseq = '' } = headers;
    const tagged = to.includes(';tag=') ? to : `${to};tag=${this.#tag}`;
    const ids = {
      Via: via,
      From: from,
      To: tagged,
      'Call-ID': callId,
      CSeq: cseq,
      Contact: `<sip:127.0.0.1:${this.port}>`,
    };
    this.#send(`SIP/2.0 ${status} ${REASONS[status] ?? 'Status'}`, ids, body, { host: address, port });
  }

  #via(branch: string): string {
    return `SIP/2.0/UDP 127.0.0.1:${this.port};rport;branch=${branch}`;
  }

  #send(start: string, headers: Readonly<Record<string, string>>, body: string, { host, port }: Place): void {
    this.#socket.send(writeSip(start, headers, body), port, host);
  }
}

export interface UdpCall {
  /** The last answer to the INVITE, 0 while there is none. */
  status(): number;
  acknowledge(): void;
  cancel(): void;
  /** Reads the last answer to it, 0 while there is none. */
  ask(method: string, headers?: Readonly<Record<string, string>>, body?: string): () => number;
}

const NOTHING: SipText = { start: '', headers: {}, body: '' };
