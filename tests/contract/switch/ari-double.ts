import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { z } from 'zod';

const request = z.object({
  request_id: z.string(),
  method: z.string(),
  uri: z.string(),
  query_strings: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});
/** With the application that the socket is for. */
export type Asked = z.output<typeof request> & { readonly app: string };

const OPCODE = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;
const RFC_6455_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What an Asterisk says of itself, and to requests: status and body, or null for no answer. */
export interface Behaviour {
  info: { readonly status: number; readonly version: string } | null;
  /** What it says to a request for a recording's file. */
  file: ((response: ServerResponse) => void) | null;
  opens: boolean;
  pongs: boolean;
  reply: (asked: Asked) => { readonly status: number; readonly body?: unknown } | null;
}

/** An Asterisk that misbehaves in the ways a real one cannot be made to. */
export class AriDouble {
  readonly password: string;
  readonly behaviour: Behaviour = {
    info: { status: 200, version: '22.10.1' },
    file: null,
    opens: true,
    pongs: true,
    reply: standardReply,
  };
  readonly asked: Asked[] = [];
  /** Paths of plain HTTP requests. */
  readonly http: string[] = [];
  port = 0;
  /** Each with its application. */
  readonly #sockets = new Map<Duplex, string>();
  readonly #server = createServer((incoming, response) => {
    this.http.push(incoming.url ?? '');
    const { info, file } = this.behaviour;
    if (incoming.url?.endsWith('/file')) return file?.(response);
    if (!info) return;
    const isKnown =
      incoming.headers.authorization === `Basic ${Buffer.from(`user:${this.password}`).toString('base64')}`;
    response.statusCode = isKnown ? info.status : 401;
    response.end(JSON.stringify({ system: { version: info.version }, status: { startup_time: 'then' } }));
  });

  constructor(password = 'the-password') {
    this.password = password;
    this.#server.on('upgrade', (incoming, socket) => this.#upgrade(incoming, socket));
  }

  get url(): string {
    return `http://user:${this.password}@127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async listen(): Promise<this> {
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** @param app of whose sockets; all when left out. */
  drop(app?: string): void {
    for (const [socket, its] of this.#sockets) if (app === undefined || its === app) socket.destroy();
  }

  /** An event as Asterisk sends it. */
  tell(event: object): void {
    this.frame(JSON.stringify({ timestamp: '2026-11-22T01:38:40.297+0000', application: 'callwright', ...event }));
  }

  frame(text: string): void {
    for (const socket of this.#sockets.keys()) socket.write(frameOf(OPCODE.text, Buffer.from(text)));
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => socket.destroy());
    this.#sockets.set(socket, new URL(incoming.url ?? '', 'http://double').searchParams.get('app') ?? '');
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('end', () => socket.destroy());
    if (!this.behaviour.opens) return;
    const key = `${incoming.headers['sec-websocket-key']}${RFC_6455_GUID}`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    let rest = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      for (let taken = this.#take(rest, socket); taken > 0; taken = this.#take(rest, socket))
        rest = rest.subarray(taken);
    });
  }

  /** Handles one frame (RFC 6455 §5.2) and returns its length, 0 while it is not all there. */
  #take(bytes: Buffer, socket: Duplex): number {
    if (bytes.length < 6) return 0;
    const short = bytes.readUInt8(1) & 0x7f;
    const [length, start] = short === 126 ? [bytes.readUInt16BE(2), 4] : [short, 2];
    if (bytes.length < start + 4 + length) return 0;
    const mask = bytes.subarray(start, start + 4);
    const payload = Buffer.from(
      bytes.subarray(start + 4, start + 4 + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
    );
    const opcode = bytes.readUInt8(0) & 0x0f;
    if (opcode === OPCODE.ping && this.behaviour.pongs) socket.write(frameOf(OPCODE.pong, payload));
    if (opcode === OPCODE.close) socket.end();
    if (opcode === OPCODE.text) this.#answer(request.parse(JSON.parse(payload.toString('utf8'))), socket);
    return start + 4 + length;
  }

  #answer(read: z.output<typeof request>, socket: Duplex): void {
    const asked = { ...read, app: this.#sockets.get(socket) ?? '' };
    this.asked.push(asked);
    const reply = this.behaviour.reply(asked);
    if (!reply) return;
    const response = {
      type: 'RESTResponse',
      request_id: asked.request_id,
      status_code: reply.status,
      reason_phrase: '',
      ...(reply.body !== undefined && { message_body: JSON.stringify(reply.body) }),
    };
    socket.write(frameOf(OPCODE.text, Buffer.from(JSON.stringify(response))));
  }
}

/** A caller's channel in our application, as Asterisk tells of it. */
export const channel = (id: string, state = 'Ring') => ({
  id,
  name: 'PJSIP/far-00000001',
  state,
  caller: { name: '', number: '+358401111111' },
  dialplan: { exten: '100', app_name: 'Stasis', app_data: 'callwright,inbound,100' },
  creationtime: '2026-11-22T01:38:40.297+0000',
});

export const arrival = (id: string, state?: string) => ({
  type: 'StasisStart',
  channel: channel(id, state),
  args: ['inbound', '100'],
});

/** An empty Asterisk that agrees to everything. */
export function standardReply({ method, uri }: Asked): { readonly status: number; readonly body?: unknown } {
  if (method !== 'GET') return { status: 204 };
  return { status: 200, body: uri.startsWith('applications/') ? { channel_ids: [] } : [] };
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length]) : Buffer.from([0x80 | opcode, 126, 0, 0]);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
