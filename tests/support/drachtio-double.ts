import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { FarDialog, type FarStep } from './far-dialog.ts';
import { methodOf, parseSip, type SipText } from './sip-text.ts';

/** What an application asked, as it came: `sip`, `route`, `authenticate` …, and the message where there is one. */
export interface DrachtioAsked {
  readonly kind: string;
  readonly transaction: string;
  readonly dialog: string;
  readonly sip: SipText;
}

export interface DrachtioBehaviour {
  /** `mute`: it takes connections and says nothing. */
  door: 'open' | 'mute';
  /** What whoever is dialled does, one step after the other. */
  dialled: (invite: SipText) => readonly FarStep[];
  /** The most bytes that it writes in one piece. */
  pieceBytes: number;
}

export interface Client {
  readonly socket: Socket;
  readonly routes: Set<string>;
  isKnown: boolean;
  rest: Buffer;
}

const SIP = { host: '127.0.0.1', port: 5060 } as const;
const VERSION = 'v0.9.10';
const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n';
const answers: readonly FarStep[] = [{ status: 180 }, { status: 200, body: SDP }];

/**
 * drachtio's admin port without drachtio and without SIP: whole calls are played from INVITE to BYE as its clients see them
 * (version 0.9.10). Held to the real one by the contract suite.
 */
export class DrachtioDouble {
  readonly secret: string;
  readonly behaviour: DrachtioBehaviour = { door: 'open', dialled: () => answers, pieceBytes: Infinity };
  readonly asked: DrachtioAsked[] = [];
  /** Every call there was, in the order in which they began. */
  readonly calls: FarDialog[] = [];
  port = 0;
  readonly #clients = new Set<Client>();
  readonly #server = createServer((socket) => this.#accept(socket));

  constructor(secret = 'the-secret') {
    this.secret = secret;
  }

  get url(): string {
    return `drachtio://:${encodeURIComponent(this.secret)}@127.0.0.1:${this.port}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Connections break; calls stay, but nobody is told of what is said in them any more. */
  drop(): void {
    for (const client of this.#clients) {
      client.socket.destroy();
      for (const call of this.calls) call.forget(client);
    }
  }

  /** Somebody calls: his INVITE goes to a client that asked for such. Null: none did, and he is answered 503. */
  call(to: string, from = '+358401111111', body: string = SDP): FarDialog | null {
    const client = [...this.#clients].find(({ routes }) => routes.has('invite'));
    if (!client) return null;
    const dialog = new FarDialog(client, SIP, { write: (one, text) => this.#write(one, text) });
    this.calls.push(dialog);
    dialog.invite(to, from, body);
    return dialog;
  }

  #accept(socket: Socket): void {
    const client: Client = { socket, routes: new Set(), isKnown: false, rest: Buffer.alloc(0) };
    this.#clients.add(client);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#clients.delete(client);
      for (const call of this.calls) call.forget(client);
    });
    socket.on('data', (chunk: Buffer) => {
      client.rest = Buffer.concat([client.rest, chunk]);
      for (let message = take(client); message !== null; message = take(client)) this.#hear(client, message);
    });
  }

  #hear(client: Client, message: string): void {
    const line = message.indexOf('\r\n');
    const [meta, text] = line < 0 ? [message, ''] : [message.slice(0, line), message.slice(line + 2)];
    const [id = '', kind = '', transaction = '', dialog = ''] = meta.split('|');
    const asked = { kind, transaction, dialog, sip: parseSip(text) };
    this.asked.push(asked);
    if (this.behaviour.door === 'mute') return;
    const answer = (words: string) => this.#write(client, `${randomUUID()}|response|${id}|${words}`);
    if (kind === 'authenticate') return this.#logIn(client, transaction, answer);
    if (!client.isKnown) return client.socket.end() as unknown as void;
    if (kind === 'ping') return answer('OK|pong');
    if (kind === 'route') client.routes.add(transaction);
    if (kind === 'remove_route') client.routes.delete(transaction);
    if (kind === 'route' || kind === 'remove_route') return answer('OK');
    if (kind === 'sip') return this.#sip(client, asked, answer);
    return answer('NO|Unknown message type');
  }

  #logIn(client: Client, secret: string, answer: (words: string) => void): void {
    client.isKnown = secret === this.secret;
    const here = `udp/${SIP.host}:${SIP.port}`;
    answer(client.isKnown ? `OK|${here}|${VERSION}|${here}` : 'NO|incorrect secret');
    if (!client.isKnown) client.socket.end();
  }

  #sip(client: Client, { transaction, dialog, sip }: DrachtioAsked, answer: (words: string) => void): void {
    const known = this.calls.find((call) =>
      dialog === '' ? call.knows(transaction) : call.id === dialog && !call.isForgotten,
    );
    if (known) return known.told(client, transaction, sip, answer);
    if (dialog !== '') return answer('NOK|Server error: unable to find dialog for dialog id provided');
    if (transaction !== '') return answer('NOK|Server error: transaction id does not exist');
    if (methodOf(sip) !== 'INVITE') return answer('NOK|Server error: the double dials with INVITE alone');
    const call = new FarDialog(client, SIP, { write: (one, text) => this.#write(one, text) });
    this.calls.push(call);
    return call.dialled(sip, answer, this.behaviour.dialled(sip));
  }

  #write({ socket }: Client, text: string): void {
    const bytes = Buffer.from(text);
    const all = Buffer.concat([Buffer.from(`${bytes.length}#`), bytes]);
    for (let at = 0; at < all.length; at += this.behaviour.pieceBytes) {
      socket.write(all.subarray(at, at + this.behaviour.pieceBytes));
    }
  }
}

function take(client: Client): string | null {
  const mark = client.rest.indexOf('#');
  if (mark < 0) return null;
  const end = mark + 1 + Number(client.rest.toString('utf8', 0, mark));
  if (client.rest.length < end) return null;
  const message = client.rest.toString('utf8', mark + 1, end);
  client.rest = client.rest.subarray(end);
  return message;
}
